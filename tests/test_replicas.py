"""Public pages from a replica: a server that really follows, falls behind, stops and dies."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now
from pytest_django import DjangoDbBlocker, Settings

from config.environment import replica_from_url
from newsroom.models import Article, Newsroom, User
from newsroom.outside import replicas
from newsroom.presenters import condition
from tests.making import make_article
from tests.standby import ALIAS, Standby, flushed, standby
from tests.test_settings import PRODUCTION, manage, setting

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no replicas")
METHOD = "/method/"


@pytest.fixture(scope="module")
def follower(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Standby]:
    with django_db_blocker.unblock(), standby() as follower:
        yield follower


@pytest.fixture
def replica(committed: None, follower: Standby, settings: Settings) -> Iterator[Standby]:
    """The site has a replica, which has all that there is."""
    there = deepcopy(connections.settings["default"])
    there["HOST"], there["OPTIONS"] = str(follower.host), {"connect_timeout": "2"}
    connections.settings[ALIAS] = there
    settings.DATABASE_ROUTERS = ["newsroom.outside.replicas.Router"]
    settings.REPLICA_LAG = 1000
    replicas.forget()
    follower.has_caught_up()
    yield follower
    follower.go_on()
    connections[ALIAS].close()
    delattr(connections._connections, ALIAS)
    del connections.settings[ALIAS]
    replicas.forget()


@pytest.fixture
def behind(replica: Standby) -> Iterator[Standby]:
    """It stays as it was, and the newsroom is called otherwise since."""
    replica.pause()
    Newsroom.objects.update(name="Il nuovo nome")
    flushed()
    replicas.forget()
    yield replica
    replica.go_on()


def sees_the_new(client: Client, path: str = METHOD, **headers: str) -> bool:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return "Il nuovo nome" in answer.content.decode()


# Who reads where


@on_postgresql
def test_a_reader_is_given_the_replica(behind: Standby) -> None:
    assert not sees_the_new(Client())
    behind.go_on()
    behind.has_caught_up()
    assert sees_the_new(Client())


@on_postgresql
def test_with_a_session_or_a_token_one_reads_the_primary(
    behind: Standby, editor: User, signed_in: Callable[[User], Client]
) -> None:
    assert sees_the_new(signed_in(editor))
    assert sees_the_new(Client(), authorization="Bearer whatever")


@on_postgresql
def test_who_wrote_reads_what_they_wrote_even_without_their_session(
    replica: Standby, editor: User, signed_in: Callable[[User], Client]
) -> None:
    """An editor renames the newsroom, signs out, and looks at it as a reader does."""
    client = signed_in(editor)
    replica.pause()
    Newsroom.objects.update(name="Il nuovo nome")
    replicas.forget()
    assert client.post(reverse("admin:logout")).status_code == 200
    cookie = client.cookies["controluce-wrote"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert not client.cookies["sessionid"].value
    assert sees_the_new(client)
    assert not sees_the_new(Client())
    # Once the replica has come as far, it is theirs as well.
    replica.go_on()
    replica.has_caught_up()
    replicas.forget()
    with CaptureQueriesContext(connections[ALIAS]) as asked:
        assert sees_the_new(client)
    assert len(asked) > 2


@on_postgresql
def test_a_cookie_that_is_not_ours_says_nothing(behind: Standby) -> None:
    client = Client()
    client.cookies["controluce-wrote"] = "99999999999:forged:forged"
    assert not sees_the_new(client)


@on_postgresql
def test_reading_sets_no_cookie(replica: Standby) -> None:
    client = Client()
    for path in ("/", METHOD, "/claims/", "/feeds/articles.atom", "/robots.txt"):
        assert client.get(path).status_code == 200
    assert not client.cookies


@on_postgresql
def test_pages_of_every_audience_but_readers_ask_the_replica_nothing(
    replica: Standby, editor: User, signed_in: Callable[[User], Client]
) -> None:
    client, article = signed_in(editor), Article.objects.published(at=now()).first()
    assert article
    paths = [
        "/desk/",
        f"/desk/articles/{article.slug}/",
        "/desk/triage/",
        "/admin/",
        article.get_absolute_url(),
    ]
    with CaptureQueriesContext(connections[ALIAS]) as asked:
        for path in paths:
            assert client.get(path).status_code == 200
        Client().get("/admin/login/")
        Client().get("/desk/")
    assert asked.captured_queries == []


@on_postgresql
def test_every_public_page_of_an_article_comes_from_the_replica_alone(replica: Standby) -> None:
    article = Article.objects.published(at=now()).first()
    assert article
    Client().get(METHOD)  # which looked whether the replica is fit
    with CaptureQueriesContext(connection) as primary, CaptureQueriesContext(connections[ALIAS]) as asked:
        for path in ("", "map/", "history/"):
            assert Client().get(article.get_absolute_url() + path).status_code == 200
        assert Client().get("/feeds/articles.atom").status_code == 200
    assert len(asked) > 20
    assert [query["sql"] for query in primary if "pg_current_wal" not in query["sql"]] == []


@on_postgresql
def test_a_deed_reads_and_writes_the_primary_and_so_does_what_follows(replica: Standby) -> None:
    with replicas.reading() as reads:
        reads.alias = ALIAS
        assert Newsroom.objects.all().db == ALIAS
        with transaction.atomic():
            assert Newsroom.objects.all().db == "default"
            assert Newsroom.objects.select_for_update().get()._state.db == "default"
        reads.wrote = False
        newsroom = Newsroom.objects.get()
        assert newsroom._state.db == ALIAS
        with CaptureQueriesContext(connections[ALIAS]) as asked:
            newsroom.name = "Il nuovo nome"
            newsroom.save()
            assert Newsroom.objects.get().name == "Il nuovo nome"
            make_article()
        assert (asked.captured_queries, reads.wrote) == ([], True)
    assert Newsroom.objects.all().db == "default"


# One that is not fit


@on_postgresql
def test_one_that_is_too_far_behind_is_left_alone_until_it_has_caught_up(
    behind: Standby, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.REPLICA_LAG = 0
    with caplog.at_level(logging.WARNING, "newsroom.replicas"):
        assert sees_the_new(Client()) and sees_the_new(Client())
        assert [record.message for record in caplog.records] == [
            "Readers are given the primary instead of replica-1: it is too far behind."
        ]
        found = {one.name: one for one in condition.examine(at=now())}["replicas"]
        assert (found.state, "replica-1" in found.said) == ("warn", True)
        told = condition.figures(at=now())
        assert (told["replica_1_usable"], told["replica_1_behind_seconds"] > 0) == (0.0, True)
        behind.go_on()
        behind.has_caught_up()
        replicas._known[ALIAS].looked_at -= 10
        with CaptureQueriesContext(connections[ALIAS]) as asked:
            assert sees_the_new(Client())
        assert len(asked) > 1
        assert caplog.records[-1].message == "Readers are given replica-1 again."


@on_postgresql
def test_one_that_stops_is_not_missed(replica: Standby, caplog: pytest.LogCaptureFixture) -> None:
    """It dies between the look at it and the query: the page is made anew from the primary."""
    assert Client().get(METHOD).status_code == 200
    replica.stop(how="immediate")
    try:
        Newsroom.objects.update(name="Il nuovo nome")
        replicas._known[ALIAS].looked_at += 30
        with caplog.at_level(logging.WARNING, "newsroom.replicas"):
            assert sees_the_new(Client())
            assert sees_the_new(Client())
        assert [record.message for record in caplog.records] == [
            "Readers are given the primary instead of replica-1: it does not answer."
        ]
        assert condition.figures(at=now())["replica_1_usable"] == 0.0
        assert Client().get("/health/ready").status_code == 200
    finally:
        replica.start()
    replicas.forget()
    replica.has_caught_up()
    assert {one.name: one.state for one in condition.examine(at=now())}["replicas"] == "ok"


@on_postgresql
def test_a_server_that_follows_nobody_is_no_replica(replica: Standby) -> None:
    connections[ALIAS].close()
    delattr(connections._connections, ALIAS)
    connections.settings[ALIAS]["HOST"] = connections.settings["default"]["HOST"]
    assert replicas.fit() == ""
    assert replicas._known[ALIAS].why_not == replicas.NO_REPLICA


# Settings


def test_replicas_are_named_by_their_addresses() -> None:
    named = PRODUCTION | {
        "DATABASE_URL": "postgresql://desk@db.example/news",
        "DATABASE_REPLICA_URLS": "postgresql://desk@r1.example/news,postgresql://desk@r2.example/news",
    }
    shown = setting(
        "DATABASES['replica-2']['HOST'], settings.DATABASE_ROUTERS, settings.REPLICA_LAG", **named
    )
    assert shown == "r2.example ['newsroom.outside.replicas.Router'] 10"


def test_without_a_word_there_is_no_router_and_nothing_asks_where_to_read() -> None:
    assert setting("DATABASE_ROUTERS, list(settings.DATABASES)", **PRODUCTION) == "[] ['default']"


def test_sqlite_has_no_replicas() -> None:
    refused = manage("check", **PRODUCTION, DATABASE_REPLICA_URLS="postgresql://desk@r1.example/news")
    assert refused.returncode != 0
    assert "so must DATABASE_URL be" in refused.stderr
    with pytest.raises(ImproperlyConfigured, match="SQLite has no replicas"):
        replica_from_url("sqlite:///copy.sqlite3", base=Path())


def test_a_replica_that_does_not_answer_is_given_up_soon() -> None:
    options = replica_from_url("postgresql://r1.example/news", base=Path())["OPTIONS"]
    assert int(options["connect_timeout"]) <= 5
    assert int(options["tcp_user_timeout"]) <= 10_000
