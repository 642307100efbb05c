"""Mail to readers who follow something: what is owed is written down once, and sent once or not at all."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import now
from django_tasks import task

from newsroom.actions import following
from newsroom.actions.reader_addresses import TO_CONFIRM
from newsroom.models import Capability, FollowerMail, Newsroom, Subscriber
from newsroom.models.following import latest_digest
from newsroom.models.outgoing import OutgoingQuerySet
from newsroom.outside import mail
from newsroom.presenters.digests import FollowerLetter, News, asking_letter, digest_letter

from .notices import handed_over

_ADDRESS = re.compile(r"\S+@\S+")
logger = logging.getLogger(__name__)
#: How often a worker looks whether somebody is owed a digest.
EVERY = timedelta(minutes=5)
#: Readers who are read from the database at once.
AT_ONCE = 200


@task
def send_follower_mail(uuid: str) -> dict[str, int]:
    """This one, if it was never tried. A reader's request may wait for it, so it sends nobody else's.

    One that failed is tried again by `manage.py send_digests`.
    """
    return dict(Counter(sent(FollowerMail.objects.waiting().filter(uuid=uuid))))


@task
def send_digests() -> dict[str, int]:
    """Digests that are due, and whatever else waits. Begun again after it was killed, it sends none twice."""
    news = News()
    for _owed in owed(news):
        pass
    return dict(Counter(sent(FollowerMail.objects.waiting(), news)))


def owed(news: News) -> Iterator[bool]:
    """Looks at each reader who is due, and yields whether a digest was written down for them."""
    if not settings.SENDS_MAIL:
        return
    last = 0
    while readers := list(Subscriber.objects.due(at=now()).filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        for reader in readers:
            last, at = reader.pk, now()
            until = latest_digest(reader.rhythm, at=at)
            try:
                with translation.override(reader.lang):
                    has_news = bool(news.of(reader, since=reader.told_until, until=until, at=at))
            except Exception:  # others are told nonetheless; this one is looked at again
                logger.exception("A digest could not be made.")
                continue
            yield following.owe(reader, until=until, has_news=has_news, at=at) and has_news


def sent(mails: OutgoingQuerySet, news: News | None = None) -> Iterator[str]:
    """Sends these, one after another, and yields the state that each one has then."""
    if not settings.SENDS_MAIL:
        return
    newsroom, news = Newsroom.objects.current(), news or News()
    for key in list(mails.values_list("pk", flat=True)):
        try:
            state = _send(key, newsroom, news)
        except Exception:  # it may be owed for ever, but holds up nobody else
            logger.exception("A mail to a reader could not be written.")
            continue
        if state:
            yield state


def _send(key: int, newsroom: Newsroom, news: News) -> str:
    """The state that it has then; "" if somebody else was quicker, or the reader has gone."""
    letter = None
    with transaction.atomic():
        # As whoever deletes a reader does: either nothing is sent any more, or they are gone after this.
        if not Subscriber.objects.select_for_update(of=("self",)).filter(mails=key).exists():
            return ""
        # As it is now: there may be an hour of mails before it, and names that were erased meanwhile.
        things = ("follow__article", "follow__claim", "follow__source", "follow__entity")
        row = FollowerMail.objects.select_related("subscriber", *things).filter(pk=key).first()
        if row is None or row.state not in (FollowerMail.State.WAITING, FollowerMail.State.FAILED):
            return ""
        at = now()
        lang = row.follow.lang if row.follow else row.subscriber.lang
        with translation.override(lang if lang in dict(settings.LANGUAGES) else None):
            found = []
            if row.reason == FollowerMail.Reason.DIGEST:
                found = news.of(row.subscriber, since=row.since, until=row.until, at=at)
            if not row.is_wanted(at=at) or (row.reason == FollowerMail.Reason.DIGEST and not found):
                return str(FollowerMail.State.DROPPED) if row.drop() else ""
            if not row.take(at=at):
                return ""
            written = (
                _digest(row, found, newsroom)
                if row.reason == FollowerMail.Reason.DIGEST
                else _question(row, newsroom)
            )
            body = render_to_string("mail/follower.txt", {"letter": written})
        address = row.subscriber.address
        # A mail program asks for nothing but a whole address, and safely (RFC 8058, section 3.1).
        off_url = written.off_url if newsroom.address.startswith("https://") else ""
        letter = mail.Letter(address, written.subject, body, f"follower.{row.uuid}", off_url=off_url)
    state, failure = handed_over(letter)
    # Servers that refuse a mail quote the address, as they spell it, which is kept in one place alone.
    row.settle(state, failure=_ADDRESS.sub("…", failure))
    return state


def _digest(row: FollowerMail, things: list, newsroom: Newsroom) -> FollowerLetter:
    at, reader = now(), row.subscriber
    page, off = (
        Capability.grant(purpose, at=at, lasts=lasts, subscriber=reader)
        for purpose, lasts in (
            (Capability.Purpose.MANAGE, following.TO_MANAGE),
            (Capability.Purpose.OFF, following.TO_END),
        )
    )
    return digest_letter(things, newsroom, page_secret=page, off_secret=off)


def _question(row: FollowerMail, newsroom: Newsroom) -> FollowerLetter:
    at = now()
    if row.follow is not None:
        purpose = Capability.Purpose.SUBSCRIBE
        secret = Capability.grant(purpose, at=at, lasts=TO_CONFIRM, follow=row.follow)
    else:
        purpose = Capability.Purpose.MANAGE
        secret = Capability.grant(purpose, at=at, lasts=following.TO_MANAGE, subscriber=row.subscriber)
    return asking_letter(row, newsroom, secret=secret, days=settings.KEEP_DAYS["follow"], at=at)
