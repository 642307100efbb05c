"""All that a database keeps, as text: what a dump of it would tell, the tables of an index included."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.db import connection


def dump() -> str:
    """Every value of every row of every table, in lower case; bytes as the letters that they spell."""
    return "\n".join(_values()).lower()


def _values() -> Iterator[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        else:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    if isinstance(value, bytes | memoryview):
                        value = bytes(value).decode("latin-1")
                    if value is not None:
                        yield f"{table}: {value}"


def stored_files(folder: str = "") -> Iterator[tuple[str, bytes]]:
    """Every stored file with its content."""
    folders, files = default_storage.listdir(folder)
    for name in files:
        path = f"{folder}/{name}".lstrip("/")
        with default_storage.open(path) as file:
            yield path, file.read()
    for name in folders:
        yield from stored_files(f"{folder}/{name}".lstrip("/"))
