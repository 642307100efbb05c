"""The triggers of the search, on both databases: which writes owe an entry anew, and what follows an entry.

They are laid after every `migrate` and not by one migration: SQLite changes a column by making the table
anew, and the triggers of the old table go with it, without a word.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from .search_entries import ENTRIES
from .searchable import COLUMNS, SearchDebt, SearchEntry, Watched

DEBTS = SearchDebt._meta.db_table


def lay(connection: BaseDatabaseWrapper) -> None:
    """Lays all triggers anew; none while the tables are not there yet."""
    with connection.cursor() as cursor:
        if DEBTS in connection.introspection.table_names(cursor):
            for statement in statements(connection.vendor):
                cursor.execute(statement)


def statements(vendor: str) -> Iterator[str]:
    lay_one = _on_sqlite if vendor == "sqlite" else _on_postgresql
    for entry in ENTRIES:
        kind = entry._meta.get_field("row").related_model
        for watched in entry.watched:
            yield from lay_one(apps.get_model("newsroom", watched.model), kind, watched)
        if vendor == "sqlite":
            yield from _index_follows(entry)


def _events(watched: Watched) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The events that owe, each with the states of the row whose owner is owed."""
    yield "insert", ("NEW",)
    yield "update", ("OLD", "NEW") if watched.owner else ("NEW",)
    if watched.owner:
        yield "delete", ("OLD",)
    # The entry of a row that is deleted goes with it: its key to the row sees to that.


def _debt(kind: type[Model], watched: Watched, state: str) -> str:
    """The row of a debt, as a query."""
    name, table = kind._meta.model_name, kind._meta.db_table
    if watched.through:
        return (
            f"SELECT '{name}' AS kind, id AS key, 0 AS paid FROM {table} WHERE {watched.through} = {state}.id"
        )
    return f"SELECT '{name}' AS kind, {state}.{watched.owner or 'id'} AS key, 0 AS paid"


def _columns(watched: Watched) -> list[str]:
    return [*watched.columns, *([watched.owner] if watched.owner else [])]


def _on_sqlite(model: type[Model], kind: type[Model], watched: Watched) -> Iterator[str]:
    table = model._meta.db_table
    for event, states in _events(watched):
        name = f"{table}_owes_{event}"
        when = ""
        if event == "update":
            when = " WHEN " + " OR ".join(
                f'OLD."{column}" IS NOT NEW."{column}"' for column in _columns(watched)
            )
        # No INSERT OR IGNORE: what the statement that fires a trigger says of conflicts holds inside as well.
        debts = " ".join(
            f"INSERT INTO {DEBTS} (kind, key, paid_id) SELECT * FROM ({_debt(kind, watched, state)}) AS owed"
            f" WHERE NOT EXISTS (SELECT 1 FROM {DEBTS} AS d WHERE d.kind = owed.kind AND d.key = owed.key);"
            for state in states
        )
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield f"CREATE TRIGGER {name} AFTER {event.upper()} ON {table}{when} BEGIN {debts} END"


def _on_postgresql(model: type[Model], kind: type[Model], watched: Watched) -> Iterator[str]:
    table = model._meta.db_table
    for event, states in _events(watched):
        name = f"{table}_owes_{event}"
        when = ""
        if event == "update":
            old, new = (
                ", ".join(f"{state}.{column}" for column in _columns(watched)) for state in ("OLD", "NEW")
            )
            when = f" WHEN (({old}) IS DISTINCT FROM ({new}))"
        debts = " ".join(
            f"INSERT INTO {DEBTS} (kind, key, paid_id) {_debt(kind, watched, state)} ON CONFLICT DO NOTHING;"
            for state in states
        )
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {debts} RETURN NULL; END $$"
        )
        yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
        yield (
            f"CREATE TRIGGER {name} AFTER {event.upper()} ON {table}"
            f" FOR EACH ROW{when} EXECUTE FUNCTION {name}()"
        )


def _index_follows(entry: type[SearchEntry]) -> Iterator[str]:
    """SQLite: the FTS5 table keeps no words of its own, so it is told what goes and what comes."""
    table = entry._meta.db_table
    index = f"{table}_index"
    columns = ", ".join(COLUMNS)
    old, new = (", ".join(f"{state}.{column}" for column in ("place", *COLUMNS)) for state in ("OLD", "NEW"))
    goes = f"INSERT INTO {index} ({index}, rowid, {columns}) VALUES ('delete', {old});"
    comes = f"INSERT INTO {index} (rowid, {columns}) VALUES ({new});"
    # Of what else an entry has, such as a vector, the index knows nothing.
    update = f"update OF place, {columns}"
    for event, done in (("insert", comes), (update, f"{goes} {comes}"), ("delete", goes)):
        name = f"{table}_indexed_{event.partition(' ')[0]}"
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield f"CREATE TRIGGER {name} AFTER {event.upper()} ON {table} BEGIN {done} END"


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of the triggers that are not there."""
    catalogue = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
    )
    wanted = [
        statement.split()[2]
        for statement in statements(connection.vendor)
        if statement.startswith("CREATE TRIGGER")
    ]
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        there = {name for (name,) in cursor.fetchall()}
    return [name for name in wanted if name not in there]
