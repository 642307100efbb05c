"""The runs of equal tokens that two texts have left over after they were aligned in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from newsroom.text.reanchoring.alignment import GONE, Alignment
from newsroom.text.reanchoring.tokens import Numbers, Tokens

SHORTEST = 3  # tokens of a run
_SEEDS = 100_000  # places where runs may begin, beyond which only those of the rarer words are looked at


def common_runs(old: Tokens, new: Tokens, alignment: Alignment) -> Iterator[tuple[int, int, int]]:
    """The longest equal runs (old, new, length) of tokens that nothing is known about."""
    here = _seeds(np.array(alignment.images, dtype=np.int32) == GONE)
    there = _seeds(np.array(alignment.claims, dtype=np.int32) == GONE)
    if not len(here) or not len(there):
        return
    size = 1 + int(max(old.keys.max(), new.keys.max()))
    mine, theirs = _packed(old.keys, here, size), _packed(new.keys, there, size)
    order = np.argsort(theirs, kind="stable")
    ranked = theirs[order]
    lows = np.searchsorted(ranked, mine, side="left")
    counts = np.searchsorted(ranked, mine, side="right") - lows
    rare = np.sort(counts)
    affordable = int(np.searchsorted(np.cumsum(rare), _SEEDS, side="right"))
    if affordable < len(rare):
        counts = np.where(counts < rare[affordable], counts, 0)
    firsts = np.repeat(here, counts)
    offsets = np.arange(len(firsts)) - np.repeat(np.cumsum(counts) - counts, counts)
    images = there[order[np.repeat(lows, counts) + offsets]]
    diagonals = images - firsts
    order = np.lexsort((firsts, diagonals))
    firsts, diagonals = firsts[order], diagonals[order]
    breaks = np.flatnonzero((np.diff(firsts) != 1) | (np.diff(diagonals) != 0)) + 1
    if len(firsts):
        for begin, end in zip([0, *breaks.tolist()], [*breaks.tolist(), len(firsts)], strict=True):
            first = int(firsts[begin])
            yield first, first + int(diagonals[begin]), end - begin + SHORTEST - 1


def _seeds(free: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Where SHORTEST free tokens in a row begin."""
    return np.flatnonzero(free[:-2] & free[1:-1] & free[2:])


def _packed(keys: Numbers, places: np.ndarray[tuple[int], np.dtype[np.intp]], size: int) -> Any:
    wide = keys.astype(np.int64)
    return (wide[places] * size + wide[places + 1]) * size + wide[places + 2]
