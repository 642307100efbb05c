"""The notices that a deed leaves for others, in its own transaction; `tasks/notices.py` sends them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from newsroom.models import EDITOR, Flag, Notice, Reply, User

#: What many write in one hour fills nobody's mailbox: the queue has all of it.
MOST_IN_AN_HOUR, HOUR = 10, timedelta(hours=1)


def tell(user: User, reason: str, *, by: User, at: datetime, **about: Any) -> None:
    """Writes down that somebody is to get mail `about` a row; nobody gets one of what they did themselves."""
    if user.gets_notices and user.pk != by.pk:
        Notice.objects.create(user=user, reason=reason, at=at, **about)


def tell_of_reply(reply: Reply, *, at: datetime) -> None:
    """Who decides whether it is published, and who asked for it. No word or signature of it is in that."""
    tell_all([*who_may("decide_reply"), reply.request.by], Notice.Reason.REPLIED, at=at, reply=reply)


def tell_of_flag(flag: Flag, *, at: datetime) -> None:
    """Of what somebody asks in their own name, with the shortest terms and never merged: who decides on it.

    Of very many within an hour the first are told; the queue has them all, and says what is due.
    """
    if flag.kind not in Flag.SIGNED:
        return
    lately = Notice.objects.filter(reason=Notice.Reason.SIGNED, at__gt=at - HOUR)
    if lately.values("flag").distinct().count() < MOST_IN_AN_HOUR:
        tell_all(who_may("decide_flag", "refuse_rectification"), Notice.Reason.SIGNED, at=at, flag=flag)


def editors() -> Iterable[User]:
    """Those who still work here."""
    return User.objects.filter(groups__name=EDITOR, is_active=True, is_staff=True)


def who_may(*deeds: str) -> Iterable[User]:
    """Those who still work here and hold one of these permissions, by a role or in person."""
    by_role, in_person = (f"{way}__codename__in" for way in ("groups__permissions", "user_permissions"))
    holding = User.objects.filter(Q((by_role, deeds)) | Q((in_person, deeds)))
    return holding.filter(is_active=True, is_staff=True).distinct()


def tell_all(users: Iterable[User], reason: str, *, at: datetime, **about: Any) -> None:
    """Writes down that each of them is to get mail, once; there is nobody who did it."""
    told = {user.pk: user for user in users if user.gets_notices}
    Notice.objects.bulk_create(Notice(user=user, reason=reason, at=at, **about) for user in told.values())
