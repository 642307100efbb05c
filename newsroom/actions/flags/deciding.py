"""What the desk does with a flag: who sees to it, what its reader is told, what came of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from newsroom.actions import carrying
from newsroom.actions.deeds import record
from newsroom.actions.notices import tell
from newsroom.actions.refusals import Refused, require
from newsroom.models import (
    Article,
    Capability,
    Correction,
    Flag,
    FlagAnswer,
    Notice,
    ReaderMail,
    Review,
    User,
)
from newsroom.models.flag import OUTCOME_LENGTH
from newsroom.text.paragraphs import tidy

from .rows import answered, as_shown, decided, has_reader, locked, recorded, still_open, write_to_readers

#: What a flag is about never changes and is not looked at again.
_ABOUT = ["article", "claim", "source", "entity", "assignee", "decided_by", "correction", "review"]


@transaction.atomic
def assign(flag: Flag, *, to: User | None, by: User, at: datetime, row_version: int) -> Flag:
    """Who is to see to it; None gives it back."""
    require(by, "change_flag")
    flag = locked(flag, row_version)
    if to is not None and not (to.is_active and to.is_staff and to.has_perm("newsroom.change_flag")):
        raise Refused(_("%(who)s may not work on flags."), params={"who": to}, code="to")
    before, flag.assignee = flag.assignee, to
    flag.save(update_fields=["assignee"])
    if to is not None and to != before:
        tell(to, Notice.Reason.ASSIGNED, flag=flag, by=by, at=at)
    recorded("flag.assign", flag, by=by, at=at, before=_named(before), after=_named(to))
    return flag


@transaction.atomic
def answer(flag: Flag, *, words: str, by: User, at: datetime, row_version: int) -> Flag:
    """Words for the reader alone, and for those whose flags were merged into this one; it stays open."""
    require(by, "change_flag")
    flag = locked(flag, row_version)
    answered(flag, words, by=by, at=at)
    flag.save(update_fields=[])
    write_to_readers(flag, ReaderMail.Reason.ANSWER, at=at)
    recorded("flag.answer", flag, by=by, at=at)
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
    flag = locked(flag, row_version)
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
        answered(flag, words, by=by, at=at)
    decided(flag, Flag.State.ACCEPTED, by=by, at=at)
    flag.outcome, flag.lang, flag.correction, flag.review = outcome, lang, correction, review
    flag.clean_fields(exclude=_ABOUT)
    flag.save()
    write_to_readers(flag, ReaderMail.Reason.OUTCOME, at=at)
    recorded("flag.accept", flag, by=by, at=at, after={"outcome": outcome})
    return flag


@transaction.atomic
def reject(flag: Flag, *, words: str, by: User, at: datetime, row_version: int) -> Flag:
    """Nothing changes, and `words` tell the reader why: them alone. Public is only how many there were.

    A rectification is refused by the Editor responsible and by nobody else, unless its author took it back.
    """
    require(by, "decide_flag")
    if flag.kind == Flag.Kind.RECTIFICATION and has_reader(flag):
        require(by, "refuse_rectification")
    flag = locked(flag, row_version)
    if words.strip() or has_reader(flag):
        answered(flag, words, by=by, at=at)
    decided(flag, Flag.State.REJECTED, by=by, at=at)
    flag.save()
    write_to_readers(flag, ReaderMail.Reason.OUTCOME, at=at)
    recorded("flag.reject", flag, by=by, at=at)
    return flag


@transaction.atomic
def merge(flag: Flag, *, into: Flag, by: User, at: datetime, row_version: int) -> Flag:
    """It says what another one says: what comes of that one comes of this, and its reader sees it."""
    require(by, "change_flag")
    if flag.pk == into.pk:
        raise Refused(_("Choose another flag than this one."), code="into")
    both = Flag.objects.select_for_update(of=("self",)).filter(pk__in=(flag.pk, into.pk)).order_by("pk")
    locked = {row.pk: row for row in both}
    flag, into = still_open(as_shown(locked[flag.pk], row_version)), locked[into.pk]
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
    flag = as_shown(Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk), row_version)
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
    recorded("flag.reopen", flag, by=by, at=at, before=before)
    return flag


def _keep_answers(flag: Flag, *, of: Flag) -> None:
    """What its reader could read on the flag that it was merged into stays theirs when the two part."""
    FlagAnswer.objects.bulk_create(
        FlagAnswer(flag=flag, words=answer.words, by=answer.by, at=answer.at)
        for answer in of.answers.filter(at__gte=flag.decided_at).select_related("by")
    )


def _named(user: User | None) -> dict[str, str]:
    return {"to": user.username} if user else {}
