"""What SQLite knows of its tables: how many rows there are, and how many of them an index leads to.

PostgreSQL looks by itself, in the background. SQLite chooses its plans by what `ANALYZE` wrote down once,
and by guesses where nothing is: in a newsroom that grew it may take the wrong index of two. So the worker
asks now and then which tables have doubled since, which is mostly none, and has those looked at: all their
rows, for some hundred of them, as `PRAGMA optimize` would take, say nothing of the few in a million that
wait for somebody. Connections that are open learn of it when they are opened anew.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import DEFAULT_DB_ALIAS, connections

from newsroom.models.search_entries import ENTRIES

#: How often it is asked.
EVERY = timedelta(hours=1)


def look_at_tables(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """The tables that were looked at. Two seconds for a million annotations; nothing on PostgreSQL."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return []
    quote, looked_at = connection.ops.quote_name, []
    entries = {entry._meta.db_table for entry in ENTRIES}
    with connection.cursor() as cursor:
        known = _known_rows(cursor)
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            # The last key: of how many rows there are it says the most that there may be, without counting.
            # That of an entry of the search is a place in time; the row that it is of has one as others have.
            key = "row_id" if table in entries else "rowid"
            cursor.execute(f"SELECT max({key}) FROM {quote(table)}")
            if (cursor.fetchone()[0] or 0) > 2 * known.get(table, 0):
                cursor.execute(f"ANALYZE {quote(table)}")
                looked_at.append(table)
    return looked_at


def _known_rows(cursor) -> dict[str, int]:
    """How many rows each table had when it was looked at: an index of some of them says fewer."""
    cursor.execute("SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1')")
    if not cursor.fetchone()[0]:
        return {}
    cursor.execute("SELECT tbl, stat FROM sqlite_stat1")
    known: dict[str, int] = {}
    for table, said in cursor.fetchall():
        known[table] = max(known.get(table, 0), int(said.split()[0]))
    return known
