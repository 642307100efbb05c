"""Where a run of old tokens stands in the new text, as far as the alignment knows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from newsroom.text.reanchoring.alignment import GONE, Alignment
from newsroom.text.reanchoring.tokens import AFTER_SENTENCE, BETWEEN_PARAGRAPHS, CONTENT, MARK, Tokens

# Tokens that may be put in between two words of a span: a short clause; and as many again as the span has, up
# to another clause.
_LEAP, _LEAP_OF_LENGTH = 12, 12
_CLUSTERS = 8  # the last ones that a word may still belong to: a span in more pieces has no place anyway
# Tokens on each side of a span that are asked where they went: most of a sentence; and how far from the place
# they still count as beside it: they, and a clause put in between.
_NEIGHBOURS, _NEIGHBOURHOOD = 10, 18


@dataclass(frozen=True, slots=True)
class Place:
    """New tokens ``first`` to ``last``, both included; ``survivors`` are the span's tokens that landed there.

    ``survival`` is their share of the span's weight, and of each word what is kept of it.
    """

    first: int
    last: int
    survivors: list[int]
    survival: float


class Map:
    """Two texts, their tokens, and which became which: what one must know to find a place."""

    def __init__(self, old_text: str, new_text: str, old: Tokens, new: Tokens, alignment: Alignment) -> None:
        self.old_text, self.new_text = old_text, new_text
        self.old, self.new, self.alignment = old, new, alignment
        self._weights: list[float] = old.weights.tolist()
        self._new_weights: list[float] = new.weights.tolist()
        self._old_paragraphs: list[int] = old.paragraphs.tolist()
        self._new_paragraphs: list[int] = new.paragraphs.tolist()
        self._old_breaks: list[int] = old.breaks.tolist()
        self._new_breaks: list[int] = new.breaks.tolist()
        self._old_keys: list[int] = old.keys.tolist()
        self._new_keys: list[int] = new.keys.tolist()
        self._runs_until = _runs_until(alignment.images)

    def weight(self, a: int, b: int) -> float:
        return sum(self._weights[a:b])

    def places(self, a: int, b: int) -> list[Place]:
        """Where old tokens ``a`` to ``b - 1`` landed, the place with most of them first."""
        total = self.weight(a, b)
        places = []
        for survivors in self._clusters(a, b):
            if total:
                survival = sum(self._weights[i] * self.alignment.kept[i] for i in survivors) / total
            else:  # nothing but marks
                survival = len(survivors) / (b - a)
            first, last = self._edges(a, b, survivors)
            places.append(Place(first, last, survivors, survival))
        return sorted(places, key=lambda place: -place.survival)

    def company(self, a: int, b: int, place: Place) -> tuple[float, float]:
        """Of the neighbours of old tokens ``a`` to ``b - 1``, how many came along to the place; and of the
        place's neighbours, how many came from beside them. What was taken out lessens the one share, what was
        put in the other.
        """
        here, there = range(a, b), range(place.first, place.last + 1)
        images, claims = self.alignment.images, self.alignment.claims
        return (
            _beside(images, self._weights, here, there, len(self.new)),
            _beside(claims, self._new_weights, there, here, len(self.old)),
        )

    def cut(self, start: int, end: int, place: Place) -> tuple[int, int]:
        """The characters of a place: whole words, unless ``old_text[start:end]`` cuts one that stands.

        Blanks at the span's ends are kept where they still are.
        """
        a, b = self.old.within(start, end)
        word_start, word_end = self.old.starts[a], self.old.ends[b - 1]
        new_start, new_end = self.new.starts[place.first], self.new.ends[place.last]
        if start > word_start and self._is_same(a, place.first):
            new_start += start - word_start
        elif start < word_start and self.new_text.endswith(self.old_text[start:word_start], 0, new_start):
            new_start -= word_start - start
        if end < word_end and self._is_same(b - 1, place.last):
            new_end -= word_end - end
        elif end > word_end and self.new_text.startswith(self.old_text[word_end:end], new_end):
            new_end += end - word_end
        return new_start, new_end

    def _is_same(self, i: int, j: int) -> bool:
        """Whether old token ``i`` became new token ``j`` and its characters can still be counted."""
        return (
            self.alignment.images[i] == j
            and self._old_keys[i] == self._new_keys[j]
            and self.old.ends[i] - self.old.starts[i] == self.new.ends[j] - self.new.starts[j]
        )

    def _clusters(self, a: int, b: int) -> list[list[int]]:
        """The tokens that landed, each with the last ones that it lies behind, and not too far.

        What was put in between may be as long as the span and more, but not begin a paragraph: then the words
        behind it belong to that one. A line end alone, with nothing put in, is a blank.
        """
        images = self.alignment.images
        slack = _LEAP + min(b - a, _LEAP_OF_LENGTH)
        clusters: list[list[int]] = []
        i = a
        while i < b:
            run = range(i, min(b, self._runs_until[i]))
            i = run.stop
            if images[run.start] == GONE:
                continue
            for cluster in reversed(clusters[-_CLUSTERS:]):
                if not self._leaps(cluster[-1], run.start, slack):
                    cluster.extend(run)
                    break
            else:
                clusters.append([*run])
        return clusters

    def _leaps(self, before: int, i: int, slack: int) -> bool:
        images = self.alignment.images
        distance = images[i] - images[before]
        if distance == 1:
            return False
        new_paragraphs = self._new_paragraphs[images[i]] - self._new_paragraphs[images[before]]
        return (
            distance < 1
            or distance > 2 * (i - before) + slack
            or new_paragraphs > self._old_paragraphs[i] - self._old_paragraphs[before]
        )

    def _edges(self, a: int, b: int, survivors: list[int]) -> tuple[int, int]:
        images = self.alignment.images
        first, last = images[survivors[0]], images[survivors[-1]]
        if survivors[0] > a:
            outward = range(first - 1, -1, -1)
            first -= self._replaced(outward, survivors[0] - a, a - 1, self._old_breaks[a])
        if survivors[-1] < b - 1:
            lost = range(survivors[-1] + 1, b)
            last += self._closing_marks(last, lost) or self._replaced(
                range(last + 1, len(self.new)), len(lost), b, self._old_breaks[b]
            )
        return first, last

    def _closing_marks(self, last: int, lost: range) -> int:
        """The length of ``lost`` if these are the marks right behind ``last``: a mark stays with its word."""
        behind = range(last + 1, last + 1 + len(lost))
        same = behind.stop <= len(self.new) and all(
            self._weights[i] == MARK
            and self._old_keys[i] == self._new_keys[j]
            and self.new.ends[j - 1] == self.new.starts[j]
            for i, j in zip(lost, behind, strict=True)
        )
        return len(lost) if same else 0

    def _replaced(self, outward: range, lost: int, neighbour: int, edge: int) -> int:
        """How many tokens at the edge of a place stand for the ``lost`` ones, counted from it ``outward``.

        They do if they reach to the span's old neighbour, or to the end of the paragraph or sentence if the
        span ended with it; and if they are not many more than were lost, of one paragraph, and nobody else's.
        """
        image = key = GONE
        if 0 <= neighbour < len(self.old):
            image, key = self.alignment.images[neighbour], self._old_keys[neighbour]
        behind = outward.step < 0
        paragraph = self._new_paragraphs[outward.start - outward.step]
        for count, j in enumerate(outward):
            if j == image or self._new_keys[j] == key:
                return count
            if edge >= AFTER_SENTENCE and self._new_breaks[j + behind] >= AFTER_SENTENCE:
                return count
            if (
                count >= 2 * lost + 2
                or self.alignment.claims[j] != GONE
                or self._new_paragraphs[j] != paragraph
            ):
                return 0
        return len(outward) if edge == BETWEEN_PARAGRAPHS else 0


def _runs_until(images: list[int]) -> list[int]:
    """For each token, where the run ends that it is in: of tokens that landed side by side, or are GONE."""
    landed = np.array(images, dtype=np.int32)
    goes_on = np.where(landed[:-1] == GONE, landed[1:] == GONE, landed[1:] == landed[:-1] + 1)
    ends = np.append(np.flatnonzero(~goes_on) + 1, len(images))
    until: list[int] = ends[np.searchsorted(ends, np.arange(len(images)), side="right")].tolist()
    return until


def _beside(partners: list[int], weights: list[float], here: range, there: range, size: int) -> float:
    """The share of the neighbours of ``here`` whose partners are beside ``there``, by weight.

    ``there`` is in a text of ``size`` tokens. A text's beginning and its end are neighbours, too.
    """
    total = landed = 0.0
    reach = range(there.start - _NEIGHBOURHOOD, there.stop + _NEIGHBOURHOOD)
    before = range(max(0, here.start - _NEIGHBOURS), here.start)
    behind = range(here.stop, min(len(partners), here.stop + _NEIGHBOURS))
    for i in (*before, *behind):
        total += weights[i]
        if partners[i] != GONE and partners[i] in reach:
            landed += weights[i]
    if here.start < _NEIGHBOURS:
        total += CONTENT
        landed += CONTENT * (reach.start < 0)
    if here.stop > len(partners) - _NEIGHBOURS:
        total += CONTENT
        landed += CONTENT * (reach.stop > size)
    return landed / total if total else 1.0
