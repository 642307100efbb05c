"""Workers that are killed: real processes, SIGKILL, on the database of the tests."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as of_the_site
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.utils.timezone import now
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from newsroom.actions import imports
from newsroom.models import Article, Deed, Import, User
from newsroom.tasks import leases
from newsroom.tasks.imports import store_import
from tests.making import make_import
from tests.postgresql import database_url
from tests.tasks.marking import mark

#: Seconds after which a worker is given up here; four beats are within.
SILENT = 8


class Workers:
    """Processes of `manage.py work` on the database of the tests, with a folder for their files."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.running = folder, list[subprocess.Popen[bytes]]()
        self.log = (folder / "log").open("wb")

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        sqlite = f"sqlite:///{connection.settings_dict['NAME']}"
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "work", "--interval", "0.1", "--no-startup-delay", *arguments],
            cwd=of_the_site.BASE_DIR,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
                "DATABASE_URL": sqlite if connection.vendor == "sqlite" else database_url(),
                "WORKER_FILES": str(self.folder / "media"),
            },
            stdout=self.log,
            stderr=self.log,
        )
        self.running.append(worker)
        return worker

    def said(self) -> str:
        return (self.folder / "log").read_text()

    def close(self) -> None:
        for worker in self.running:
            worker.kill()
            worker.wait()
        self.log.close()


@pytest.fixture
def workers(committed: None, settings: Settings, tmp_path: Path) -> Iterator[Workers]:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    workers = Workers(tmp_path)
    yield workers
    workers.close()


def until(true: Callable[[], object], workers: Workers, *, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, workers.said()
        time.sleep(0.05)


def states() -> set[str]:
    return set(DBTaskResult.objects.values_list("status", flat=True))


def test_what_a_killed_worker_was_at_is_done_by_another(workers: Workers, tmp_path: Path) -> None:
    done = tmp_path / "one"
    mark.enqueue(str(tmp_path), "one")
    first = workers.start("--silent", str(SILENT))
    until(done.exists, workers)
    first.kill()
    first.wait()
    assert (states(), done.read_text()) == ({"RUNNING"}, "begun\n")
    (tmp_path / "go").touch()
    workers.start("--silent", str(SILENT))
    until(lambda: states() == {"SUCCESSFUL"}, workers)
    assert done.read_text() == "begun\nbegun\nended\n"
    assert len(DBTaskResult.objects.get().worker_ids) == 2
    assert "left behind" in workers.said()


def test_many_workers_do_each_task_once_and_leave_a_long_one_to_who_is_at_it(
    workers: Workers, tmp_path: Path
) -> None:
    """One task lasts longer than a worker may be silent; another worker looks on, and does the others."""
    mark.enqueue(str(tmp_path), "long")
    workers.start("--silent", str(SILENT))
    until((tmp_path / "long").exists, workers)
    begun = time.monotonic()
    short = tmp_path / "short"
    short.mkdir()
    (short / "go").touch()
    for number in range(20):
        mark.enqueue(str(short), str(number))
    for _other in range(2):
        workers.start("--silent", str(SILENT))
    until(lambda: DBTaskResult.objects.successful().count() == 20, workers)
    until(lambda: time.monotonic() > begun + 2 * SILENT, workers)
    (tmp_path / "go").touch()
    until(lambda: states() == {"SUCCESSFUL"}, workers)
    assert (tmp_path / "long").read_text() == "begun\nended\n"
    assert {(short / str(number)).read_text() for number in range(20)} == {"begun\nended\n"}
    assert {len(task.worker_ids) for task in DBTaskResult.objects.all()} == {1}


def test_an_import_whose_workers_are_killed_comes_in_whole_and_once(
    workers: Workers, editor: User, tmp_path: Path
) -> None:
    texts = [{"id": f"t{number}", "text": f"Testo {number} del ponte.", "label": []} for number in range(600)]
    body = "".join(json.dumps(text) + "\n" for text in texts).encode()
    Import._meta.get_field("file").storage = FileSystemStorage(tmp_path / "media")
    before = Article.objects.count()
    row = make_import(body=body, total=len(texts), sha256=hashlib.sha256(body).hexdigest(), by=editor)
    row = imports.confirm(row, by=editor, at=now())
    store_import.enqueue(str(row.uuid), language="it")
    for portions in (1, 3):
        worker = workers.start("--silent", "0.5")
        until(
            lambda portions=portions: Import.objects.get(pk=row.pk).done >= portions * imports.PORTION,
            workers,
        )
        worker.kill()
        worker.wait()
    row.refresh_from_db()
    assert row.state == Import.State.STORING
    # Whole portions alone, and of each article its deed.
    assert Article.objects.count() - before == row.done
    assert row.done % imports.PORTION == 0
    workers.start("--silent", "0.5")
    until(lambda: Import.objects.get(pk=row.pk).state == Import.State.STORED, workers)
    assert Article.objects.count() - before == len(texts)
    assert Deed.objects.filter(verb="article.import").count() == len(texts)
    stored = [deed.after for deed in Deed.objects.filter(verb="import.store").order_by("pk")]
    assert [(one["from"], one["to"]) for one in stored] == [
        (start, start + imports.PORTION) for start in range(0, len(texts), imports.PORTION)
    ]


# One by one


def left(*workers: str, ago: timedelta) -> DBTaskResult:
    task = DBTaskResult.objects.get(pk=mark.enqueue("/nowhere", "x").id)
    task.status, task.started_at, task.worker_ids = "RUNNING", now() - ago, list(workers)
    task.save()
    return task


@pytest.fixture
def queue(db: None, settings: Settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def test_only_what_was_not_heard_from_is_taken_up(queue: None) -> None:
    gone, there = left("a", ago=timedelta(minutes=2)), left("b", ago=timedelta(seconds=5))
    assert leases.take_up(at=now()) == 1
    gone.refresh_from_db()
    there.refresh_from_db()
    assert (gone.status, there.status) == ("READY", "RUNNING")


def test_a_worker_speaks_for_its_own_task_alone(queue: None) -> None:
    mine, others = left("me", ago=timedelta(minutes=2)), left("me", "other", ago=timedelta(minutes=2))
    assert leases.still_at_it("me", at=now()) == 1
    assert [task.pk for task in leases.left_behind(at=now())] == [others.pk]
    assert mine.pk != others.pk


def test_a_task_that_kills_its_workers_fails_at_last(queue: None) -> None:
    task = left(*"abcde", ago=timedelta(minutes=2))
    assert leases.take_up(at=now()) == 1
    task.refresh_from_db()
    assert (task.status, "5 workers" in task.traceback) == ("FAILED", True)
    assert task.task_result.errors[0].exception_class is leases.LeftBehind
