"""Why a rating is to be checked again: the words that it judged, held against those that stand there now.

Or the reason that a person of the newsroom gave; or that something which it rests on changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from newsroom.models import Review, Target
from newsroom.text.changes import Piece, word_diff
from newsroom.text.selectors import joined


@dataclass(frozen=True, slots=True)
class ChangedWords:
    """`since` is None where it is not known; there are no `pieces` where the words stand on another page.

    With a `reason`, in `lang`, the words are the same and somebody wants a new look.
    """

    since: datetime | None
    lang: str = ""
    pieces: tuple[Piece, ...] = ()
    are_gone: bool = False
    #: It is not the words: a document that the rating rests on changed, or is gone.
    by_document: bool = False
    reason: str = ""


def changed_words(judged: str, now: str, *, lang: str, since: datetime | None) -> ChangedWords:
    """`now` is empty where the words are gone."""
    return ChangedWords(since, lang, tuple(word_diff(judged, now)), are_gone=not now)


def words_of(review: Review, *, at: datetime) -> ChangedWords:
    """For a stale review; without the words where readers cannot see them."""
    if review.stale_cause == Review.StaleCause.DOCUMENT:
        return ChangedWords(review.stale_at, by_document=True)
    if review.stale_reason:
        return ChangedWords(review.stale_at, review.lang, reason=review.stale_reason)
    places = list(
        Target.objects.current()
        .public(at=at)
        .filter(annotation__appearance=review.appearance_id or 0, role=Target.Role.CONTENT)
        .order_by("ordinal")
        .values_list("exact", "start", "annotation__article__lang")
    )
    if not places:
        return ChangedWords(review.stale_at)
    now = joined(exact for exact, start, _lang in places if start is not None)
    return changed_words(review.judged_words, now, lang=places[0][2], since=review.stale_at)
