"""Spans that overlap → flat runs that never do.

HTML can only nest, and the things that an article's text wears do not: a claim may begin inside a quotation
and end after it. Three ways are known. Splitting the text anew for every span costs runs × spans; a tree of
intervals costs a structure that nobody else needs; a sweep walks once over the sorted edges and carries the
spans that are open. This is the sweep: an edge inserts or removes one rank in a sorted list, a run copies
that list, so the whole costs O((n + runs) log n) and the length of its own answer.

A run's marks are in nesting order, the outermost first, and the order of two spans is the same in every run
that both cover, so a renderer may keep an element open from one run to the next.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """A mark on ``text[start:end]`` (code points). Spans may overlap."""

    start: int
    end: int
    mark: Hashable


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text whose characters all wear the same marks, outermost first. Segments never overlap."""

    start: int
    end: int
    text: str
    marks: tuple[Any, ...]


def longer_outside(span: Span) -> tuple[int, int]:
    """The default nesting: the longer span outside, then the one that starts first."""
    return span.start - span.end, span.start


def cut(
    text: str,
    spans: Iterable[Span],
    *,
    start: int = 0,
    end: int | None = None,
    order: Callable[[Span], Any] | None = None,
) -> list[Segment]:
    """Cut ``text[start:end]`` into the fewest segments whose characters all wear the same marks.

    Joined, the segments' texts are ``text[start:end]``. Every span that covers a character gives it its mark
    once, so two spans with equal marks give it twice. Spans are clipped to the range, and ignored where
    nothing is left. ``order`` is a sort key over whole, unclipped spans, outermost first; what it calls equal
    keeps the order of input. Offsets are code points of the whole ``text``. ValueError unless ``0 <= start <=
    end <= len(text)``.
    """
    if end is None:
        end = len(text)
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"{start}:{end} is no range of a text of {len(text)} characters")

    ranked = sorted(
        (span for span in spans if max(span.start, start) < min(span.end, end)), key=order or longer_outside
    )
    edges = [(max(span.start, start), True, rank) for rank, span in enumerate(ranked)]
    edges += [(min(span.end, end), False, rank) for rank, span in enumerate(ranked)]
    edges.sort()
    edges.append((end, False, len(ranked)))

    runs: list[tuple[int, int, tuple[Any, ...]]] = []
    open_ranks: list[int] = []
    run_start = start
    for at, opens, rank in edges:
        if run_start < at:
            marks = tuple(ranked[open_rank].mark for open_rank in open_ranks)
            if runs and runs[-1][2] == marks:
                run_start = runs.pop()[0]
            runs.append((run_start, at, marks))
            run_start = at
        if opens:
            insort(open_ranks, rank)
        elif rank < len(ranked):
            del open_ranks[bisect_left(open_ranks, rank)]
    return [Segment(first, last, text[first:last], marks) for first, last, marks in runs]
