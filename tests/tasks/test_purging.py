"""A cache on the way is told what to forget: signed, after the commit, until it takes it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now, timedelta
from pytest_django import Settings

from newsroom.management.commands.work import Keeper
from newsroom.models import Article, Shown, User
from newsroom.models.shown import version_of_everything
from newsroom.outside.purging import Untold
from newsroom.tasks.purging import tell_caches, told
from tests.making import make_appearance, make_article, make_entity, make_mention

pytestmark = pytest.mark.django_db


class Cache(ThreadingHTTPServer):
    """`status` is what it answers; `asked` what it was told: headers and body of each request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = 204
        self.asked: list[tuple[dict[str, str], bytes]] = []

    @property
    def names(self) -> set[str]:
        return {name for headers, _body in self.asked for name in headers["Surrogate-Key"].split()}


class Handler(BaseHTTPRequestHandler):
    server: Cache

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Says nothing."""


@pytest.fixture
def on_the_way(settings: Settings) -> Iterator[Cache]:
    server = Cache()
    Thread(target=server.serve_forever, daemon=True).start()
    settings.PURGE_URL = f"http://127.0.0.1:{server.server_port}/purge"
    settings.PURGE_KEY = "a key of the operator's"
    told(at=now())
    server.asked.clear()
    yield server
    server.shutdown()
    server.server_close()


def test_it_is_told_what_was_written_and_nothing_else(on_the_way: Cache) -> None:
    article, other = make_article(), make_article()
    told(at=now())
    on_the_way.asked.clear()
    make_mention(article, "la sindaca")
    told(at=now())
    assert on_the_way.names == {f"article-{article.code}", "all"}
    assert f"article-{other.code}" not in on_the_way.names
    on_the_way.asked.clear()
    assert told(at=now()) == 0
    assert on_the_way.asked == []


def test_what_it_is_told_is_signed(on_the_way: Cache) -> None:
    make_entity()
    told(at=now())
    [(headers, body)] = on_the_way.asked
    assert json.loads(body) == {"surrogate_keys": ["all"]}
    said = headers["X-Controluce-Timestamp"].encode() + b"." + body
    signature = hmac.new(b"a key of the operator's", said, hashlib.sha256).hexdigest()
    assert headers["X-Controluce-Signature"] == f"sha256={signature}"


def test_what_it_does_not_take_is_told_again(on_the_way: Cache, caplog: pytest.LogCaptureFixture) -> None:
    make_entity()
    on_the_way.status = 503
    tell_caches.enqueue()
    assert "was not told what to forget (503)" in caplog.text
    with pytest.raises(Untold):
        told(at=now())
    on_the_way.status = 200
    on_the_way.asked.clear()
    assert told(at=now()) == 1
    assert on_the_way.names == {"all"}


def test_what_was_taken_back_is_not_told(on_the_way: Cache) -> None:
    with transaction.atomic():
        make_entity()
        transaction.set_rollback(True)
    told(at=now())
    assert on_the_way.asked == []


def test_what_was_announced_is_told_once_it_is_there(on_the_way: Cache) -> None:
    make_article(published_at=now() + timedelta(hours=1))
    told(at=now())
    on_the_way.asked.clear()
    told(at=now() + timedelta(hours=2))
    assert on_the_way.names == {"site"}
    assert not Shown.objects.untold(at=now() + timedelta(hours=2)).exists()


def test_the_worker_tells_what_was_announced_when_no_deed_does(on_the_way: Cache) -> None:
    make_article(published_at=now() - timedelta(seconds=1))
    Keeper("a worker", silent=timedelta(minutes=1)).take_care()
    assert "all" in on_the_way.names
    on_the_way.asked.clear()
    Keeper("a worker", silent=timedelta(minutes=1)).take_care()
    assert on_the_way.asked == []


def test_moments_that_have_passed_are_not_kept() -> None:
    for hours in (1, 2, 5):
        make_article(published_at=now() + timedelta(hours=hours))
    mark = version_of_everything(at=now() + timedelta(hours=3)).mark
    assert Shown.objects.passed(at=now() + timedelta(hours=3)).delete()[0] == 1
    assert version_of_everything(at=now() + timedelta(hours=3)).mark == mark
    assert Shown.objects.filter(kind="later").count() == 2


def test_a_form_that_changes_nothing_public_asks_for_no_task(
    on_the_way: Cache, reporter: User, signed_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    told(at=now())
    asked: list[int] = []
    monkeypatch.setattr(type(tell_caches), "enqueue", lambda *_given: asked.append(1))
    answer = signed_in(reporter).post(reverse("desk:me"), {"signature": "role", "language": "it"})
    assert (answer.status_code, asked) == (302, [])


def test_a_save_at_the_desk_tells_it_after_the_commit(
    on_the_way: Cache,
    reporter: User,
    signed_in: Callable[[User], Client],
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    article: Article = make_article()
    claim = make_appearance(make_article(), "dieci milioni").claim
    told(at=now())
    desk = signed_in(reporter)
    form = {"start": 0, "end": 8, "words": "Il ponte", "based_on": 1, "claim": claim.code}
    with django_capture_on_commit_callbacks() as callbacks:
        saved = desk.post(reverse("desk:tag", args=[article.slug, "claim"]), form)
    assert saved.status_code < 400
    on_the_way.asked.clear()
    for callback in callbacks:
        callback()
    assert f"article-{article.code}" in on_the_way.names
    assert f"claim-{claim.code}" in on_the_way.names


def test_the_command_tells_what_waits_or_says_what_is_missing(
    on_the_way: Cache, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    make_entity()
    call_command("purge_shared")
    assert capsys.readouterr().out == "1 things told.\n"
    make_entity()
    on_the_way.status = 500
    with pytest.raises(CommandError, match=r"not told \(500\)"):
        call_command("purge_shared")
    settings.PURGE_URL = ""
    with pytest.raises(CommandError, match="CONTROLUCE_PURGE_URL"):
        call_command("purge_shared")
