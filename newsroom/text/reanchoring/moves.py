"""What left its place in the order: blocks of words that stand, whole, somewhere else in the new text."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import Any

import numpy as np

from newsroom.text.reanchoring.alignment import GONE, Alignment, Likeness, Pairs, best_pairs
from newsroom.text.reanchoring.tokens import Numbers, Strip, Tokens

_WEIGHT, _WEIGHT_OF_WHOLE_RUN = 4.5, 3.0
_ROUNDS = 200
_SEED = 3  # tokens in a row that a block has at least
_SEEDS = 100_000  # common seeds beyond which only the rarer ones are looked at
_REACH = 60  # tokens that a block is extended by on each side, at most


def follow_moves(old: Tokens, new: Tokens, alignment: Alignment, likeness: Likeness) -> None:
    """Join the blocks that both texts have left over, the heaviest first, each extended at both ends."""
    sums = np.concatenate([[0.0], np.cumsum(old.weights)]).tolist()

    def entry(first: int, there: int, length: int) -> tuple[float, int, int, int, int]:
        return sums[first] - sums[first + length], abs(there - first), first, there, length

    queue = [entry(*block) for block in _common_blocks(old, new, alignment)]
    queue = [item for item in queue if -item[0] >= _WEIGHT_OF_WHOLE_RUN]
    heapq.heapify(queue)
    rounds = 0
    while queue and rounds < _ROUNDS:
        weight, _, first, there, length = heapq.heappop(queue)
        free = list(_free_parts(alignment, first, there, length))
        if free != [(first, there, length)]:
            for part in free:
                if part[2] >= _SEED and -entry(*part)[0] >= _WEIGHT_OF_WHOLE_RUN:
                    heapq.heappush(queue, entry(*part))
            continue
        if -weight < _WEIGHT and not _is_whole_run(alignment, first, length):
            continue
        rounds += 1
        first, there, length = _take_over(old, new, alignment, first, there, length)
        for k in range(length):
            alignment.join(first + k, there + k, 1.0, leaps=True)
        _extend(old, new, alignment, likeness, first + length, there + length, 1)
        _extend(old, new, alignment, likeness, first - 1, there - 1, -1)


def _common_blocks(old: Tokens, new: Tokens, alignment: Alignment) -> Iterator[tuple[int, int, int]]:
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
            yield first, first + int(diagonals[begin]), end - begin + _SEED - 1


def _seeds(free: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Where _SEED free tokens in a row begin."""
    return np.flatnonzero(free[:-2] & free[1:-1] & free[2:])


def _packed(keys: Numbers, places: np.ndarray[tuple[int], np.dtype[np.intp]], size: int) -> Any:
    wide = keys.astype(np.int64)
    return (wide[places] * size + wide[places + 1]) * size + wide[places + 2]


def _free_parts(alignment: Alignment, first: int, there: int, length: int) -> Iterator[tuple[int, int, int]]:
    begin = 0
    for k in range(length + 1):
        if k == length or alignment.images[first + k] != GONE or alignment.claims[there + k] != GONE:
            if k > begin:
                yield first + begin, there + begin, k - begin
            begin = k + 1


def _is_whole_run(alignment: Alignment, first: int, length: int) -> bool:
    images = alignment.images
    return (first == 0 or images[first - 1] != GONE) and (
        first + length == len(images) or images[first + length] != GONE
    )


def _take_over(
    old: Tokens, new: Tokens, alignment: Alignment, first: int, there: int, length: int
) -> tuple[int, int, int]:
    """The block with equal neighbours that lighter islands of the alignment in order had taken."""
    weight = float(old.weights[first : first + length].sum())

    def yields(here: int, image: int) -> bool:
        if not (0 <= here < len(old) and 0 <= image < len(new) and old.keys[here] == new.keys[image]):
            return False
        rivals = {here, alignment.claims[image]} - {GONE}
        return all(
            alignment.images[rival] == GONE
            or (not alignment.leapt[rival] and _island_weight(old, alignment, rival) < weight)
            for rival in rivals
        )

    def take(here: int, image: int) -> None:
        alignment.part(here)
        if alignment.claims[image] != GONE:
            alignment.part(alignment.claims[image])

    while yields(first - 1, there - 1):
        first, there, length = first - 1, there - 1, length + 1
        take(first, there)
    while yields(first + length, there + length):
        take(first + length, there + length)
        length += 1
    return first, there, length


def _island_weight(old: Tokens, alignment: Alignment, member: int) -> float:
    images = alignment.images
    first = last = member
    while first > 0 and images[first - 1] != GONE and images[first - 1] == images[first] - 1:
        first -= 1
    while last + 1 < len(images) and images[last + 1] != GONE and images[last + 1] == images[last] + 1:
        last += 1
    return float(old.weights[first : last + 1].sum())


def _extend(
    old: Tokens, new: Tokens, alignment: Alignment, likeness: Likeness, first: int, there: int, step: int
) -> None:
    """Join what follows a block (step 1) or precedes it (−1), while half of the tokens have a partner."""
    while True:
        mine = _free_reach(alignment.images, first, step)
        theirs = _free_reach(alignment.claims, there, step)
        if not mine or not theirs:
            return
        pairs = _dense(best_pairs(_strip(old, mine), _strip(new, theirs), likeness))
        for i, j in pairs:
            similarity = likeness.between(int(old.keys[mine[i]]), int(new.keys[theirs[j]]))
            alignment.join(mine[i], theirs[j], similarity, leaps=True)
        if not pairs or max(pairs[-1]) < _REACH - 1:
            return
        first, there = mine[pairs[-1][0]] + step, theirs[pairs[-1][1]] + step


def _free_reach(taken: list[int], place: int, step: int) -> range:
    end = place
    while 0 <= end < len(taken) and taken[end] == GONE and abs(end - place) < _REACH:
        end += step
    return range(place, end, step)


def _strip(tokens: Tokens, reach: range) -> Strip:
    if reach.step > 0:
        return tokens.part(reach.start, reach.stop)
    return tokens.part_before(reach.stop + 1, reach.start + 1)


def _dense(pairs: Pairs) -> Pairs:
    kept = 0
    for count, (i, j) in enumerate(pairs, start=1):
        if 2 * count >= max(i, j) + 1:
            kept = count
    return pairs[:kept]
