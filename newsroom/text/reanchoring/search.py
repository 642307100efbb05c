"""The quotation that looks for itself, in the parts of the new text that came from nowhere."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator

import edlib

from newsroom.text.reanchoring.alignment import GONE
from newsroom.text.reanchoring.places import Map
from newsroom.text.reanchoring.tokens import CONTENT

_LETTERS, _WEIGHT = 20, 3.0  # of a quotation that is worth looking for: shorter ones are like anything
_ERRORS = 0.25  # of its length, at most: with more it is no longer like the other
_RUN = 4  # tokens of a run that is worth looking into: fewer hold no such quotation
_SHARE = 1 / 3  # of the quotation's content words that must stand together, the misspelt not counted
_LOOKS = 3  # closer looks for one quotation: the rest is worse, and each costs time
_COMMON = 64  # places of a word from which it does not help to look for it
_ALPHABET = 250  # edlib knows 256 different characters


class Search:
    """The runs of new tokens that no old token became, and where each word stands in them."""

    def __init__(self, texts: Map) -> None:
        self._texts = texts
        self._runs: list[tuple[int, int]] = []
        self._homes: dict[int, list[int]] = {}
        begin = 0
        for j, claim in enumerate([*texts.alignment.claims, 0]):
            if claim != GONE:
                if j - begin >= _RUN:
                    self._runs.append((begin, j))
                begin = j + 1
        for first, last in self._runs:
            for j, key in enumerate(texts.new.keys[first:last].tolist(), start=first):
                self._homes.setdefault(key, []).append(j)
        self._old_letters, self._new_letters = _small_letters(texts.old_text, texts.new_text)

    def find(self, start: int, end: int) -> tuple[int, int] | None:
        """The place most like ``old_text[start:end]``, in whole words; None if there is none like enough."""
        a, b = self._texts.old.within(start, end)
        if end - start < _LETTERS or self._texts.weight(a, b) < _WEIGHT:
            return None
        quotation = self._old_letters[start:end]
        errors = int(_ERRORS * len(quotation))
        best: tuple[int, int] | None = None
        for first, last in self._likely_places(a, b):
            begin = self._texts.new.starts[first]
            hay = self._new_letters[begin : self._texts.new.ends[last - 1]]
            answer = edlib.align(quotation, hay, mode="HW", task="locations", k=errors)
            if answer["editDistance"] >= 0:
                left, right = answer["locations"][0]
                best = begin + left, begin + right + 1
                errors = answer["editDistance"] - 1
                if errors < 0:
                    break
        return best and self._whole_words(*best)

    def _likely_places(self, a: int, b: int) -> Iterator[tuple[int, int]]:
        """Stretches of new tokens where enough of the span's content words stand together, the most first."""
        old = self._texts.old
        content = old.keys[a:b][old.weights[a:b] >= CONTENT].tolist()
        homes = [self._homes.get(key, []) for key in set(content)]
        places = sorted(j for home in homes if len(home) <= _COMMON for j in home)
        reach = 2 * (b - a)
        crowds = [(n - bisect_left(places, j + reach), j) for n, j in enumerate(places)]
        looks: list[int] = []
        for crowd, j in sorted(crowds):
            if -crowd < _SHARE * len(content) or len(looks) == _LOOKS:
                return
            if any(abs(j - look) < reach for look in looks):
                continue
            looks.append(j)
            first, last = self._runs[bisect_right(self._runs, (j, len(self._texts.new))) - 1]
            yield max(first, j - reach), min(last, j + reach)

    def _whole_words(self, start: int, end: int) -> tuple[int, int]:
        new = self._texts.new
        return new.starts[bisect_right(new.ends, start)], new.ends[bisect_left(new.starts, end) - 1]


def _small_letters(*texts: str) -> list[str]:
    """The texts in small letters, character for character; the rarest letters, if too many, become one."""
    spelt = ["".join(small if len(small := c.lower()) == 1 else c for c in text) for text in texts]
    counts = Counter("".join(spelt))
    rare = {ord(letter): "\0" for letter, _ in counts.most_common()[_ALPHABET:]}
    return [text.translate(rare) for text in spelt] if rare else spelt
