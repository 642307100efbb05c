"""Names of somebody else's table, and what they mean here: what is asked, what may be meant, how alike.

The shapes of a reconciliation (W3C Entity Reconciliation Community Group, Reconciliation Service API 0.2 and
1.0-draft), as formats read and write them and presenters answer them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from .folding import fold
from .stems import words


@dataclass(frozen=True, slots=True)
class Wanted:
    """A property that what is meant should have, with one of these values; `needed`: it must."""

    property: str
    values: tuple[str, ...]
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """Who or what goes by these names? `kinds` are all that it may be of; none for any."""

    names: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    limit: int | None = None
    wanted: tuple[Wanted, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be meant. `score` is between 0 and 100; `match` says that it is, and nothing else.

    `features` are what the score is made of: resemblances of the name and of each property asked for.
    """

    id: str
    name: str
    lang: str
    description: str
    kind: str
    score: float
    match: bool
    features: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a property: words, or with an `id` something that can be asked for itself."""

    words: str
    lang: str = ""
    id: str = ""


def resemblance(one: str, other: str) -> float:
    """From 0 to 100; 100 is the same words, in whatever order, case and accents: “Neri, Ada” is Ada Neri.

    The words are put in order and compared by what has to be taken out and put in, of all characters
    (normalised Indel similarity).
    """
    return fuzz.ratio(_in_order(one), _in_order(other))


#: The name that is asked for is held against many, one after the other.
@lru_cache(maxsize=256)
def _in_order(name: str) -> str:
    folded = fold(name)
    return " ".join(sorted(folded[word.start : word.end] for word in words(folded))) or folded
