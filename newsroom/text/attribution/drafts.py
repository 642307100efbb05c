"""An attribution before it has characters: ranges of words, to be cut and shared among neighbours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from newsroom.text.attribution.guesses import Reason, Unspoken

Range = tuple[int, int]


@dataclass(slots=True)
class Draft:
    """Ranges are words, end exclusive. The reporting clause goes from ``start`` to ``end``; ``before`` is the
    place of the word that parts it from what stands before it, -1 at the beginning.
    """

    cue: list[Range]
    source: Range | None
    content: list[Range]
    reasons: list[Reason]
    start: int
    end: int
    before: int = -1
    #: The content is a clause: it goes on until something cuts it. ``opener`` is its little word.
    clause: bool = False
    opener: str = ""
    gerund: bool = False
    #: The words in quotation marks are part of somebody else's sentence.
    mixed: bool = False
    #: The reporting clause is part of the content: an act is told.
    whole: bool = False
    #: The content stands in the next block.
    awaits: bool = False
    #: The source is that of the attribution before it in the sentence.
    shares: bool = False
    unspoken: Unspoken | None = None
    referent: Range | None = None


#: How sure a construction is where nothing speaks against it.
_SURE = {
    Reason.QUOTATION: 0.95,
    Reason.CLAUSE: 0.95,
    Reason.PREPOSITION: 0.9,
    Reason.QUESTION: 0.85,
    Reason.INFINITIVE: 0.85,
    Reason.BARE_CLAUSE: 0.85,
    Reason.ASIDE: 0.85,
    Reason.GERUND_CONTENT: 0.8,
    Reason.NAMING: 0.8,
    Reason.ACCUSATION: 0.8,
    Reason.NOUN: 0.65,
    Reason.COLON: 0.65,
    Reason.ACT: 0.6,
    Reason.OBJECT: 0.6,
}
#: What takes from it, and what adds to it.
_CHANGES = {
    Reason.DOUBTFUL_CUE: -0.4,
    Reason.NO_SOURCE: -0.25,
    Reason.DOUBTFUL_SOURCE: -0.2,
    Reason.NEGATED: -0.2,
    Reason.DISTANT: -0.1,
    Reason.GERUND: -0.1,
    Reason.THOUGHT: -0.1,
    Reason.SHARED_SOURCE: -0.05,
    Reason.RELATIVE: -0.05,
    Reason.CONTINUED: -0.05,
    Reason.KNOWN_NAME: 0.05,
}
#: An implied subject that was found takes less.
_FOUND = 0.1


def confidence(reasons: Iterable[Reason]) -> float:
    """Between 0.05 and 0.99. Figures set by hand: they put guesses in order and are no probabilities."""
    reasons = set(reasons)
    found = _FOUND if {Reason.NO_SOURCE, Reason.REFERENT} <= reasons else 0.0
    sure = max((_SURE[reason] for reason in reasons if reason in _SURE), default=0.5)
    changed = sure + found + sum(_CHANGES.get(reason, 0.0) for reason in reasons)
    return round(min(0.99, max(0.05, changed)), 2)
