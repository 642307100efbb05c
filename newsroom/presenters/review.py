"""One review on a page of its own: what it said, by which version of the scale, and what came after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from newsroom.models import Claim, RatingScale, Rectification, Review

from .claim import ReviewView, versions_of
from .how_checked import HowChecked, how_checked
from .ratings import Ratings
from .replied import StandingReply, replies_beside
from .stale import ChangedWords, words_of


@dataclass(frozen=True, slots=True)
class ReviewPage:
    review: Review
    view: ReviewView
    claim: Claim
    kind_label: str
    claim_url: str
    scale: RatingScale
    changed: ChangedWords | None
    #: The one that took its place, and the one whose place it took.
    later: Review | None
    earlier: Review | None
    replies: tuple[StandingReply, ...]
    how: HowChecked
    rectifications: tuple[Rectification, ...]


def review_page(review: Review, *, at: datetime) -> ReviewPage:
    """`review` comes from `Review.objects.public()`, of a public claim. It wears the label of its scale."""
    known = Ratings.load()
    claim = review.claim
    later = Review.objects.filter(supersedes=review).first()
    view = next(view for view in versions_of(claim, known) if view.review == review)
    return ReviewPage(
        review=review,
        view=view,
        claim=claim,
        kind_label=claim.get_kind_display() if claim.is_subjective else "",
        claim_url=claim.get_absolute_url(),
        scale=review.level.scale,
        changed=words_of(review, at=at) if view.badge.stale else None,
        later=later,
        earlier=review.supersedes,
        # What came after another rating took its place is said to that one.
        replies=replies_beside(claim.pk, review.pk, before=later.published_at if later else None),
        how=how_checked(view.review),
        rectifications=tuple(Rectification.objects.about(claim)),
    )
