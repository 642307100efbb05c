"""The test database with the seed in it: made once, copied for each worker and after each committing test.

To migrate and to load the seed takes a quarter of a minute. What comes of it depends on the files of `READ`
alone, so it is kept as long as they are the same: on SQLite as a file in var/tests, on PostgreSQL as a
database beside the test databases.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from newsroom.actions import roles

BASE = settings.BASE_DIR
FOLDER = settings.VAR_DIR / "tests"
DAY = 24 * 60 * 60
#: Rows are loaded by the models, which import text/ and nothing else of the house (tests/test_floors.py).
READ = (
    "newsroom/migrations", "newsroom/models", "newsroom/text", "newsroom/apps.py",
    "newsroom/actions/roles.py", "config", "fixtures/seed.json", "requirements/test.txt",
    "tests/settings.py", "tests/prepared_database.py",
)  # fmt: skip


@cache
def fingerprint() -> str:
    """Of all that the prepared database is made of."""
    found = hashlib.sha256(f"{sys.version} {sqlite3.sqlite_version}".encode())
    for path in (BASE / place for place in READ):
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            found.update(f"{file.relative_to(BASE)}\0".encode() + file.read_bytes())
    return found.hexdigest()[:16]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Among the workers, and among the runs of one checkout."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrated() -> Path:
    """An SQLite database with its tables and nothing that anybody wrote. Who wants to write copies it."""
    with one_at_a_time():
        return _migrated()


def _migrated() -> Path:
    place = FOLDER / f"migrated-{fingerprint()}.sqlite3"
    if not place.exists():
        for old in FOLDER.glob("*.sqlite3*"):
            if old.stat().st_mtime < time.time() - DAY:  # a run that has begun may still copy it
                old.unlink()
        making = FOLDER / "making.sqlite3"
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=BASE,
            env={**os.environ, "DATABASE_URL": f"sqlite:///{making}"},
            check=True,
        )
        making.rename(place)
    return place


def copy_file(source: Path | str, target: Path | str) -> None:
    """A backup is one transaction: a server's thread that still reads sees the old rows or the new."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as rows,
        closing(sqlite3.connect(target)) as there,
    ):
        rows.backup(there)


class PreparedDatabase:
    """A copy of the prepared database is the test database until this is closed; `restore` copies it anew."""

    def __init__(self) -> None:
        self.own, self.name = connection.settings_dict["NAME"], connection.creation._get_test_db_name()
        self.source = (
            str(FOLDER / f"seeded-{fingerprint()}.sqlite3")
            if connection.vendor == "sqlite"
            else f"{self.own}_seeded_{fingerprint()}"
        )
        with one_at_a_time():
            if not self._is_prepared():
                self._prepare()
        self.restore()
        self._connect_to(self.name)

    def restore(self) -> None:
        connection.close()
        if connection.vendor == "sqlite":
            copy_file(self.source, self.name)
        else:
            self._execute(
                f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)',
                f'CREATE DATABASE "{self.name}" TEMPLATE "{self.source}"',
            )

    def close(self) -> None:
        self._connect_to(self.own)
        if connection.vendor == "sqlite":
            Path(self.name).unlink()
        else:
            self._execute(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def _is_prepared(self) -> bool:
        if connection.vendor == "sqlite":
            return Path(self.source).exists()
        return self.source in self._databases()

    def _prepare(self) -> None:
        """Under another name until it is whole."""
        if connection.vendor == "sqlite":
            file = FOLDER / "making.sqlite3"
            copy_file(_migrated(), file)
            self._fill(str(file))
            file.rename(self.source)
            return
        for old in self._databases():
            if old.startswith(f"{self.own}_seeded_"):
                self._execute(f'DROP DATABASE "{old}"')
        making = f"{self.own}_seeded_making"
        self._execute(f'CREATE DATABASE "{making}"')
        self._fill(making)
        self._execute(f'ALTER DATABASE "{making}" RENAME TO "{self.source}"')

    def _fill(self, name: str) -> None:
        self._connect_to(name)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("loaddata", "seed", verbosity=0)
        roles.sync()
        self._connect_to(self.own)

    def _connect_to(self, name: str) -> None:
        """Threads copy the settings of the connection when they make theirs."""
        connection.close()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name

    def _databases(self) -> list[str]:
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database")
            return [name for (name,) in cursor.fetchall()]

    def _execute(self, *statements: str) -> None:
        with connection._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
