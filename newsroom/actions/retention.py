"""Retention: what is kept on people goes when its time is over, or when they ask (docs/privacy.md).

What the settings say is nobody's deed, and no log keeps what was to go. What a reader asks for is one, of who
did it; the log says how much it was, and never for whom. A kind of row that says something of a person
stands in `KINDS`, and in `OF_READERS` if the person is a reader who left an address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from newsroom.models import Delivery, KeptAnswer, Lockout, PolicyReport, Presence, User

from . import flags, following, replies
from .deeds import record
from .refusals import require

Kind = Callable[..., Mapping[str, int]]


def _sign_in(*, at: datetime) -> Mapping[str, int]:
    """Sessions that ended, and failures whose wait is over."""
    failures = Lockout.objects.filter(attempt_time__lte=at - settings.SIGN_IN_WAIT)
    sessions = Session.objects.filter(expire_date__lt=at)
    return {"sessions": sessions.delete()[0], "failed sign-ins": failures.delete()[0]}


def _work(*, at: datetime) -> Mapping[str, int]:
    """Who was in which article, and which tasks were done."""
    older = at - timedelta(days=settings.KEEP_DAYS["task"])
    before = Presence.objects.count()
    Presence.objects.sweep(at=at)
    return {
        "presences": before - Presence.objects.count(),
        "tasks": DBTaskResult.objects.finished().filter(finished_at__lt=older).delete()[0],
    }


def _machines(*, at: datetime) -> Mapping[str, int]:
    """What programs were answered and told, and what browsers reported."""
    return {
        "answers to programs": KeptAnswer.objects.expired(at=at).delete()[0],
        "deliveries": Delivery.objects.old(at=at).delete()[0],
        "policy reports": PolicyReport.objects.expired(at=at).delete()[0],
    }


#: Each takes the moment `at`, and answers with how many went, by what they are called.
KINDS: tuple[Kind, ...] = (flags.forget, replies.forget, following.forget, _sign_in, _work, _machines)


#: Each takes an address, deletes what is kept on who left it, and answers as the others do.
OF_READERS: tuple[Callable[[str], Mapping[str, int]], ...] = (
    flags.forget_letters,
    replies.forget_replies,
    following.forget_address,
)


def enforce(*, at: datetime) -> dict[str, int]:
    """Everything whose time is over at this moment goes, each kind in a transaction of its own; how many."""
    gone: dict[str, int] = {}
    for kind in KINDS:
        with transaction.atomic():
            gone |= kind(at=at)
    return gone


@transaction.atomic
def forget_reader(address: str, *, by: User, at: datetime) -> dict[str, int]:
    """Deletes all that is kept on who left this address, at their request; how many of each."""
    require(by, "redact")
    gone: dict[str, int] = {}
    for kind in OF_READERS:
        gone |= kind(address)
    record("reader.forget", by=by, at=at, before=gone)
    return gone
