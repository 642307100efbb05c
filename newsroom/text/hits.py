"""Where a query's words stand in a text, and which passage shows them best.

This is for the eye: a database has found the text already, by the tokens of `stems.py`; here the same tokens
are looked for again, with their places.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from .queries import Query
from .stems import Word, initial, pair, stem, words

#: Characters of a passage.
PASSAGE = 240


@dataclass(frozen=True, slots=True)
class Hit:
    """Code points of the text, end exclusive, and which of the query's terms and phrases stands there."""

    start: int
    end: int
    term: int


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text, and whether it is a hit."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a text in runs. `cut_before` and `cut_after`: words were left out there."""

    runs: tuple[Run, ...]
    cut_before: bool
    cut_after: bool

    @property
    def has_hits(self) -> bool:
        return any(run.marked for run in self.runs)


def marks(text: str, query: Query, lang: str = "") -> list[tuple[int, int]]:
    """The places to be marked, in order; none touches another. Stems count in a text of that language."""
    return _merged(_hits(text, query, lang))


def marked(text: str, query: Query, lang: str = "") -> Passage:
    """The whole text, with its hits."""
    return _passage(text, 0, len(text), marks(text, query, lang))


def passage(text: str, query: Query, lang: str = "", *, length: int = PASSAGE) -> Passage:
    """Of a long text the piece with most of the query's words, then with most hits, then the first.

    It is about so long, begins and ends with whole words, and never runs over a line feed. Without any hit it
    is the beginning.
    """
    found = _hits(text, query, lang)
    start, end = _around(text, found, length) if found else (0, 0)
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    spare = max(0, length - (end - start))
    first = _whole_word(text, max(line_start, start - spare // 2), line_start, start)
    last = _whole_word_back(text, min(line_end, max(end, first + length)), end, line_end)
    return _passage(text, first, last, _merged(found))


def _hits(text: str, query: Query, lang: str) -> list[Hit]:
    return sorted(_all_hits(text, query, lang), key=lambda hit: (hit.start, -hit.end))


def _merged(found: list[Hit]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for hit in found:
        if merged and hit.start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], hit.end)
        else:
            merged.append((hit.start, hit.end))
    return merged


def _all_hits(text: str, query: Query, lang: str) -> Iterator[Hit]:
    wanted: dict[str, int] = {}
    beginnings: list[tuple[str, int]] = []
    for number, term in enumerate(query.terms):
        for token in term.tokens:
            wanted.setdefault(token, number)
        beginnings += ((beginning, number) for beginning in term.beginnings)
    # A stem begins as its word does, so most words need not be stemmed.
    initials = {initial(token) for token in (*wanted, *(beginning for beginning, _number in beginnings))}
    known: dict[str, int | None] = {}

    def term_of(token: str) -> int | None:
        if token not in known:
            number = wanted.get(token, wanted.get(stem(token, lang) or token))
            if number is None:
                number = next((n for beginning, n in beginnings if token.startswith(beginning)), None)
            known[token] = number
        return known[token]

    has_pairs = any(token.startswith("==") for token in wanted)
    found = list(words(text))
    for number, word in enumerate(found):
        if word.token[0] not in initials:
            continue
        term = term_of(word.token)
        if term is not None:
            yield Hit(word.start, word.end, term)
        if has_pairs and number + 1 < len(found) and (joined := pair(text, word, found[number + 1])):
            term = term_of(joined)
            if term is not None:
                yield Hit(word.start, found[number + 1].end, term)
    for number, phrase in enumerate(query.phrases, start=len(query.terms)):
        for start, end in _stands(found, phrase):
            yield Hit(start, end, number)


def _stands(found: list[Word], phrase: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    for number, word in enumerate(found[: len(found) - len(phrase) + 1]):
        if word.token == phrase[0]:
            window = found[number : number + len(phrase)]
            if all(one.token == token for one, token in zip(window, phrase, strict=True)):
                yield word.start, window[-1].end


def _around(text: str, found: list[Hit], length: int) -> tuple[int, int]:
    """The hits that a passage of this length shows best: from the first to the last of them."""
    best: tuple[tuple[int, int], int, int] | None = None
    starts = [hit.start for hit in found]
    for number, hit in enumerate(found):
        line_end = text.find("\n", hit.end)
        limit = min(hit.start + length, len(text) if line_end < 0 else line_end)
        inside = [
            other for other in found[number : bisect_right(starts, limit)] if other.end <= max(limit, hit.end)
        ]
        rank = len({other.term for other in inside}), len(inside)
        if best is None or rank > best[0]:
            best = rank, hit.start, max(other.end for other in inside)
    assert best is not None
    return best[1], best[2]


def _whole_word(text: str, place: int, line_start: int, limit: int) -> int:
    """The first beginning of a word from `place` on, `limit` at the latest."""
    if place <= line_start:
        return line_start
    while place < limit and not text[place - 1].isspace():
        place += 1
    return place


def _whole_word_back(text: str, place: int, limit: int, line_end: int) -> int:
    """The last end of a word before or at `place`, `limit` at the earliest."""
    if place >= line_end:
        return line_end
    while place > limit and not text[place].isspace():
        place -= 1
    return place


def _passage(text: str, first: int, last: int, places: list[tuple[int, int]]) -> Passage:
    runs, at = [], first
    for start, end in places:
        start, end = max(start, first), min(end, last)
        if start >= end:
            continue
        if at < start:
            runs.append(Run(text[at:start], False))
        runs.append(Run(text[start:end], True))
        at = end
    if at < last:
        runs.append(Run(text[at:last], False))
    return Passage(tuple(runs), cut_before=first > 0, cut_after=last < len(text))
