"""Digests: what is new of what a reader follows, once, in their language, and only what is public then."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from pytest_django import Settings

from newsroom.actions import articles, entities, following, retention, reviews
from newsroom.management.commands.work import Keeper
from newsroom.models import Capability, Claim, Follow, FollowerMail, Newsroom, Subscriber, User
from newsroom.models.following import latest_digest
from newsroom.models.outgoing import FRESH
from newsroom.presenters.digests import News
from newsroom.presenters.held_data import held_on_reader
from newsroom.tasks import leases
from newsroom.tasks.digests import owed, send_digests, sent
from tests.local_mail import HANG_UP, LocalMail
from tests.making import (
    HTML,
    make_appearance,
    make_article,
    make_claim,
    make_follow,
    make_mention,
    make_met_entity,
    make_review,
)

pytestmark = pytest.mark.django_db

HOME = "https://redazione.example"
ROME = ZoneInfo("Europe/Rome")


@pytest.fixture(autouse=True)
def at_home(db: None, settings: Settings) -> None:
    settings.SENDS_MAIL = True
    Newsroom.objects.update(address=HOME)


@pytest.fixture
def rated() -> Claim:
    """A claim that was rated two days ago."""
    claim = make_claim(text="Il ponte apre a maggio.")
    make_review(make_appearance(claim=claim), published_at=now() - timedelta(days=2))
    return claim


def follow(thing: Any, **given: Any) -> Follow:
    """By somebody who was told nothing for nine days: whatever the rhythm, a digest is due."""
    return make_follow(thing, **({"at": now() - timedelta(days=9)} | given))


def run(*, failing: str = "") -> None:
    if failing:
        with pytest.raises(CommandError, match=failing):
            call_command("send_digests")
    else:
        call_command("send_digests")


# -- when --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rhythm", "at", "latest"),
    [
        ("daily", (2024, 5, 8, 12, 0), (2024, 5, 8, 7, 0)),
        ("daily", (2024, 5, 8, 7, 9), (2024, 5, 7, 7, 0)),  # what began before seven may not be done yet
        ("daily", (2024, 5, 8, 7, 10), (2024, 5, 8, 7, 0)),
        ("daily", (2024, 3, 31, 12, 0), (2024, 3, 31, 7, 0)),  # the clocks have changed
        ("weekly", (2024, 5, 8, 12, 0), (2024, 5, 6, 7, 0)),  # a Wednesday
        ("weekly", (2024, 5, 6, 7, 5), (2024, 4, 29, 7, 0)),  # a Monday, too early
        ("weekly", (2024, 5, 6, 8, 0), (2024, 5, 6, 7, 0)),
    ],
)
def test_a_digest_tells_what_came_until_an_hour_of_the_newsrooms_day(
    rhythm: str, at: Any, latest: Any
) -> None:
    asked, told = (datetime(*moment, tzinfo=ROME) for moment in (at, latest))
    assert latest_digest(rhythm, at=asked) == told


def test_who_was_told_is_not_due_before_the_next_time() -> None:
    reader = make_follow().subscriber
    at = datetime(2024, 5, 8, 12, tzinfo=ROME)
    Subscriber.objects.update(told_until=datetime(2024, 5, 8, 7, tzinfo=ROME))
    assert not Subscriber.objects.due(at=at).exists()
    assert Subscriber.objects.due(at=at + timedelta(days=1)).get() == reader
    Subscriber.objects.update(rhythm="weekly")
    assert not Subscriber.objects.due(at=at + timedelta(days=1)).exists()
    assert Subscriber.objects.due(at=at + timedelta(days=7)).get() == reader


# -- what --------------------------------------------------------------------------------------------------


def test_what_is_new_is_told_grouped_by_thing_with_plain_links(rated: Claim, editor: User) -> None:
    article = make_article(headline="Il ponte riapre", published_at=now() - timedelta(days=20))
    articles.revise(
        article, html=HTML.replace("dieci", "dodici"), kind="correction", note="Erano dodici.", by=editor,
        at=now() - timedelta(days=3), based_on=1,
    )  # fmt: skip
    reader = follow(article).subscriber
    follow(rated, address=reader.address)
    assert send_digests.enqueue().return_value == {"sent": 1}
    [letter] = mail.outbox
    assert letter.to == [reader.address]
    # It is read on a locked telephone: it does not say what somebody follows.
    assert letter.subject == f"Novità su ciò che segui · {Newsroom.objects.get()}"
    body = str(letter.body)
    first, second = body.index("Il ponte riapre\n"), body.index("Il ponte apre a maggio.\n")
    assert first < body.index("Erano dodici.") < second < body.index("Falso: «Il ponte apre a maggio.»")
    assert f"\n{HOME}{article.get_absolute_url()}\n" in body
    assert f"\n{HOME}{rated.get_absolute_url()}\n" in body
    assert letter.message().get_content_type() == "text/plain"


def test_its_links_are_the_same_in_every_letter_but_those_of_the_reader(rated: Claim) -> None:
    for _ in range(2):
        follow(rated)
    run()
    links = [set(re.findall(r"https?://\S+", str(letter.body))) for letter in mail.outbox]
    assert len(links) == 2
    assert all("/following/" in link for link in links[0] ^ links[1])
    assert not [link for some in links for link in some if "?" in link]


def test_it_is_in_the_language_that_was_chosen(rated: Claim) -> None:
    follow(rated, lang="en")
    run()
    [letter] = mail.outbox
    assert letter.subject.startswith("What is new of what you follow · ")
    assert f"{HOME}/en/claims/" in letter.body and "False: «" in letter.body


def test_it_can_be_ended_by_the_mail_program(rated: Claim) -> None:
    follow(rated)
    run()
    [letter] = mail.outbox
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    there = letter.extra_headers["List-Unsubscribe"]
    assert re.fullmatch(rf"<{HOME}/following/[\w-]+/off/>", there)
    assert f"{there[1:-1]}\n" in letter.body


def test_without_news_no_mail_comes(rated: Claim) -> None:
    follow(rated, at=now() - timedelta(days=1, hours=12))  # since it was rated
    run()
    assert mail.outbox == []
    assert not Subscriber.objects.due(at=now()).exists()


def test_what_came_before_they_followed_it_is_not_told(rated: Claim) -> None:
    first = follow(make_article())
    follow(rated, address=first.subscriber.address, at=now() - timedelta(days=1, hours=12))
    run()
    assert mail.outbox == []


def test_a_thing_that_is_not_confirmed_is_not_told(rated: Claim) -> None:
    first = follow(make_article())
    follow(rated, address=first.subscriber.address, confirmed_at=None)
    run()
    assert mail.outbox == []


def test_what_is_new_after_a_digest_is_told_by_the_next(rated: Claim, editor: User) -> None:
    reader = follow(rated).subscriber
    run()
    reader.refresh_from_db()
    assert latest_digest("daily", at=now()) == reader.told_until
    review = rated.reviews.get()
    later = reader.told_until + timedelta(hours=1)
    reviews.withdraw(review, reason="Era un errore.", by=editor, at=later)
    news = News()
    until = latest_digest("daily", at=reader.told_until + timedelta(days=1, hours=2))
    [thing] = news.of(reader, since=reader.told_until, until=until, at=now() + timedelta(days=2))
    assert [item.title.text for item in thing.items] == ["Valutazione ritirata: «Il ponte apre a maggio.»"]


def test_two_names_that_were_merged_are_told_once(editor: User) -> None:
    gone, stays = make_met_entity(name="Ponte"), make_met_entity(name="Ponte vecchio")
    article = make_article(headline="Il ponte riapre", published_at=now() - timedelta(days=2))
    make_mention(article, "Il ponte", entity=stays)
    first = follow(gone)
    follow(stays, address=first.subscriber.address)
    entities.merge(gone, into=stays, by=editor, at=now())
    run()
    [letter] = mail.outbox
    assert letter.body.count("Ponte vecchio\n") == 1
    assert str(letter.body).count("Nominata in «Il ponte riapre»") == 1


@pytest.mark.parametrize("earlier", ["gone", "stays"])
def test_of_two_names_that_were_merged_what_is_new_since_the_first_is_told(
    editor: User, earlier: str
) -> None:
    names = {"gone": make_met_entity(name="Ponte"), "stays": make_met_entity(name="Ponte vecchio")}
    make_mention(make_article(published_at=now() - timedelta(days=2)), "Il ponte", entity=names["stays"])
    first = follow(names["gone"])
    second = follow(names["stays"], address=first.subscriber.address)
    late = {"gone": second, "stays": first}[earlier]
    Follow.objects.filter(pk=late.pk).update(confirmed_at=now() - timedelta(minutes=1))
    entities.merge(names["gone"], into=names["stays"], by=editor, at=now())
    run()
    [letter] = mail.outbox
    assert "Ponte vecchio\n" in letter.body


@pytest.mark.parametrize("when", ["before it is owed", "before it is sent"])
def test_what_is_not_public_any_more_when_it_is_sent_is_not_told(when: str, editor: User) -> None:
    entity = make_met_entity(make_article(published_at=now() - timedelta(days=2)), name="Zelinda Canarini")
    follow(entity)
    if when == "before it is sent":
        assert list(owed(News())) == [True]
    entities.protect(entity, privacy="minor", reason="Ha dodici anni.", by=editor, at=now())
    run()
    assert mail.outbox == []


def test_a_change_between_two_letters_is_seen_by_the_second(rated: Claim, editor: User) -> None:
    for _ in range(2):
        follow(rated)
    news = News()
    assert list(owed(news)) == [True, True]
    letters = sent(FollowerMail.objects.due(), news)
    assert next(letters) == "sent"
    articles.withdraw(rated.appearances.get().annotation.article, reason="Sbagliato.", by=editor, at=now())
    assert list(letters) == ["dropped"]
    assert len(mail.outbox) == 1


def test_many_who_follow_one_thing_cost_one_look_at_it(rated: Claim) -> None:
    def looked(number: int) -> int:
        for _ in range(number):
            follow(rated)
        with CaptureQueriesContext(connection) as asked:
            assert sum(owed(News())) == number
        return len(asked)

    one, six = looked(1), looked(6)
    assert (six - one) / 5 <= 8  # the version, what they follow, and the deed


# -- once --------------------------------------------------------------------------------------------------


def test_run_again_it_sends_nothing_twice(rated: Claim) -> None:
    follow(rated)
    for _ in range(3):
        run()
    assert len(mail.outbox) == 1
    Subscriber.objects.update(told_until=now() - timedelta(days=9))
    [row] = Subscriber.objects.all()
    with pytest.raises(Exception, match=r"(?i)unique"):
        following.owe(row, until=FollowerMail.objects.get().until, has_news=True, at=now())


def test_of_two_who_look_one_writes_it_down(rated: Claim) -> None:
    reader = follow(rated).subscriber
    as_read = [Subscriber.objects.get(pk=reader.pk) for _ in range(2)]
    until = latest_digest("daily", at=now())
    assert [following.owe(row, until=until, has_news=True, at=now()) for row in as_read] == [True, False]
    assert FollowerMail.objects.count() == 1


def test_what_was_owed_when_the_worker_was_killed_is_sent_by_the_next(rated: Claim) -> None:
    for _ in range(3):
        follow(rated)
    looking = owed(News())
    next(looking)
    looking.close()
    run()
    assert len(mail.outbox) == 3
    assert len({letter.to[0] for letter in mail.outbox}) == 3


def test_one_that_cannot_be_made_holds_up_nobody(
    rated: Claim, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, second, third = (follow(rated) for _ in range(3))
    made = News.of

    def broken(self: News, reader: Subscriber, **given: Any) -> Any:
        if reader == first.subscriber or (reader == second.subscriber and _owed_to(reader)):
            raise ValueError
        return made(self, reader, **given)

    monkeypatch.setattr(News, "of", broken)
    run()
    assert [letter.to for letter in mail.outbox] == [[third.subscriber.address]]
    assert "A digest could not be made." in caplog.text
    assert "A mail to a reader could not be written." in caplog.text
    assert third.subscriber.address not in caplog.text
    # They are told once that works again.
    monkeypatch.setattr(News, "of", made)
    run()
    assert len(mail.outbox) == 3


def _owed_to(reader: Subscriber) -> bool:
    return FollowerMail.objects.filter(subscriber=reader).exists()


def test_a_mail_that_was_refused_is_tried_again_and_does_not_quote_the_address(
    rated: Claim, post: LocalMail
) -> None:
    reader = follow(rated).subscriber
    post.answers["RCPT"] = f"451 {reader.address} later"
    run(failing="1 failed")
    row = FollowerMail.objects.get()
    assert (row.state, reader.address in row.failure) == ("failed", False)
    del post.answers["RCPT"]
    run()
    [letter] = post.letters
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(rf"<{HOME}/following/[\w-]+/off/>", letter["List-Unsubscribe"].strip())


def test_a_mail_that_may_have_arrived_is_not_sent_again(rated: Claim, post: LocalMail) -> None:
    follow(rated)
    post.answers["taken"] = HANG_UP
    run()
    del post.answers["taken"]
    run()
    assert len(post.letters) == 1
    assert FollowerMail.objects.get().state == "sending"


def test_who_ended_it_while_a_mail_waited_gets_none(rated: Claim) -> None:
    reader = follow(rated).subscriber
    list(owed(News()))
    waiting = list(FollowerMail.objects.all())
    secret = Capability.grant("off", at=now(), lasts=timedelta(days=1), subscriber=reader)
    following.end(secret, purpose="off", at=now())
    assert waiting
    run()
    assert mail.outbox == []


def test_without_a_post_nobody_is_told_and_nothing_is_lost(rated: Claim, settings: Settings) -> None:
    settings.SENDS_MAIL = False
    reader = follow(rated).subscriber
    run(failing="No mail server")
    assert send_digests.enqueue().return_value == {}
    told = reader.told_until
    reader.refresh_from_db()
    assert reader.told_until == told


def test_a_worker_sends_what_is_due_without_being_told(rated: Claim, settings: Settings) -> None:
    keeper = Keeper("here", silent=leases.SILENT)
    keeper.look_at_digests()
    assert mail.outbox == []
    follow(rated)
    keeper.look_at_digests()
    assert len(mail.outbox) == 1


# -- what is kept ------------------------------------------------------------------------------------------


def test_what_nobody_confirmed_goes_after_some_days(settings: Settings) -> None:
    settings.KEEP_DAYS = settings.KEEP_DAYS | {"follow": 3}
    kept = make_follow()
    make_follow(address=kept.subscriber.address, confirmed_at=None, at=now() - timedelta(days=4))
    old = make_follow(confirmed_at=None, at=now() - timedelta(days=4))
    young = make_follow(confirmed_at=None, at=now() - timedelta(days=2))
    for row in (old, young):
        Capability.grant("subscribe", at=now(), lasts=timedelta(days=7), follow=row)
        FollowerMail.objects.create(subscriber=row.subscriber, follow=row, reason="confirm", at=row.at)
    FollowerMail.objects.create(subscriber=kept.subscriber, reason="link", at=now() - FRESH * 2)
    assert following.forget(at=now()) == {
        "unconfirmed follows": 2, "readers who followed something": 1, "mails to them": 1,
    }  # fmt: skip
    assert set(Follow.objects.all()) == {kept, young}
    assert set(Subscriber.objects.all()) == {kept.subscriber, young.subscriber}
    assert Capability.objects.get().follow == young
    assert set(following.forget(at=now()).values()) == {0}


def test_who_asks_to_be_forgotten_is_told_nothing_any_more() -> None:
    reader = make_follow(address="Ida@lettori.example").subscriber
    make_follow()
    Capability.grant("manage", at=now(), lasts=timedelta(days=7), subscriber=reader)
    held = held_on_reader("ida@LETTORI.example", at=now())["follows"]
    assert (held["address"], len(held["things"])) == ("Ida@lettori.example", 1)
    assert following.forget_address in retention.OF_READERS
    assert following.forget_address("ida@LETTORI.example") == {"followers": 1}
    assert not Subscriber.objects.filter(pk=reader.pk).exists()
    assert (Follow.objects.count(), Capability.objects.count()) == (1, 0)


def test_the_command_of_retention_clears_this_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    make_follow(confirmed_at=None, at=now() - timedelta(days=30))
    call_command("enforce_retention")
    assert "1 readers who followed something gone." in capsys.readouterr().out
    assert not Subscriber.objects.exists()
