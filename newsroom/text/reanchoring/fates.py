"""What became of a span: its place by the alignment, held against the words themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import islice

from rapidfuzz.distance import Indel

from newsroom.text.reanchoring.alignment import align
from newsroom.text.reanchoring.doubles import doubled, halved
from newsroom.text.reanchoring.facts import Facts
from newsroom.text.reanchoring.likeness import Likeness
from newsroom.text.reanchoring.moves import follow_moves
from newsroom.text.reanchoring.order import moved
from newsroom.text.reanchoring.places import Map, Place
from newsroom.text.reanchoring.search import Search
from newsroom.text.reanchoring.tokens import Vocabulary, fold, tokenise

# Scores are between 0 (nothing alike) and 1 (the same words).
_SURE = 0.80  # four words of five are the same: if no fact is among the fifth, nobody need look
_LEAST, _VOUCHED = 0.60, 0.20  # below it a passage was written anew; less, if all that stood around it stayed
# Two content words stand anywhere by chance. They need a little company that followed them; or much that they
# knew, most of what is on one side: where nearly all of their old company was taken out.
_SHORT, _FOLLOWED, _KNOWN = 2.0, 0.10, 0.40
_LIGHT, _COMPANY = 4.0, 0.30  # four, or two, with less company than this may be others, and a person looks
_CANDIDATES = 5  # more than that no person compares
_VERBATIM = 0.5  # the score of a place where the very words stand, but that nothing led to


class State(StrEnum):
    """The same words in the same order; the same elsewhere in the order; other words; none."""

    EXACT = "exact"
    MOVED = "moved"
    ALTERED = "altered"
    ORPHANED = "orphaned"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place (code points of the new text) that was not taken, and its score."""

    start: int
    end: int
    score: float


Candidates = tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Fate:
    """Where a span stands in the new text, in code points; an orphan, and nothing else, has no place (None).

    ``score``: 1.0 for the same words, 0.0 for an orphan, else the mean of how much of the words' weight was
    followed there and how alike the two quotations are. ``needs_check``: a person must look before anybody
    relies on it. ``candidates``: rejected places, best first, for the person who looks; among them one that
    was found by looking for the like of lost words, as nothing but likeness speaks for it.

    ``reason`` is empty where nothing is to be said, or

    - ``normalised``: the same words, but for quotes, dashes, blanks, case or Unicode form (tokens.fold);
    - ``words``: words changed; ``facts``: a number, a date, a negation or a name among them;
    - ``neighbours``: the same few words, but most of what stood around them is gone;
    - ``twice``: the same words, but the passage stands twice in a row, and it may be the other one; of an
      orphan, that it stood twice, one of the two is gone, and nobody can tell which;
    - ``gone``: not followed, or not to be told from others like them; ``blank``: there were no words.
    """

    state: State
    start: int | None
    end: int | None
    score: float
    needs_check: bool = False
    reason: str = ""
    candidates: Candidates = ()


def reanchor(old: str, new: str, spans: Sequence[tuple[int, int]]) -> list[Fate]:
    """The fate in ``new`` of each span ``(start, end)`` of ``old``, in the same order.

    ValueError unless ``0 <= start <= end <= len(old)``. A span's fate does not depend on the other spans.
    """
    for start, end in spans:
        if not 0 <= start <= end <= len(old):
            raise ValueError(f"{start}:{end} is no place in a text of {len(old)} characters")
    if old == new:
        return [Fate(State.EXACT, start, end, 1.0) for start, end in spans]
    if not spans:
        return []
    revision = _Revision(old, new)
    return [revision.fate(start, end) for start, end in spans]


class _Revision:
    """Two texts, aligned once; what few spans need is prepared when the first one asks."""

    def __init__(self, old_text: str, new_text: str) -> None:
        self.old_text, self.new_text = old_text, new_text
        self.vocabulary = Vocabulary()
        self.old, self.new = tokenise(old_text, self.vocabulary), tokenise(new_text, self.vocabulary)
        likeness = Likeness(self.vocabulary)
        self.alignment = align(self.old, self.new, likeness)
        follow_moves(self.old, self.new, self.alignment, likeness)
        self.moved = moved(self.old, self.alignment.images)
        self.doubled = doubled(self.old, self.new, self.alignment)
        self.halved = halved(self.old, self.new, self.alignment)
        self.map = Map(old_text, new_text, self.old, self.new, self.alignment)

    @cached_property
    def search(self) -> Search:
        return Search(self.map)

    @cached_property
    def old_facts(self) -> Facts:
        return Facts(self.old_text, self.old, self.vocabulary)

    @cached_property
    def new_facts(self) -> Facts:
        return Facts(self.new_text, self.new, self.vocabulary)

    def fate(self, start: int, end: int) -> Fate:
        a, b = self.old.within(start, end)
        if a >= b or start == end:
            return Fate(State.ORPHANED, None, None, 0.0, reason="blank")
        weight = self.map.weight(a, b)
        places = self.map.places(a, b)[:_CANDIDATES]
        if places and self.halved.issuperset(places[0].survivors):
            candidates = _ranked(self._rejected(start, end, places))
            return Fate(State.ORPHANED, None, None, 0.0, reason="twice", candidates=candidates)
        if places and (fate := self._standing(start, end, weight, places[0])):
            if not fate.needs_check:
                return fate
            others = self._rejected(start, end, places[1:])
            others.pop((fate.start, fate.end), None)
            return replace(fate, candidates=_ranked(others))
        rejected = self._rejected(start, end, places)
        if found := self.search.find(start, end):
            rejected[found] = self._similarity(start, end, *found)
        return Fate(State.ORPHANED, None, None, 0.0, reason="gone", candidates=_ranked(rejected))

    def _standing(self, start: int, end: int, weight: float, place: Place) -> Fate | None:
        """The fate of a span that landed in this place; None if there is too little to say that it did."""
        fate = self._judged(start, end, place)
        if weight > _LIGHT and fate.score >= _LEAST:
            return fate
        followed, known = self.map.company(*self.old.within(start, end), place)
        if weight <= _SHORT and followed < _FOLLOWED and known < _KNOWN:
            return None
        if fate.score < _LEAST - _VOUCHED * followed:
            return None
        if weight <= _LIGHT and min(followed, known) < _COMPANY and fate.state != State.ALTERED:
            return replace(fate, needs_check=True, reason="neighbours")
        return fate

    def _judged(self, start: int, end: int, place: Place) -> Fate:
        """The fate of a span that stands in this place."""
        new_start, new_end = self.map.cut(start, end, place)
        was, now = self.old_text[start:end], self.new_text[new_start:new_end]
        if was == now or fold(was) == fold(now):
            state = State.MOVED if self.moved[place.survivors[0]] else State.EXACT
            if self.doubled.issuperset(place.survivors):
                return Fate(state, new_start, new_end, 1.0, True, "twice")
            return Fate(state, new_start, new_end, 1.0, reason="" if was == now else "normalised")
        score = (place.survival + self._similarity(start, end, new_start, new_end)) / 2
        a, b = self.old.within(start, end)
        if self.old_facts.between(a, b) != self.new_facts.between(place.first, place.last + 1):
            return Fate(State.ALTERED, new_start, new_end, score, True, "facts")
        return Fate(State.ALTERED, new_start, new_end, score, score < _SURE, "words")

    def _rejected(self, start: int, end: int, places: list[Place]) -> dict[tuple[int, int], float]:
        """These places with their scores, and others where the very words stand."""
        scores: dict[tuple[int, int], float] = {}
        for place in places:
            new_start, new_end = self.map.cut(start, end, place)
            similarity = self._similarity(start, end, new_start, new_end)
            scores[new_start, new_end] = (place.survival + similarity) / 2
        for new_start in islice(self._verbatim(self.old_text[start:end]), _CANDIDATES):
            scores.setdefault((new_start, new_start + end - start), _VERBATIM)
        return scores

    def _similarity(self, start: int, end: int, new_start: int, new_end: int) -> float:
        was, now = self.old_text[start:end], self.new_text[new_start:new_end]
        return Indel.normalized_similarity(fold(was), fold(now))

    def _verbatim(self, words: str) -> Iterator[int]:
        place = self.new_text.find(words)
        while place >= 0:
            yield place
            place = self.new_text.find(words, place + len(words))


def _ranked(scores: dict[tuple[int, int], float]) -> Candidates:
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Candidate(*place, score) for place, score in ranked[:_CANDIDATES])
