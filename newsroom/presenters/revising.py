"""A change of a text before it is saved: what it does, to the annotations too, and what to call it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from newsroom.models import Review, Revision, Target
from newsroom.text.changes import Piece, Reason, reasons_to_correct, same_words, word_diff
from newsroom.text.selectors import joined

from .ratings import Badge, Ratings


@dataclass(frozen=True, slots=True)
class TouchedRating:
    """A rating that readers see, and whose words this change would alter or remove."""

    badge: Badge
    words: str
    lang: str
    pieces: tuple[Piece, ...]
    is_lost: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """`kind` is what the change looks like, for the reasons given in words; the person who saves decides."""

    kind: str
    reasons: tuple[str, ...]
    pieces: tuple[Piece, ...]
    kept: int
    to_check: int
    lost: int
    ratings: tuple[TouchedRating, ...]

    @property
    def is_correction(self) -> bool:
        return self.kind == Revision.Kind.CORRECTION


def proposal(before: Revision, text: str, targets: Iterable[Target]) -> Proposal:
    """What a new `text` would mean; `targets` are those that the annotations would have in it."""
    targets = list(targets)
    ratings = tuple(_touched_ratings(before, targets))
    reasons = [_in_words(reason) for reason in sorted(reasons_to_correct(before.text, text))]
    if ratings:
        reasons.insert(0, _("words that were rated change"))
    lost = {target.annotation_id for target in targets if target.fate == Target.Fate.ORPHANED}
    to_check = {target.annotation_id for target in targets if target.needs_check} - lost
    everything = {target.annotation_id for target in targets}
    return Proposal(
        kind=Revision.Kind.CORRECTION if reasons else Revision.Kind.MINOR,
        reasons=tuple(reasons),
        pieces=tuple(word_diff(before.text, text)),
        kept=len(everything - lost - to_check),
        to_check=len(to_check),
        lost=len(lost),
        ratings=ratings,
    )


def _in_words(reason: Reason) -> str:
    return {
        "figures": _("figures change"),
        "names": _("names change"),
        "negation": _("a negation comes or goes"),
    }[reason]


def _touched_ratings(before: Revision, targets: list[Target]) -> Iterable[TouchedRating]:
    words: dict[int, list[str]] = {}
    for target in sorted(targets, key=lambda target: target.ordinal):
        if target.role == Target.Role.CONTENT:
            placed = words.setdefault(target.annotation_id, [])
            if target.start is not None:
                placed.append(target.exact)
    reviews = (
        Review.objects.current()
        .filter(state=Review.State.PUBLISHED, appearance__annotation__in=words)
        .select_related("appearance")
    )
    known: Ratings | None = None
    for review in reviews:
        now = joined(words[review.appearance.annotation_id])
        if not same_words(review.judged_words, now):
            known = known or Ratings.load()
            yield TouchedRating(
                badge=known.badge(review),
                words=review.judged_words,
                lang=before.article.lang,
                pieces=tuple(word_diff(review.judged_words, now)),
                is_lost=not now,
            )
