"""A flag's row: locked as it was shown, answered, decided, recorded; and what its readers are written."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from newsroom.actions.deeds import record
from newsroom.actions.refusals import Overtaken, Refused
from newsroom.models import Capability, Flag, FlagAnswer, FlagLetter, ReaderMail, User
from newsroom.models.flag import ANSWER_LENGTH
from newsroom.text.paragraphs import tidy


def locked(flag: Flag, row_version: int) -> Flag:
    """The open flag, as it was shown."""
    return still_open(as_shown(Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk), row_version))


def still_open(flag: Flag) -> Flag:
    if not flag.is_open:
        raise Refused(_("This flag was decided already."), code="state")
    return flag


def as_shown(flag: Flag, row_version: int) -> Flag:
    if flag.row_version != row_version:
        raise Overtaken.on_row(flag)
    return flag


def answered(flag: Flag, words: str, *, by: User, at: datetime) -> None:
    words = tidy(words)
    if not has_reader(flag):
        raise Refused(_("What was written was deleted, so nobody would read an answer."), code="words")
    if not words:
        raise Refused(_("Write the answer first."), code="words")
    if len(words) > ANSWER_LENGTH:
        raise Refused(
            _("An answer has at most %(most)s characters."), params={"most": ANSWER_LENGTH}, code="words"
        )
    FlagAnswer.objects.create(flag=flag, words=words, by=by, at=at)


def has_reader(flag: Flag) -> bool:
    """Whether somebody can read an answer: who wrote it, or what was merged into it."""
    return FlagLetter.objects.filter(Q(flag=flag) | Q(flag__merged_into=flag)).exists()


def decided(flag: Flag, state: str, *, by: User, at: datetime) -> None:
    """From now on the days run for which the letter is kept, and the private addresses open."""
    flag.state, flag.decided_by, flag.decided_at = state, by, at
    links = Capability.objects.filter(Q(flag=flag) | Q(flag__merged_into=flag))
    running = links.filter(purpose=Capability.Purpose.FOLLOW, expires_at__gt=at)
    running.update(expires_at=at + kept_for("letter"))


def write_to_readers(flag: Flag, reason: str, *, at: datetime) -> None:
    """A mail to each reader of it who confirmed an address."""
    readers = FlagLetter.objects.filter(Q(flag=flag) | Q(flag__merged_into=flag))
    confirmed = readers.with_address().filter(confirmed_at__isnull=False)
    ReaderMail.objects.bulk_create(
        ReaderMail(flag_id=pk, reason=reason, at=at) for pk in confirmed.values_list("flag", flat=True)
    )


def kept_for(kind: str) -> timedelta:
    return timedelta(days=settings.KEEP_DAYS[kind])


def recorded(
    verb: str,
    flag: Flag,
    *,
    by: User,
    at: datetime,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    record(verb, by=by, at=at, article=flag.article, objects=[flag], before=before, after=after)
