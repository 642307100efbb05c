"""Names that nobody taught yet, by rules: capitals, what stands before and behind, and a few lists.

A **candidate** is a run of words with capitals, with the small words that may stand inside of it (*Ministero
dell'Interno*, *Ursula von der Leyen*) and without those that have a capital for another reason: the beginning
of a sentence, a title (*Presidente Mattarella*), a month.

Its **kind** is what most cues speak for. A cue is a title before it, a first name, a preposition of place, an
article, what such names begin or end with, a list. Since one name is one thing in one article, a candidate
hears the cues of all its places, and a short form those of the long one (*Rossi*, *Mario Rossi*).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from . import cues

PERSON, ORGANISATION, PLACE = "person", "organisation", "place"


class Reason(StrEnum):
    """Why a name was proposed, and as what. Codes, which stay as they are."""

    # of an alias
    ALIAS = "alias"
    ANY_CASE = "any-case"
    CONTEXT = "context"
    OTHER_CONTEXT = "other-context"
    NEAR = "near"
    OFTEN = "often"
    SELDOM = "seldom"
    ELSEWHERE = "elsewhere"
    WORD_TOO = "word-too"
    LONGER_NAME = "longer-name"
    # of an unknown name
    FIRST_NAME = "first-name"
    TITLE = "title"
    SPEAKS = "speaks"
    KNOWN_PLACE = "known-place"
    PLACE_BEGINS = "place-begins"
    PREPOSITION = "preposition"
    KNOWN_ORGANISATION = "known-organisation"
    ORGANISATION_BEGINS = "organisation-begins"
    ORGANISATION_ENDS = "organisation-ends"
    ORGANISATION_BEFORE = "organisation-before"
    ACRONYM = "acronym"
    ARTICLE = "article"
    TWO_WORDS = "two-words"
    SHORT_FORM = "short-form"
    IN_BRACKETS = "in-brackets"
    CAPITAL = "capital"
    LEARNED = "learned"


@dataclass(frozen=True, slots=True)
class Guess:
    """Words `start` to `end` (exclusive) of a sentence."""

    sentence: int
    start: int
    end: int
    kind: str
    confidence: float
    reasons: tuple[Reason, ...]


@dataclass(slots=True)
class _Candidate:
    sentence: int
    start: int
    end: int
    words: tuple[str, ...]
    weights: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    reasons: dict[str, list[Reason]] = field(default_factory=lambda: defaultdict(list))

    def speaks(self, kind: str, weight: float, reason: Reason) -> None:
        self.weights[kind] += weight
        if reason not in self.reasons[kind]:
            self.reasons[kind].append(reason)


def guesses(text: Sequence[Sequence[str]]) -> list[Guess]:
    """The names in the sentences of one article, in order; they never overlap."""
    plain = [[word.replace("’", "'") for word in sentence] for sentence in text]
    inside = _capitals_inside(plain)
    small = {word for sentence in plain for word in sentence if word.islower()}
    candidates = [
        candidate
        for number, sentence in enumerate(plain)
        if not _shouts(sentence)
        for candidate in _candidates(number, sentence, inside, small)
    ]
    for candidate in candidates:
        _by_itself(candidate)
        _by_its_neighbours(candidate, plain[candidate.sentence])
    _together(candidates)
    return [guess for candidate in candidates if (guess := _decided(candidate))]


# Where names are


def _capital(word: str) -> bool:
    return word[0].isupper() or (word[0].islower() and not word.islower() and len(word) > 2)


def _shouts(sentence: Sequence[str]) -> bool:
    """Whether capitals say nothing here: all is written in them."""
    words = [word for word in sentence if word.isalpha()]
    return len(words) > 3 and all(word.isupper() for word in words)


def _begins(sentence: Sequence[str], place: int) -> bool:
    """Whether a word has its capital from where it stands: first, or behind a colon or an opening quote."""
    before = place - 1
    while before >= 0 and not sentence[before][-1:].isalnum() and sentence[before] in "\"'«“‘(–—-*•…":
        before -= 1
    return before < 0 or sentence[before] in ".!?:;…"


def _capitals_inside(text: Sequence[Sequence[str]]) -> set[str]:
    """Words that have a capital where no sentence begins."""
    return {
        word
        for sentence in text
        if not _shouts(sentence)
        for place, word in enumerate(sentence)
        if word[0].isupper() and not _begins(sentence, place)
    }


def _candidates(
    number: int, sentence: Sequence[str], inside: set[str], small: set[str]
) -> Iterator[_Candidate]:
    place = 0
    while place < len(sentence):
        if not _starts(sentence, place, inside, small):
            place += 1
            continue
        end = _end(sentence, place)
        start = place
        while start < end - 1 and _is_title(sentence, start, end):
            start += 1
        yield _Candidate(number, start, end, tuple(sentence[start:end]))
        place = end


def _starts(sentence: Sequence[str], place: int, inside: set[str], small: set[str]) -> bool:
    word = sentence[place]
    lowered = word.lower()
    if not _capital(word) or (len(word) == 1 and not word.isupper()):
        return False
    if lowered in cues.COMMON and not (word.isupper() and len(word) > 2):
        return False
    following = sentence[place + 1] if place + 1 < len(sentence) else ""
    if word.endswith("'"):
        return lowered in ("d'", "o'", "sant'") and bool(following) and following[0].isupper()
    if len(word) == 1 and not (following and following[0].isupper()):
        return False
    known = lowered in cues.FIRST_NAMES or lowered in cues.PLACES or lowered in cues.KNOWN_ORGANISATIONS
    if _begins(sentence, place):
        if known or word in inside or (word.isupper() and len(word) > 1) or not word[1:].islower():
            return True
        if following and following[0].isupper() and following.lower() not in cues.COMMON:
            # «Muore Giorgio Faletti»: the verb is no part of the name.
            return lowered not in small and following.lower() not in cues.FIRST_NAMES
        return _joined(sentence, place, place + 1) > place + 1
    if lowered in cues.TITLES or lowered in cues.ORGANISATIONS:
        more = following[:1].isupper() or _joined(sentence, place, place + 1) > place + 1
        return more or lowered in cues.BODIES or (word in inside and lowered not in small)
    return True


def _is_title(sentence: Sequence[str], place: int, end: int) -> bool:
    return sentence[place].lower() in cues.TITLES and sentence[place + 1][0].isupper()


def _end(sentence: Sequence[str], start: int) -> int:
    end = start + 1
    while end < len(sentence):
        word = sentence[end]
        lowered = word.lower()
        named = _capital(word) and word[0].isalnum() and (lowered not in cues.COMMON or word.isupper())
        if named or (lowered in cues.PARTICLES and _goes_on(sentence, start, end)):
            end += 1
        elif (
            word in ("&", "D'", "d'", "Dell'", "Sant'")
            and end + 1 < len(sentence)
            and _capital(sentence[end + 1])
        ):
            if word == "d'" and not _names_after_d(sentence, start):
                break
            end += 2
        elif word.isdigit() and len(word) < 4 and sentence[end - 1][0].isupper() and end - start == 1:
            following = sentence[end + 1] if end + 1 < len(sentence) else "."
            if following[0].isalnum():
                break
            end += 1
            break
        else:
            longer = _joined(sentence, start, end)
            if longer == end:
                break
            end = longer
    return end


def _goes_on(sentence: Sequence[str], start: int, particle: int) -> bool:
    """Whether a person's name goes on behind a particle: von [der] Leyen."""
    behind = sentence[particle + 1] if particle + 1 < len(sentence) else ""
    if behind.lower() in cues.PARTICLES and particle + 2 < len(sentence):
        behind = sentence[particle + 2]
    return bool(behind) and _capital(behind) and sentence[start].lower() not in cues.ORGANISATIONS


def _names_after_d(sentence: Sequence[str], start: int) -> bool:
    first = sentence[start].lower()
    return first in cues.FIRST_NAMES or first in cues.ORGANISATIONS or first in cues.PLACES_BEGIN


def _joined(sentence: Sequence[str], start: int, end: int) -> int:
    """Behind what goes on with a name through small words: Ministero [dell'Interno], Luigi [di Savoia]."""
    first = sentence[start].lower()
    heads = first in cues.ORGANISATIONS or (first in cues.PLACES_BEGIN and end - start == 1)
    person = first in cues.FIRST_NAMES and end - start == 1
    if end < len(sentence) and sentence[end].lower() in cues.LINKS and (heads or person):
        behind = end + 1
        if person and sentence[end] not in (
            "di",
            "da",
            "del",
            "della",
            "dell'",
            "degli",
            "dei",
            "d'",
            "of",
            "de",
        ):
            return end
        if (
            behind < len(sentence)
            and sentence[behind][0].isupper()
            and sentence[behind].lower() not in cues.COMMON
        ):
            return behind + 1
        if (
            first in cues.ORGANISATIONS
            and behind < len(sentence)
            and sentence[start][0].isupper()
            and end - start == 1
            and first in ("ministero", "corte", "consiglio", "camera", "guardia", "presidenza", "ministry")
            and sentence[behind].isalpha()
        ):
            return behind + 1
    if (
        first in cues.ORGANISATIONS
        and end - start == 1
        and end < len(sentence)
        and len(sentence[end]) > 6
        and sentence[end].endswith(
            ("ale", "ana", "ano", "ica", "ico", "iva", "ivo", "ense", "ese", "aria", "ario")
        )
    ):
        return end + 1  # Corte costituzionale, Parlamento europeo
    return end


# Of which kind


def _by_itself(candidate: _Candidate) -> None:
    words = candidate.words
    lowered = [word.lower() for word in words]
    whole = " ".join(lowered)
    first, last = lowered[0], lowered[-1]
    several = len(words) > 1
    if whole in cues.PLACES:
        candidate.speaks(PLACE, 4, Reason.KNOWN_PLACE)
    if whole in cues.KNOWN_ORGANISATIONS:
        candidate.speaks(ORGANISATION, 4, Reason.KNOWN_ORGANISATION)
    if first in cues.ORGANISATIONS and (several or first in cues.BODIES):
        candidate.speaks(ORGANISATION, 3.5, Reason.ORGANISATION_BEGINS)
    if several and first in cues.PLACES_BEGIN:
        candidate.speaks(PLACE, 3, Reason.PLACE_BEGINS)
    if several and last in cues.SUFFIXES:
        candidate.speaks(ORGANISATION, 3, Reason.ORGANISATION_ENDS)
    if first in cues.FIRST_NAMES:
        candidate.speaks(PERSON, 3 if several else 1.5, Reason.FIRST_NAME)
    if not several and len(words[0]) > 1 and words[0].isupper():
        candidate.speaks(ORGANISATION, 2, Reason.ACRONYM)
    if several and words[0][-1:] == "." and len(words[0]) == 2:
        candidate.speaks(PERSON, 2, Reason.FIRST_NAME)
    if len(words) in (2, 3) and all(word[0].isupper() and word[1:].islower() for word in words):
        candidate.speaks(PERSON, 1.2, Reason.TWO_WORDS)
    if any(word.lower() in cues.PARTICLES for word in words[1:-1]):
        candidate.speaks(PERSON, 0.8, Reason.TWO_WORDS)
    if not several and any(c.isupper() for c in words[0][1:]) and not words[0].isupper():
        candidate.speaks(ORGANISATION, 1, Reason.ACRONYM)


def _by_its_neighbours(candidate: _Candidate, sentence: Sequence[str]) -> None:
    several = candidate.end - candidate.start > 1
    before = sentence[candidate.start - 1].lower() if candidate.start else ""
    before2 = sentence[candidate.start - 2].lower() if candidate.start > 1 else ""
    behind = sentence[candidate.end].lower() if candidate.end < len(sentence) else ""
    if before in cues.TITLES:
        candidate.speaks(PERSON, 2.5, Reason.TITLE)
    if before in cues.BEFORE_ORGANISATIONS:
        candidate.speaks(ORGANISATION, 2, Reason.ORGANISATION_BEFORE)
    elif before in cues.BEFORE_PLACES:
        candidate.speaks(PLACE, 1.5 if not several else 0.9, Reason.PREPOSITION)
    elif before in ("di", "of", "d'") and before2 in cues.BEFORE_PLACES:
        candidate.speaks(PLACE, 2, Reason.PREPOSITION)
    elif before in ("di", "of"):
        candidate.speaks(PLACE, 0.5, Reason.PREPOSITION)
    elif before in ("nel", "nella", "nell'", "nello"):
        candidate.speaks(PLACE, 1, Reason.PREPOSITION)
    elif before in cues.ARTICLES and before not in ("a", "ad"):
        candidate.speaks(ORGANISATION, 1.2, Reason.ARTICLE)
        candidate.weights[PERSON] -= 1
    else:
        candidate.speaks(PERSON, 0.4, Reason.CAPITAL)
    if behind in cues.SPEAKS:
        candidate.speaks(PERSON, 0.4, Reason.SPEAKS)
    if before == "(" and behind == ")" and not several and candidate.words[0].isupper():
        candidate.speaks(ORGANISATION, 1, Reason.IN_BRACKETS)


def _together(candidates: Sequence[_Candidate]) -> None:
    """All places of a name decide as one; a short form follows the long one."""
    forms: dict[tuple[str, ...], list[_Candidate]] = defaultdict(list)
    for candidate in candidates:
        forms[candidate.words].append(candidate)
    longer: dict[str, tuple[str, ...]] = {}
    for words in forms:
        if len(words) > 1:
            longer.setdefault(words[-1], words)
    shared: dict[tuple[str, ...], dict[str, float]] = {}
    for words, places in forms.items():
        total: dict[str, float] = defaultdict(float)
        for place in places:
            for kind, weight in place.weights.items():
                total[kind] += weight / len(places)
        shared[words] = total
    for words, places in forms.items():
        for place in places:
            for kind, weight in shared[words].items():
                place.weights[kind] += weight
            if len(words) == 1 and words[0] in longer:
                long = shared[longer[words[0]]]
                if max(long, key=long.__getitem__, default="") == PERSON:
                    place.speaks(PERSON, 6, Reason.SHORT_FORM)


def _decided(candidate: _Candidate) -> Guess | None:
    ranked = sorted(candidate.weights.items(), key=lambda item: -item[1])
    kind, weight = ranked[0] if ranked else (PERSON, 0)
    if weight <= 0:
        return None
    margin = weight - max(0, ranked[1][1] if len(ranked) > 1 else 0)
    confidence = round(min(0.85, 0.3 + 0.08 * margin), 2)
    reasons = tuple(candidate.reasons[kind]) or (Reason.CAPITAL,)
    return Guess(candidate.sentence, candidate.start, candidate.end, kind, confidence, reasons)
