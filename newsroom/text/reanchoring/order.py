"""Which words left their place in the order.

When two paragraphs changed places, either may be said to have gone past the other. Here it is the lighter
one: what stayed are the heaviest runs that both texts have in one order, and the rest moved.
"""

from __future__ import annotations

from newsroom.text.reanchoring.alignment import GONE
from newsroom.text.reanchoring.tokens import Tokens

_RUN = 0.001  # the weight of a run of marks alone, which have none: more are better than fewer


def moved(old: Tokens, images: list[int]) -> list[bool]:
    """For each old token, whether it stands in the new text at another place in the order."""
    runs = _runs(old.weights.tolist(), images)
    stays = _heaviest_in_order([(there, weight) for _, there, _, weight in runs])
    moved = [image != GONE for image in images]
    for n in stays:
        first, _, length, _ = runs[n]
        moved[first : first + length] = [False] * length
    return moved


def _runs(weights: list[float], images: list[int]) -> list[tuple[int, int, int, float]]:
    """Unbroken runs in the old order: first token, its image, length, weight."""
    runs: list[tuple[int, int, int, float]] = []
    first = 0
    while first < len(images):
        last = first
        while last + 1 < len(images) and GONE != images[last + 1] == images[last] + 1:
            last += 1
        if images[first] != GONE:
            runs.append((first, images[first], last + 1 - first, sum(weights[first : last + 1]) + _RUN))
        first = last + 1
    return runs


def _heaviest_in_order(runs: list[tuple[int, float]]) -> list[int]:
    """The numbers of the runs (place, weight) that are, of all whose places ascend, the heaviest together.

    The best chain to come after is the best of those that end at smaller places: a Fenwick tree of maxima.
    """
    ranks = {place: rank for rank, place in enumerate(sorted(place for place, _ in runs), start=1)}
    tree = [(0.0, -1)] * (len(runs) + 1)
    before: list[int] = []
    for n, (place, weight) in enumerate(runs):
        best = (0.0, -1)
        rank = ranks[place] - 1
        while rank:
            best = max(best, tree[rank])
            rank &= rank - 1
        before.append(best[1])
        rank = ranks[place]
        while rank < len(tree):
            tree[rank] = max(tree[rank], (best[0] + weight, n))
            rank += rank & -rank
    chain = []
    last = max(tree)[1]
    while last >= 0:
        chain.append(last)
        last = before[last]
    return chain
