"""What is kept on readers goes: when they say so, when an address is asked for, when its days are over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from newsroom.actions.reader_addresses import TO_CONFIRM
from newsroom.actions.refusals import Refused
from newsroom.models import Capability, Flag, FlagAnswer, FlagLetter, ReaderMail

from .rows import kept_for


@transaction.atomic
def take_back(secret: str, *, at: datetime) -> None:
    """Who holds the private address deletes what they wrote: message, name, address, answers. Raises Refused.

    An open flag stays for the desk to close, as one whose words were deleted.
    """
    granted = Capability.objects.opening(secret, purpose=Capability.Purpose.FOLLOW, at=at)
    flag = granted.values_list("flag", flat=True).first()
    theirs = _held(FlagLetter.objects.filter(flag=flag)) if flag else []
    # Somebody may have been quicker while the flag was waited for.
    if not theirs or not granted.exists():
        raise Refused(_("This address is not there any more."), code="link")
    _clear(theirs)


@transaction.atomic
def forget_letters(address: str) -> Mapping[str, int]:
    """Deletes what is kept on who left this address with a flag; how many letters that were."""
    return {"letters": _clear(_held(FlagLetter.objects.of_address(address)))}


@transaction.atomic
def forget(*, at: datetime) -> Mapping[str, int]:
    """Clears what is kept on readers no longer than the settings say, and answers with how many of each.

    An address that nobody confirmed goes after a week; one that was, and a whole letter with what was
    answered, so many days after the decision; a letter that nobody decided on, in the end too.
    """
    gone = {"addresses": 0, "letters": 0}
    unasked = FlagLetter.objects.unconfirmed(before=at - TO_CONFIRM)
    done = FlagLetter.objects.answered(before=at - kept_for("address")).with_address()
    forgotten = FlagLetter.objects.filter(Q(pk__in=unasked.values("pk")) | Q(pk__in=done.values("pk")))
    of_them = _held(forgotten)
    # Servers that refuse a mail quote the address.
    ReaderMail.objects.filter(flag__in=of_them).exclude(failure="").update(failure="")
    gone["addresses"] = FlagLetter.objects.filter(flag__in=of_them).update(address="", confirmed_at=None)
    old = FlagLetter.objects.answered(before=at - kept_for("letter")).values("pk")
    left = FlagLetter.objects.undecided(before=at - kept_for("undecided")).values("pk")
    of_old = FlagLetter.objects.filter(Q(pk__in=old) | Q(pk__in=left))
    gone["letters"] = _clear(_held(of_old))
    gone["links"] = Capability.objects.filter(invitation=None).expired(at=at).delete()[0]
    return gone


def _held(letters: QuerySet[FlagLetter]) -> list[int]:
    """The flags of these letters, locked first, as every deed does it, and then looked at again."""
    flags = (
        Flag.objects.select_for_update(of=("self",)).filter(letter__in=letters.values("pk")).order_by("pk")
    )
    locked = list(flags.values_list("pk", flat=True))
    return list(letters.filter(flag__in=locked).values_list("flag", flat=True))


def _clear(flags: list[int]) -> int:
    """The letters of these flags, all that hangs on them, and answers that nobody can read any more."""
    for model in (ReaderMail, Capability):
        model.objects.filter(flag__in=flags).delete()
    number = FlagLetter.objects.filter(flag__in=flags).delete()[0]
    answered = Flag.objects.filter(Q(pk__in=flags) | Q(merged__in=flags), letter=None)
    unread = answered.exclude(merged__letter__isnull=False)
    FlagAnswer.objects.filter(flag__in=unread.values("pk")).delete()
    return number
