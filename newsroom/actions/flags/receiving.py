"""A reader flags something and says which address is theirs: no permission is asked, no record is made."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.actions.annotations import Place
from newsroom.actions.notices import tell_of_flag
from newsroom.actions.reader_addresses import may_be_asked
from newsroom.actions.refusals import Outdated, Refused, Sent
from newsroom.models import Capability, Flag, FlagLetter, FlagTarget, ReaderMail
from newsroom.text.selectors import describe

from .letters import Subject, filed, locked_subject, written


class Received(NamedTuple):
    """`secret` opens the reader's private page; it is in no row, record or log."""

    flag: Flag
    secret: str


@transaction.atomic
def receive(
    subject: Subject,
    *,
    kind: str,
    message: str,
    lang: str,
    uuid: UUID,
    at: datetime,
    place: Place | None = None,
    name: str = "",
    address: str = "",
) -> Received:
    """A reader's flag on a thing, or on words of an article's current text.

    `Outdated` if the words do not stand there any more. An address is asked first whether it is the reader's.
    With the `uuid` of a flag that is here it adds nothing: that flag, or Sent if it says something else.
    """
    message, name = written(kind, message, name)
    subject = locked_subject(subject)
    made = Flag.objects.select_related("letter").filter(uuid=uuid).first()
    if made is not None:
        # Whoever deleted what they wrote may send the form once more: that is another flag.
        if not hasattr(made, "letter") or made.letter.message != message:
            raise Sent
        return Received(made, _follow(made, at=at))
    letter = filed(
        Flag(kind=kind, at=at, lang=lang, uuid=uuid), subject, message=message, name=name, address=address
    )
    flag = letter.flag
    if place is not None:
        _stand(flag, place)
    if address and may_be_asked(letter.address, at=at, apart_from=letter):
        ReaderMail.objects.create(flag=flag, reason=ReaderMail.Reason.CONFIRM, at=at)
    tell_of_flag(flag, at=at)
    return Received(flag, _follow(flag, at=at))


@transaction.atomic
def confirm_address(secret: str, *, at: datetime) -> Flag:
    """Who reads at an address says that it is theirs: what is answered goes there. Raises Refused."""
    granted = Capability.objects.opening(secret, purpose=Capability.Purpose.CONFIRM, at=at)
    capability = granted.select_for_update(of=("self",)).select_related("flag").first()
    letters = FlagLetter.objects.select_for_update(of=("self",))
    letter = letters.filter(flag=capability.flag_id).first() if capability else None
    if capability is None or letter is None or not letter.address:
        raise Refused(_("This link was used already, or it is too old."), code="link")
    capability.used_at = letter.confirmed_at = at
    capability.save(update_fields=["used_at"])
    letter.save(update_fields=["confirmed_at"])
    flag = capability.flag.standing()
    if flag.answers.exists() or flag.state in (Flag.State.ACCEPTED, Flag.State.REJECTED):
        ReaderMail.objects.create(flag=capability.flag, reason=ReaderMail.Reason.ANSWER, at=at)
    return capability.flag


def _follow(flag: Flag, *, at: datetime) -> str:
    return Capability.grant(Capability.Purpose.FOLLOW, at=at, lasts=flag.letter_lasts(at=at), flag=flag)


def _stand(flag: Flag, place: Place) -> None:
    revision = flag.article.current_revision
    if revision.text[place.start : place.end] != place.exact:
        raise Outdated(revision)
    selector = describe(revision.text, place.start, place.end)
    FlagTarget.objects.create(
        flag=flag,
        revision=revision,
        start=place.start,
        end=place.end,
        exact=selector.exact,
        prefix=selector.prefix,
        suffix=selector.suffix,
    )
