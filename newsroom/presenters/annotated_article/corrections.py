"""The corrections of an article, each with what it left to be checked again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from newsroom.models import Article, Correction

from .notes import Note
from .standing import StandingClaim


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A correction, with the notes of the claims that it touched and that are being checked again."""

    correction: Correction
    to_check_again: tuple[Note, ...]


def corrections_of(
    article: Article, notes: dict[int, Note], claims: dict[int, StandingClaim]
) -> Iterable[CorrectionLine]:
    """The newest first."""
    corrections = (
        Correction.objects.filter(article=article)
        .select_related("before", "after")
        .only("at", "lang", "note", "before__number", "after__number")
        .order_by("-at", "-pk")
    )
    stale: dict[int, list[Note]] = defaultdict(list)
    for annotation, note in notes.items():
        if note.changed and not note.changed.reason:
            stale[claims[annotation].claim.pk].append(note)
    touched: dict[int, list[int]] = defaultdict(list)
    if stale:
        pairs = Correction.claims.through.objects.filter(correction__article=article, claim__in=stale)
        for correction, claim in pairs.order_by("claim").values_list("correction", "claim"):
            touched[correction].append(claim)
    for correction in corrections:
        to_check_again = (note for claim in touched[correction.pk] for note in stale[claim])
        yield CorrectionLine(correction, tuple(sorted(to_check_again, key=lambda note: note.number)))
