"""Other programs are told what became public: signed, in order to be checked; again, until it arrives."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils.timezone import now

from newsroom.actions import announcing, articles, reviews
from newsroom.models import Deed, Delivery, Newsroom, Notice, Review, User, Webhook
from newsroom.models.webhook import EVENTS, KEPT, PATIENCE, PAUSES, SILENT, Event
from newsroom.presenters.announced import announced
from newsroom.tasks.notices import send_notices
from newsroom.tasks.webhooks import send_webhooks, sent
from tests.local_web import LocalWeb
from tests.making import (
    HTML,
    LATER,
    make_appearance,
    make_article,
    make_delivery,
    make_evidence,
    make_review,
    make_webhook,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def webhook(web: LocalWeb) -> Webhook:
    Newsroom.objects.update(address="https://redazione.example")
    return make_webhook(address=web.url("/hook"))


def told(web: LocalWeb) -> list[dict[str, Any]]:
    return [json.loads(body) for _headers, body in web.posted]


def due_again(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(next_at=now())


# What is told


def test_an_article_that_is_published_is_told_signed_so_that_anybody_can_check_it(
    webhook: Webhook, web: LocalWeb, editor: User
) -> None:
    article = articles.publish(make_article(published_at=None), by=editor, at=now())
    assert web.posted == []
    assert send_webhooks.call() == {"sent": 1}
    [(headers, body)] = web.posted
    assert json.loads(body) == {
        "type": "article.published",
        "timestamp": article.published_at.isoformat(),
        "data": {
            "article": {
                "id": str(article.uuid),
                "url": f"https://redazione.example/articles/{article.slug}/",
                "lang": "it",
            }
        },
    }
    delivery = Delivery.objects.get()
    assert UUID(headers["webhook-id"]) == delivery.uuid
    assert abs(int(headers["webhook-timestamp"]) - now().timestamp()) < 60
    # As a receiver does it, with what it was given.
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    proof = base64.b64encode(hmac.digest(webhook.key, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{proof}"
    assert (headers["Content-Type"], headers["User-Agent"]) == ("application/json", "Controluce")
    assert (delivery.state, delivery.attempts, delivery.status) == ("sent", 1, 204)
    assert send_webhooks.call() == {}


def test_a_correction_is_told_as_one_and_a_draft_is_not_told_at_all(
    webhook: Webhook, web: LocalWeb, editor: User
) -> None:
    public, draft = make_article(), make_article(published_at=None)
    given = {"html": HTML + "<p>Altro.</p>", "by": editor, "at": now(), "based_on": 1}
    articles.revise(public, kind="correction", note="Mancava.", **given)
    articles.revise(draft, kind="minor", note="Mancava.", **given)
    articles.edit(draft, changes={"headline": "Un altro titolo"}, by=editor, at=now())
    send_webhooks.call()
    [message] = told(web)
    assert message["type"] == "article.revised"
    assert message["data"]["article"]["is_correction"] is True
    assert "Mancava" not in json.dumps(message)


def test_a_rating_is_told_with_its_claim_and_told_when_it_goes_stale_and_is_withdrawn(
    webhook: Webhook, web: LocalWeb, editor: User
) -> None:
    article = make_article()
    appearance = make_appearance(article, "Costerà dieci milioni di euro")
    make_evidence(appearance.claim)
    review = make_review(appearance, state="published", published_at=LATER)
    html = HTML.replace("dieci", "venti")
    articles.revise(article, html=html, kind="correction", note="Venti.", by=editor, at=now(), based_on=1)
    review.refresh_from_db()
    assert review.state == Review.State.STALE
    send_webhooks.call()
    stale = next(message for message in told(web) if message["type"] == "review.stale")
    assert stale["data"]["review"] == {
        "id": str(review.uuid),
        "url": f"https://redazione.example/reviews/{review.code}/",
        "state": "stale",
    }
    assert stale["data"]["claim"]["id"] == str(review.claim.uuid)
    reviews.withdraw(review, reason="Era sbagliata.", by=editor, at=now())
    send_webhooks.call()
    gone = told(web)[-1]
    assert (gone["type"], gone["data"]["review"]["state"]) == ("review.withdrawn", "withdrawn")
    assert "sbagliata" not in json.dumps(gone)


def test_what_was_withdrawn_before_it_was_told_is_not_told_as_published(
    webhook: Webhook, web: LocalWeb, editor: User
) -> None:
    article = articles.publish(make_article(published_at=None), by=editor, at=now())
    articles.withdraw(article, reason="Era una bozza.", by=editor, at=now())
    assert send_webhooks.call() == {"dropped": 1, "sent": 1}
    assert [message["type"] for message in told(web)] == ["article.withdrawn"]


def test_each_is_told_what_it_asked_for(web: LocalWeb, editor: User) -> None:
    make_webhook(address=web.url("/one"), events=["review.published"])
    make_webhook(address=web.url("/two"), events=["article.published"])
    make_webhook(address=web.url("/three"), active=False)
    articles.publish(make_article(published_at=None), by=editor, at=now())
    send_webhooks.call()
    assert [path for _host, path in web.asked] == ["/two"]


def test_a_deed_that_is_not_done_is_not_told(webhook: Webhook, editor: User) -> None:
    class Trouble(Exception):
        pass

    with pytest.raises(Trouble), transaction.atomic():
        articles.publish(make_article(published_at=None), by=editor, at=now())
        raise Trouble
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("event", Event.values)
def test_no_message_holds_a_word_of_what_it_tells_of(event: str) -> None:
    """Identifiers, addresses that readers have, a language, a state: nothing else can be in it."""
    Newsroom.objects.update(address="https://redazione.example")
    appearance = make_appearance(make_article(), "Costerà dieci milioni di euro")
    of_review = event.startswith("review.")
    gone = {"state": "withdrawn", "withdrawal_reason": "CANARINO"} if event == "review.withdrawn" else {}
    review = make_review(
        appearance, **({"state": "published", "published_at": LATER, "summary": "CANARINO"} | gone)
    )
    article = appearance.annotation.article
    if event == "article.withdrawn":
        article.withdrawn_at, article.withdrawal_reason = LATER, "CANARINO"
        article.save()
    row: Any = review if of_review else article
    deed = Deed.objects.create(
        verb=next(verb for verb, told_as in EVENTS.items() if told_as == event),
        actor=review.author,
        at=LATER,
        article=None if of_review else article,
        objects_touched=[[row._meta.model_name, str(row.uuid)]],
        after={"note": "CANARINO", "kind": "correction"},
    )
    message = announced(make_delivery(deed=deed, event=event), Newsroom.objects.current(), at=now())
    assert message
    assert message.keys() == {"type", "timestamp", "data"}
    assert message["data"].keys() <= {"article", "review", "claim"}
    keys = {key for thing in message["data"].values() for key in thing}
    assert keys <= {"id", "url", "lang", "state", "is_correction", "supersedes"}
    assert "CANARINO" not in json.dumps(message)


# What does not arrive


def test_what_failed_is_tried_again_later_and_given_up_at_last(webhook: Webhook, web: LocalWeb) -> None:
    delivery = make_delivery(webhook=webhook)
    web.answers["/hook"] = 503
    for attempt, pause in enumerate(PAUSES, start=1):
        before = now()
        assert send_webhooks.call() == {"failed": 1}
        delivery.refresh_from_db()
        assert (delivery.attempts, delivery.status) == (attempt, 503)
        assert before + pause <= delivery.next_at <= now() + pause
        assert "503" in delivery.failure
        assert send_webhooks.call() == {}
        due_again(delivery)
    assert send_webhooks.call() == {"given-up": 1}
    assert len(web.posted) == len(PAUSES) + 1
    # The same message each time, by which the receiver knows it again.
    assert len({(headers["webhook-id"], body) for headers, body in web.posted}) == 1


def test_what_killed_whoever_sent_it_each_time_is_given_up(webhook: Webhook, web: LocalWeb) -> None:
    delivery = make_delivery(webhook=webhook)
    long_ago = now() - SILENT - timedelta(minutes=1)
    tries = Delivery.objects.filter(pk=delivery.pk)
    tries.update(state="sending", attempts=len(PAUSES) + 1, tried_at=long_ago)
    assert send_webhooks.call() == {}
    delivery.refresh_from_db()
    assert (delivery.state, web.posted) == ("given-up", [])


def test_one_that_was_away_is_told_once_it_is_back(webhook: Webhook, web: LocalWeb) -> None:
    delivery = make_delivery(webhook=webhook)
    web.answers["/hook"] = 500
    send_webhooks.call()
    webhook.refresh_from_db()
    assert webhook.failing_since
    web.answers.clear()
    due_again(delivery)
    assert send_webhooks.call() == {"sent": 1}
    webhook.refresh_from_db()
    assert webhook.failing_since is None


def test_one_that_does_not_answer_holds_up_nobody_else(web: LocalWeb) -> None:
    away, there = make_webhook(address=web.url("/away")), make_webhook(address=web.url("/there"))
    web.answers["/away"] = 500
    for webhook in (away, away, away, there):
        make_delivery(webhook=webhook)
    assert send_webhooks.call() == {"failed": 1, "sent": 1}
    assert [path for _host, path in web.asked] == ["/away", "/there"]


def test_a_webhook_that_failed_for_days_is_stopped_and_the_editors_are_told(
    webhook: Webhook, web: LocalWeb, editor: User, mailoutbox: list[Any]
) -> None:
    editor.email = "editor@redazione.example"
    editor.save()
    Webhook.objects.update(failing_since=now() - PATIENCE - timedelta(minutes=1))
    web.answers["/hook"] = 500
    make_delivery(webhook=webhook)
    send_webhooks.call()
    webhook.refresh_from_db()
    assert (webhook.active, webhook.stopped_at is None) == (False, False)
    assert set(Notice.objects.values_list("user__username", "reason")) == {("editor", "stopped")}
    send_notices.call()
    [letter] = mailoutbox
    assert webhook.name in letter.subject
    assert f"/admin/newsroom/webhook/{webhook.pk}/change/" in letter.body
    # It is told nothing more, and stopped once.
    Delivery.objects.update(next_at=now())
    make_delivery(webhook=webhook)
    assert send_webhooks.call() == {}
    assert not announcing.stop(webhook, at=now())


def test_no_address_inside_is_told_anything(web: LocalWeb) -> None:
    """The bounds of what is fetched are those of what is sent: no private address, no redirect."""
    inside = web.url("/hook").replace("127.0.0.2", "127.0.0.1")
    make_delivery(webhook=make_webhook(address=inside))
    moved = make_webhook(address=web.url("/moved"))
    web.answers["/moved"] = 302
    make_delivery(webhook=moved)
    assert send_webhooks.call() == {"failed": 2}
    assert [path for _host, path in web.asked] == ["/moved"]


def test_one_that_was_taken_and_never_settled_is_sent_after_a_while(webhook: Webhook) -> None:
    delivery = make_delivery(webhook=webhook)
    assert delivery.take(at=now())
    assert send_webhooks.call() == {}
    assert not delivery.take(at=now()), "somebody took it already"
    Delivery.objects.update(tried_at=now() - timedelta(minutes=6))
    assert send_webhooks.call() == {"sent": 1}


def test_what_was_told_long_ago_is_forgotten_and_what_waits_is_not(webhook: Webhook) -> None:
    old = now() - KEPT - timedelta(days=1)
    gone = make_delivery(webhook=webhook, at=old, state="sent", attempts=1, tried_at=old)
    kept = make_delivery(webhook=webhook, at=old, next_at=now() + timedelta(hours=1))
    call_command("send_webhooks")
    assert set(Delivery.objects.all()) == {kept}
    assert gone.deed and Deed.objects.filter(pk=gone.deed.pk).exists()


def test_two_who_send_at_once_send_it_once(webhook: Webhook, web: LocalWeb) -> None:
    make_delivery(webhook=webhook)
    first, second = (sent(Delivery.objects.due(at=now())) for _sender in range(2))
    seen_by_both = list(Delivery.objects.due(at=now()))
    assert list(first) == ["sent"]
    assert not seen_by_both[0].take(at=now())
    assert list(second) == []
    assert len(web.posted) == 1


# The secret


def test_the_secret_is_another_one_for_each_webhook_and_after_each_renewal() -> None:
    one, other = make_webhook(), make_webhook()
    renewed = Webhook.objects.get(pk=one.pk)
    renewed.serial += 1
    keys = {one.key, other.key, renewed.key}
    assert (len(keys), {len(key) for key in keys}) == (3, {32})


def test_deeds_that_nobody_is_told_of_cost_no_query(
    django_assert_num_queries: Callable[..., Any], editor: User
) -> None:
    deed = Deed(verb="claim.add", actor=editor, at=LATER)
    with django_assert_num_queries(0):
        announcing.announce([deed])
