"""`manage.py serve`: real processes, a real socket, real requests while it stops and while it is renewed."""

from __future__ import annotations

import http.client
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import pytest
from django.conf import settings as of_the_site
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from newsroom.management.commands.serve import workers
from tests.conftest import collect_static_files
from tests.prepared_database import copy_file, migrated
from tests.unix_socket import Connection

#: It serves a database of its own, of SQLite: to do it all again on PostgreSQL would prove nothing more.
pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the served site has SQLite"),
]


class Site:
    """A site that is served, in a folder of its own."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self.place = folder / "web.sock"
        copy_file(migrated(), folder / "a.sqlite3")
        (folder / "static").symlink_to(of_the_site.STATIC_ROOT)
        self.log = (folder / "log").open("wb")
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "CONTROLUCE_DEMO": "1",
            "CONTROLUCE_VAR_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'a.sqlite3'}",
            **environment,
        }
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--socket", str(self.place), *arguments],
            cwd=of_the_site.BASE_DIR,
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
        )
        end = time.monotonic() + 60
        while self.asked("/health/live") != 200:
            assert time.monotonic() < end and self.process.poll() is None, (folder / "log").read_text()
            time.sleep(0.1)

    def asked(self, path: str) -> int | str:
        """The status; or that nobody was there; or that somebody was and went without an answer."""
        there = Connection(self.place)
        try:
            there.connect()
        except OSError:
            return "nobody there"
        try:
            there.request("GET", path)
            answer = there.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as lost:
            return f"lost: {lost!r}"
        finally:
            there.close()
        return answer.status

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                # One that is just starting new processes does not hear it; what a stop is has tests above.
                self.process.kill()
                self.process.wait()
        self.log.close()


class Visitors:
    """Several who ask one page after the other, each by a new connection."""

    def __init__(self, site: Site, number: int = 6) -> None:
        self.site, self.seen, self.stop = site, Counter[int | str](), threading.Event()
        self.threads = [threading.Thread(target=self.ask) for _each in range(number)]
        for thread in self.threads:
            thread.start()

    def ask(self) -> None:
        while not self.stop.is_set():
            answer = self.site.asked("/method/")
            self.seen[answer] += 1
            if answer == "nobody there":
                return

    def have_seen(self, number: int) -> None:
        """Waits until so many more were answered."""
        wanted, end = self.seen[200] + number, time.monotonic() + 60
        while self.seen[200] < wanted and time.monotonic() < end:
            time.sleep(0.02)

    def close(self) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()


@pytest.fixture
def folder() -> Iterator[Path]:
    """With a short name, for that of a socket has 107 characters at most."""
    collect_static_files()
    with TemporaryDirectory(prefix="s-") as name:
        yield Path(name)


@pytest.fixture
def site(folder: Path) -> Iterator[Site]:
    site = Site(folder)
    yield site
    site.close()


def test_what_was_asked_is_done_and_answered_before_it_stops(site: Site, folder: Path) -> None:
    """Somebody signs in, which writes, and has to wait for the database: the stop waits for both."""
    account = ["--username", "editor", "--email", "editor@redazione.example"]
    subprocess.run(
        [sys.executable, "manage.py", "createsuperuser", "--no-input", *account],
        cwd=of_the_site.BASE_DIR,
        env={**site.environment, "DJANGO_SUPERUSER_PASSWORD": "pw"},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    with closing(sqlite3.connect(folder / "a.sqlite3", isolation_level=None)) as database:
        form = Connection(site.place)
        form.request("GET", "/admin/login/")
        token = form.getresponse().headers["Set-Cookie"].partition("csrftoken=")[2].partition(";")[0]
        form.close()
        signing_in = Connection(site.place)
        visitors = Visitors(site)
        visitors.have_seen(20)
        database.execute("BEGIN IMMEDIATE")
        signing_in.request(
            "POST",
            "/admin/login/",
            urlencode({"username": "editor", "password": "pw", "csrfmiddlewaretoken": token}),
            {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={token}"},
        )
        time.sleep(2)
        site.process.send_signal(signal.SIGTERM)
        time.sleep(2)
        assert site.process.poll() is None, "it did not wait"
        database.execute("COMMIT")
        assert signing_in.getresponse().status == 302
        signing_in.close()
        assert site.process.wait(60) == 0
        visitors.close()
        assert database.execute("SELECT count(*) FROM django_session").fetchone() == (1,)
    assert set(visitors.seen) <= {200, "nobody there"}, visitors.seen
    assert not site.place.exists()


def test_new_processes_take_over_and_nobody_notices(site: Site) -> None:
    before = children(site.process.pid)
    visitors = Visitors(site)
    visitors.have_seen(30)
    site.process.send_signal(signal.SIGHUP)
    end = time.monotonic() + 60
    while children(site.process.pid) & before and time.monotonic() < end:
        time.sleep(0.1)
    after = children(site.process.pid)
    visitors.have_seen(30)
    visitors.close()
    assert len(after) == len(before) and not after & before
    assert set(visitors.seen) == {200}, visitors.seen


def test_a_process_that_dies_is_replaced(site: Site, folder: Path) -> None:
    before = children(site.process.pid)
    os.kill(min(before), signal.SIGKILL)
    end = time.monotonic() + 60
    # Its successor is told to stop only once it can hear it.
    while (folder / "log").read_text().count("Started worker") < 3 and time.monotonic() < end:
        time.sleep(0.1)
    assert len(children(site.process.pid)) == len(before)
    assert site.asked("/method/") == 200


def test_all_processes_count_together(folder: Path) -> None:
    site = Site(folder, CONTROLUCE_METRICS="1", CONTROLUCE_HEALTH_TOKEN="a token of this test")
    try:
        assert [site.asked("/method/") for _time in range(20)] == [200] * 20
        asking = Connection(site.place)
        asking.request("GET", "/metrics", headers={"Authorization": "Bearer a token of this test"})
        told = asking.getresponse().read().decode()
        asking.close()
        line = 'controluce_requests_total{method="GET",route="reader:method",status="2xx"} 20.0'
        assert line in told.splitlines()
    finally:
        site.close()


def test_static_files_are_compressed_and_kept_for_ever(site: Site) -> None:
    page = Connection(site.place)
    page.request("GET", "/method/")
    words = page.getresponse().read().decode()
    path = words.partition('href="/static/css/')[2].partition('"')[0]
    for coding in ("br", "gzip"):
        page.request("GET", f"/static/css/{path}", headers={"Accept-Encoding": coding})
        answer = page.getresponse()
        answer.read()
        assert answer.status == 200
        assert answer.headers["Content-Encoding"] == coding
        assert "immutable" in answer.headers["Cache-Control"]
        assert "max-age=315360000" in answer.headers["Cache-Control"]
    page.close()


def test_what_cannot_be_served_is_said(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="one process"):
        call_command("serve", "--workers", "0")
    settings.STATIC_ROOT = tmp_path
    with pytest.raises(CommandError, match="collectstatic"):
        call_command("serve")
    assert 2 <= workers() <= 8


def children(pid: int) -> set[int]:
    with suppress(FileNotFoundError):
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    return set()
