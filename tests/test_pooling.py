"""Connections to PostgreSQL are few, whatever is asked: granian serves the site, on the test database."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as of_the_site
from django.db import connection

from config.environment import database_from_url
from tests.management.test_serve import Site, Visitors, folder
from tests.postgresql import database_url
from tests.test_deploy import free_port

__all__ = ["folder"]

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no connections to count"
)


def connected(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [name])
        return int(cursor.fetchone()[0])


def most_connected(site: Site, name: str, *, answers: int) -> int:
    """The most connections of this name that there were at a time while so many were answered."""
    visitors, most = Visitors(site, 12), 0
    end = time.monotonic() + 60
    while visitors.seen[200] < answers and time.monotonic() < end:
        most = max(most, connected(name))
        time.sleep(0.02)
    visitors.close()
    assert set(visitors.seen) == {200}, visitors.seen
    assert visitors.seen[200] >= answers
    return most


@on_postgresql
def test_threads_share_the_connections_of_their_process(committed: None, folder: Path) -> None:
    """Twice four threads with twice two connections: a thread gives its one back after each request."""
    site = Site(
        folder,
        *("--workers", "2", "--threads", "4"),
        DATABASE_URL=database_url(application_name="shared"),
        CONTROLUCE_DATABASE_POOL="2",
    )
    try:
        assert 2 <= most_connected(site, "shared", answers=80) <= 4
    finally:
        site.close()


@on_postgresql
def test_without_a_word_a_process_has_no_more_connections_than_threads(committed: None, folder: Path) -> None:
    site = Site(
        folder,
        *("--workers", "1", "--threads", "3"),
        DATABASE_URL=database_url(application_name="unsaid"),
    )
    try:
        assert 1 <= most_connected(site, "unsaid", answers=40) <= 3
    finally:
        site.close()


# PgBouncer


@pytest.fixture
def pgbouncer(committed: None, folder: Path) -> Iterator[str]:
    """The address of a PgBouncer before the test database, with two connections for everybody together."""
    if not (command := shutil.which("pgbouncer")):
        pytest.skip("PgBouncer is not here")
    given, port = connection.settings_dict, free_port()
    (folder / "users").write_text(f'"{given["USER"]}" "{given["PASSWORD"]}"\n')
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n{given['NAME']} = host={given['HOST']} port={given['PORT'] or 5432} "
        f"user={given['USER']}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = any\nauth_file = {folder}/users\npool_mode = transaction\ndefault_pool_size = 2\n"
        f"logfile = {folder}/pgbouncer.log\n"
    )
    # It refuses to run as root, and so does the server, whose socket is its owner's alone.
    owner = "pgserver" if os.getuid() == 0 else None
    for place in (folder, *folder.iterdir()) if owner else ():
        os.chown(place, pwd.getpwnam("pgserver").pw_uid, -1)
    running = subprocess.Popen(
        [command, str(folder / "pgbouncer.ini")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=owner,
    )
    end = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            assert time.monotonic() < end and running.poll() is None, (folder / "pgbouncer.log").read_text()
            time.sleep(0.05)
    yield f"postgresql://{given['USER']}@127.0.0.1:{port}/{given['NAME']}"
    running.terminate()
    running.wait(20)


@on_postgresql
def test_it_runs_behind_pgbouncer_which_changes_the_server_after_each_transaction(
    pgbouncer: str, folder: Path
) -> None:
    environment = {"DATABASE_URL": pgbouncer, "CONTROLUCE_PGBOUNCER": "1"}
    site = Site(folder, "--workers", "2", "--threads", "4", **environment)
    try:
        visitors = Visitors(site, 12)
        visitors.have_seen(40)
        # Rows by the thousand that are read portion by portion, and a deed, through the same two connections.
        for command in (["rebuild_search", "--check"], ["sync_roles"]):
            done = subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=of_the_site.BASE_DIR,
                env={**site.environment, **environment},
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stderr
        visitors.close()
        assert set(visitors.seen) == {200}, visitors.seen
    finally:
        site.close()


# Settings


def test_nothing_outlives_a_transaction_behind_pgbouncer() -> None:
    database = database_from_url("postgresql://desk@db/news", base=Path(), behind_pgbouncer=True)
    assert database["DISABLE_SERVER_SIDE_CURSORS"]
    assert database["OPTIONS"]["prepare_threshold"] is None


def test_a_pool_is_as_large_as_is_said_and_forgets_what_is_old() -> None:
    database = database_from_url("postgresql://desk@db/news?sslmode=require", base=Path(), pool=4)
    assert database["CONN_MAX_AGE"] == 0
    assert database["OPTIONS"]["sslmode"] == "require"
    pool = database["OPTIONS"]["pool"]
    assert (pool["min_size"], pool["max_size"]) == (1, 4)
    assert pool["max_idle"] < pool["max_lifetime"]
    assert "pool" not in database_from_url("postgresql://desk@db/news", base=Path())["OPTIONS"]
