"""What left its place in the order: blocks of words that stand, whole, somewhere else in the new text.

Runs that the alignment in order left over on both sides become blocks, and what stands before and behind a
block may become part of it. All of it is on offer at once, and the best offer is taken first: so two blocks
do not get by chance the sentence between them, and of two passages alike the one is followed that stays alike
for longer. A block may take words even from the order: an *island*, a few words that are joined in order amid
others that are not, is mostly there because every text has the same articles and names.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from newsroom.text.reanchoring.alignment import GONE, Alignment
from newsroom.text.reanchoring.likeness import EXTEND, OPEN, Likeness
from newsroom.text.reanchoring.pairs import Pairs, best_pairs
from newsroom.text.reanchoring.runs import SHORTEST, common_runs
from newsroom.text.reanchoring.tokens import Strip, Tokens

# Four content words and a little: fewer stand together in two places of an article by chance. Three are
# enough if nothing of the old run is left behind.
_WEIGHT, _WEIGHT_OF_WHOLE_RUN = 4.5, 3.0
_BLOCKS, _OFFERS = 200, 2_000  # looked at, at most: no editor moves so many passages
# Tokens beside a block that are looked at: two long sentences to take from them what belongs to it, half of
# one to tell it from another passage that shares a run with it.
_REACH, _GLANCE = 60, 15


@dataclass(order=True, slots=True)
class _Offer:
    """Pairs to join: a new block (``step`` 0), or what stands before (-1) or behind (1) one.

    Ordered for a heap, which gives the smallest first: most gain, then least distance. An offer made at
    another ``age`` of the alignment must be looked at again.
    """

    loss: float
    distance: int
    first: int
    there: int
    step: int
    length: int
    size: float  # what the block beside it is worth
    pairs: Pairs = field(compare=False)
    age: int = field(compare=False)


def follow_moves(old: Tokens, new: Tokens, alignment: Alignment, likeness: Likeness) -> None:
    """Join the blocks that both texts have left over, and what belongs to each of them on both sides."""
    moves = _Moves(old, new, alignment, likeness)
    offers = moves.blocks()
    heapq.heapify(offers)
    for _ in range(_OFFERS):
        if not offers:
            return
        offer = heapq.heappop(offers)
        for another in moves.take(offer) if offer.age == moves.age else moves.renew(offer):
            heapq.heappush(offers, another)


class _Moves:
    def __init__(self, old: Tokens, new: Tokens, alignment: Alignment, likeness: Likeness) -> None:
        self.old, self.new, self.alignment, self.likeness = old, new, alignment, likeness
        self.age = 0
        self._old_keys: list[int] = old.keys.tolist()
        self._new_keys: list[int] = new.keys.tolist()
        self._weights: list[float] = old.weights.tolist()

    def blocks(self) -> list[_Offer]:
        """The heaviest runs that both texts have left over."""
        runs = common_runs(self.old, self.new, self.alignment)
        heavy = [(self._weight(first, length), first, there, length) for first, there, length in runs]
        heavy = [run for run in heavy if run[0] >= _WEIGHT_OF_WHOLE_RUN]
        return [self._block(*run[1:]) for run in heapq.nlargest(_BLOCKS, heavy)]

    def renew(self, offer: _Offer) -> list[_Offer]:
        """What has become of an offer since it was made."""
        if offer.step:
            return self._sides(offer.first, offer.there, offer.step, offer.size)
        return [
            self._block(first, there, length)
            for first, there, length in self._free_parts(offer)
            if length >= SHORTEST and self._weight(first, length) >= _WEIGHT_OF_WHOLE_RUN
        ]

    def take(self, offer: _Offer) -> list[_Offer]:
        """Join the pairs on offer, and offer what stands beside them. A light block is not taken."""
        if offer.step:
            self._join(offer.pairs)
            i, j = offer.pairs[-1]
            return self._sides(i + offer.step, j + offer.step, offer.step, offer.size)
        weight = sum(self._weights[i] * self._likeness(i, j) for i, j in offer.pairs)
        if weight < _WEIGHT and not self._is_whole_run(offer):
            return []
        self._join(offer.pairs[: offer.length])
        behind = offer.first + offer.length, offer.there + offer.length
        return [
            *self._sides(*behind, 1, -offer.loss),
            *self._sides(offer.first - 1, offer.there - 1, -1, -offer.loss),
        ]

    def _join(self, pairs: Pairs) -> None:
        self.age += 1
        for i, j in pairs:
            if self.alignment.claims[j] != GONE:
                self.alignment.part(self.alignment.claims[j])
            self.alignment.join(i, j, self._likeness(i, j), leaps=True)

    def _block(self, first: int, there: int, length: int) -> _Offer:
        """A run, with what is beside it: that tells apart the passages that share a run."""
        pairs = [(first + k, there + k) for k in range(length)]
        size = float(sum(self._worth(i, j) for i, j in pairs))
        sides = [
            *self._sides(first + length, there + length, 1, size, _GLANCE),
            *self._sides(first - 1, there - 1, -1, size, _GLANCE),
        ]
        gain = size - sum(side.loss for side in sides)
        pairs += [pair for side in sides for pair in side.pairs]
        return _Offer(-gain, abs(there - first), first, there, 0, length, 0.0, pairs, self.age)

    def _sides(self, first: int, there: int, step: int, size: float, reach: int = _REACH) -> list[_Offer]:
        """What reads on from old token ``first`` as from new token ``there``, if anything does."""
        images, claims = self.alignment.images, self.alignment.claims
        mine = self._open_to(images, first, step, size, reach)
        theirs = self._open_to(claims, there, step, size, reach)
        found = best_pairs(_strip(self.old, mine), _strip(self.new, theirs), self.likeness)
        pairs = [(mine[i], theirs[j]) for i, j in found]
        gain, count = self._best_beginning(pairs, first - step, there - step)
        if not count:
            return []
        distance = abs(there - first)
        return [_Offer(-gain, distance, first, there, step, 0, size, pairs[:count], self.age)]

    def _open_to(self, partners: list[int], begin: int, step: int, size: float, reach: int) -> range:
        """Tokens in a row that are free, or held by an island that is worth less than the block."""
        end = begin
        while 0 <= end < len(partners) and abs(end - begin) < reach:
            if partners[end] != GONE:
                member = end if partners is self.alignment.images else partners[end]
                if self.alignment.leapt[member] or self._island(member)[1] >= size:
                    break
            end += step
        return range(begin, end, step)

    def _best_beginning(self, pairs: Pairs, here: int, image: int) -> tuple[float, int]:
        """The most that can be gained by joining only the first of these pairs, and how many these are.

        The scores are those of the alignment. What is taken from an island costs what it was worth there.
        """
        score = best = 0.0
        count = 0
        taken: set[int] = set()
        islands: dict[int, float] = {}
        for number, (i, j) in enumerate(pairs, start=1):
            gaps = abs(i - here) - 1, abs(j - image) - 1
            score += self._worth(i, j) - sum(OPEN + EXTEND * gap for gap in gaps if gap)
            here, image = i, j
            for member in {i, self.alignment.claims[j]} - {GONE} - taken:
                if self.alignment.images[member] == GONE:
                    continue
                taken.add(member)
                island, value = self._island(member)
                before = islands.get(island, value)
                islands[island] = before - self._worth(member, self.alignment.images[member])
                score -= max(0.0, before) - max(0.0, islands[island])
            if score > best:
                best, count = score, number
        return best, count

    def _island(self, member: int) -> tuple[int, float]:
        """The unbroken run that a joined token is in: its first token, and its worth less the gap it makes.

        One that is longer than the reach is worth more than any block.
        """
        images = self.alignment.images
        first = last = member
        worth = self._worth(member, images[member])
        while first > 0 and images[first - 1] == images[first] - 1 != GONE:
            first -= 1
            worth += self._worth(first, images[first])
            if last - first > _REACH:
                return first, math.inf
        while last + 1 < len(images) and images[last + 1] == images[last] + 1:
            last += 1
            worth += self._worth(last, images[last])
            if last - first > _REACH:
                return first, math.inf
        return first, worth - OPEN

    def _worth(self, i: int, j: int) -> int:
        return self.likeness.worth(self._old_keys[i], self._new_keys[j])

    def _likeness(self, i: int, j: int) -> float:
        return self.likeness.between(self._old_keys[i], self._new_keys[j])

    def _weight(self, first: int, length: int) -> float:
        return sum(self._weights[first : first + length])

    def _free_parts(self, offer: _Offer) -> Iterator[tuple[int, int, int]]:
        first, there = offer.first, offer.there
        begin = 0
        for k in range(offer.length + 1):
            if (
                k < offer.length
                and self.alignment.images[first + k] == self.alignment.claims[there + k] == GONE
            ):
                continue
            if k > begin:
                yield first + begin, there + begin, k - begin
            begin = k + 1

    def _is_whole_run(self, offer: _Offer) -> bool:
        images, behind = self.alignment.images, offer.first + offer.length
        return (offer.first == 0 or images[offer.first - 1] != GONE) and (
            behind == len(images) or images[behind] != GONE
        )


def _strip(tokens: Tokens, reach: range) -> Strip:
    if reach.step > 0:
        return tokens.part(reach.start, reach.stop)
    return tokens.part_before(reach.stop + 1, reach.start + 1)
