"""From a release before to this one: the tables as they were then, with the seed newsroom in them.

`tests/releases/` has such a database, compressed, made by that release itself: by its `migrate`, `loaddata
seed` and `sync_roles`. A newer one is laid beside it when a release is made.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings as of_the_site
from django.db import connection

from tests.conftest import collect_static_files

RELEASES = sorted((Path(__file__).parent.parent / "releases").glob("*.sqlite3.xz"))
#: What follows from other rows, and is made anew.
MADE = {"newsroom_searchdebt", "django_migrations", "django_content_type", "auth_permission",
        "auth_group_permissions", "sqlite_sequence"}  # fmt: skip

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="what is kept of a release is SQLite's"),
]


class Place:
    """A folder with a database in it, of the release before until it is upgraded."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.database = folder, folder / "newsroom.sqlite3"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "CONTROLUCE_DEMO": "1",
            "CONTROLUCE_VAR_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{self.database}",
        }
        (folder / "static").symlink_to(of_the_site.STATIC_ROOT)

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=of_the_site.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
        )

    def columns(self) -> dict[str, list[str]]:
        with closing(sqlite3.connect(self.database)) as database:
            tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            return {
                name: [row[1] for row in database.execute(f'PRAGMA table_info("{name}")')]
                for (name,) in tables
                if name not in MADE and "entry" not in name
            }

    def rows(self, columns: dict[str, list[str]]) -> dict[str, tuple[int, str]]:
        """Of each table how many rows there are, and the hash of these columns of all of them."""
        found = {}
        with closing(sqlite3.connect(self.database)) as database:
            for table, names in sorted(columns.items()):
                wanted = ", ".join(f'"{name}"' for name in names)
                rows = sorted(map(repr, database.execute(f'SELECT {wanted} FROM "{table}"')))
                found[table] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
        return found


@pytest.fixture(params=RELEASES, ids=lambda path: path.name.partition(".")[0])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    collect_static_files()
    place = Place(tmp_path)
    place.database.write_bytes(lzma.decompress(request.param.read_bytes()))
    yield place


def test_a_release_before_is_upgraded_and_keeps_every_row(before: Place, tmp_path: Path) -> None:
    columns = before.columns()
    kept = before.rows(columns)
    assert kept["newsroom_claim"][0] > 10
    refused = before.manage("upgrade")
    assert refused.returncode != 0
    assert "There is no backup of the last hour" in refused.stderr
    assert before.rows(columns) == kept

    copy = tmp_path / "before.sqlite3"
    shutil.copy(before.database, copy)
    done = before.manage("upgrade", "--without-backup", "--without-static")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "In order." in done.stdout
    after = before.columns()
    same = {
        table: [name for name in names if name in after.get(table, [])] for table, names in columns.items()
    }
    # No table and no column went, and what was in them is there.
    assert same == columns
    assert before.rows(columns) == kept
    told = json.loads(before.manage("doctor", "--json", "--no-outside").stdout)
    looked = {one["name"]: one["state"] for one in told["findings"]}
    assert (looked["migrations"], looked["search"]) == ("ok", "ok")
    # It is a newsroom in which one can work: its backup comes back, and a second time there is nothing to do.
    assert before.manage("backup", "--drill").returncode == 0
    told = before.manage("upgrade", "--check").stdout
    assert told.startswith("0 changes")

    # The way back is the database that was there: the release before finds its tables, and nothing newer.
    for beside in before.folder.glob("newsroom.sqlite3*"):
        beside.unlink()
    shutil.copy(copy, before.database)
    assert (before.columns(), before.rows(columns)) == (columns, kept)


def test_a_step_that_fails_says_how_to_go_back(before: Place) -> None:
    with closing(sqlite3.connect(before.database)) as database:
        # A table stands where the release wants to make one.
        database.execute("CREATE TABLE newsroom_webhook (id integer)")
        database.commit()
    failed = before.manage("upgrade", "--without-backup", "--without-static")
    assert failed.returncode != 0
    assert "Tables:" in failed.stderr and "The way back" in failed.stderr
