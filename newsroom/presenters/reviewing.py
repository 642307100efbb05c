"""The review page: a claim with all that is known of it, and what somebody may decide about it.

What a person *may* do is asked of their permissions here, so that the page offers nothing that a deed would
refuse for who they are. Whether the rules of the desk are kept is the deeds' to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from newsroom.models import Assignment, Claim, Evidence, RequestForComment, Review, User

from .claim import EvidenceGroup
from .claim_context import ClaimContext, claim_context, evidence_of
from .ratings import Badge, Ratings

MOST_EARLIER = 20


@dataclass(frozen=True, slots=True)
class Level:
    """A level to choose, by the digit `key`."""

    value: str
    key: int
    badge: Badge
    attribution: Badge


@dataclass(frozen=True, slots=True)
class Task:
    """Who is to check a claim and until when."""

    code: str
    assignee: str
    username: str
    due: date | None
    is_mine: bool
    is_late: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review with all that the desk knows of it; `may` are the deeds that this person is offered."""

    review: Review
    badge: Badge
    state_label: str
    author: str
    approver: str
    reasons: tuple[tuple[str, str], ...]
    may: frozenset[str]
    is_mine: bool
    #: Wrote it, or changed it since: does not approve it.
    is_written: bool
    #: Of a reading by a second person: which of the three confirmations are to be given.
    asks: tuple[tuple[str, str], ...]

    @property
    def id(self) -> str:
        return f"review-{self.review.code}"


@dataclass(frozen=True, slots=True)
class Accusation:
    """Whether the claim accuses somebody, and who was asked what they say to it."""

    accuses: str
    accused: str
    label: str
    requests: tuple[RequestForComment, ...]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    claim: Claim
    kind_label: str
    worth_label: str
    badge: Badge
    public_url: str
    context: ClaimContext
    evidence: tuple[EvidenceGroup, ...]
    #: Evidence that was taken back.
    withdrawn: tuple[Evidence, ...]
    current: ReviewView | None
    waiting: tuple[ReviewView, ...]
    earlier: tuple[ReviewView, ...]
    levels: tuple[Level, ...]
    task: Task | None
    accusation: Accusation
    may: frozenset[str]
    #: Names the latest review as it is now, for who comes second with another.
    latest: str
    me: str

    @property
    def doubt(self) -> ReviewView | None:
        """The rating that readers see, if it is to be checked again since a document changed."""
        caused = self.current and self.current.review.stale_cause == Review.StaleCause.DOCUMENT
        return self.current if caused else None

    @property
    def may_hold(self) -> bool:
        return self.current is not None and "hold" in self.current.may


def review_page(claim: Claim, user: User, query: Mapping[str, str], *, at: datetime) -> ReviewPage:
    """`claim` comes with its claimant; `query` may have `page`, that of the places where the claim stands."""
    known = Ratings.load()
    reviews = list(
        claim.reviews.select_related("author", "approver", "request")
        .prefetch_related("contributors")
        .order_by("-pk")[:MOST_EARLIER]
    )
    views = [_review_view(review, claim, user, known) for review in reviews]
    current = next((view for view in views if view.review.is_current), None)
    assignment = Assignment.objects.open().filter(claim=claim).select_related("assignee", "by").first()
    public = Claim.objects.public(at=at).filter(pk=claim.pk).exists()
    evidence, withdrawn = evidence_of(claim)
    return ReviewPage(
        claim=claim,
        kind_label=claim.get_kind_display(),
        worth_label=claim.get_check_worthiness_display(),
        badge=known.badge(current.review if current else assignment),
        public_url=claim.get_absolute_url() if public else "",
        context=claim_context(claim, known, page=query.get("page", "1")),
        evidence=evidence,
        withdrawn=withdrawn,
        current=current,
        waiting=tuple(view for view in views if view.review.is_waiting),
        earlier=tuple(view for view in views if not view.review.is_waiting and not view.review.is_current),
        levels=levels(known),
        task=task_view(assignment, user, at=at) if assignment else None,
        accusation=accusation(claim),
        may=_may(user),
        latest=as_seen(reviews[0]) if reviews else "",
        me=user.username,
    )


def levels(known: Ratings) -> tuple[Level, ...]:
    """Those of the scale that is in use, each with the digit that chooses it."""
    return tuple(
        Level(str(level.uuid), key, known.of_level(level.pk), known.of_level(level.pk, attribution=True))
        for key, level in enumerate(known.levels(), start=1)
    )


def as_seen(review: Review | None) -> str:
    """A review as it is now; "" of none."""
    return f"{review.code}-{review.row_version}" if review else ""


def accusation(claim: Claim) -> Accusation:
    return Accusation(
        accuses=claim.accuses,
        accused=claim.accused,
        label=str(claim.get_accuses_display()),
        requests=tuple(claim.requests.select_related("source", "by", "invitation", "reply")),
    )


def task_view(assignment: Assignment, user: User, *, at: datetime) -> Task:
    due = assignment.due
    return Task(
        code=assignment.code,
        assignee=assignment.assignee.desk_name,
        username=assignment.assignee.username,
        due=due,
        is_mine=assignment.assignee_id == user.pk,
        is_late=due is not None and due < localdate(at),
        by=assignment.by.desk_name,
        at=assignment.at,
    )


def _may(user: User) -> frozenset[str]:
    """What this person is offered about the claim itself."""
    asked = {
        "propose": "add_review",
        "assign": "add_assignment",
        "evidence": "add_evidence",
        "change_evidence": "change_evidence",
        "document": "add_document",
        "accuse": "change_claim",
        "ask": "add_requestforcomment",
        "override": "override_review",
    }
    return frozenset(name for name, permission in asked.items() if user.has_perm(f"newsroom.{permission}"))


def _review_view(review: Review, claim: Claim, user: User, known: Ratings) -> ReviewView:
    return ReviewView(
        review=review,
        badge=known.badge(review),
        state_label=str(review.get_state_display()),
        author=", ".join(
            person.desk_name for person in dict.fromkeys([review.author, *review.contributors.all()])
        ),
        approver=review.approver.desk_name if review.approver else "",
        reasons=tuple(_reasons(review)),
        may=frozenset(_may_with(review, user)),
        is_mine=review.author_id == user.pk,
        is_written=_wrote(review, user),
        asks=tuple(_asks(review, claim)),
    )


def _reasons(review: Review) -> Iterable[tuple[str, str]]:
    """What was said beside the rating, each with what it answers."""
    said = (
        (_("Facts assessed"), review.facts_judged),
        (_("Why there is no evidence"), review.no_evidence_reason),
        (_("Why no document was opened"), review.no_primary_reason),
        (_("Why nobody was asked for comment"), review.no_request_reason),
        (_("Why a rule was overridden"), review.override_reason),
        (_("Why it needs a new look"), review.stale_reason),
        (_("Why it was withdrawn"), review.withdrawal_reason),
    )
    return ((label, words) for label, words in said if words)


def _wrote(review: Review, user: User) -> bool:
    """As `Review.was_written_by`, of contributors that are loaded already."""
    return user.pk == review.author_id or user in review.contributors.all()


def _may_with(review: Review, user: User) -> Iterable[str]:
    states = Review.State
    if review.state in (states.PROPOSED, states.CHANGES) and user.has_perm("newsroom.change_review"):
        yield "amend"
    if review.state == states.PUBLISHED and user.has_perm("newsroom.change_review"):
        yield "mark_stale"
    publishes = user.has_perm("newsroom.publish_review")
    if review.state in (states.PROPOSED, states.APPROVED) and publishes:
        yield "request_changes"
        if review.state == states.APPROVED:
            yield "publish"
        elif not _wrote(review, user):
            yield from ("approve", "publish")
    if review.stale_cause == Review.StaleCause.DOCUMENT and publishes and not _wrote(review, user):
        yield "hold"
    own = review.is_waiting and user.pk == review.author_id and user.has_perm("newsroom.add_review")
    if review.state != states.WITHDRAWN and (own or publishes):
        yield "withdraw"


def _asks(review: Review, claim: Claim) -> Iterable[tuple[str, str]]:
    if claim.accuses == Claim.Accuses.YES:
        yield from Review.Confirmation.choices
