"""What somebody wrote, as it is kept; letters that came otherwise than by the form are copied by the desk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.actions.refusals import Refused, Sent, require
from newsroom.models import Article, Claim, Entity, Flag, FlagLetter, Source, User
from newsroom.models.flag import MESSAGE_LENGTH
from newsroom.text.paragraphs import tidy

from .rows import locked, recorded

#: What came longer ago than this has a mistyped date, as like as not.
LONGEST_AGO = timedelta(days=366)
Subject = Article | Claim | Source | Entity


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A letter that came otherwise than by the form, word for word: on what, since when, and how it came."""

    about: Subject
    kind: str
    message: str
    name: str
    how: str
    came_at: datetime
    lang: str


@transaction.atomic
def enter(letter: Copied, *, uuid: UUID, by: User, at: datetime) -> Flag:
    """Into the queue with it; its days run since it came, and it is kept as long as one that came today.

    A rectification that is in it is published by somebody else, who compares the two. With the `uuid` of a
    flag that is here it adds nothing, or is Sent if it says something else.
    """
    require(by, "change_flag")
    copied = _tidied(letter, at=at)
    subject = locked_subject(copied.about)
    made = Flag.objects.select_related("letter").filter(uuid=uuid).first()
    if made is not None:
        if made.entered_by != by or _copy(made) != copied:
            raise Sent
        return made
    flag = Flag(
        kind=copied.kind, at=copied.came_at, lang=copied.lang, uuid=uuid, entered_by=by, waits_since=at
    )
    flag = filed(flag, subject, message=copied.message, name=copied.name, how=copied.how).flag
    recorded("flag.enter", flag, by=by, at=at)
    return flag


@transaction.atomic
def correct_copy(flag: Flag, *, letter: Copied, by: User, at: datetime, row_version: int) -> Flag:
    """What was copied wrong of a letter is put right, until it is decided on.

    Whoever does it counts from then on as who copied it: the rectification in it is published by another.
    """
    require(by, "change_flag")
    copied = _tidied(letter, at=at)
    flag = locked(flag, row_version)
    kept = FlagLetter.objects.select_for_update(of=("self",)).filter(flag=flag).first()
    if flag.entered_by_id is None or kept is None:
        raise Refused(_("Nobody copied this: it stays as its reader wrote it."), code="letter")
    flag.article = flag.claim = flag.source = flag.entity = None
    setattr(flag, copied.about._meta.model_name, copied.about)
    flag.kind, flag.at, flag.lang, flag.entered_by = copied.kind, copied.came_at, copied.lang, by
    flag.due = _due(flag)
    flag.save()
    kept.message, kept.name, kept.how, kept.lang = copied.message, copied.name, copied.how, copied.lang
    kept.clean_fields(exclude=["flag"])
    kept.save()
    recorded("flag.correct", flag, by=by, at=at)
    return flag


def locked_subject(subject: Subject) -> Subject:
    """No other text comes in between, and who sends the same form at the same time waits here."""
    rows = type(subject)._default_manager.select_for_update(of=("self",), no_key=True)
    return rows.get(pk=subject.pk)


def written(kind: str, message: str, name: str) -> tuple[str, str]:
    """What somebody wrote, as it is kept; refused if it is nothing, too much, or lacks a name that is due."""
    message, name = tidy(message), " ".join(name.split())
    if not message:
        raise Refused(_("Write what you want to say."), code="message")
    # Some letters are two once they are composed as the house has them.
    if len(message) > MESSAGE_LENGTH:
        raise Refused(
            _("A message has at most %(most)s characters."), params={"most": MESSAGE_LENGTH}, code="message"
        )
    if kind in Flag.SIGNED and not name:
        raise Refused(_("Who asks for this signs with their name."), code="name")
    return message, name


def _tidied(letter: Copied, *, at: datetime) -> Copied:
    """What it says, who signed it and how it came, as it is kept; refused as `written` does, and undated."""
    message, name = written(letter.kind, letter.message, letter.name)
    how = " ".join(letter.how.split())
    if not how:
        raise Refused(_("Say how it came: nobody else can look it up."), code="how")
    if not at - LONGEST_AGO <= letter.came_at <= at:
        raise Refused(_("It came within the last year, and not after now: look at the date."), code="came_at")
    return replace(letter, message=message, name=name, how=how)


def _copy(flag: Flag) -> Copied | None:
    """What stands in a flag; None if its letter was deleted."""
    letter = getattr(flag, "letter", None)
    return letter and Copied(
        about=flag.subject,
        kind=flag.kind,
        message=letter.message,
        name=letter.name,
        how=letter.how,
        came_at=flag.at,
        lang=flag.lang,
    )


def filed(flag: Flag, subject: Subject, **written: str) -> FlagLetter:
    """The letter of a new flag on a thing, due after as many days as its kind has; both saved."""
    about = subject._meta.model_name
    flag.due = _due(flag)
    setattr(flag, about, subject)
    flag.clean_fields(exclude=[about, "entered_by"])
    flag.save(force_insert=True)
    letter = FlagLetter(flag=flag, lang=flag.lang, **written)
    letter.clean_fields(exclude=["flag"])
    letter.save()
    return letter


def _due(flag: Flag) -> datetime:
    return flag.at + timedelta(days=settings.FLAG_DAYS[flag.kind])
