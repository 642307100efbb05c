"""A span's fate, read off the alignment of two texts."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import edlib
from rapidfuzz.distance import Indel

from newsroom.text.reanchoring.alignment import GONE, Alignment, Likeness, align
from newsroom.text.reanchoring.moves import follow_moves
from newsroom.text.reanchoring.tokens import Tokens, Vocabulary, fold, tokenise

_SURE_SCORE, _LEAST_SCORE = 0.80, 0.50
_SHORT_WEIGHT, _NEIGHBOURS, _NEIGHBOURHOOD, _NEIGHBOUR_SHARE = 2.0, 10, 18, 0.08
_SEARCH_LETTERS, _SEARCH_WEIGHT, _SEARCH_ERRORS, _SEARCH_TOKENS = 20, 3.0, 0.25, 4


class State(StrEnum):
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
    if not spans:
        return []
    reading = _Reading(old, new)
    return [reading.fate(start, end) for start, end in spans]


class _Reading:
    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        vocabulary = Vocabulary()
        self.olds, self.news = tokenise(old, vocabulary), tokenise(new, vocabulary)
        likeness = Likeness(vocabulary)
        self.alignment = align(self.olds, self.news, likeness)
        follow_moves(self.olds, self.news, self.alignment, likeness)
        self.weights = self.olds.weights.tolist()
        self.old_paragraphs = self.olds.paragraphs.tolist()
        self.new_paragraphs = self.news.paragraphs.tolist()

    def fate(self, start: int, end: int) -> Fate:
        a = bisect_right(self.olds.ends, start)
        b = bisect_left(self.olds.starts, end)
        if a >= b:
            return Fate(State.ORPHANED, None, None, 0.0, reason="no words")
        images = self.alignment.images
        clusters = self.clusters(a, b)
        if not clusters:
            return self.search(start, end, a, b, [])
        total = sum(self.weights[a:b])
        cluster = max(clusters, key=lambda c: (self.cluster_weight(c), -c[0]))
        survival = (
            sum(self.weights[i] * self.alignment.kept[i] for i in cluster) / total
            if total
            else len(cluster) / (b - a)
        )
        first, last = self.edges(a, b, cluster)
        new_start, new_end = self.news.starts[first], self.news.ends[last]
        # inside a word
        if self.olds.starts[a] < start and first == images[a]:
            new_start = self.cut(a, start - self.olds.starts[a], first)
        if self.olds.ends[b - 1] > end and last == images[b - 1]:
            new_end = self.cut(b - 1, end - self.olds.starts[b - 1], last)
        was, now = self.old[start:end], self.new[new_start:new_end]
        leapt = self.alignment.leapt[cluster[0]]
        place = State.MOVED if leapt else State.EXACT
        if total <= _SHORT_WEIGHT and not self.near(a, b, first, last):
            return self.search(start, end, a, b, [Candidate(new_start, new_end, survival)])
        if was == now:
            return Fate(place, new_start, new_end, 1.0)
        was, now = fold(was), fold(now)
        if was == now:
            return Fate(place, new_start, new_end, 1.0, reason="normalised")
        score = 0.5 * survival + 0.5 * Indel.normalized_similarity(was, now)
        if score < _LEAST_SCORE:
            return self.search(start, end, a, b, [Candidate(new_start, new_end, score)])
        return Fate(State.ALTERED, new_start, new_end, score, score < _SURE_SCORE, "edited")

    def clusters(self, a: int, b: int) -> list[list[int]]:
        images, paragraphs = self.alignment.images, self.new_paragraphs
        clusters: list[list[int]] = []
        before = -1
        slack = min(b - a, 12) + 12
        for i in range(a, b):
            image = images[i]
            if image == GONE:
                continue
            if (
                before < 0
                or image <= images[before]
                or image - images[before] > 2 * (i - before) + slack
                or (
                    (image > images[before] + 1 or i > before + 1)
                    and paragraphs[image] - paragraphs[images[before]]
                    > self.old_paragraphs[i] - self.old_paragraphs[before]
                )
            ):
                clusters.append([])
            clusters[-1].append(i)
            before = i
        return clusters

    def cluster_weight(self, cluster: list[int]) -> float:
        return sum(self.weights[i] * self.alignment.kept[i] for i in cluster)

    def edges(self, a: int, b: int, cluster: list[int]) -> tuple[int, int]:
        images = self.alignment.images
        first, last = images[cluster[0]], images[cluster[-1]]
        if cluster[0] > a:
            first -= self.replaced(range(first - 1, -1, -1), cluster[0] - a, a - 1, int(self.olds.breaks[a]))
        if cluster[-1] < b - 1:
            last += self.replaced(range(last + 1, len(self.news)), b - 1 - cluster[-1], b, int(self.olds.breaks[b]))
        return first, last

    def replaced(self, outward: range, removed: int, neighbour: int, edge: int) -> int:
        paragraph = self.new_paragraphs[outward.start - outward.step]
        image, key = GONE, -1
        if 0 <= neighbour < len(self.olds):
            image, key = self.alignment.images[neighbour], self.olds.keys[neighbour]
        limit = 2 * removed + 2
        breaks = self.news.breaks
        behind = outward.step < 0
        for count, j in enumerate(outward):
            if j == image or self.news.keys[j] == key:
                return count
            if edge >= 3 and breaks[j + behind] >= edge:
                return count
            if count >= limit or self.alignment.claims[j] != GONE or self.new_paragraphs[j] != paragraph:
                return 0
        return len(outward) if edge == 4 else 0

    def cut(self, i: int, offset: int, j: int) -> int:
        size = self.news.ends[j] - self.news.starts[j]
        return self.news.starts[j] + min(offset, size)

    def near(self, a: int, b: int, first: int, last: int) -> bool:
        images = self.alignment.images
        total = landed = 0.0
        for i in (*range(max(0, a - _NEIGHBOURS), a), *range(b, min(len(images), b + _NEIGHBOURS))):
            total += self.weights[i]
            if images[i] != GONE and first - _NEIGHBOURHOOD <= images[i] <= last + _NEIGHBOURHOOD:
                landed += self.weights[i]
        return landed >= _NEIGHBOUR_SHARE * total

    def search(self, start: int, end: int, a: int, b: int, candidates: list[Candidate]) -> Fate:
        return Fate(State.ORPHANED, None, None, 0.0, reason="gone", candidates=tuple(candidates))
