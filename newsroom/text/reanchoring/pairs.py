"""Two strips of tokens in order: which pairs of them belong together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel

from newsroom.text.reanchoring.likeness import (
    EXTEND,
    OPEN,
    SAME_CONTENT,
    SAME_MARK,
    SAME_STOP,
    SIMILAR,
    Likeness,
)
from newsroom.text.reanchoring.tokens import AFTER_SENTENCE, CONTENT, STOP, Numbers, Strip, Vocabulary

_SENTENCE = 4  # points for words that both begin, or both end, a sentence: as a gap saves at a paragraph
_NEVER = -(1 << 28)

_CELLS = 4_000_000  # of one careful alignment: 50 MB
_WINDOW = 20_000  # tokens compared at a time, the words of 100,000 characters: 50 MB
# Of a common run, where there would be more cells: a lighter one is chance.
_KEPT_TOKENS, _KEPT_WEIGHT = 3, 2.0

Pairs = list[tuple[int, int]]


def best_pairs(old: Strip, new: Strip, likeness: Likeness) -> Pairs:
    """The pairs of equal or similar tokens, in order, that leave the fewest and longest gaps."""
    if not len(old) or not len(new):
        return []
    if len(old) * len(new) > _CELLS:
        return _in_common_runs(old.keys, new.keys, likeness.vocabulary)
    scores = _scores(old, new, likeness)
    if len(old) > len(new):
        return [(i, j) for j, i in _gotoh(scores.T, new.breaks, old.breaks)]
    return _gotoh(scores, old.breaks, new.breaks)


def _scores(old: Strip, new: Strip, likeness: Likeness) -> NDArray[np.int32]:
    mine, my_rows = np.unique(old.keys, return_inverse=True)
    theirs, their_columns = np.unique(new.keys, return_inverse=True)
    weights = np.array(likeness.vocabulary.weights)[mine]
    same = np.where(weights >= CONTENT, SAME_CONTENT, np.where(weights >= STOP, SAME_STOP, SAME_MARK))
    table = np.where(mine[:, None] == theirs[None, :], same[:, None], _NEVER).astype(np.int32)
    columns = {key: column for column, key in enumerate(theirs.tolist())}
    for row, key in enumerate(mine.tolist()):
        for other in likeness.near(key):
            if other in columns and other != key:
                table[row, columns[other]] = SIMILAR
    scores = table[my_rows[:, None], their_columns[None, :]]
    before, behind = slice(None, -1), slice(1, None)
    for side in (before, behind):
        parted = (old.breaks[side] >= AFTER_SENTENCE)[:, None] & (new.breaks[side] >= AFTER_SENTENCE)
        scores += parted * np.int32(_SENTENCE)
    return scores


def _gotoh(scores: NDArray[np.int32], row_breaks: Numbers, column_breaks: Numbers) -> Pairs:
    """Global alignment with affine gaps, a row at a time (Gotoh 1982).

    A gap along the row would need its left neighbour; a running maximum of ``best + column`` gives all of
    them at once. A gap opens more cheaply where a sentence or a paragraph begins, so what was put in or taken
    out is a whole one where it can be.
    """
    rows, columns = scores.shape
    steps = np.arange(columns + 1, dtype=np.int32) * EXTEND
    costs = OPEN - column_breaks - EXTEND
    best = np.empty((rows + 1, columns + 1), dtype=np.int32)
    down = np.empty((rows + 1, columns + 1), dtype=np.int32)
    best[0] = -costs[0] + row_breaks[0] - steps
    best[0, 0] = 0
    down[0] = _NEVER
    for row in range(1, rows + 1):
        above = best[row - 1]
        here = best[row]
        np.maximum(above - costs + row_breaks[row - 1], down[row - 1], out=down[row])
        down[row] -= EXTEND
        here[0] = down[row, 0]
        np.maximum(above[:-1] + scores[row - 1], down[row, 1:], out=here[1:])
        across = np.maximum.accumulate(here + steps - costs)[:-1] - steps[1:] + row_breaks[row]
        np.maximum(here[1:], across, out=here[1:])

    pairs: Pairs = []
    row, column = rows, columns
    while row and column:
        value = best[row, column]
        if value == best[row - 1, column - 1] + scores[row - 1, column - 1]:
            row, column = row - 1, column - 1
            pairs.append((row, column))
        elif value == down[row, column]:
            cost = costs[column] + EXTEND
            while down[row, column] != best[row - 1, column] - cost + row_breaks[row - 1]:
                row -= 1
            row -= 1
        else:
            target = value + steps[column] - row_breaks[row]
            column -= 1
            while best[row, column] + steps[column] - costs[column] != target:
                column -= 1
    pairs.reverse()
    return pairs


def equal_runs(old: Numbers, new: Numbers) -> Iterator[tuple[int, int, int]]:
    """The runs (old, new, length) of a longest common subsequence, or nearly so beyond the window.

    There the window moves on behind the last run of its first half, and so keeps step with the texts.
    """
    here = there = 0
    while here < len(old) and there < len(new):
        mine, theirs = old[here : here + _WINDOW], new[there : there + _WINDOW]
        whole = here + _WINDOW >= len(old) and there + _WINDOW >= len(new)
        stop = len(mine) if whole else _WINDOW // 2
        step = (stop, stop)
        for code in Indel.opcodes(mine.tolist(), theirs.tolist()):
            if code.tag == "equal" and code.src_start < stop:
                length = min(code.src_end, stop) - code.src_start
                yield here + code.src_start, there + code.dest_start, length
                step = code.src_start + length, code.dest_start + length
        if whole:
            return
        here, there = here + step[0], there + step[1]


def _in_common_runs(old: Numbers, new: Numbers, vocabulary: Vocabulary) -> Pairs:
    weights = np.array(vocabulary.weights)[old]
    return [
        (here + k, there + k)
        for here, there, length in equal_runs(old, new)
        if length >= _KEPT_TOKENS or weights[here : here + length].sum() >= _KEPT_WEIGHT
        for k in range(length)
    ]
