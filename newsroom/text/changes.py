"""What changed between two texts: word by word for the eye, and whether it looks like a correction."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from rapidfuzz.distance import Indel

from newsroom.text.reanchoring.facts import AMOUNTS, DATES, NEGATIONS
from newsroom.text.reanchoring.tokens import fold

_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_PIECES = re.compile(r"\w+|[^\S\n]+|\n|[^\w\s]")
_DIGIT = re.compile(r"\d")
_NOT = re.compile(r"['’]t\b")  # what makes can into can’t


def same_words(was: str, now: str) -> bool:
    """Whether two quotations differ at most in quotes, dashes, blanks, case or Unicode form."""
    return was == now or fold(was) == fold(now)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the two texts: words of both, of the old one alone, or of the new one alone."""

    kind: Literal["same", "removed", "added"]
    text: str


def word_diff(old: str, new: str) -> list[Piece]:
    """Pieces whose `same` and `removed` make `old`, whose `same` and `added` make `new`, in order.

    No piece is empty and none has a neighbour of its kind. Lines are compared first, and words only where
    lines changed: quicker by far, and what a person expects to see of a paragraph that was written anew.
    """
    changes: list[tuple[str, str]] = []
    for was, now in _stretches(_LINES.findall(old), _LINES.findall(new)):
        if was == now:
            changes.append((was, now))
        else:
            changes += _stretches(_PIECES.findall(was), _PIECES.findall(now))
    return list(_pieces(_without_islands(changes)))


def _stretches(was: list[str], now: list[str]) -> Iterator[tuple[str, str]]:
    """Two rows of strings, cut where they begin or cease to be equal; each stretch of both is joined."""
    old_from = new_from = 0
    for block in Indel.opcodes(was, now).as_matching_blocks():
        if old_from < block.a or new_from < block.b:
            yield "".join(was[old_from : block.a]), "".join(now[new_from : block.b])
        old_from, new_from = block.a + block.size, block.b + block.size
        if block.size:
            equal = "".join(was[block.a : old_from])
            yield equal, equal


def _without_islands(changes: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Changes with nothing but a blank between them put together: one reads phrases, not single words."""
    held: tuple[str, str] | None = None
    blank = ""
    for was, now in changes:
        if was != now:
            held = (held[0] + blank + was, held[1] + blank + now) if held else (was, now)
            blank = ""
        elif held and not blank and was.isspace() and "\n" not in was:
            blank = was
        else:
            if held:
                yield held
            if blank:
                yield blank, blank
            held, blank = None, ""
            yield was, now
    if held:
        yield held
    if blank:
        yield blank, blank


def _pieces(changes: Iterable[tuple[str, str]]) -> Iterator[Piece]:
    same = ""
    for was, now in changes:
        if was == now:
            same += was
            continue
        if same:
            yield Piece("same", same)
            same = ""
        if was:
            yield Piece("removed", was)
        if now:
            yield Piece("added", now)
    if same:
        yield Piece("same", same)


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines of the two texts in a row, each in pieces: all of them changed, or none."""

    changed: bool
    lines: tuple[tuple[Piece, ...], ...]


def passages(old: str, new: str) -> list[Passage]:
    """The word diff of two long texts, line by line; empty lines are left out."""
    lines: list[list[Piece]] = [[]]
    for piece in word_diff(old, new):
        first, *others = piece.text.split("\n")
        lines[-1] += [Piece(piece.kind, first)] if first else []
        lines += [[Piece(piece.kind, text)] if text else [] for text in others]
    grouped = groupby(filter(None, lines), lambda line: any(piece.kind != "same" for piece in line))
    return [Passage(changed, tuple(map(tuple, group))) for changed, group in grouped]


Reason = Literal["figures", "dates", "names", "negation"]


def reasons_to_correct(old: str, new: str) -> set[Reason]:
    """What in a change speaks for a correction: a figure, a date, a name, a negation that came or went.

    A paragraph that only stands elsewhere changes none of them. A name is a capital inside a sentence, so
    the first word of a sentence that was written anew is none.
    """
    reasons: set[Reason] = set()
    # Per text, since the words of both run past in turn: whether the next word begins a sentence.
    begins = {"removed": True, "added": True}
    for piece in word_diff(*_without_common_lines(old, new)):
        read_in = begins.keys() if piece.kind == "same" else (piece.kind,)
        if piece.kind != "same" and _NOT.search(piece.text):
            reasons.add("negation")
        for word in _PIECES.findall(piece.text):
            if piece.kind != "same":
                reasons.update(_told_by(word, begins_sentence=begins[piece.kind]))
            for text in read_in:
                begins[text] = _begins_sentence(word, before=begins[text])
    return reasons


def _without_common_lines(old: str, new: str) -> tuple[str, str]:
    """The lines of each text that the other has not, wherever they stand."""
    was, now = old.split("\n"), new.split("\n")
    common = Counter(was) & Counter(now)
    return _without(was, common), _without(now, common)


def _without(lines: list[str], dropped: Counter[str]) -> str:
    left = Counter(dropped)
    kept = []
    for line in lines:
        if left[line]:
            left[line] -= 1
        else:
            kept.append(line)
    return "\n".join(kept)


def _told_by(word: str, *, begins_sentence: bool) -> Iterator[Reason]:
    folded = word.casefold()
    if _DIGIT.search(word) or folded in AMOUNTS:
        yield "figures"
    if folded in DATES:
        yield "dates"
    if folded in NEGATIONS:
        yield "negation"
    if word[0].isupper() and not begins_sentence and folded not in DATES:
        yield "names"


def _begins_sentence(word: str, *, before: bool) -> bool:
    """Whether the word after this one begins a sentence, given whether this one did."""
    if word == "\n" or word in ".!?…":
        return True
    return before and not word[0].isalnum()
