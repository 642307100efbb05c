"""What changed between two texts: word by word for the eye, and whether it looks like a correction."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Indel

from newsroom.text.reanchoring.tokens import fold

_PIECES = re.compile(r"\w+|\s+|[^\w\s]")
_DIGIT = re.compile(r"\d")
#: Words that turn a statement round, in Italian and English.
_NEGATIONS = frozenset(
    [
        "non",
        "no",
        "né",
        "mai",
        "nessuno",
        "nessuna",
        "nessun",
        "niente",
        "nulla",
        "senza",
        "neanche",
        "nemmeno",
    ]
    + ["not", "nor", "never", "none", "nobody", "nothing", "without", "cannot", "neither"]
)


def same_words(was: str, now: str) -> bool:
    """Whether two quotations differ at most in quotes, dashes, blanks, case or Unicode form."""
    return was == now or fold(was) == fold(now)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the two texts: words of both, of the old one alone, or of the new one alone."""

    kind: Literal["same", "removed", "added"]
    text: str


def word_diff(old: str, new: str) -> list[Piece]:
    """Pieces whose `same` and `removed` make `old`, whose `same` and `added` make `new`, in order."""
    was, now = _PIECES.findall(old), _PIECES.findall(new)
    pieces: list[Piece] = []
    for step in Indel.opcodes(was, now):
        if step.tag == "equal":
            pieces.append(Piece("same", "".join(was[step.src_start : step.src_end])))
        elif step.tag == "delete":
            pieces.append(Piece("removed", "".join(was[step.src_start : step.src_end])))
        else:
            pieces.append(Piece("added", "".join(now[step.dest_start : step.dest_end])))
    return list(_readable(pieces))


def _readable(pieces: list[Piece]) -> Iterable[Piece]:
    """Neighbouring changes put together: what went before what came, a lone blank between them in both."""
    removed = added = ""
    for number, piece in enumerate(pieces):
        between = removed or added
        if piece.kind == "same" and not (piece.text.isspace() and between and number + 1 < len(pieces)):
            yield from _change(removed, added)
            removed = added = ""
            yield piece
        else:
            removed += piece.text if piece.kind != "added" else ""
            added += piece.text if piece.kind != "removed" else ""
    yield from _change(removed, added)


def _change(removed: str, added: str) -> Iterable[Piece]:
    if removed:
        yield Piece("removed", removed)
    if added:
        yield Piece("added", added)


Reason = Literal["figures", "negation", "names"]


def reasons_to_correct(old: str, new: str) -> set[Reason]:
    """What in a change speaks for a correction: figures, a negation, a name (a capital inside a sentence)."""
    reasons: set[Reason] = set()
    sentence_begins = True
    for piece in word_diff(old, new):
        for word in _PIECES.findall(piece.text):
            if piece.kind != "same":
                if _DIGIT.search(word):
                    reasons.add("figures")
                if word.casefold() in _NEGATIONS:
                    reasons.add("negation")
                if word[0].isupper() and not sentence_begins:
                    reasons.add("names")
            if not word.isspace():
                sentence_begins = word in ".!?…" or (sentence_begins and not word[0].isalnum())
            elif "\n" in word:
                sentence_begins = True
    return reasons
