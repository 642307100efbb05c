"""The quotation that looks for itself, in the parts of the new text that came from nowhere."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter

import edlib

from newsroom.text.reanchoring.alignment import GONE
from newsroom.text.reanchoring.places import Map
from newsroom.text.reanchoring.tokens import CONTENT

_LETTERS, _WEIGHT = 20, 3.0  # of a quotation that is worth looking for
_ERRORS = 0.25  # of its length, at most
_RUN = 4  # tokens of a run that is worth looking into
_SHARE = 1 / 3  # of the quotation's content words that the run must have, for a closer look
_ALPHABET = 250  # edlib knows 256 different characters


class Search:
    """The runs of new tokens that no old token became."""

    def __init__(self, texts: Map) -> None:
        self._texts = texts
        self._runs: list[tuple[int, int]] = []
        self._homes: dict[int, set[int]] = {}
        begin = 0
        for j, claim in enumerate([*texts.alignment.claims, 0]):
            if claim != GONE:
                if j - begin >= _RUN:
                    for key in texts.new.keys[begin:j].tolist():
                        self._homes.setdefault(key, set()).add(len(self._runs))
                    self._runs.append((begin, j))
                begin = j + 1

    def find(self, start: int, end: int) -> tuple[int, int] | None:
        """The place most like ``old_text[start:end]``, in whole words; None if there is none like enough."""
        quotation = self._texts.old_text[start:end]
        letters = frozenset(map(_small, quotation))
        a, b = self._texts.old.within(start, end)
        if len(quotation) < _LETTERS or self._texts.weight(a, b) < _WEIGHT or len(letters) > _ALPHABET:
            return None
        needle = _spelt(quotation, letters)
        fewest = int(_ERRORS * len(quotation))
        best: tuple[int, int] | None = None
        for run in self._likely_runs(a, b):
            first, last = self._runs[run]
            begin, stop = self._texts.new.starts[first], self._texts.new.ends[last - 1]
            hay = _spelt(self._texts.new_text[begin:stop], letters)
            answer = edlib.align(needle, hay, mode="HW", task="locations", k=fewest)
            if answer["editDistance"] >= 0:
                fewest = answer["editDistance"] - 1
                left, right = answer["locations"][0]
                best = begin + left, begin + right + 1
            if fewest < 0:
                break
        return best and self._whole_words(*best)

    def _likely_runs(self, a: int, b: int) -> list[int]:
        old = self._texts.old
        content = [
            key
            for key, weight in zip(old.keys[a:b].tolist(), old.weights[a:b], strict=True)
            if weight >= CONTENT
        ]
        found = Counter(run for key in content for run in self._homes.get(key, ()))
        return sorted(run for run, count in found.items() if count >= _SHARE * len(content))

    def _whole_words(self, start: int, end: int) -> tuple[int, int]:
        new = self._texts.new
        return new.starts[bisect_right(new.ends, start)], new.ends[bisect_left(new.starts, end) - 1]


def _small(character: str) -> str:
    small = character.lower()
    return small if len(small) == 1 else character


def _spelt(text: str, letters: frozenset[str]) -> str:
    """The text in small letters, character for character; all that is not among ``letters`` is one other."""
    return "".join(small if (small := _small(character)) in letters else "\0" for character in text)
