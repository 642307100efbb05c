"""Two rows of tokens in order: which token of the new text each token of the old one became."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from newsroom.text.reanchoring.tokens import CONTENT, STOP, Numbers, Strip, Tokens, Vocabulary

GONE = -1

# Two texts have long runs of equal tokens in common. Those stay fixed, but for their edges: there the careful
# alignment may slide what was put in or taken out to where it reads best.
_GIVEN_BACK = 12  # tokens at the common beginning and end
_FIXED_TOKENS, _FIXED_WEIGHT, _LOOSE_EDGE = 18, 4.0, 8
_WINDOW = 20_000  # tokens compared at a time, the words of 100,000 characters: 50 MB
_CELLS = 4_000_000  # of one careful alignment: 50 MB
_KEPT_TOKENS, _KEPT_WEIGHT = 3, 2.0  # of a common run, where there would be more cells

_SAME_CONTENT, _SAME_STOP, _SAME_MARK, _SIMILAR = 30, 18, 10, 12
_OPEN, _EXTEND = 20, 1  # what a gap costs, and each token in it
_NEVER = -(1 << 28)

_SIMILAR_LETTERS, _SIMILARITY = 4, 0.7

Pairs = list[tuple[int, int]]


@dataclass(slots=True)
class Alignment:
    """``images[i]`` is the new token that old token ``i`` became, or GONE; ``claims`` is the way back.

    ``kept[i]`` is how much of the word is left (1.0: all); ``leapt[i]``: it left its place in the order.
    """

    images: list[int]
    claims: list[int]
    kept: list[float]
    leapt: list[bool]

    def join(self, old: int, new: int, similarity: float, *, leaps: bool = False) -> None:
        """Old token ``old`` became ``new``, whatever it had become before."""
        self.part(old)
        self.images[old], self.claims[new] = new, old
        self.kept[old], self.leapt[old] = similarity, leaps

    def part(self, old: int) -> None:
        """Old token ``old`` is GONE after all."""
        if self.images[old] != GONE:
            self.claims[self.images[old]] = GONE
            self.images[old] = GONE
            self.kept[old] = 0.0


@dataclass(slots=True)
class Likeness:
    """Which words are one word in two forms: same first letter, four letters or more, most of them shared."""

    vocabulary: Vocabulary
    _near: dict[int, dict[int, float]] = field(default_factory=dict)

    def learn(self, old: Numbers, new: Numbers) -> None:
        """Compare all words of the one side with all words of the other."""
        olds, news = self._by_letter(old), self._by_letter(new)
        for letter, mine in olds.items():
            theirs = news.get(letter, [])
            if not theirs or len(mine) * len(theirs) > _CELLS:
                continue
            words = self.vocabulary.words
            ratios = cdist(
                [words[key] for key in mine],
                [words[key] for key in theirs],
                scorer=Indel.normalized_similarity,
                score_cutoff=_SIMILARITY,
                dtype=np.float32,
            )
            for row, column in zip(*np.nonzero(ratios), strict=True):
                self._near.setdefault(mine[row], {})[theirs[column]] = float(ratios[row, column])

    def between(self, old: int, new: int) -> float:
        """How much of one word is in the other: 1.0 for equal ones, 0.0 for unlike ones."""
        return 1.0 if old == new else self._near.get(old, {}).get(new, 0.0)

    def near(self, old: int) -> dict[int, float]:
        """The words like this one, each with how much of it they are."""
        return self._near.get(old, {})

    def _by_letter(self, keys: Numbers) -> dict[str, list[int]]:
        words = self.vocabulary.words
        buckets = defaultdict(list)
        for key in np.unique(keys).tolist():
            word = words[key]
            if len(word) >= _SIMILAR_LETTERS and word[0].isalpha():
                buckets[word[0]].append(key)
        return buckets


def align(old: Tokens, new: Tokens, likeness: Likeness) -> Alignment:
    """The alignment in order; what stands crosswise to it is GONE."""
    alignment = Alignment([GONE] * len(old), [GONE] * len(new), [0.0] * len(old), [False] * len(old))
    fixed = list(_fixed_runs(old, new))
    for first, there, length in fixed:
        alignment.images[first : first + length] = range(there, there + length)
        alignment.claims[there : there + length] = range(first, first + length)
        alignment.kept[first : first + length] = [1.0] * length
    gaps = list(_gaps(fixed, len(old), len(new)))
    if gaps:
        likeness.learn(
            np.concatenate([old.keys[a:b] for a, b, _, _ in gaps]),
            np.concatenate([new.keys[c:d] for _, _, c, d in gaps]),
        )
    for a, b, c, d in gaps:
        for i, j in best_pairs(old.part(a, b), new.part(c, d), likeness):
            similarity = likeness.between(int(old.keys[a + i]), int(new.keys[c + j]))
            alignment.join(a + i, c + j, similarity)
    return alignment


def best_pairs(old: Strip, new: Strip, likeness: Likeness) -> Pairs:
    """The pairs of equal or similar tokens, in order, that leave the fewest and longest gaps."""
    if not len(old) or not len(new):
        return []
    if len(old) * len(new) > _CELLS:
        return _common_runs(old.keys, new.keys, likeness.vocabulary)
    scores = _scores(old.keys, new.keys, likeness)
    if len(old) > len(new):
        return [(i, j) for j, i in _gotoh(scores.T, new.breaks, old.breaks)]
    return _gotoh(scores, old.breaks, new.breaks)


def _scores(old: Numbers, new: Numbers, likeness: Likeness) -> NDArray[np.int32]:
    mine, my_rows = np.unique(old, return_inverse=True)
    theirs, their_columns = np.unique(new, return_inverse=True)
    weights = np.array(likeness.vocabulary.weights)[mine]
    same = np.where(weights >= CONTENT, _SAME_CONTENT, np.where(weights >= STOP, _SAME_STOP, _SAME_MARK))
    table = np.where(mine[:, None] == theirs[None, :], same[:, None], _NEVER).astype(np.int32)
    columns = {key: column for column, key in enumerate(theirs.tolist())}
    for row, key in enumerate(mine.tolist()):
        for other in likeness.near(key):
            if other in columns and other != key:
                table[row, columns[other]] = _SIMILAR
    return table[my_rows[:, None], their_columns[None, :]]


def _gotoh(scores: NDArray[np.int32], row_breaks: Numbers, column_breaks: Numbers) -> Pairs:
    """Global alignment with affine gaps, a row at a time (Gotoh 1982).

    A gap along the row would need its left neighbour; a running maximum of ``best + column`` gives all of
    them at once. A gap opens more cheaply where a sentence or a paragraph begins, so what was put in or taken
    out is a whole one where it can be.
    """
    rows, columns = scores.shape
    steps = np.arange(columns + 1, dtype=np.int32) * _EXTEND
    costs = _OPEN - column_breaks - _EXTEND
    best = np.empty((rows + 1, columns + 1), dtype=np.int32)
    down = np.empty((rows + 1, columns + 1), dtype=np.int32)
    best[0] = -costs[0] + row_breaks[0] - steps
    best[0, 0] = 0
    down[0] = _NEVER
    for row in range(1, rows + 1):
        above = best[row - 1]
        here = best[row]
        np.maximum(above - costs + row_breaks[row - 1], down[row - 1], out=down[row])
        down[row] -= _EXTEND
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
            cost = costs[column] + _EXTEND
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


def _fixed_runs(old: Tokens, new: Tokens) -> Iterator[tuple[int, int, int]]:
    """Equal runs (old, new, length) beyond doubt: the common ends, and between them the long and heavy."""
    shorter = min(len(old), len(new))
    unlike = np.flatnonzero(old.keys[:shorter] != new.keys[:shorter])
    head = max(0, (int(unlike[0]) if len(unlike) else shorter) - _GIVEN_BACK)
    left = shorter - head
    unlike = np.flatnonzero(old.keys[len(old) - left :][::-1] != new.keys[len(new) - left :][::-1])
    tail = max(0, (int(unlike[0]) if len(unlike) else left) - _GIVEN_BACK)
    old_end, new_end = len(old) - tail, len(new) - tail
    if head:
        yield 0, 0, head
    sums = np.concatenate([[0.0], np.cumsum(old.weights)])
    for here, there, length in _equal_runs(old.keys[head:old_end], new.keys[head:new_end]):
        first, last = head + here, head + here + length
        if length >= _FIXED_TOKENS and sums[last] - sums[first] >= _FIXED_WEIGHT:
            yield first + _LOOSE_EDGE, head + there + _LOOSE_EDGE, length - 2 * _LOOSE_EDGE
    if tail:
        yield old_end, new_end, tail


def _gaps(
    fixed: list[tuple[int, int, int]], old_size: int, new_size: int
) -> Iterator[tuple[int, int, int, int]]:
    here, there = 0, 0
    for first, image, length in [*fixed, (old_size, new_size, 0)]:
        if first > here or image > there:
            yield here, first, there, image
        here, there = first + length, image + length


def _equal_runs(old: Numbers, new: Numbers) -> Iterator[tuple[int, int, int]]:
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


def _common_runs(old: Numbers, new: Numbers, vocabulary: Vocabulary) -> Pairs:
    weights = np.array(vocabulary.weights)[old]
    return [
        (here + k, there + k)
        for here, there, length in _equal_runs(old, new)
        if length >= _KEPT_TOKENS or weights[here : here + length].sum() >= _KEPT_WEIGHT
        for k in range(length)
    ]
