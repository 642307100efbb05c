"""Other programs are told what became public: what the deeds left in the outbox is sent until it arrives.

By the Standard Webhooks: the identifier of the message, the moment and the body are signed (HMAC-SHA256), and
what arrived twice is known by its identifier. An address that does not answer is tried ten times within three
days; one that answered nothing for five days is told nothing any more, and the editors are told so.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
from collections import Counter
from collections.abc import Iterator

from django.utils.timezone import now
from django_tasks import task

from newsroom.actions import announcing
from newsroom.models import Delivery, Newsroom, Webhook
from newsroom.models.webhook import DeliveryQuerySet
from newsroom.outside.fetch import post
from newsroom.outside.unfetchable import Answered, Unfetchable
from newsroom.presenters.announced import announced

from .originals import policy

#: Seconds for one; and how many one task sends to one webhook.
SECONDS, AT_ONCE = 10, 100

logger = logging.getLogger(__name__)


@task
def send_webhooks() -> dict[str, int]:
    """What is due, the oldest first; of each webhook so many, for none waits for another that is away."""
    due = Delivery.objects.due(at=now()).order_by("next_at", "pk")
    told: Counter[str] = Counter()
    for webhook in Webhook.objects.filter(pk__in=due.order_by().values("webhook")):
        told.update(sent(due.filter(webhook=webhook)[:AT_ONCE]))
    return dict(told)


def sent(deliveries: DeliveryQuerySet) -> Iterator[str]:
    """Sends these, one after another, and yields the state that each one has then."""
    newsroom = Newsroom.objects.current()
    away: set[int] = set()
    for delivery in deliveries.select_related("webhook", "deed"):
        # One that did not answer just now is not waited for again and again.
        if delivery.webhook_id in away:
            continue
        if state := _send(delivery, newsroom):
            if state in (Delivery.State.FAILED, Delivery.State.GIVEN_UP):
                away.add(delivery.webhook_id)
            yield state
    for webhook in Webhook.objects.failing_for_long(at=now()):
        announcing.stop(webhook, at=now())


def _send(delivery: Delivery, newsroom: Newsroom) -> str:
    """The state that it has then; "" if somebody else was quicker."""
    # As it is now: others were told before, and it may be called otherwise or told nothing any more.
    delivery.webhook.refresh_from_db()
    if not delivery.webhook.active:
        return ""
    status, failure = None, ""
    try:
        message = announced(delivery, newsroom, at=now())
        if message is None:
            return str(Delivery.State.DROPPED) if delivery.drop() else ""
    except Exception as fault:
        message, failure = None, type(fault).__name__
        logger.exception("Delivery %s could not be written.", delivery.uuid)
    if not delivery.take(at=now()):
        return ""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        if failure:
            return delivery.settle(at=now(), failure=failure)
        status = post(
            delivery.webhook.address,
            body,
            headers=signed(delivery.webhook, str(delivery.uuid), int(now().timestamp()), body),
            policy=policy(seconds=SECONDS),
        )
    except Answered as answer:
        status, failure = answer.what["status"], str(answer)
    except Unfetchable as reason:
        failure = str(reason)
    except Exception as fault:
        logger.exception("Delivery %s could not be sent.", delivery.uuid)
        failure = type(fault).__name__
    state = delivery.settle(at=now(), status=status, failure=failure)
    rows = Webhook.objects.filter(pk=delivery.webhook_id)
    if failure:
        rows.filter(failing_since=None).update(failing_since=now())
    else:
        rows.exclude(failing_since=None).update(failing_since=None)
    return state


def signed(webhook: Webhook, message: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of a message (https://www.standardwebhooks.com, version 1)."""
    told = f"{message}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.digest(webhook.key, told, hashlib.sha256)).decode()
    return {
        "Content-Type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }
