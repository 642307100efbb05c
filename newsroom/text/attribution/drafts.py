"""An attribution before it has characters: ranges of words, to be cut and shared among neighbours."""

from __future__ import annotations

from dataclasses import dataclass, field

from .guesses import Reason, Unspoken

Range = tuple[int, int]


@dataclass(slots=True)
class Draft:
    """Ranges of words, end exclusive. ``start`` to ``end`` is the reporting clause, ``before`` what parts it from
    the words before it (-1 at the beginning).

    ``clause``: the content is a clause that goes on until something cuts it, introduced by ``opener``.
    """

    cue: list[Range]
    source: Range | None
    content: list[Range]
    reasons: list[Reason]
    start: int
    end: int
    before: int = -1
    clause: bool = False
    opener: str = ""
    gerund: bool = False
    mixed: bool = False
    whole: bool = False
    awaits: bool = False
    unspoken: Unspoken | None = None
    referent: Range | None = None
    shares: bool = field(default=False)
