"""Readers follow things by mail. As with flags, what they do is not in the log and asks no permission.

Whoever holds the secret of a private address does what it is for, and nobody else; whether an address is
known here is told to nobody who asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from newsroom.models import Article, Capability, Claim, Entity, Follow, FollowerMail, Source, Subscriber
from newsroom.models.outgoing import FRESH

from .reader_addresses import TO_CONFIRM, may_be_asked
from .refusals import Refused

Subject = Article | Claim | Source | Entity

#: Things that one reader follows: what a digest asks the database for has an end.
MOST_FOLLOWED = 100
#: For how long the private address in a mail shows what somebody follows, and for how long it ends all mail.
TO_MANAGE, TO_END = timedelta(days=30), timedelta(days=400)


@transaction.atomic
def ask(subject: Subject, *, address: str, rhythm: str, lang: str, uuid: UUID, at: datetime) -> bool:
    """Somebody wants what is new of a thing sent to an address: who reads there is asked first.

    False if it was asked too often lately: then nothing is sent, and nothing kept. The same `uuid` twice asks
    once.
    """
    defaults = {"address": address.strip(), "rhythm": rhythm, "lang": lang, "at": at}
    found, is_new = Subscriber.objects.get_or_create(key=Subscriber.key_of(address), defaults=defaults)
    # Whoever asks for the same address waits here, and is counted.
    reader = Subscriber.objects.select_for_update().filter(pk=found.pk).first()
    if FollowerMail.objects.filter(uuid=uuid).exists():
        return True
    if reader is None or not may_be_asked(address, at=at):
        if is_new:
            found.delete()
        return False
    about = {subject._meta.model_name: subject}
    chosen = {"rhythm": rhythm, "lang": lang, "at": at}
    follow, _made = Follow.objects.update_or_create(subscriber=reader, **about, defaults=chosen)
    reason = FollowerMail.Reason.CONFIRM
    FollowerMail.objects.create(subscriber=reader, follow=follow, reason=reason, at=at, uuid=uuid)
    return True


@transaction.atomic
def ask_for_address(*, address: str, uuid: UUID, at: datetime) -> bool:
    """Who follows something wants their private page: its address goes to theirs, if anything goes there."""
    known = Subscriber.objects.filter(key=Subscriber.key_of(address))
    # Who asks at the same time waits; and where a cookie says who wrote, it says it of everybody.
    known.update(key=F("key"))
    reader = known.confirmed().first()
    if reader is None or not may_be_asked(address, at=at) or FollowerMail.objects.filter(uuid=uuid).exists():
        return False
    FollowerMail.objects.create(subscriber=reader, reason=FollowerMail.Reason.LINK, at=at, uuid=uuid)
    return True


@transaction.atomic
def confirm(secret: str, *, at: datetime) -> str:
    """Who reads at an address says that they want it; answers with the secret of their private page."""
    reader, capability = _opened(secret, Capability.Purpose.SUBSCRIBE, at=at)
    follow = capability.follow
    if reader.follows.confirmed().exclude(pk=follow.pk).count() >= MOST_FOLLOWED:
        raise Refused(
            _("Nobody follows more than %(most)s things."), params={"most": MOST_FOLLOWED}, code="many"
        )
    reader.rhythm, reader.lang = follow.rhythm, follow.lang
    if reader.confirmed_at is None:
        reader.confirmed_at = reader.told_until = at
    reader.save()
    # Once more of what they follow already: what came meanwhile is to be told as well.
    follow.confirmed_at = follow.confirmed_at or at
    follow.save(update_fields=["confirmed_at"])
    capability.used_at = at
    capability.save(update_fields=["used_at"])
    return Capability.grant(Capability.Purpose.MANAGE, at=at, lasts=TO_MANAGE, subscriber=reader)


@transaction.atomic
def choose(secret: str, *, rhythm: str, lang: str, at: datetime) -> None:
    """How often, and in which language."""
    reader, _capability = _opened(secret, Capability.Purpose.MANAGE, at=at)
    reader.rhythm, reader.lang = rhythm, lang
    reader.clean_fields()
    reader.save()


@transaction.atomic
def drop(secret: str, *, code: str, at: datetime) -> bool:
    """Follows one thing no more; of who follows nothing any more, nothing is kept. Whether anything is."""
    reader, _capability = _opened(secret, Capability.Purpose.MANAGE, at=at)
    follows = Follow.objects.with_code(code).filter(subscriber=reader)
    _delete_follows([follow.pk for follow in follows])
    if reader.follows.confirmed().exists():
        return True
    _delete([reader.pk])
    return False


@transaction.atomic
def end(secret: str, *, purpose: str, at: datetime) -> None:
    """No more mail, and no row that knows the address."""
    reader, _capability = _opened(secret, purpose, at=at)
    _delete([reader.pk])


@transaction.atomic
def owe(subscriber: Subscriber, *, until: datetime, has_news: bool, at: datetime) -> bool:
    """They were told what came up to a moment, or are owed a digest of it. False if somebody was quicker."""
    as_read = Subscriber.objects.confirmed().filter(pk=subscriber.pk, told_until=subscriber.told_until)
    if not as_read.update(told_until=until):
        return False
    if has_news:
        FollowerMail.objects.create(
            subscriber=subscriber,
            reason=FollowerMail.Reason.DIGEST,
            since=subscriber.told_until,
            until=until,
            at=at,
        )
    return True


@transaction.atomic
def forget(*, at: datetime) -> Mapping[str, int]:
    """Deletes addresses and wishes that nobody confirmed in time, and mails that are settled; how many."""
    unconfirmed = Follow.objects.filter(
        confirmed_at=None, at__lt=at - timedelta(days=settings.KEEP_DAYS["follow"])
    )
    # First the readers, as whatever a reader does; then look again.
    theirs = Subscriber.objects.filter(Exists(unconfirmed.filter(subscriber=OuterRef("pk"))))
    late = unconfirmed.filter(subscriber__in=_locked(theirs))
    gone = {"unconfirmed follows": _delete_follows(list(late.values_list("pk", flat=True)))}
    alone = Subscriber.objects.exclude(Exists(Follow.objects.filter(subscriber=OuterRef("pk"))))
    still = alone.filter(pk__in=_locked(alone))
    gone["readers who followed something"] = _delete(list(still.values_list("pk", flat=True)))
    gone["mails to them"] = FollowerMail.objects.filter(at__lt=at - max(FRESH, TO_CONFIRM)).delete()[0]
    return gone


@transaction.atomic
def forget_address(address: str) -> Mapping[str, int]:
    """Whoever follows something at this address does not any more, at their request; how many rows went."""
    readers = Subscriber.objects.filter(key=Subscriber.key_of(address)).select_for_update()
    return {"followers": _delete(list(readers.values_list("pk", flat=True)))}


def _locked(readers: QuerySet[Subscriber]) -> list[int]:
    return list(readers.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def _opened(secret: str, purpose: str, *, at: datetime) -> tuple[Subscriber, Capability]:
    """The reader whose private address this is, locked. Raises Refused."""
    opening = Capability.objects.opening(secret, purpose=purpose, at=at).select_related("follow")
    capability = opening.first()
    key = None
    if capability is not None:
        key = capability.follow.subscriber_id if capability.follow else capability.subscriber_id
    # First the reader, as whoever deletes them does; then look whether it still opens something.
    reader = Subscriber.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if reader is None or not opening.exists():
        raise Refused(_("This link was used already, or it is too old."), code="link")
    assert capability is not None
    return reader, capability


def _delete_follows(keys: list[int]) -> int:
    Capability.objects.filter(follow__in=keys).delete()
    FollowerMail.objects.filter(follow__in=keys).delete()
    return Follow.objects.filter(pk__in=keys).delete()[0]


def _delete(keys: list[int]) -> int:
    Capability.objects.filter(Q(subscriber__in=keys) | Q(follow__subscriber__in=keys)).delete()
    FollowerMail.objects.filter(subscriber__in=keys).delete()
    Follow.objects.filter(subscriber__in=keys).delete()
    return Subscriber.objects.filter(pk__in=keys).delete()[0]
