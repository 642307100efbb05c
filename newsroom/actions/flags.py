"""Flags: a reader says something about a passage or a thing, and the desk decides what comes of it.

What a reader does (`receive`, `confirm_address`) asks no permission and stands in the rows themselves, with
its moment, and not in the log: that names who of the desk did what and never forgets, so it holds nothing by
a reader, and nobody fills it from outside (ADR 132). What the desk does is a deed like any other; no record
of it has words of the reader's or of a private answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from newsroom.models import (
    Article,
    Capability,
    Claim,
    Correction,
    Entity,
    Flag,
    FlagAnswer,
    FlagLetter,
    FlagTarget,
    ReaderMail,
    Rectification,
    Review,
    Source,
    User,
)
from newsroom.models.flag import ANSWER_LENGTH, MESSAGE_LENGTH, OUTCOME_LENGTH
from newsroom.text.paragraphs import tidy
from newsroom.text.selectors import describe

from . import carrying
from .annotations import Place
from .deeds import record
from .reader_addresses import TO_CONFIRM, may_be_asked
from .refusals import Outdated, Overtaken, Refused, Sent, require

#: What came longer ago than this has a mistyped date, as like as not.
LONGEST_AGO = timedelta(days=366)
Subject = Article | Claim | Source | Entity


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
    message, name = _written(kind, message, name)
    # No other text comes in between, and who sends the same form at the same time waits here.
    rows = type(subject)._default_manager.select_for_update(of=("self",), no_key=True)
    subject = rows.get(pk=subject.pk)
    made = Flag.objects.select_related("letter").filter(uuid=uuid).first()
    if made is not None:
        # Whoever deleted what they wrote may send the form once more: that is another flag.
        if not hasattr(made, "letter") or made.letter.message != message:
            raise Sent
        return Received(made, _follow(made, at=at))
    letter = _filed(
        Flag(kind=kind, at=at, lang=lang, uuid=uuid), subject, message=message, name=name, address=address
    )
    flag = letter.flag
    if place is not None:
        _stand(flag, place)
    if address and may_be_asked(letter.address, at=at, apart_from=letter):
        ReaderMail.objects.create(flag=flag, reason=ReaderMail.Reason.CONFIRM, at=at)
    return Received(flag, _follow(flag, at=at))


@transaction.atomic
def enter(
    subject: Subject,
    *,
    kind: str,
    message: str,
    name: str,
    how: str,
    came_at: datetime,
    lang: str,
    uuid: UUID,
    by: User,
    at: datetime,
) -> Flag:
    """A letter that came otherwise than by the form, copied word for word; its days run since it came.

    It is kept as long as one that came today. A rectification that is in it is published by somebody else,
    who compares the two. With the `uuid` of a flag that is here it adds nothing, or is Sent if it says
    something else.
    """
    require(by, "change_flag")
    message, name, how = _copied(kind, message, name, how, came_at=came_at, at=at)
    rows = type(subject)._default_manager.select_for_update(of=("self",), no_key=True)
    subject = rows.get(pk=subject.pk)
    made = Flag.objects.select_related("letter").filter(uuid=uuid).first()
    if made is not None:
        letter = getattr(made, "letter", None)
        said = (made.subject, made.kind, made.at, made.lang, made.entered_by)
        if said != (subject, kind, came_at, lang, by) or letter is None:
            raise Sent
        if (letter.message, letter.name, letter.how) != (message, name, how):
            raise Sent
        return made
    flag = Flag(kind=kind, at=came_at, lang=lang, uuid=uuid, entered_by=by, waits_since=at)
    flag = _filed(flag, subject, message=message, name=name, how=how).flag
    _record("flag.enter", flag, by=by, at=at)
    return flag


@transaction.atomic
def correct_copy(
    flag: Flag,
    *,
    subject: Subject,
    kind: str,
    message: str,
    name: str,
    how: str,
    came_at: datetime,
    lang: str,
    by: User,
    at: datetime,
    row_version: int,
) -> Flag:
    """What was copied wrong of a letter is put right, until it is decided on.

    Whoever does it counts from then on as who copied it: the rectification in it is published by another.
    """
    require(by, "change_flag")
    message, name, how = _copied(kind, message, name, how, came_at=came_at, at=at)
    flag = _locked(flag, row_version)
    letter = FlagLetter.objects.select_for_update(of=("self",)).filter(flag=flag).first()
    if flag.entered_by_id is None or letter is None:
        raise Refused(_("Nobody copied this: it stays as its reader wrote it."), code="letter")
    flag.article = flag.claim = flag.source = flag.entity = None
    setattr(flag, subject._meta.model_name, subject)
    flag.kind, flag.at, flag.lang, flag.entered_by = kind, came_at, lang, by
    flag.due = came_at + timedelta(days=settings.FLAG_DAYS[kind])
    flag.save()
    letter.message, letter.name, letter.how, letter.lang = message, name, how, lang
    letter.clean_fields(exclude=["flag"])
    letter.save()
    _record("flag.correct", flag, by=by, at=at)
    return flag


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


@transaction.atomic
def assign(flag: Flag, *, to: User | None, by: User, at: datetime, row_version: int) -> Flag:
    """Who is to see to it; None gives it back."""
    require(by, "change_flag")
    flag = _locked(flag, row_version)
    if to is not None and not (to.is_active and to.is_staff and to.has_perm("newsroom.change_flag")):
        raise Refused(_("%(who)s may not work on flags."), params={"who": to}, code="to")
    before, flag.assignee = flag.assignee, to
    flag.save(update_fields=["assignee"])
    _record("flag.assign", flag, by=by, at=at, before=_named(before), after=_named(to))
    return flag


@transaction.atomic
def answer(flag: Flag, *, words: str, by: User, at: datetime, row_version: int) -> Flag:
    """Words for the reader alone, and for those whose flags were merged into this one; it stays open."""
    require(by, "change_flag")
    flag = _locked(flag, row_version)
    _answer(flag, words, by=by, at=at)
    flag.save(update_fields=[])
    _write_to_readers(flag, ReaderMail.Reason.ANSWER, at=at)
    _record("flag.answer", flag, by=by, at=at)
    return flag


@transaction.atomic
def accept(
    flag: Flag,
    *,
    outcome: str,
    lang: str,
    by: User,
    at: datetime,
    row_version: int,
    words: str = "",
    correction: Correction | None = None,
    review: Review | None = None,
) -> Flag:
    """It was right: `outcome`, in the editor's own words, is public, with the correction or the review that
    came of it, where the words stand and in the list of corrections. `words` answer the reader alone.

    Who asks for a rectification is not content with other words: it is published or refused."""
    require(by, "decide_flag")
    flag = _locked(flag, row_version)
    if flag.kind == Flag.Kind.RECTIFICATION:
        raise Refused(_("A rectification is published as it is, or refused."), code="kind")
    outcome = tidy(outcome)
    if not outcome:
        raise Refused(_("Say what came of it: readers will see these words."), code="outcome")
    if len(outcome) > OUTCOME_LENGTH:
        raise Refused(
            _("An outcome has at most %(most)s characters."), params={"most": OUTCOME_LENGTH}, code="outcome"
        )
    if correction is not None and not flag.corrections().filter(pk=correction.pk).exists():
        raise Refused(_("This correction is of something else."), code="correction")
    if correction is not None and correction.at < flag.at:
        raise Refused(_("This correction is older than the flag."), code="correction")
    if review is not None and not flag.reviews().filter(pk=review.pk).exists():
        raise Refused(_("This review is of something else, or it is not public."), code="review")
    if review is not None and review.published_at < flag.at:
        raise Refused(_("This review is older than the flag."), code="review")
    if words.strip():
        _answer(flag, words, by=by, at=at)
    _decide(flag, Flag.State.ACCEPTED, by=by, at=at)
    flag.outcome, flag.lang, flag.correction, flag.review = outcome, lang, correction, review
    flag.clean_fields(exclude=_ABOUT)
    flag.save()
    _write_to_readers(flag, ReaderMail.Reason.OUTCOME, at=at)
    _record("flag.accept", flag, by=by, at=at, after={"outcome": outcome})
    return flag


@transaction.atomic
def reject(flag: Flag, *, words: str, by: User, at: datetime, row_version: int) -> Flag:
    """Nothing changes, and `words` tell the reader why: them alone. Public is only how many there were.

    A rectification is refused by the Editor responsible and by nobody else, unless its author took it back.
    """
    require(by, "decide_flag")
    if flag.kind == Flag.Kind.RECTIFICATION and _has_reader(flag):
        require(by, "refuse_rectification")
    flag = _locked(flag, row_version)
    if words.strip() or _has_reader(flag):
        _answer(flag, words, by=by, at=at)
    _decide(flag, Flag.State.REJECTED, by=by, at=at)
    flag.save()
    _write_to_readers(flag, ReaderMail.Reason.OUTCOME, at=at)
    _record("flag.reject", flag, by=by, at=at)
    return flag


@transaction.atomic
def publish_rectification(
    flag: Flag, *, lang: str, by: User, at: datetime, row_version: int, words: str = ""
) -> Rectification:
    """What the reader sent stands from now on before the text, at its address, as they wrote it and signed.

    It is neither shortened nor commented on. `lang` is the language in which it is written; `words` answer
    the reader alone.
    """
    require(by, "decide_flag")
    flag = _locked(flag, row_version)
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
        _answer(flag, words, by=by, at=at)
    _decide(flag, Flag.State.ACCEPTED, by=by, at=at)
    flag.save()
    rectification = Rectification(flag=flag, lang=lang, words=letter.message, name=letter.name, by=by, at=at)
    rectification.clean_fields(exclude=["flag", "by"])
    rectification.save(force_insert=True)
    _write_to_readers(flag, ReaderMail.Reason.OUTCOME, at=at)
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


@transaction.atomic
def merge(flag: Flag, *, into: Flag, by: User, at: datetime, row_version: int) -> Flag:
    """It says what another one says: what comes of that one comes of this, and its reader sees it."""
    require(by, "change_flag")
    if flag.pk == into.pk:
        raise Refused(_("Choose another flag than this one."), code="into")
    both = Flag.objects.select_for_update(of=("self",)).filter(pk__in=(flag.pk, into.pk)).order_by("pk")
    locked = {row.pk: row for row in both}
    flag, into = _open(_as_shown(locked[flag.pk], row_version)), locked[into.pk]
    if not into.is_open:
        raise Refused(_("The other flag is not open any more."), code="into")
    if flag.subject != into.subject:
        raise Refused(_("The other flag is about something else."), code="into")
    if {flag.kind, into.kind} & set(Flag.SIGNED):
        raise Refused(_("What somebody asks in their own name is decided by itself."), code="into")
    earlier = list(flag.merged.select_for_update(of=("self",)))
    for row in earlier:
        _keep_answers(row, of=flag)
    for row in (flag, *earlier):
        row.merged_into = into
        row.state, row.decided_by, row.decided_at = Flag.State.MERGED, by, at
        row.save()
    into.due = min(into.due, flag.due)
    into.save(update_fields=["due"])
    record("flag.merge", by=by, at=at, article=flag.article, objects=[flag, into, *earlier])
    return flag


@transaction.atomic
def reopen(flag: Flag, *, by: User, at: datetime, row_version: int) -> Flag:
    """Decided, it is looked at again: its outcome is not public any more, and the log keeps the words."""
    require(by, "decide_flag")
    revision = None
    if flag.article_id:
        revision = Article.objects.for_change().get(pk=flag.article_id).current_revision
    flag = _as_shown(Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk), row_version)
    if flag.is_open:
        raise Refused(_("This flag is open already."), code="state")
    if flag.rectifications.standing().exists():
        raise Refused(_("The rectification that came of it is public: it stays."), code="state")
    before = {"state": flag.state, "outcome": flag.outcome}
    if flag.merged_into:
        _keep_answers(flag, of=flag.merged_into)
    flag.state, flag.decided_by, flag.decided_at, flag.waits_since = Flag.State.OPEN, None, None, at
    flag.outcome, flag.correction, flag.review, flag.merged_into = "", None, None, None
    flag.save()
    # Those of what was merged into it as well: their letters are kept as long.
    links = Capability.objects.filter(Q(flag=flag) | Q(flag__merged_into=flag), expires_at__gt=at)
    links = links.filter(purpose=Capability.Purpose.FOLLOW)
    links.update(expires_at=at + flag.letter_lasts(at=at))
    # A new text carries along what is open or public alone.
    if revision and flag.targets.exists() and not flag.targets.filter(revision=revision).exists():
        carrying.carry_flags(Flag.objects.filter(pk=flag.pk), revision, revision)
    _record("flag.reopen", flag, by=by, at=at, before=before)
    return flag


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
    done = FlagLetter.objects.answered(before=at - _days("address")).with_address()
    forgotten = FlagLetter.objects.filter(Q(pk__in=unasked.values("pk")) | Q(pk__in=done.values("pk")))
    of_them = _held(forgotten)
    # Servers that refuse a mail quote the address.
    ReaderMail.objects.filter(flag__in=of_them).exclude(failure="").update(failure="")
    gone["addresses"] = FlagLetter.objects.filter(flag__in=of_them).update(address="", confirmed_at=None)
    old = FlagLetter.objects.answered(before=at - _days("letter")).values("pk")
    left = FlagLetter.objects.undecided(before=at - _days("undecided")).values("pk")
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


def _days(kind: str) -> timedelta:
    return timedelta(days=settings.KEEP_DAYS[kind])


#: What a flag is about never changes and is not looked at again.
_ABOUT = ["article", "claim", "source", "entity", "assignee", "decided_by", "correction", "review"]


def _follow(flag: Flag, *, at: datetime) -> str:
    return Capability.grant(Capability.Purpose.FOLLOW, at=at, lasts=flag.letter_lasts(at=at), flag=flag)


def _written(kind: str, message: str, name: str) -> tuple[str, str]:
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


def _copied(
    kind: str, message: str, name: str, how: str, *, came_at: datetime, at: datetime
) -> tuple[str, str, str]:
    """What a letter says, who signed it, and how it came."""
    message, name = _written(kind, message, name)
    how = " ".join(how.split())
    if not how:
        raise Refused(_("Say how it came: nobody else can look it up."), code="how")
    if not at - LONGEST_AGO <= came_at <= at:
        raise Refused(_("It came within the last year, and not after now: look at the date."), code="came_at")
    return message, name, how


def _filed(flag: Flag, subject: Subject, **written: str) -> FlagLetter:
    """The letter of a new flag on a thing, due after as many days as its kind has; both saved."""
    about = subject._meta.model_name
    flag.due = flag.at + timedelta(days=settings.FLAG_DAYS[flag.kind])
    setattr(flag, about, subject)
    flag.clean_fields(exclude=[about, "entered_by"])
    flag.save(force_insert=True)
    letter = FlagLetter(flag=flag, lang=flag.lang, **written)
    letter.clean_fields(exclude=["flag"])
    letter.save()
    return letter


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


def _locked(flag: Flag, row_version: int) -> Flag:
    """The open flag, as it was shown."""
    return _open(_as_shown(Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk), row_version))


def _open(flag: Flag) -> Flag:
    if not flag.is_open:
        raise Refused(_("This flag was decided already."), code="state")
    return flag


def _as_shown(flag: Flag, row_version: int) -> Flag:
    if flag.row_version != row_version:
        raise Overtaken.on_row(flag)
    return flag


def _answer(flag: Flag, words: str, *, by: User, at: datetime) -> None:
    words = tidy(words)
    if not _has_reader(flag):
        raise Refused(_("What was written was deleted, so nobody would read an answer."), code="words")
    if not words:
        raise Refused(_("Write the answer first."), code="words")
    if len(words) > ANSWER_LENGTH:
        raise Refused(
            _("An answer has at most %(most)s characters."), params={"most": ANSWER_LENGTH}, code="words"
        )
    FlagAnswer.objects.create(flag=flag, words=words, by=by, at=at)


def _has_reader(flag: Flag) -> bool:
    """Whether somebody can read an answer: who wrote it, or what was merged into it."""
    return FlagLetter.objects.filter(Q(flag=flag) | Q(flag__merged_into=flag)).exists()


def _keep_answers(flag: Flag, *, of: Flag) -> None:
    """What its reader could read on the flag that it was merged into stays theirs when the two part."""
    FlagAnswer.objects.bulk_create(
        FlagAnswer(flag=flag, words=answer.words, by=answer.by, at=answer.at)
        for answer in of.answers.filter(at__gte=flag.decided_at).select_related("by")
    )


def _decide(flag: Flag, state: str, *, by: User, at: datetime) -> None:
    """From now on the days run for which the letter is kept, and the private addresses open."""
    flag.state, flag.decided_by, flag.decided_at = state, by, at
    links = Capability.objects.filter(Q(flag=flag) | Q(flag__merged_into=flag))
    links.filter(purpose=Capability.Purpose.FOLLOW, expires_at__gt=at).update(expires_at=at + _days("letter"))


def _write_to_readers(flag: Flag, reason: str, *, at: datetime) -> None:
    """A mail to each reader of it who confirmed an address."""
    readers = FlagLetter.objects.filter(Q(flag=flag) | Q(flag__merged_into=flag))
    confirmed = readers.with_address().filter(confirmed_at__isnull=False)
    ReaderMail.objects.bulk_create(
        ReaderMail(flag_id=pk, reason=reason, at=at) for pk in confirmed.values_list("flag", flat=True)
    )


def _named(user: User | None) -> dict[str, str]:
    return {"to": user.username} if user else {}


def _record(
    verb: str,
    flag: Flag,
    *,
    by: User,
    at: datetime,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    record(verb, by=by, at=at, article=flag.article, objects=[flag], before=before, after=after)
