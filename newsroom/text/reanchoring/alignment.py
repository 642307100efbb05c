"""Two texts in order: which token of the new one each token of the old one became."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from newsroom.text.reanchoring.likeness import Likeness
from newsroom.text.reanchoring.pairs import best_pairs, equal_runs
from newsroom.text.reanchoring.tokens import Tokens

GONE = -1

# Two texts have long runs of equal tokens in common. Those stay fixed, but for their edges: there the careful
# alignment may slide what was put in or taken out to where it reads best.
_GIVEN_BACK = 12  # tokens at the common beginning and end: as far as a clause
_FIXED_TOKENS, _FIXED_WEIGHT = 18, 4.0  # a sentence, which stands in one place only
_LOOSE_EDGE = 8  # half a sentence, so that two tokens of it are fixed at least


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
    for here, there, length in equal_runs(old.keys[head:old_end], new.keys[head:new_end]):
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
