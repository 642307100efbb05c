"""What other programs are told of, written in the transaction of its deed; `tasks/webhooks.py` sends it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from newsroom.models import Deed, Delivery, Notice, Webhook
from newsroom.models.webhook import EVENTS, TEST

from .notices import editors, tell_all


def announce(deeds: Iterable[Deed]) -> None:
    """A delivery for each webhook that wants it. Deeds that nobody is told of cost no query."""
    told = [deed for deed in deeds if deed.verb in EVENTS and _may_have_readers(deed)]
    if not told:
        return
    Delivery.objects.bulk_create(
        Delivery(webhook=webhook, deed=deed, event=EVENTS[deed.verb], at=deed.at, next_at=deed.at)
        for webhook in Webhook.objects.active()
        for deed in told
        if EVENTS[deed.verb] in webhook.events
    )


def _may_have_readers(deed: Deed) -> bool:
    """A draft that is edited is nobody's affair. Whether something is public is asked when it is sent.

    Of a rectification other programs are told where it stands before an article.
    """
    if not EVENTS[deed.verb].startswith("article."):
        return True
    return deed.article is not None and deed.article.published_at is not None


def try_out(webhook: Webhook, *, at: datetime) -> Delivery:
    """A message that says nothing, for whoever wants to see whether it arrives."""
    return Delivery.objects.create(webhook=webhook, event=TEST, at=at, next_at=at)


@transaction.atomic
def stop(webhook: Webhook, *, at: datetime) -> bool:
    """It failed for days: it is told nothing any more, and the editors are. False if somebody was quicker."""
    failing = Webhook.objects.failing_for_long(at=at).select_for_update().filter(pk=webhook.pk).first()
    if failing is None:
        return False
    failing.active, failing.stopped_at = False, at
    failing.save(update_fields=["active", "stopped_at"])
    tell_all(editors(), Notice.Reason.STOPPED, at=at, webhook=failing)
    return True
