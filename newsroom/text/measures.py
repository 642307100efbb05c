"""How well something tells two sorts apart, or puts the right ones first: figures between 0 and 1."""

from __future__ import annotations

from collections.abc import Iterable


def macro_f1(pairs: Iterable[tuple[bool, bool]]) -> float:
    """Of what is so and what was said to be so: the F1 of both sorts, each counting alike."""
    counted = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    for pair in pairs:
        counted[pair] += 1
    wrong = counted[True, False] + counted[False, True]

    def f1(right: int) -> float:
        return 2 * right / (2 * right + wrong) if right else 0.0

    return (f1(counted[True, True]) + f1(counted[False, False])) / 2


def average_precision(ranked: Iterable[tuple[float, bool]]) -> float:
    """Of scores and whether each is of a right one: the mean share of right ones above each right one.

    Of equal scores the wrong ones come first: nothing is gained by scores that say nothing.
    """
    right, shares = 0, []
    for place, (_score, is_right) in enumerate(sorted(ranked, key=lambda one: (-one[0], one[1])), start=1):
        if is_right:
            right += 1
            shares.append(right / place)
    return sum(shares) / len(shares) if shares else 0.0
