"""A person's own text, as they wrote it, at the head of an article: published, and withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.actions.deeds import record
from newsroom.actions.refusals import Refused, require
from newsroom.models import Flag, FlagLetter, ReaderMail, Rectification, User
from newsroom.text.paragraphs import tidy

from .rows import answered, decided, locked, write_to_readers


@transaction.atomic
def publish_rectification(
    flag: Flag, *, lang: str, by: User, at: datetime, row_version: int, words: str = ""
) -> Rectification:
    """What the reader sent stands from now on before the text, at its address, as they wrote it and signed.

    It is neither shortened nor commented on. `lang` is the language in which it is written; `words` answer
    the reader alone.
    """
    require(by, "decide_flag")
    flag = locked(flag, row_version)
    if flag.kind != Flag.Kind.RECTIFICATION:
        raise Refused(_("Nobody asked for a rectification here."), code="kind")
    letter = FlagLetter.objects.filter(flag=flag).first()
    if letter is None:
        raise Refused(_("What was written was deleted, so there is nothing to publish."), code="letter")
    if flag.entered_by_id == by.pk:
        raise Refused(
            _("You copied this letter: somebody else compares it with what came, and publishes it."),
            code="entered_by",
        )
    if words.strip():
        answered(flag, words, by=by, at=at)
    decided(flag, Flag.State.ACCEPTED, by=by, at=at)
    flag.save()
    rectification = Rectification(flag=flag, lang=lang, words=letter.message, name=letter.name, by=by, at=at)
    rectification.clean_fields(exclude=["flag", "by"])
    rectification.save(force_insert=True)
    write_to_readers(flag, ReaderMail.Reason.OUTCOME, at=at)
    record("rectification.publish", by=by, at=at, article=flag.article, objects=[flag, rectification])
    return rectification


@transaction.atomic
def withdraw_rectification(rectification: Rectification, *, reason: str, by: User, at: datetime) -> None:
    """It is not shown any more, and its pages say since when and why. The Editor responsible alone may.

    As by a court, or if it turns out that somebody else wrote it.
    """
    require(by, "refuse_rectification")
    rectification = Rectification.objects.select_for_update(of=("self",)).get(pk=rectification.pk)
    if rectification.withdrawn_at is not None:
        raise Refused(_("This rectification is withdrawn already."), code="state")
    reason = tidy(reason)
    if not reason:
        raise Refused(_("Say why: readers will see these words."), code="reason")
    rectification.withdrawn_at, rectification.withdrawal_reason = at, reason
    rectification.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    flag = rectification.flag
    record(
        "rectification.withdraw",
        by=by,
        at=at,
        article=flag.article,
        objects=[flag, rectification],
        after={"reason": reason},
    )
