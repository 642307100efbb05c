"""Readers follow things by mail: no account and no cookie, asked first, and ended by one click."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.test import Client
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries, Settings

from newsroom.actions import entities
from newsroom.models import Article, Capability, Deed, Follow, FollowerMail, Newsroom, Shown, Subscriber, User
from newsroom.outside.counters import Counters
from newsroom.views import flagging, pacing
from tests.making import (
    make_appearance,
    make_article,
    make_entity,
    make_follow,
    make_met_entity,
    make_met_source,
    make_source,
)
from tests.public_pages import secret_of

pytestmark = pytest.mark.django_db

ADDRESS = "ida@lettori.example"
HOME = "https://redazione.example"


@pytest.fixture(autouse=True)
def nothing_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings) -> None:
    monkeypatch.setattr(pacing, "counters", Counters(tmp_path / "counters", key="tests"))
    monkeypatch.setattr(flagging, "hourly", Counters(tmp_path / "hourly", key="tests"))
    settings.SENDS_MAIL = True
    Newsroom.objects.update(address=HOME)


KINDS: dict[str, Callable[[], Any]] = {
    "article": make_article,
    "claim": lambda: make_appearance().claim,
    "source": make_met_source,
    "entity": make_met_entity,
}


def form_of(thing: Any) -> str:
    return f"{thing.get_absolute_url()}follow/"


def send(client: Client, there: str, **given: Any) -> Any:
    found = re.search(r'name="token" value="([^"]+)"', client.get(there).content.decode())
    assert found
    fields = {"address": ADDRESS, "rhythm": "daily", "lang": "it", "token": found[1]}
    return client.post(there, fields | given)


def link_in(letter: EmailMessage, what: str = "") -> str:
    found = re.search(rf"{HOME}(/(?:en/)?following/[\w-]+/{what})\n", str(letter.body))
    assert found, letter.body
    return found[1]


def followed(reader: Client, thing: Any, **given: Any) -> str:
    """The address of the private page of somebody who followed a thing as readers do."""
    send(reader, form_of(thing), **given)
    answer = reader.post(link_in(mail.outbox[-1], "confirm/"))
    assert answer.status_code == 302
    return answer["Location"]


# -- to begin with -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_reader_follows_a_thing_once_they_have_said_so_twice(kind: str, reader: Client) -> None:
    thing = KINDS[kind]()
    assert form_of(thing) in reader.get(thing.get_absolute_url()).content.decode()
    assert send(reader, form_of(thing), rhythm="weekly").status_code == 200
    [letter] = mail.outbox
    assert letter.to == [ADDRESS]
    there = link_in(letter, "confirm/")
    assert reader.get(there).status_code == 200
    assert not Subscriber.objects.confirmed().exists()  # following a link does nothing
    own = reader.post(there)
    page = reader.get(own["Location"]).content.decode()
    assert ADDRESS in page and thing.get_absolute_url() in page
    [row] = Subscriber.objects.confirmed()
    assert (row.rhythm, row.lang, row.follows.get().subject) == ("weekly", "it", thing)
    assert reader.get(there).status_code == reader.post(there).status_code == 410


def test_the_language_of_the_mail_is_chosen_and_offered_as_that_of_the_page(reader: Client) -> None:
    article = make_article()
    page = reader.get(f"/en{form_of(article)}").content.decode()
    assert re.search(r'value="en"[^>]*checked', page)
    send(reader, f"/en{form_of(article)}", lang="en")
    [letter] = mail.outbox
    assert letter.subject.startswith("Do you want to follow this by e-mail?")
    assert "/en/following/" in letter.body


def test_no_page_of_it_sets_a_cookie_or_is_kept_or_tells_its_address(reader: Client) -> None:
    article = make_article()
    own = followed(reader, article)
    answers = [reader.get(form_of(article)), reader.get("/following/"), reader.get(own)]
    answers += [reader.get("/following/x/confirm/"), reader.get("/following/x/off/")]
    for answer in answers:
        assert not answer.cookies
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex"


def test_it_needs_no_token_of_the_sessions_reads_no_session_and_stands_in_no_log(editor: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    before = Deed.objects.count()
    followed(client, make_article())
    assert Deed.objects.count() == before


def test_to_follow_touches_no_page(reader: Client) -> None:
    article = make_article()
    before = list(Shown.objects.order_by("pk").values_list())
    own = followed(reader, article)
    reader.post(own, {"delete": "1"})
    assert list(Shown.objects.order_by("pk").values_list()) == before


@pytest.mark.parametrize(
    "sent", [{"token": ""}, {"address": "nessuno"}, {"website": "x"}, {"rhythm": "hourly"}]
)
def test_a_form_that_is_wrong_comes_back_with_what_was_typed(sent: dict[str, str], reader: Client) -> None:
    answer = send(reader, form_of(make_article()), **sent)
    assert answer.status_code == 422
    assert sent.get("address", ADDRESS) in answer.content.decode()
    assert not Subscriber.objects.exists()


def test_another_site_may_not_send_it(reader: Client) -> None:
    article = make_article()
    answer = reader.post(form_of(article), {}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_a_form_that_is_sent_twice_asks_once(reader: Client) -> None:
    there = form_of(make_article())
    found = re.search(r'name="token" value="([^"]+)"', reader.get(there).content.decode())
    assert found
    for _ in range(2):
        send(reader, there, token=found[1])
    assert len(mail.outbox) == 1


def test_what_is_not_public_cannot_be_followed(reader: Client, editor: User) -> None:
    protected = make_met_entity()
    entities.protect(protected, privacy="minor", reason="Ha dodici anni.", by=editor, at=now())
    hidden = [
        make_article(published_at=None), make_source(desk_only=True), make_source(pseudonymous=True),
        protected,
    ]  # fmt: skip
    for thing in hidden:
        assert reader.get(form_of(thing)).status_code == 404
        assert reader.post(form_of(thing), {"address": ADDRESS}).status_code == 404


def test_without_a_mail_server_nothing_is_offered(reader: Client, settings: Settings) -> None:
    settings.SENDS_MAIL = False
    article = make_article()
    assert form_of(article) not in reader.get(article.get_absolute_url()).content.decode()
    assert reader.get(form_of(article)).status_code == reader.get("/following/").status_code == 404


# -- limits ------------------------------------------------------------------------------------------------


def test_an_address_is_asked_three_times_in_a_week_and_nobody_learns_that(reader: Client) -> None:
    there = form_of(make_article())
    answers = {send(reader, there).content for _ in range(5)}
    assert len(mail.outbox) == 3
    assert len(answers) == 1


def test_flags_and_what_is_followed_share_how_often_an_address_is_asked(reader: Client) -> None:
    article = make_article()
    for _ in range(2):
        there = f"{article.get_absolute_url()}flag/"
        found = re.search(r'name="token" value="([^"]+)"', reader.get(there).content.decode())
        assert found
        reader.post(there, {"kind": "error", "message": "No.", "address": ADDRESS, "token": found[1]})
    send(reader, form_of(article))
    send(reader, form_of(make_article()), address=ADDRESS.upper())
    assert len(mail.outbox) == 3


def test_who_asks_waits_for_no_mail_but_their_own(reader: Client) -> None:
    """Thousands of digests may wait: none is sent within the request of a reader."""
    other = make_follow().subscriber
    FollowerMail.objects.create(subscriber=other, reason="link", at=now())
    send(reader, form_of(make_article()))
    assert [letter.to for letter in mail.outbox] == [[ADDRESS]]
    assert FollowerMail.objects.get(subscriber=other).state == "waiting"


def test_the_time_of_an_answer_does_not_tell_who_is_known(reader: Client, settings: Settings) -> None:
    """Without a worker nothing goes to the post within the request: not of one who is known either."""
    settings.LOCAL = False
    make_follow(address=ADDRESS)
    send(reader, "/following/")
    assert mail.outbox == []
    call_command("send_digests")
    assert [letter.to for letter in mail.outbox] == [[ADDRESS]]


def test_the_last_that_is_confirmed_is_the_last(reader: Client) -> None:
    """A wish that a stranger wrote down with their address keeps nobody here."""
    follow = make_follow(address=ADDRESS)
    make_follow(address=ADDRESS, confirmed_at=None)
    reader.post(own_page(follow), {"drop": follow.code})
    assert not Subscriber.objects.exists()


def test_who_confirms_may_go_on(reader: Client) -> None:
    for _ in range(5):
        followed(reader, make_article())
    assert Subscriber.objects.get().follows.confirmed().count() == 5


def test_one_network_waits_and_another_does_not(reader: Client, settings: Settings) -> None:
    settings.FOLLOWS_PER_HOUR = 2
    there = form_of(make_article())
    statuses = [send(reader, there, address=f"a{number}@lettori.example").status_code for number in range(3)]
    assert statuses == [200, 200, 429]
    other = Client(REMOTE_ADDR="192.0.2.9")
    assert send(other, there).status_code == 200


def test_nobody_follows_without_end(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsroom.actions.following.MOST_FOLLOWED", 1)
    followed(reader, make_article())
    send(reader, form_of(make_article()))
    answer = reader.post(link_in(mail.outbox[-1], "confirm/"))
    assert answer.status_code == 410
    assert "più di 1" in answer.content.decode()


# -- the private page --------------------------------------------------------------------------------------


def own_page(follow: Follow) -> str:
    return f"/following/{secret_of(follow)}/"


def test_on_their_page_they_change_how_they_are_told(reader: Client) -> None:
    follow = make_follow()
    there = own_page(follow)
    assert reader.post(there, {"rhythm": "weekly", "lang": "en"}).status_code == 302
    follow.subscriber.refresh_from_db()
    assert (follow.subscriber.rhythm, follow.subscriber.lang) == ("weekly", "en")


def test_their_page_says_that_it_saved_what_they_chose(reader: Client) -> None:
    there = own_page(make_follow())
    said = '<p class="prose" role="status">Salvato.</p>'
    assert said not in reader.get(there).content.decode()
    answer = reader.post(there, {"rhythm": "weekly", "lang": "it"}, follow=True)
    assert said in answer.content.decode()


def test_what_they_cannot_have_chosen_comes_back_and_changes_nothing(reader: Client) -> None:
    follow = make_follow()
    answer = reader.post(own_page(follow), {"rhythm": "hourly", "lang": "it"})
    assert answer.status_code == 422 and answer.context["form"].errors["rhythm"]
    follow.subscriber.refresh_from_db()
    assert follow.subscriber.rhythm == "daily"


def test_they_follow_one_thing_no_more_and_of_the_last_nothing_is_kept(reader: Client) -> None:
    first = make_follow(address=ADDRESS)
    second = make_follow(address=ADDRESS)
    there = own_page(first)
    stranger = make_follow()
    reader.post(there, {"drop": stranger.code})
    reader.post(there, {"drop": first.code})
    assert set(Follow.objects.all()) == {second, stranger}
    assert "cancellato" in reader.post(there, {"drop": second.code}).content.decode()
    assert [row.pk for row in Subscriber.objects.all()] == [stranger.subscriber_id]
    assert reader.get(there).status_code == 410


@pytest.mark.parametrize("way", ["page", "one click", "button"])
def test_whoever_wants_no_more_is_deleted_at_once(way: str, reader: Client) -> None:
    follow = make_follow()
    make_follow(address=follow.subscriber.address)
    FollowerMail.objects.create(subscriber=follow.subscriber, reason="link", at=now())
    if way == "page":
        reader.post(own_page(follow), {"delete": "1"})
    else:
        there = f"/following/{secret_of(follow, 'off')}/off/"
        assert reader.get(there).status_code == 200
        assert Subscriber.objects.exists()  # a GET does nothing
        sent = {"List-Unsubscribe": "One-Click"} if way == "one click" else {}
        other_site = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
        answer = Client(enforce_csrf_checks=True).post(there, sent, headers=other_site)
        assert (answer.status_code, bool(answer.cookies)) == (200, False)
        assert reader.post(there).status_code == 410
    kept = (Subscriber, Follow, FollowerMail, Capability)
    assert [model.objects.count() for model in kept] == [0, 0, 0, 0]


def test_a_link_to_end_it_ends_it_and_does_nothing_else(reader: Client) -> None:
    follow = make_follow()
    secret = secret_of(follow, "off")
    assert reader.get(f"/following/{secret}/").status_code == 410
    assert reader.post(f"/following/{secret}/", {"rhythm": "weekly", "lang": "it"}).status_code == 410
    assert reader.get(f"/following/{secret_of(follow)}/off/").status_code == 410


def test_an_expired_link_opens_nothing(reader: Client) -> None:
    follow = make_follow()
    for purpose, path in (("manage", ""), ("off", "off/")):
        secret = secret_of(follow, purpose)
        Capability.objects.update(at=now() - timedelta(days=9), expires_at=now() - timedelta(days=1))
        assert reader.get(f"/following/{secret}/{path}").status_code == 410
        assert reader.post(f"/following/{secret}/{path}", {"delete": "1"}).status_code == 410
    assert Subscriber.objects.exists()


def test_what_is_public_no_more_is_not_named_there(reader: Client, editor: User) -> None:
    entity = make_entity(name="Zelinda Canarini")
    there = own_page(make_follow(entity))
    assert "Zelinda" in reader.get(there).content.decode()
    entities.protect(entity, privacy="victim", reason="Lo ha chiesto.", by=editor, at=now())
    page = reader.get(there).content.decode()
    assert "Zelinda" not in page and entity.code not in page
    assert "non è più pubblico" in page


def test_the_private_address_is_sent_to_who_follows_something_and_nobody_learns_who_that_is(
    reader: Client,
) -> None:
    make_follow(address=ADDRESS)
    known = send(reader, "/following/", address=ADDRESS.title())
    [letter] = mail.outbox
    assert letter.to == [ADDRESS]
    assert reader.get(link_in(letter)).status_code == 200
    unknown = send(reader, "/following/", address="nessuno@lettori.example")
    make_follow(address="non-ancora@lettori.example", confirmed_at=None)
    waiting = send(reader, "/following/", address="non-ancora@lettori.example")
    assert known.content == unknown.content == waiting.content
    assert len(mail.outbox) == 1


def test_its_pages_ask_as_often_for_few_as_for_many(
    reader: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    article = make_article()
    with django_assert_num_queries(2):
        reader.get(form_of(article))
    follow = make_follow(article)
    there = own_page(follow)
    for _ in range(2):
        with django_assert_num_queries(4):
            reader.get(there)
        for _ in range(5):
            make_follow(address=follow.subscriber.address)
    assert Article.objects.count() > 5
