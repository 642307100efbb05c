"""What became of a span: its fate, read off the alignment and held against the words themselves."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import edlib
from rapidfuzz.distance import Indel

from newsroom.text.reanchoring.alignment import GONE, Likeness, align
from newsroom.text.reanchoring.facts import Facts
from newsroom.text.reanchoring.moves import follow_moves
from newsroom.text.reanchoring.places import Map, Place
from newsroom.text.reanchoring.tokens import Vocabulary, fold, tokenise

_SURE, _LEAST = 0.80, 0.50  # scores from which a change needs no person, and below which it is no change but a loss
_SHORT, _SUPPORT = 2.0, 0.10  # a span that weighs no more must bring that share of its neighbours along
_SEARCH_LETTERS, _SEARCH_WEIGHT, _SEARCH_ERRORS, _SEARCH_TOKENS, _SEARCH_SHARE = 20, 3.0, 0.25, 4, 0.34
_CANDIDATES = 5


class State(StrEnum):
    """``exact``: the same words in their order. ``moved``: the same words, elsewhere in the order. ``altered``: other
    words in the same place. ``orphaned``: no place."""

    EXACT = "exact"
    MOVED = "moved"
    ALTERED = "altered"
    ORPHANED = "orphaned"


@dataclass(frozen=True, slots=True)
class Candidate:
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Fate:
    state: State
    start: int | None
    end: int | None
    score: float
    needs_check: bool = False
    reason: str = ""
    candidates: tuple[Candidate, ...] = ()


def reanchor(old: str, new: str, spans: Sequence[tuple[int, int]]) -> list[Fate]:
    for start, end in spans:
        if not 0 <= start <= end <= len(old):
            raise ValueError(f"{start}:{end} is no place in a text of {len(old)} characters")
    if old == new:
        return [Fate(State.EXACT, start, end, 1.0) for start, end in spans]
    reading = _Reading(old, new)
    return [reading.fate(start, end) for start, end in spans]


class _Reading:
    """One pair of revisions, aligned once; every span is read off it."""

    def __init__(self, old: str, new: str) -> None:
        self.old_text, self.new_text = old, new
        self.vocabulary = Vocabulary()
        self.old, self.new = tokenise(old, self.vocabulary), tokenise(new, self.vocabulary)
        likeness = Likeness(self.vocabulary)
        self.alignment = align(self.old, self.new, likeness)
        follow_moves(self.old, self.new, self.alignment, likeness)
        self.map = Map(self.old, self.new, self.alignment)

    @cached_property
    def facts(self) -> tuple[Facts, Facts]:
        return (
            Facts(self.old_text, self.old, self.vocabulary),
            Facts(self.new_text, self.new, self.vocabulary),
        )

    def fate(self, start: int, end: int) -> Fate:
        a = bisect_right(self.old.ends, start)
        b = bisect_left(self.old.starts, end)
        if a >= b:
            return Fate(State.ORPHANED, None, None, 0.0, reason="blank")
        weight = self.map.weight(a, b)
        rejected: list[Candidate] = []
        for rank, place in enumerate(self.map.places(a, b)):
            fate = self.judge(start, end, a, b, place)
            if rank == 0 and fate.score >= 0.6 - 0.2 * place.support and (weight > _SHORT or place.support >= _SUPPORT):
                return fate
            rejected.append(Candidate(fate.start, fate.end, fate.score))
        found = self.search(start, end, a, b, weight)
        if found:
            return Fate(State.ALTERED, found.start, found.end, found.score, True, "found", tuple(rejected))
        rejected.sort(key=lambda candidate: -candidate.score)
        return Fate(
            State.ORPHANED, None, None, 0.0, reason="gone", candidates=tuple(rejected[:_CANDIDATES])
        )

    def judge(self, start: int, end: int, a: int, b: int, place: Place) -> Fate:
        new_start, new_end = self.cut(start, end, a, b, place)
        was, now = self.old_text[start:end], self.new_text[new_start:new_end]
        state = State.MOVED if self.alignment.leapt[place.survivors[0]] else State.EXACT
        if was == now:
            return Fate(state, new_start, new_end, 1.0)
        was, now = fold(was), fold(now)
        if was == now:
            return Fate(state, new_start, new_end, 1.0, reason="normalised")
        score = (place.survival + Indel.normalized_similarity(was, now)) / 2
        old_facts, new_facts = self.facts
        if old_facts.between(a, b) != new_facts.between(place.first, place.last + 1):
            return Fate(State.ALTERED, new_start, new_end, score, True, "facts")
        return Fate(State.ALTERED, new_start, new_end, score, score < _SURE, "words")

    def cut(self, start: int, end: int, a: int, b: int, place: Place) -> tuple[int, int]:
        images = self.alignment.images
        new_start, new_end = self.new.starts[place.first], self.new.ends[place.last]
        if start > self.old.starts[a] and place.first == images[a]:
            new_start = min(new_start + start - self.old.starts[a], self.new.ends[place.first])
        if end < self.old.ends[b - 1] and place.last == images[b - 1]:
            new_end = min(self.new.starts[place.last] + end - self.old.starts[b - 1], self.new.ends[place.last])
        return new_start, new_end

    @cached_property
    def unclaimed(self) -> list[tuple[int, int]]:
        claims = self.alignment.claims
        runs = []
        begin = 0
        for j in range(len(claims) + 1):
            if j == len(claims) or claims[j] != GONE:
                if j - begin >= _SEARCH_TOKENS:
                    runs.append((begin, j))
                begin = j + 1
        return runs

    @cached_property
    def homes(self) -> dict[int, set[int]]:
        homes: dict[int, set[int]] = {}
        for number, (first, last) in enumerate(self.unclaimed):
            for key in self.new.keys[first:last].tolist():
                homes.setdefault(key, set()).add(number)
        return homes

    def search(self, start: int, end: int, a: int, b: int, weight: float) -> Candidate | None:
        if end - start < _SEARCH_LETTERS or weight < _SEARCH_WEIGHT:
            return None
        shares: Counter[int] = Counter()
        for i in range(a, b):
            for number in self.homes.get(int(self.old.keys[i]), ()):
                shares[number] += self.old.weights[i]
        quotation = self.old_text[start:end]
        best = None
        for number, share in sorted(shares.items()):
            if share < _SEARCH_SHARE * weight:
                continue
            first, last = self.unclaimed[number]
            begin = self.new.starts[first]
            answer = edlib.align(
                quotation,
                self.new_text[begin : self.new.ends[last - 1]],
                mode="HW",
                task="locations",
                k=int(_SEARCH_ERRORS * len(quotation)),
            )
            if answer["editDistance"] >= 0:
                errors = answer["editDistance"]
                if best is None or errors < best[0]:
                    s, e = answer["locations"][0]
                    best = errors, begin + s, begin + e + 1
        if best is None:
            return None
        first = bisect_right(self.new.ends, best[1])
        last = bisect_left(self.new.starts, best[2]) - 1
        return Candidate(self.new.starts[first], self.new.ends[last], 1 - best[0] / len(quotation))
