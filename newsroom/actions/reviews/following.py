"""Ratings follow the words that they judged and the documents that they rest on: they go stale with these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from newsroom.actions.deeds import record_all
from newsroom.actions.refusals import Refused
from newsroom.models import Article, Claim, Document, Evidence, Review, Target, User
from newsroom.text.changes import same_words
from newsroom.text.selectors import joined

from .deciding import lapse_of
from .rules import hold_to_its_ground


@transaction.atomic
def follow_words(article: Article, *, by: User, at: datetime) -> list[Review]:
    """After a new text: ratings whose words changed become stale; if the words came back, they hold again.

    Words are the same if only quotes, blanks, case or Unicode form differ. Answers with the reviews it moved.
    It asks for no permission: it is the consequence of a deed that did, and part of its transaction.
    """
    followed = list(
        Review.objects.select_for_update(of=("self",))
        .following_words()
        .filter(appearance__annotation__in=article.annotations.live())
        .select_related("appearance")
    )
    words: dict[int, list[str]] = defaultdict(list)
    for annotation, exact in (
        Target.objects.placed()
        .filter(revision=article.current_revision, role=Target.Role.CONTENT)
        .order_by("ordinal")
        .values_list("annotation", "exact")
    ):
        words[annotation].append(exact)
    moved = []
    for review in followed:
        stands = same_words(joined(words[review.appearance.annotation_id]), review.judged_words)
        if stands and review.state == Review.State.STALE:
            review.state, review.stale_cause, review.stale_at = Review.State.PUBLISHED, "", None
        elif not stands and review.state == Review.State.PUBLISHED:
            review.state, review.stale_cause, review.stale_at = (
                Review.State.STALE,
                Review.StaleCause.WORDS,
                at,
            )
        else:
            continue
        review.row_version += 1
        moved.append(review)
    bulk_update_with_history(
        moved,
        Review,
        ["state", "stale_cause", "stale_at", "row_version"],
        default_user=by,
        default_date=at,
    )
    record_all(
        (f"review.{'stale' if review.state == Review.State.STALE else 'valid'}" for review in moved),
        moved,
        by=by,
        at=at,
        article=article,
    )
    return moved


@transaction.atomic
def follow_document(
    document: Document, *, by: User, at: datetime, items: Iterable[Evidence] | None = None
) -> list[Review]:
    """After a document changed, went or was taken back: ratings that rest on it are to be checked again.

    `items` are those of its evidence whose words are touched; all of it, if none are named. A rating that
    was stale for its words alone waits for a person from now on; what was approved and is not public yet is
    so no more. Answers with the published reviews it moved. It asks for no permission: it is the consequence
    of a deed that did, and part of its transaction.
    """
    touched = document.evidence.all() if items is None else items
    resting = {item.claim_id for item in touched}
    reason = _("What it rests on is not what it was when it was approved.")
    for claim in Claim.objects.filter(pk__in=resting).order_by("pk"):
        lapse_of(claim, reason=reason, by=by, at=at)
    followed = Review.objects.select_for_update(of=("self",)).following_words()
    return _doubt(list(followed.filter(claim__in=resting)), by=by, at=at)


def grounded(claims: Iterable[int]) -> list[Review]:
    """The published reviews of these claims, given by key, that rest on enough: locked, to be followed."""
    published = Review.objects.select_for_update(of=("self",)).filter(state=Review.State.PUBLISHED)
    return [review for review in published.filter(claim__in=claims) if has_ground(review)]


def follow_ground(before: Iterable[Review], *, by: User, at: datetime) -> list[Review]:
    """After what a document or an item of evidence is said to be has changed: `before` are those that had
    ground then. Of these, the ratings that have none any more are to be checked again."""
    published = Review.objects.filter(state=Review.State.PUBLISHED, pk__in=[review.pk for review in before])
    return _doubt([review for review in published if not has_ground(review)], by=by, at=at)


def has_ground(review: Review) -> bool:
    """Whether it could be published as it is, on what there is now."""
    review = Review.objects.select_related("claim", "level").get(pk=review.pk)
    try:
        hold_to_its_ground(review)
    except Refused:
        return False
    return True


def _doubt(moved: list[Review], *, by: User, at: datetime) -> list[Review]:
    for review in moved:
        review.row_version += 1
        review.stale_at = review.stale_at or at
        review.state, review.stale_cause = Review.State.STALE, Review.StaleCause.DOCUMENT
    bulk_update_with_history(
        moved, Review, ["state", "stale_cause", "stale_at", "row_version"], default_user=by, default_date=at
    )
    record_all(("review.drift" for _review in moved), moved, by=by, at=at, article=None)
    return moved
