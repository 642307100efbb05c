"""How the site is: each thing that can be wrong is found, and it is said what to do."""

from __future__ import annotations

import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import create_server
from typing import Any

import pytest
import trustme
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import translation
from django.utils.timezone import now
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from newsroom.models import Claim
from newsroom.outside import backups, machine
from newsroom.presenters import condition
from tests.local_mail import LocalMail
from tests.making import make_claim

pytestmark = pytest.mark.django_db

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def production(settings: Settings, tmp_path: Path) -> None:
    settings.DEMO, settings.ALLOWED_HOSTS = False, ["redazione.example"]
    settings.VAR_DIR, settings.BACKUPS_DIR, settings.BACKUP_KEY = tmp_path, tmp_path / "backups", "k" * 20
    settings.STATIC_ROOT = tmp_path / "static"
    settings.ERASURES_FILE = tmp_path / "erasures.jsonl"
    settings.BACKUPS_DIR.mkdir()


def found(name: str, *, at: datetime = AT, outside: bool = False) -> condition.Finding:
    with translation.override("en"):
        [one] = [one for one in condition.examine(at=at, outside=outside) if one.name == name]
    return one


def make_task(**fields: Any) -> DBTaskResult:
    row = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="newsroom.tasks.notices.send_notices",
        backend_name="default",
        run_after=AT - timedelta(days=1),
        exception_class_path="",
        traceback="",
        **{name: value for name, value in fields.items() if name != "enqueued_at"},
    )
    DBTaskResult.objects.filter(pk=row.pk).update(enqueued_at=fields.get("enqueued_at", AT))
    return row


def test_everything_that_is_wrong_says_what_to_do_in_both_languages(settings: Settings) -> None:
    settings.ALLOWED_HOSTS, settings.BACKUP_KEY = [], ""
    for language in ("it", "en"):
        with translation.override(language):
            for one in condition.examine(at=AT, outside=True):
                assert one.title and one.said and one.state_in_words
                assert bool(one.todo) == (one.state in {condition.FAIL, condition.WARN}), one
    with translation.override("it"):
        assert condition.examine(at=AT)[0].todo == "Imposta CONTROLUCE_HOSTS."


def test_a_site_without_names_or_https_is_told_so(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = []
    assert found("settings").todo == "Set CONTROLUCE_HOSTS."
    settings.DEMO = True
    assert found("settings").state == condition.SKIPPED


def test_a_migration_that_waits_is_named() -> None:
    assert found("migrations").state == condition.OK
    MigrationRecorder.Migration.objects.filter(app="newsroom", name="0078_imports").delete()
    assert (found("migrations").state, "newsroom.0078_imports" in found("migrations").said) == ("fail", True)
    assert condition.ready()["migrations"] is False


def test_a_clock_that_went_back_is_noticed(reporter: Any) -> None:
    from newsroom.actions.deeds import record

    assert found("clock", at=now()).state == condition.OK
    record("article.create", by=reporter, at=now() + timedelta(hours=1), objects=[])
    assert found("clock", at=now()).state == condition.FAIL


@pytest.mark.parametrize(
    ("free", "state", "ready"), [(2**40, "ok", True), (2**28, "warn", True), (2**20, "fail", False)]
)
def test_a_disk_that_fills_is_noticed(
    monkeypatch: pytest.MonkeyPatch, free: int, state: str, ready: bool
) -> None:
    monkeypatch.setattr(machine, "room", lambda _folder: (free, 2**41))
    assert found("disk").state == state
    assert condition.ready()["disk"] is ready


def test_files_that_were_not_collected_are_noticed(settings: Settings) -> None:
    assert found("static").state == condition.FAIL
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / "staticfiles.json").touch()
    assert found("static").state == condition.OK


def test_work_that_nobody_does_and_work_that_failed_are_noticed() -> None:
    assert found("queue").state == condition.OK
    make_task()
    assert found("queue").state == condition.OK
    make_task(status="FAILED")
    assert found("queue").state == condition.WARN
    make_task(enqueued_at=AT - timedelta(minutes=12))
    assert "12 minutes" in found("queue").said
    figures = condition.figures(at=AT)
    assert (figures["tasks_waiting"], figures["tasks_waiting_seconds"]) == (2, 720)


def test_a_search_that_is_out_of_step_is_noticed() -> None:
    assert found("search").state == condition.OK
    Claim._base_manager.filter(pk=make_claim().pk).first()
    from newsroom.models.search_entries import ClaimEntry

    ClaimEntry.objects.order_by("-row").update(title="altro")
    assert found("search").todo == "Run manage.py rebuild_search."


def test_a_backup_that_is_missing_or_old_is_noticed(settings: Settings) -> None:
    assert "There is none" in found("backup").said
    (settings.BACKUPS_DIR / "controluce-20260504T030000Z.backup").write_bytes(b"x")
    assert found("backup").state == condition.OK
    assert condition.figures(at=AT)["backup_age_seconds"] == 9 * 3600
    assert found("backup", at=AT + timedelta(days=1)).state == condition.FAIL
    settings.BACKUP_KEY = ""
    assert found("backup").todo == "Set CONTROLUCE_BACKUP_KEY_FILE."


def test_a_drill_that_is_missing_or_old_is_noticed(settings: Settings) -> None:
    assert found("drill").state == condition.WARN
    backups.note_drill(settings.BACKUPS_DIR, {"at": AT.isoformat()})
    assert found("drill").state == condition.OK
    assert condition.figures(at=AT + timedelta(hours=1))["drill_age_seconds"] == 3600
    assert found("drill", at=AT + timedelta(days=40)).state == condition.WARN


def test_a_damaged_list_of_erasures_is_noticed(settings: Settings) -> None:
    assert found("erasures").state == condition.OK
    settings.ERASURES_FILE.write_text('{"uuid": "a", "hashes": [], "key": "b"}\n')
    settings.ERASURE_KEY = settings.SECRET_KEY
    assert found("erasures").state == condition.WARN
    settings.ERASURES_FILE.write_text("nonsense\n")
    assert found("erasures").state == condition.FAIL


def test_a_mail_server_that_is_away_or_refuses_is_noticed(settings: Settings, post: LocalMail) -> None:
    settings.SENDS_MAIL = False
    assert found("mail", outside=True).state == condition.WARN
    settings.SENDS_MAIL, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = True, "", ""
    assert found("mail", outside=True).state == condition.OK
    assert post.letters == []
    settings.EMAIL_PORT = 1
    assert found("mail", outside=True).state == condition.FAIL


def test_the_end_of_a_certificate_is_read_from_the_site(tmp_path: Path) -> None:
    authority, ends = trustme.CA(), datetime(2035, 1, 2, tzinfo=UTC)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", not_after=ends).configure_cert(context)
    authorities = tmp_path / "authorities.pem"
    authority.cert_pem.write_to_path(authorities)
    with create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            for _time in range(2):
                reached, _address = listening.accept()
                try:
                    context.wrap_socket(reached, server_side=True).close()
                except OSError:
                    reached.close()

        thread = threading.Thread(target=answer)
        thread.start()
        port = listening.getsockname()[1]
        assert machine.certificate_ends("localhost", port, authorities=str(authorities)) == ends
        with pytest.raises(OSError, match="certificate"):
            machine.certificate_ends("localhost", port)
        thread.join()


@pytest.mark.parametrize(("days", "state"), [(60, "ok"), (3, "warn"), (-1, "fail")])
def test_a_certificate_that_ends_is_noticed(monkeypatch: pytest.MonkeyPatch, days: int, state: str) -> None:
    from newsroom.models import Newsroom

    Newsroom.objects.update(address="https://redazione.example")
    monkeypatch.setattr(machine, "certificate_ends", lambda _host, _port: AT + timedelta(days=days))
    assert found("certificate", outside=True).state == state


def test_to_be_ready_costs_two_queries_whatever_there_is(django_assert_num_queries: Any) -> None:
    condition.ready()
    with django_assert_num_queries(2):
        assert all(condition.ready().values())


def test_what_runs_is_named() -> None:
    names = dict(condition.versions())
    assert {"schema", "python", "django", "database"} <= names.keys()
    assert names["database"].lower().startswith(connection.vendor)


def test_room_is_told_of_a_folder_that_will_be(tmp_path: Path) -> None:
    free, total = machine.room(tmp_path / "not" / "yet")
    assert 0 < free <= total
