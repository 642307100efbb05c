"""What other programs ask: strangers hear yes or no, whoever runs the machine hears more."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from newsroom.presenters import condition

STRANGER = {"REMOTE_ADDR": "203.0.113.9"}
TOKEN = "a token of thirty-two letters...."


def test_that_it_lives_asks_nothing_and_nobody(reader: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = reader.get("/health/live", **STRANGER)
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_it_answers_to_any_host_and_without_https(reader: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, []
    for path in ("/health/live", "/health/ready"):
        assert reader.get(path, headers={"host": "10.0.0.7:8001"}).status_code == 200
    assert reader.post("/health/live").status_code == 405


def test_a_stranger_hears_that_it_is_ready_and_nothing_else(reader: Client) -> None:
    assert reader.get("/health/ready", **STRANGER).json() == {"ready": True}
    through_the_proxy = reader.get("/health/ready", headers={"x-forwarded-for": "203.0.113.9"})
    assert through_the_proxy.json() == {"ready": True}
    assert len(reader.get("/health/ready").json()) == 5
    assert reader.get("/health/ready", REMOTE_ADDR="").json() == {"ready": True}


def test_a_token_is_as_good_as_being_here(reader: Client, settings: Settings) -> None:
    settings.HEALTH_TOKEN = TOKEN
    for given, told in ((TOKEN, 5), ("another", 1), ("", 1)):
        answer = reader.get("/health/ready", headers={"authorization": f"Bearer {given}"}, **STRANGER)
        assert len(answer.json()) == told
    settings.HEALTH_TOKEN = ""
    assert len(reader.get("/health/ready", headers={"authorization": "Bearer "}, **STRANGER).json()) == 1


def test_what_cannot_work_is_not_ready(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> list[str]:
        raise DatabaseError("password authentication failed for user redazione")

    monkeypatch.setattr(condition, "pending_migrations", away)
    answer = reader.get("/health/ready", **STRANGER)
    assert (answer.status_code, answer.json()) == (503, {"ready": False})
    assert reader.get("/health/ready").json() == {
        "ready": False, "database": False, "migrations": False, "queue": False, "disk": True,
    }  # fmt: skip


def test_figures_are_off_unless_they_are_wanted(reader: Client) -> None:
    assert reader.get("/metrics").status_code == 404


def test_figures_are_for_who_runs_it(settings: Settings, rows: None) -> None:
    settings.METRICS, settings.HEALTH_TOKEN = True, TOKEN
    reader = Client()  # its middleware knows that figures are wanted
    assert reader.get("/metrics", **STRANGER).status_code == 403
    reader.get("/articles/non-c-e/")
    reader.get("/method/")
    told = reader.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}, **STRANGER).content.decode()
    assert re.search(r'controluce_requests_total\{method="GET",route="reader:method",status="2xx"\} \d', told)
    assert 'controluce_request_seconds_bucket{le="0.1",route="reader:method"}' in told
    assert "controluce_tasks_waiting 0.0" in told
    assert "non-c-e" not in told


def test_the_page_of_the_admin_is_for_who_runs_it(
    signed_in: Any, editor: Any, settings: Settings, django_assert_max_num_queries: Any
) -> None:
    client, address = signed_in(editor), reverse("admin:condition")
    assert client.get(address).status_code == 403
    assert address not in client.get(reverse("admin:index")).content.decode()
    editor.is_superuser = True
    editor.save()
    with django_assert_max_num_queries(45):
        page = client.get(address).content.decode()
    assert "Ultima copia di sicurezza" in page
    assert "Python" in page or "python" in page
    assert address in client.get(reverse("admin:index")).content.decode()


def test_the_doctor_says_what_to_do_and_fails(rows: None, settings: Settings, tmp_path: Any) -> None:
    from io import StringIO

    from django.core.management import CommandError, call_command

    settings.BACKUPS_DIR, settings.BACKUP_KEY = tmp_path, ""
    settings.STATIC_ROOT = tmp_path
    said = StringIO()
    with pytest.raises(CommandError, match="static, backup"):
        call_command("doctor", "--no-outside", stdout=said)
    assert "→ Imposta CONTROLUCE_BACKUP_KEY_FILE." in said.getvalue()
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("doctor", "--no-outside", "--json", "--lang", "en", stdout=said)
    told = json.loads(said.getvalue())
    assert told["well"] is False
    assert {one["name"]: one["todo"] for one in told["findings"]}[
        "backup"
    ] == "Set CONTROLUCE_BACKUP_KEY_FILE."
    settings.BACKUP_KEY = "k" * 20
    (tmp_path / "staticfiles.json").touch()
    from django.utils.timezone import now

    (tmp_path / f"controluce-{now():%Y%m%dT%H%M%SZ}.backup").touch()
    said = StringIO()
    call_command("doctor", "--no-outside", stdout=said)
    assert "! Ultima copia di sicurezza ripristinata per prova" in said.getvalue()
