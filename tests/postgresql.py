"""Databases on the PostgreSQL server that the tests have, by their address."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from django.db import connection


def database_url(name: str = "", **query: str | int) -> str:
    """The address of this database, or of the test database, as `DATABASE_URL` has it."""
    given = connection.settings_dict
    if given["HOST"].startswith("/"):
        query, place = {"host": given["HOST"], **query}, ""
    else:
        place = f"{given['HOST']}:{given['PORT']}" if given["PORT"] else given["HOST"]
    who = f"{quote(given['USER'])}:{quote(given['PASSWORD'])}"
    return f"postgresql://{who}@{place}/{name or given['NAME']}?{urlencode(query)}"
