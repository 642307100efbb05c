"""A review is decided on by somebody who did not write it: sent back, approved, published, taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.actions.deeds import record
from newsroom.actions.notices import tell
from newsroom.actions.refusals import Overtaken, Refused, require
from newsroom.models import Assignment, Claim, Notice, Review, User
from newsroom.text.changes import same_words

from .rows import article_of, gist, left, save, taken
from .rules import OVERRIDABLE, hold_to_approval, hold_to_four_eyes, hold_to_its_ground, words_now


@transaction.atomic
def request_changes(
    review: Review, *, note: str, by: User, at: datetime, row_version: int | None = None
) -> Review:
    """Sends a review back to who wrote it. What was approved is so no more."""
    require(by, "publish_review")
    review = taken(review, row_version=row_version)
    if review.state not in (Review.State.PROPOSED, Review.State.APPROVED):
        raise Refused(_("Only a review that waits for a decision can be sent back."), code="state")
    if not note.strip():
        raise Refused(_("Say what is to be changed."), code="note")
    before = {"state": review.state}
    _disapprove(review)
    review.state, review.changes_note = Review.State.CHANGES, note.strip()
    left("review.changes", review, by=by, at=at, before=before, after={"note": review.changes_note})
    tell(review.author, Notice.Reason.CHANGES, review=review, by=by, at=at)
    return review


@transaction.atomic
def approve(
    review: Review,
    *,
    by: User,
    at: datetime,
    row_version: int | None = None,
    confirmed: Iterable[str] = (),
    no_request_reason: str = "",
    override_reason: str = "",
) -> Review:
    """Somebody else stands for it; readers see it when it is published.

    `confirmed` are those of `Review.Confirmation` that the editor confirms. `override_reason` passes the
    rules that can be passed, for who holds `override_review`.
    """
    require(by, "publish_review")
    review = taken(review, row_version=row_version)
    if review.state != Review.State.PROPOSED:
        raise Refused(_("Only a proposed review can be approved."), code="state")
    _approve(review, by=by, at=at, confirmed=confirmed, no_request_reason=no_request_reason)
    broken = _hold(review, by=by, override_reason=override_reason)
    review.state = Review.State.APPROVED
    left("review.approve", review, by=by, at=at, after=_decision(review))
    _log_override(review, broken, by=by, at=at)
    tell(review.author, Notice.Reason.APPROVED, review=review, by=by, at=at)
    return review


@transaction.atomic
def publish(
    review: Review,
    *,
    by: User,
    at: datetime,
    row_version: int | None = None,
    confirmed: Iterable[str] = (),
    no_request_reason: str = "",
    override_reason: str = "",
) -> Review:
    """For readers to see; the review that they saw until now is superseded by this one.

    One that was only proposed is approved by the same person at the same moment. The rules are asked again.
    """
    require(by, "publish_review")
    review = taken(review, row_version=row_version)
    approved_before = review.state == Review.State.APPROVED
    if approved_before:
        _hold_what_is_new(
            review,
            by=by,
            confirmed=(confirmed := list(confirmed)),
            reasons=(no_request_reason, override_reason),
        )
        _take_over(review, confirmed=confirmed, no_request_reason=no_request_reason)
    elif review.state == Review.State.PROPOSED:
        _approve(review, by=by, at=at, confirmed=confirmed, no_request_reason=no_request_reason)
    else:
        raise Refused(_("Only a proposed or approved review can be published."), code="state")
    broken = _hold(review, by=by, override_reason=override_reason)
    earlier = Review.objects.select_for_update().current().filter(claim=review.claim).first()
    if earlier is not None:
        if earlier.published_at > (review.amended_at or review.proposed_at):
            raise Overtaken.by_another(earlier)
        earlier.state = Review.State.SUPERSEDED
        save(earlier, by=by, at=at)
        review.supersedes = earlier
    review.state, review.published_at = Review.State.PUBLISHED, at
    done = Assignment.objects.open().filter(claim=review.claim).first()
    if done is not None:
        done.close(at=at)
    beside = [row for row in (earlier, done) if row is not None]
    left("review.publish", review, by=by, at=at, beside=beside, after=_decision(review))
    _log_override(review, broken, by=by, at=at)
    if not approved_before:
        tell(review.author, Notice.Reason.APPROVED, review=review, by=by, at=at)
    return review


@transaction.atomic
def withdraw(
    review: Review, *, reason: str, by: User, at: datetime, row_version: int | None = None
) -> Review:
    """Takes a review back. Of one that was public, readers keep seeing that it was there, and why it went.

    One that no reader has seen is taken back by its author as well.
    """
    require(by, "add_review")
    review = taken(review, row_version=row_version)
    if not (review.is_waiting and review.author_id == by.pk):
        require(by, "publish_review")
    if review.state == Review.State.WITHDRAWN:
        raise Refused(_("This review was withdrawn already."), code="state")
    if not reason.strip():
        raise Refused(_("Say why it is withdrawn."), code="reason")
    before = {"state": review.state}
    review.state, review.withdrawn_at = Review.State.WITHDRAWN, at
    review.withdrawal_reason = reason.strip()
    return left("review.withdraw", review, by=by, at=at, before=before, after={"reason": reason.strip()})


@transaction.atomic
def mark_stale(
    review: Review, *, reason: str, by: User, at: datetime, row_version: int | None = None
) -> Review:
    """A person says that a public rating needs a new look; readers see that, and the reason."""
    require(by, "change_review")
    review = taken(review, row_version=row_version)
    if review.state != Review.State.PUBLISHED:
        raise Refused(_("Only a published review can be marked to be checked again."), code="state")
    if not reason.strip():
        raise Refused(_("Say why it needs a new look: readers will see the reason."), code="reason")
    return stale_by_desk(review, reason=reason.strip(), by=by, at=at)


@transaction.atomic
def hold(review: Review, *, reason: str, by: User, at: datetime, row_version: int | None = None) -> Review:
    """A person has looked at what became of a document: the rating that rests on it holds as it is.

    Four eyes here too: it is published once more, as it were, and not by who wrote it.
    """
    require(by, "publish_review")
    review = taken(review, row_version=row_version)
    if review.state != Review.State.STALE or review.stale_cause != Review.StaleCause.DOCUMENT:
        raise Refused(_("No document that this rating rests on has changed."), code="state")
    hold_to_four_eyes(review, by=by)
    if not reason.strip():
        raise Refused(_("Say why it still holds."), code="reason")
    hold_to_its_ground(review)
    if review.appearance is not None and not same_words(words_now(review.appearance)[1], review.judged_words):
        raise Refused(_("The words have changed since they were judged: review them again."), code="words")
    review.state, review.stale_cause, review.stale_at = Review.State.PUBLISHED, "", None
    return left("review.hold", review, by=by, at=at, after={"reason": reason.strip()})


def stale_by_desk(review: Review, *, reason: str, by: User, at: datetime) -> Review:
    """The same, of a row that is locked and known to be published."""
    review.state, review.stale_cause = Review.State.STALE, Review.StaleCause.DESK
    review.stale_at, review.stale_reason = at, reason
    return left("review.doubt", review, by=by, at=at, after={"reason": reason})


def lapse(review: Review, *, reason: str, by: User, at: datetime) -> Review:
    """What was approved is not what is there any more: somebody approves it again. The row is locked."""
    before = {"state": review.state}
    _disapprove(review)
    review.state = Review.State.PROPOSED
    return left("review.lapse", review, by=by, at=at, before=before, after={"reason": reason})


def lapse_of(claim: Claim, *, reason: str, by: User, at: datetime) -> None:
    """The same of whatever was approved of a claim and is not public yet; the claim is locked."""
    approved = Review.objects.select_for_update(of=("self",)).filter(state=Review.State.APPROVED, claim=claim)
    for review in approved.select_related("claim", "level"):
        lapse(review, reason=reason, by=by, at=at)


def _approve(
    review: Review, *, by: User, at: datetime, confirmed: Iterable[str], no_request_reason: str
) -> None:
    hold_to_four_eyes(review, by=by)
    review.approver, review.approved_at = by, at
    _take_over(review, confirmed=confirmed, no_request_reason=no_request_reason)


def _take_over(review: Review, *, confirmed: Iterable[str], no_request_reason: str) -> None:
    for name in confirmed:
        setattr(review, Review.Confirmation(name).value, True)
    review.no_request_reason = no_request_reason.strip() or review.no_request_reason


def _hold_what_is_new(review: Review, *, by: User, confirmed: Iterable[str], reasons: Iterable[str]) -> None:
    """Who approved it has not seen what is confirmed, stated or overridden since: four eyes on that too."""
    seen = {"", review.no_request_reason}
    if not set(review.confirmed).issuperset(confirmed) or any(r.strip() not in seen for r in reasons):
        hold_to_four_eyes(review, by=by)


def _disapprove(review: Review) -> None:
    review.approver = review.approved_at = review.request = None
    review.accuses, review.override_reason, review.overridden = False, "", []
    for name in Review.Confirmation.values:
        setattr(review, name, False)


def _hold(review: Review, *, by: User, override_reason: str) -> list[str]:
    """Holds it to the rules; answers with the codes of those that this decision overrides."""
    reason = override_reason.strip()
    if not reason:
        # What was overridden when it was approved stays so.
        hold_to_approval(review, passing=review.overridden)
        return []
    require(by, "override_review")
    broken = hold_to_approval(review, passing=OVERRIDABLE)
    if not broken:
        raise Refused(_("No rule stands against it: there is nothing to override."), code="override_reason")
    review.override_reason, review.overridden = reason, broken
    return broken


def _log_override(review: Review, broken: list[str], *, by: User, at: datetime) -> None:
    if broken:
        after = {"reason": review.override_reason, "rules": broken}
        objects = [review, review.claim]
        record("review.override", by=by, at=at, article=article_of(review), objects=objects, after=after)


def _decision(review: Review) -> dict[str, Any]:
    """What the log keeps of a decision: what was decided on, and on what it rests."""
    rests_on = {
        "confirmed": review.confirmed,
        "request": str(review.request.uuid) if review.request else "",
        "no_request_reason": review.no_request_reason,
        "no_primary_reason": review.no_primary_reason,
        "no_evidence_reason": review.no_evidence_reason,
        "override": review.override_reason,
    }
    return gist(review) | {name: value for name, value in rests_on.items() if value}
