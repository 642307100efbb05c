"""Mail to readers who follow something: what is owed is written down once, and sent once or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

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

#: Readers who are read from the database at once.
AT_ONCE = 200


@task
def send_follower_mail() -> dict[str, int]:
    """What was never tried; a mail that failed is tried again by `manage.py send_digests`."""
    return dict(Counter(sent(FollowerMail.objects.waiting())))


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
            with translation.override(reader.lang):
                has_news = bool(news.of(reader, since=reader.told_until, until=until, at=at))
            yield following.owe(reader, until=until, has_news=has_news, at=at) and has_news


def sent(mails: OutgoingQuerySet, news: News | None = None) -> Iterator[str]:
    """Sends these, one after another, and yields the state that each one has then."""
    if not settings.SENDS_MAIL:
        return
    newsroom, news = Newsroom.objects.current(), news or News()
    for row in mails.select_related(
        "subscriber", "follow__article", "follow__claim", "follow__source", "follow__entity"
    ):
        if state := _send(row, newsroom, news):
            yield state


def _send(row: FollowerMail, newsroom: Newsroom, news: News) -> str:
    """The state that it has then; "" if somebody else was quicker, or the reader has gone."""
    letter = None
    with transaction.atomic():
        # As whoever deletes a reader does: either nothing is sent any more, or they are gone after this.
        if not Subscriber.objects.select_for_update().filter(pk=row.subscriber_id).exists():
            return ""
        at = now()
        lang = row.follow.lang if row.follow else row.subscriber.lang
        with translation.override(lang if lang in dict(settings.LANGUAGES) else None):
            things = []
            if row.reason == FollowerMail.Reason.DIGEST:
                things = news.of(row.subscriber, since=row.since, until=row.until, at=at)
            if not row.is_wanted(at=at) or (row.reason == FollowerMail.Reason.DIGEST and not things):
                return str(FollowerMail.State.DROPPED) if row.drop() else ""
            if not row.take(at=at):
                return ""
            written = (
                _digest(row, things, newsroom)
                if row.reason == FollowerMail.Reason.DIGEST
                else _question(row, newsroom)
            )
            body = render_to_string("mail/follower.txt", {"letter": written})
        address = row.subscriber.address
        # A mail program can ask for nothing but a whole address.
        off_url = written.off_url if newsroom.address else ""
        letter = mail.Letter(address, written.subject, body, f"follower.{row.uuid}", off_url=off_url)
    state, failure = handed_over(letter)
    # Servers that refuse a mail quote the address, which is kept in one place alone.
    row.settle(state, failure=failure.replace(address, "…"))
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
