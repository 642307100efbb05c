"""Addresses that readers leave: how often one may be asked by mail whether it is theirs."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q

from newsroom.models import FlagLetter, FollowerMail, Subscriber

#: A link that confirms an address works so long; an address left with a flag is kept so long unconfirmed.
TO_CONFIRM = timedelta(days=7)
#: So many mails at most ask one address within that time whether it is theirs.
MOST_ASKED = 3


def may_be_asked(address: str, *, at: datetime, apart_from: FlagLetter | None = None) -> bool:
    """Nobody gets mail without end because somebody else writes their address into our forms.

    What was confirmed since does not count; `apart_from` is the letter that is being asked about.
    """
    since = at - TO_CONFIRM
    letters = FlagLetter.objects.filter(address__iexact=address, confirmed_at=None, flag__at__gte=since)
    if apart_from is not None:
        letters = letters.exclude(pk=apart_from.pk)
    mails = FollowerMail.objects.filter(subscriber__key=Subscriber.key_of(address), at__gte=since)
    unconfirmed = Q(follow__confirmed_at=None) | Q(follow__confirmed_at__lt=F("at"))
    asked = mails.filter(
        Q(reason=FollowerMail.Reason.LINK) | (Q(reason=FollowerMail.Reason.CONFIRM) & unconfirmed)
    )
    return letters.count() + asked.count() < MOST_ASKED
