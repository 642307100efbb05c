"""Which characters are text, and how one line of it is written.

A line is canonical when it is in Unicode's composed form (NFC), holds no character that is not text, and no
run of blanks. Offsets are counted in canonical text, so whoever changes a line must say where its edges went:
``canonical()`` takes the edges of the inline spans through every change.

An edge never parts a character from its combining marks. In ``e<em>◌́t</em>`` the accent belongs to the
character that was begun first, so the text is ``ét`` and the emphasis begins after it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

# Controls, soft hyphens, zero-width spaces, word joiners, byte order marks, surrogates and noncharacters are
# no words, hide differences between quotations, and half of them no XML may hold. Zero-width joiners, marks
# of direction, variation selectors and the tags of flags stay: writing needs them.
NOT_TEXT = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060-\u2065\u206a-\u206f\ud800-\udfff"
    "\ufdd0-\ufdef\ufeff\ufff0-\ufffc\ufffe\uffff]"
)
# A lone no-break or thin space is typography («10 000», « ça »); a run of blanks is layout.
_BLANKS = re.compile(r"\s{2,}|[\t\n\v\f\r\x85\u2028\u2029]")
_LINE_ENDS = re.compile("[\n\v\f\r\x85\u2028\u2029]")
_UNSEEN = "\u061c\u200c-\u200f\u202a-\u202e\u2066-\u2069"
_NOTHING_SEEN = re.compile(rf"[\s{_UNSEEN}]*")
_LETTER = re.compile(r"[^\W\d_]")
#: Letters that Latin is written with, accents included.
_LATIN = re.compile(r"[A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿ]")


def canonical(text: str, edges: Sequence[int] = (), *, keep_blanks: bool = False) -> tuple[str, list[int]]:
    """Return one line in canonical form and where the edges (ascending offsets into ``text``) stand in it.

    ``keep_blanks`` is for preformatted text: only the blanks at the end of the line go. The line is empty
    when it holds nothing that can be seen.
    """
    pieces = [NOT_TEXT.sub("", text[start:end]) for start, end in pairwise((0, *edges, len(text)))]
    pieces = _compose(pieces)
    pieces = [_LINE_ENDS.sub(" ", piece) for piece in pieces] if keep_blanks else _collapse(pieces)

    line = "".join(pieces)
    if _NOTHING_SEEN.fullmatch(line):
        return "", [0] * len(edges)
    kept = line.rstrip() if keep_blanks else line.strip()
    lead = 0 if keep_blanks else len(line) - len(line.lstrip())
    moved, at = [], -lead
    for piece in pieces[:-1]:
        at += len(piece)
        moved.append(min(max(at, 0), len(kept)))
    return kept, moved


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without blanks at its ends, its edges moved behind combining marks; it may become empty."""
    while end < len(text) and joins(text[end]):
        end += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    while start < end and (text[start].isspace() or joins(text[start])):
        start += 1
    return start, end


def joins(character: str) -> bool:
    """Whether a character attaches to the one before it: a mark, or a Hangul or Kirat Rai vowel or tail."""
    return character >= "\u0300" and (
        unicodedata.category(character)[0] == "M"
        or "\u1160" <= character <= "\u11ff"
        or "\U00016d63" <= character <= "\U00016d6a"
    )


def is_latin(text: str) -> bool:
    """Whether more than half of its letters are Latin: of a text without letters that is not so."""
    return 2 * len(_LATIN.findall(text)) > len(_LETTER.findall(text))


def _compose(pieces: list[str]) -> list[str]:
    """Give each piece the marks that follow it, then compose it: no composition crosses an edge any more."""
    for index in range(len(pieces) - 1, 0, -1):
        piece = pieces[index]
        marks = 0
        while marks < len(piece) and joins(piece[marks]):
            marks += 1
        pieces[index - 1] += piece[:marks]
        pieces[index] = piece[marks:]
    return [unicodedata.normalize("NFC", piece) for piece in pieces]


def _collapse(pieces: list[str]) -> list[str]:
    """Make every run of blanks one space, also where it crosses an edge: it then stands before the edge."""
    collapsed: list[str] = []
    last = 0
    for piece in pieces:
        piece = _BLANKS.sub(" ", piece)
        if collapsed and piece[:1].isspace() and collapsed[last][-1:].isspace():
            collapsed[last] = collapsed[last][:-1] + " "
            piece = piece[1:]
        if piece:
            last = len(collapsed)
        collapsed.append(piece)
    return collapsed
