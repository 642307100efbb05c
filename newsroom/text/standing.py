"""Whether quoted words stand in a text, and how much of a text still stands in a later one.

A page of the web is never twice the same: menus, dates, other headlines, advertisements come and go. So what
counts first is whether the very words that somebody quoted are still there, wherever they are; and then how
much of the old main text stands in the new one, in its order. What was added does not count.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import LCSseq

from newsroom.text.reanchoring.tokens import fold

Standing = Literal["exact", "alike", "absent"]

#: The share of the old words that must still stand, or the text says something else.
STANDS = 0.9

_LEFT_OUT = re.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3})\s*")
_MARKS = ' \t\n«»“”„‟"‹›'
_WORDS = re.compile(r"\w+")


def standing(quotation: str, *texts: str) -> Standing:
    """The best that can be said of a quotation in these texts.

    Exact: each word and mark, whatever the blanks; what an ellipsis leaves out is left out. Alike: the same
    but for quotation marks, dashes, capitals or Unicode form.
    """
    for answer, plain in (("exact", _in_one_line), ("alike", fold)):
        pieces = [piece for part in _LEFT_OUT.split(quotation.strip(_MARKS)) if (piece := plain(part))]
        if pieces and any(_in_order(pieces, plain(text)) for text in texts if text):
            return "exact" if answer == "exact" else "alike"
    return "absent"


def _in_one_line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _in_order(pieces: list[str], text: str) -> bool:
    place = 0
    for piece in pieces:
        place = _behind(piece, text, place)
        if place < 0:
            return False
    return True


def _behind(piece: str, text: str, place: int) -> int:
    """Where whole words end that stand in the text from `place` on; -1 if they do not."""
    while (start := text.find(piece, place)) >= 0:
        end = start + len(piece)
        if not (_cuts(text, start) or _cuts(text, end)):
            return end
        place = start + 1
    return -1


def _cuts(text: str, place: int) -> bool:
    """Whether a place lies within a word."""
    return text[place - 1 : place].isalnum() and text[place : place + 1].isalnum()


@dataclass(frozen=True, slots=True)
class Drift:
    """What became of a text: the quotations that are gone, and the share of its words that still stand."""

    lost: tuple[str, ...]
    likeness: float

    @property
    def says_something_else(self) -> bool:
        """Whether it changed so much that all that rests on it needs a look."""
        return self.likeness < STANDS


def drift(was: tuple[str, str], now: tuple[str, str], quotations: Iterable[str]) -> Drift:
    """`was` and `now` are main text and whole text. Lost is what stood there, and does not any more."""
    lost = tuple(
        quotation
        for quotation in quotations
        if standing(quotation, *was) != "absent" and standing(quotation, *now) == "absent"
    )
    return Drift(lost, _likeness(was[0], now[0]))


def _likeness(was: str, now: str) -> float:
    old, new = (_WORDS.findall(fold(text)) for text in (was, now))
    return LCSseq.similarity(old, new) / len(old) if old else 1.0
