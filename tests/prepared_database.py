"""A copy of the loaded test database, to go back to after a test that really committed.

Loading the fixture again would take far longer, and Django's flush would empty the tables for good.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection


class PreparedDatabase:
    """Copies the test database when it is made; `restore` puts the copy back.

    On SQLite the copy is a file in `folder`; on PostgreSQL a database beside the test database.
    """

    def __init__(self, folder: Path) -> None:
        self.name = str(connection.settings_dict["NAME"])
        self.copy = (
            str(folder / "prepared.sqlite3") if connection.vendor == "sqlite" else f"{self.name}_prepared"
        )
        self._replace(self.copy, by=self.name)

    def restore(self) -> None:
        self._replace(self.name, by=self.copy)

    def drop(self) -> None:
        """The copy on PostgreSQL outlives the session if nobody drops it."""
        if connection.vendor == "postgresql":
            self._execute(f'DROP DATABASE "{self.copy}"')

    def _replace(self, name: str, *, by: str) -> None:
        connection.close()
        if connection.vendor == "sqlite":
            # A backup is one transaction: a server's thread that still reads sees the old rows or the new.
            with closing(sqlite3.connect(by)) as source, closing(sqlite3.connect(name)) as target:
                source.backup(target)
        else:
            self._execute(
                f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{by}"'
            )

    def _execute(self, *statements: str) -> None:
        with connection._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
