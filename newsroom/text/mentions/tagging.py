"""Tags of the desk → what a model learns from, and how well one does on texts that it did not learn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .model import Model, Tagged, spans
from .rules import guesses
from .words import words_in

#: Sentence by sentence: first word, the one behind the last, and the kind of each name.
Names = Sequence[Iterable[tuple[int, int, str]]]


def tagged(text: str, names: Iterable[tuple[int, int, str]], lang: str = "it") -> list[Tagged]:
    """The sentences of a text with the tag of each word; `names` are start, end (code points) and kind.

    Of names that overlap, the longest is learned, and of equal ones the first. A name takes in every word
    that it touches; one that runs into the next sentence ends with this one.
    """
    owner: dict[int, tuple[int, int, str]] = {}
    for name in sorted(names, key=lambda name: (name[0] - name[1], name[0], name[2])):
        if not any(place in owner for place in range(name[0], name[1])):
            owner.update(dict.fromkeys(range(name[0], name[1]), name))
    found: list[Tagged] = []
    for sentence in words_in(text, lang):
        tags: list[str] = []
        before: tuple[int, int, str] | None = None
        for word in sentence:
            name = next((owner[place] for place in range(word.start, word.end) if place in owner), None)
            tags.append("O" if name is None else f"{'I' if name == before else 'B'}-{name[2]}")
            before = name
        found.append(([word.text for word in sentence], tags))
    return found


@dataclass(frozen=True, slots=True)
class Exactness:
    """How many names there are, were found, and were right in both edges and kind."""

    there: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.there if self.there else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.there + self.found) if self.there + self.found else 0.0


def exactness(
    articles: Iterable[Sequence[Tagged]], read: Callable[[Sequence[Sequence[str]]], Names]
) -> Exactness:
    """Of `read_by(model)` or `read_by_rules` on articles that the model did not learn."""
    there = found = right = 0
    for article in articles:
        for (_, tags), names in zip(article, read([words for words, _ in article]), strict=True):
            gold, given = set(spans(tags)), set(names)
            there, found, right = there + len(gold), found + len(given), right + len(gold & given)
    return Exactness(there, found, right)


def read_by(model: Model) -> Callable[[Sequence[Sequence[str]]], Names]:
    return lambda text: [[(name.start, name.end, name.kind) for name in names] for names in model.read(text)]


def read_by_rules(text: Sequence[Sequence[str]]) -> Names:
    found: list[list[tuple[int, int, str]]] = [[] for _ in text]
    for guess in guesses(text):
        found[guess.sentence].append((guess.start, guess.end, guess.kind))
    return found
