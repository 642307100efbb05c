"""Place ↔ quotation: TextQuoteSelector and TextPositionSelector of the W3C Web Annotation model.

A position alone is lost with the first edit before it, a quotation alone with the first repetition, so both
are kept: ``describe()`` makes a selector of a place, ``match()`` finds the place again. This is the strict
half of re-anchoring: exact words only. The quotation's neighbours choose among equal words, and the
remembered position among equal neighbours. Where the answer is a choice and no more, the match is not
``certain``, and a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

CONTEXT = 32  # characters kept on each side of a quotation, as Apache Annotator and Hypothesis do
SIDE_AGREES = (
    0.5  # a side of a quotation agrees when this share of it, counted from the quotation, still stands
)


@dataclass(frozen=True, slots=True)
class Selector:
    """Quoted words, the characters on both sides of them, and their place (code points) where it is known."""

    exact: str
    prefix: str
    suffix: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A place of the words, and the share of the selector's context that stands around it (1.0 if it has
    none).

    ``certain``: the words stand once and, where there is context, one side of it agrees; or they stand more
    than once and the whole context stands around one of them only.
    """

    start: int
    end: int
    score: float
    certain: bool


def describe(text: str, start: int, end: int, *, context: int = CONTEXT) -> Selector:
    """The selector of ``text[start:end]``. ValueError unless ``0 <= start < end <= len(text)``."""
    return Selector(*quoted(text, start, end, context=context), start, end)


def quoted(text: str, start: int, end: int, *, context: int = CONTEXT) -> tuple[str, str, str]:
    """The words at a place, those before and those after, as `describe()` has them, where there are many."""
    if not 0 <= start < end <= len(text):
        raise ValueError(f"{start}:{end} is no place in a text of {len(text)} characters")
    return text[start:end], text[max(0, start - context) : start], text[end : end + context]


def match(text: str, selector: Selector) -> Match | None:
    """The best place of the selector's exact words: most context, then nearest to the old start, then first.

    None where the words do not stand in the text.
    """
    places = occurrences(text, selector.exact)
    if not places:
        return None
    length = len(selector.exact)
    whole = [
        place
        for place in places
        if text.endswith(selector.prefix, 0, place) and text.startswith(selector.suffix, place + length)
    ]
    agreements = {place: _agreement(text, place, selector) for place in places} if not whole else {}

    def rank(place: int) -> tuple[int, int]:
        distance = 0 if selector.start is None else abs(place - selector.start)
        return -sum(agreements.get(place, ())), distance

    start = min(whole or places, key=rank)
    if whole:
        score, agrees = 1.0, True
    else:
        before, after = agreements[start]
        score = (before + after) / (len(selector.prefix) + len(selector.suffix))
        agrees = any(
            side and kept >= SIDE_AGREES * len(side)
            for side, kept in ((selector.prefix, before), (selector.suffix, after))
        )
    alone = len(places) == 1 or (len(whole) == 1 and bool(selector.prefix or selector.suffix))
    return Match(start, start + length, score, certain=alone and agrees)


def joined(words: Iterable[str]) -> str:
    """Words that stand in several places and are quoted as one."""
    return " […] ".join(words)


def occurrences(text: str, exact: str) -> list[int]:
    """Where the words start, overlapping places included; none for no words."""
    places: list[int] = []
    place = text.find(exact) if exact else -1
    while place >= 0:
        places.append(place)
        place = text.find(exact, place + 1)
    return places


def _agreement(text: str, place: int, selector: Selector) -> tuple[int, int]:
    """How many characters next to the words, before and after, are still those of the selector."""
    before = text[max(0, place - len(selector.prefix)) : place]
    end = place + len(selector.exact)
    after = text[end : end + len(selector.suffix)]
    return _shared(reversed(selector.prefix), reversed(before)), _shared(selector.suffix, after)


def _shared(one: Iterable[str], other: Iterable[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
