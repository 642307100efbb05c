"""A review's row: locked as it was looked at, written with its history and one version on, recorded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from newsroom.actions.deeds import record
from newsroom.actions.refusals import Overtaken
from newsroom.models import Article, Claim, Review, User
from newsroom.models.identity import Identified


def taken(review: Review, *, row_version: int | None) -> Review:
    """The row, locked; before it its article and its claim, in the order of all deeds.

    Raises Overtaken if it is not any more what was looked at.
    """
    lock_article(review.appearance_id)
    locked_claim(review.claim_id)
    found = Review.objects.select_for_update(of=("self",)).select_related("claim", "level").get(pk=review.pk)
    if found.row_version != (review.row_version if row_version is None else row_version):
        raise Overtaken.on_review(found)
    return found


def lock_article(appearance: int | None) -> None:
    """A new text locks its article first, then the reviews of its words: so does all that locks both."""
    if appearance is not None:
        list(Article.objects.for_change().filter(annotations__appearance=appearance))


def locked_claim(pk: int) -> Claim:
    """Not its key, to which other rows may go on pointing: who tags it elsewhere does not wait."""
    return Claim.objects.select_for_update(no_key=True).get(pk=pk)


def lock_claims(keys: Iterable[int]) -> None:
    """Those of what ratings rest on: while they are locked, no rating of them is published unseen."""
    list(Claim.objects.select_for_update(no_key=True).filter(pk__in=set(keys)).order_by("pk"))


def left(
    verb: str,
    review: Review,
    *,
    by: User,
    at: datetime,
    beside: Iterable[Identified] = (),
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Review:
    """Saves the review, says in its history and in the log who did what, and answers with it."""
    save(review, by=by, at=at)
    objects = [review, review.claim, *beside]
    record(verb, by=by, at=at, article=article_of(review), objects=objects, before=before, after=after)
    return review


def save(review: Review, *, by: User, at: datetime) -> None:
    if review.pk is not None:
        review.row_version += 1
    review._history_user, review._history_date = by, at
    review.save()


def article_of(review: Review) -> Article | None:
    return review.appearance.annotation.article if review.appearance_id else None


def gist(review: Review) -> dict[str, str]:
    return {
        "rating": review.level.code_name,
        "judges": review.judges,
        "words": review.judged_words,
        "summary": review.summary,
    }
