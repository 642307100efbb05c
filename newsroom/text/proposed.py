"""One shape for what a program proposes to tag: presenters make it, deeds make rows of it.

It names rows by keys that it was given and does not look into. Offsets are code points of the text.
"""

from __future__ import annotations

from typing import NamedTuple

from .annotated import CONTENT, Part

#: A code, which stays as it is, and the words that it rests on.
Reason = tuple[str, tuple[str, ...]]


class Offered(NamedTuple):
    """An entity, a source or a claim that it may stand for, by its key, and why."""

    key: int
    reasons: tuple[Reason, ...] = ()


class Proposed(NamedTuple):
    """A tag as it may be: its parts in the order of their places, which program, how sure it is, and why.

    Of a mention `entity_kind` is the guessed kind, and `form` how it is named; of an attribution
    `quote_type`, and `unspoken` why its words name nobody. `offers` are those that it may stand for,
    likeliest first. `follows` is the place, in the list that it came in, of what it hangs on: of a short name
    the long one, of an attribution the one that it stands in.
    """

    kind: str
    parts: tuple[Part, ...]
    generator: str
    confidence: float
    reasons: tuple[Reason, ...] = ()
    entity_kind: str = ""
    form: str = ""
    quote_type: str = ""
    unspoken: str = ""
    offers: tuple[Offered, ...] = ()
    follows: int | None = None

    @property
    def content(self) -> tuple[tuple[int, int], ...]:
        return tuple((part.start, part.end) for part in self.parts if part.role == CONTENT)
