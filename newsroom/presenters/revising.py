"""A change of a text before it is saved: what it does, to the annotations too, and what to call it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from newsroom.models import Article, Review, Revision, Target
from newsroom.text.changes import Passage, Piece, Reason, passages, reasons_to_correct, same_words, word_diff
from newsroom.text.selectors import joined

from .ratings import Badge, Ratings


@dataclass(frozen=True, slots=True)
class TouchedRating:
    """A rating that readers see, and whose words this change would alter or remove."""

    badge: Badge
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """`kind` is what the change looks like, for the reasons given in words; the person who saves decides.

    Of a draft it is a minor edit, and the `note` says no more than that: nobody has read what it changes.
    Annotations are counted by what the change does to them: what needed a person before is not told again.
    """

    kind: str
    note: str
    is_draft: bool
    reasons: tuple[str, ...]
    passages: tuple[Passage, ...]
    kept: int
    to_check: int
    lost: int
    found_again: int
    ratings: tuple[TouchedRating, ...]
    restored: int

    @property
    def is_correction(self) -> bool:
        return self.kind == Revision.Kind.CORRECTION


def proposal(article: Article, text: str, targets: Iterable[Target], *, at: datetime) -> Proposal:
    """What a new `text` would mean; `targets` are those that the annotations would have in it."""
    targets = list(targets)
    before = article.current_revision.text
    ratings, restored = _touched_ratings(targets)
    is_draft = not article.has_had_readers(at=at)
    reasons = [] if is_draft else list(_reasons(before, text, ratings))
    lost, to_check = _waiting(targets)
    were_lost, were_to_check = _waiting(Target.objects.live().filter(revision=article.current_revision))
    everything = {target.annotation_id for target in targets}
    return Proposal(
        kind=Revision.Kind.CORRECTION if reasons else Revision.Kind.MINOR,
        note=_("Work on the draft.") if is_draft else "",
        is_draft=is_draft,
        reasons=tuple(reasons),
        passages=tuple(passages(before, text)),
        kept=len(everything - lost - to_check - were_lost - were_to_check),
        to_check=len(to_check - were_to_check),
        lost=len(lost - were_lost),
        found_again=len((were_lost | were_to_check) - lost - to_check),
        ratings=ratings,
        restored=restored,
    )


def _waiting(targets: Iterable[Target]) -> tuple[set[int], set[int]]:
    """The annotations that have lost words, and the others that have words to be looked at."""
    targets = list(targets)
    lost = {target.annotation_id for target in targets if target.fate == Target.Fate.ORPHANED}
    return lost, {target.annotation_id for target in targets if target.needs_check} - lost


def _reasons(before: str, text: str, ratings: tuple[TouchedRating, ...]) -> Iterable[str]:
    if ratings:
        yield _("words that were rated change")
    found = reasons_to_correct(before, text)
    words: dict[Reason, str] = {
        "figures": _("figures change"),
        "dates": _("dates change"),
        "names": _("names change"),
        "negation": _("a negation comes or goes"),
    }
    yield from (said for reason, said in words.items() if reason in found)


def _touched_ratings(targets: list[Target]) -> tuple[tuple[TouchedRating, ...], int]:
    """Those that readers see and that would be stale, and how many stale ones would hold again."""
    words: dict[int, list[str]] = defaultdict(list)
    for target in sorted(targets, key=lambda target: target.ordinal):
        if target.role == Target.Role.CONTENT:
            words[target.annotation_id] += [target.exact] if target.start is not None else []
    reviews = Review.objects.following_words().filter(appearance__annotation__in=words)
    touched: list[tuple[Review, str]] = []
    restored = 0
    for review in reviews.select_related("appearance").order_by("appearance__annotation"):
        now = joined(words[review.appearance.annotation_id])
        stands = same_words(review.judged_words, now)
        if stands and review.state == Review.State.STALE:
            restored += 1
        elif not stands and review.state == Review.State.PUBLISHED:
            touched.append((review, now))
    if not touched:
        return (), restored
    known = Ratings.load()
    return tuple(
        TouchedRating(known.badge(review), tuple(word_diff(review.judged_words, now)))
        for review, now in touched
    ), restored
