"""Which words are one word in two forms, and what it counts that one became the other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from newsroom.text.reanchoring.tokens import CONTENT, STOP, Numbers, Vocabulary

# Points. A gap on both sides, as where a word was replaced, costs more than a word of content counts: one
# alone amid others holds nothing together, two do. A word in another form counts less than a gap costs.
SAME_CONTENT, SAME_STOP, SAME_MARK, SIMILAR = 30, 18, 10, 12
OPEN, EXTEND = 20, 1  # what a gap costs, and each token in it

# An ending may differ, or a letter be wrong; shorter words that differ are other words.
_LETTERS, _SIMILARITY = 4, 0.7
_COMPARISONS = 4_000_000  # of words with one initial: seldom more than some thousands; 16 MB


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
            if not theirs or len(mine) * len(theirs) > _COMPARISONS:
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

    def worth(self, old: int, new: int) -> int:
        """What it counts in an alignment that one of these words, equal or alike, became the other."""
        if old != new:
            return SIMILAR
        weight = self.vocabulary.weights[old]
        return SAME_CONTENT if weight >= CONTENT else SAME_STOP if weight >= STOP else SAME_MARK

    def near(self, old: int) -> dict[int, float]:
        """The words like this one, each with how much of it they are."""
        return self._near.get(old, {})

    def _by_letter(self, keys: Numbers) -> dict[str, list[int]]:
        words = self.vocabulary.words
        buckets = defaultdict(list)
        for key in np.unique(keys).tolist():
            word = words[key]
            if len(word) >= _LETTERS and word[0].isalpha():
                buckets[word[0]].append(key)
        return buckets
