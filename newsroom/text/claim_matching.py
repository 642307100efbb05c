"""Which of the claims that are known says the same as a sentence: a score, and what matched.

The problem. Nobody repeats a claim word for word: a post has other forms of the words, misspells a name,
glues words into a hashtag, says much besides. An exact search finds nothing, a search for any word finds
everything.

The ways. Sentence embeddings are good at it and need a model of many megabytes in one language. Words
weighed by how rare they are among the known claims (tf-idf) come near to them and can be explained: so that
is the way here. Two measures are blended, both cosines in [0, 1]:

- **words**, by their stems in the language of each side, one rare word weighing as much as many frequent
  ones;
- **grams**, pieces of three and four letters, which also see *e-cigarettes* in *cigarette*, and *Krystina*
  in *Kristyna*.

A longer claim is divided by the root of its length (`LENGTH`): it says more, and is not worse for it. Two
numbers in all, both of them round; others beside them score alike.

The score orders. It is no probability, and nothing that has one is the same claim: what **differs** is said
beside it. “Not” on one side only, or other figures, turn a sentence round and leave its words as they are.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nlargest
from itertools import repeat
from math import fsum, log, sqrt

from .stems import LANGUAGES, STOP_WORDS, stem, words

#: How much of the score the words make; the grams make the rest.
WORDS = 0.6
#: To which power the length of a claim divides.
LENGTH = 0.5
#: What a claim gains that stands one standard deviation above the others by what it means; of so many.
MEANING, LEAST_ALIKE = 0.08, 5
#: From here on one that shares no word with a sentence says the same: two standard deviations.
OUTSTANDING = 2 * MEANING
GRAMS = (3, 4)
#: Code points of a sentence that are looked at.
LONGEST = 2_000

_ADDRESS = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S*")
_SENT_BY = re.compile(r"\s[—–-]\s[^—–]{1,80}\(@\w+\)[^—–]{0,40}$")
_MARKS = str.maketrans("#@", "  ")
_GLUED = re.compile(r"(?<=[^\W\d_])(?<![A-Z])(?=[A-Z])")
_NO = re.compile(
    r"\b(?:non|mai|né|nessun\w*|nulla|niente|senza|not|no|never|nor|none|nobody|nothing|neither|without|cannot)\b"
    r"|n[’']t\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wording:
    """A text and the language that it is in; "" if that is not known."""

    text: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """How far a known claim says the same as a sentence, and by what: words are as the sentence has them."""

    key: int
    score: float
    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    negation_differs: bool = False
    figures_differ: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    shown: str
    token: str
    #: What it is found by: its stem, or one in each language if the language is not known.
    forms: tuple[str, ...]
    is_name: bool


@dataclass(frozen=True, slots=True)
class Read:
    """A text taken apart, once."""

    words: tuple[_Word, ...]
    negated: bool

    @property
    def forms(self) -> set[str]:
        return {form for word in self.words for form in word.forms}

    @property
    def tokens(self) -> set[str]:
        return {word.token for word in self.words}


def read(*wordings: Wording) -> Read:
    """What wordings of the same say, together."""
    found, negated = [], False
    for wording in wordings:
        text = _ADDRESS.sub(" ", wording.text[:LONGEST])
        negated = negated or _NO.search(text) is not None
        begins = True
        for word in words(text):
            shown = text[word.start : word.end]
            is_name = shown[0].isupper() and not begins
            # Read in its parts, and shown as it is written: *OpenAI*, *DigaDiRidracoli*.
            for part in words(_GLUED.sub(" ", shown)):
                if part.token not in STOP_WORDS:
                    found.append(_Word(shown, part.token, _forms(part.token, wording.lang), is_name))
            begins = text[word.end : word.end + 1] in (".", "!", "?", ":")
    return Read(tuple(found), negated)


@lru_cache(maxsize=1 << 16)
def _forms(token: str, lang: str) -> tuple[str, ...]:
    language = lang.partition("-")[0].lower()
    languages = (language,) if language else LANGUAGES
    return tuple(dict.fromkeys(stem(token, one) or token for one in languages))


@lru_cache(maxsize=1 << 16)
def _grams(token: str) -> frozenset[str]:
    edged = f" {token} "
    return frozenset(edged[at : at + size] for size in GRAMS for at in range(max(1, len(edged) - size + 1)))


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many of `total` claims each form and each gram stands. A part of the claims says enough."""

    total: int
    forms: Mapping[str, int]
    grams: Mapping[str, int]
    #: The squared weights of grams: those of forty claims are asked for, for each sentence.
    _squares: Mapping[str, float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        squares = {gram: _weight(count, self.total) ** 2 for gram, count in self.grams.items()}
        object.__setattr__(self, "_squares", squares)

    @classmethod
    def of(cls, claims: Iterable[tuple[Collection[str], Collection[str]]]) -> Frequencies:
        """Of claims, each the tokens of its words, and the forms that it is found by."""
        total, forms, tokens = 0, Counter[str](), Counter[str]()
        for its_tokens, its_forms in claims:
            total += 1
            tokens.update(set(its_tokens))
            forms.update(set(its_forms))
        grams = Counter[str]()
        for token, count in tokens.items():
            for gram in _grams(token):
                grams[gram] += count
        return cls(total, forms, grams)

    def weight(self, form: str) -> float:
        return _weight(self.forms.get(form, 0), self.total)

    def is_in_more_than(self, share: float, forms: Collection[str]) -> bool:
        """Whether a word, in one of its forms, stands in more than such a share of the claims."""
        return max(self.forms.get(form, 0) for form in forms) > share * self.total

    def squared(self, grams: Collection[str]) -> float:
        """The squared weights of grams together: the same in whatever order they come."""
        unknown = repeat(_weight(0, self.total) ** 2)
        return fsum(map(self._squares.get, grams, unknown))

    def rarest(self, said: Read) -> list[tuple[str, ...]]:
        """The words of a text by their forms, each once, the rarest first."""
        rarity = {word.forms: max(self.forms.get(form, 0) for form in word.forms) for word in said.words}
        return sorted(rarity, key=lambda forms: (rarity[forms], -max(map(len, forms)), forms))


@lru_cache(maxsize=1 << 14)
def _weight(count: int, total: int) -> float:
    """Kept, for it is asked for each gram of each claim that is compared, and most are as rare as others."""
    count = min(count, total)
    return log(1 + (total - count + 0.5) / (count + 0.5))


class _Side:
    """One text as two vectors with their lengths."""

    def __init__(self, said: Read, known: Frequencies) -> None:
        # Of a word whose language is not known, the form that claims have.
        chosen = {w.forms: max(w.forms, key=lambda f: known.forms.get(f, 0)) for w in said.words}
        self.words = {
            form: known.weight(form) * (1 + log(count))
            for form, count in Counter(chosen[word.forms] for word in said.words).items()
        }
        self.grams = frozenset[str]().union(*map(_grams, said.tokens))
        self.length = sqrt(sum(weight * weight for weight in self.words.values()))
        self.gram_length = sqrt(known.squared(self.grams))


def _cosine(product: float, length: float, other_length: float, usual: float) -> float:
    divided: float = length * other_length**LENGTH * usual ** (1 - LENGTH)
    return min(1.0, product / divided) if divided else 0.0


def matches(
    sentence: Read,
    candidates: Iterable[tuple[int, Read]],
    known: Frequencies,
    *,
    least: float = 0.0,
    alike: Mapping[int, float] | None = None,
    near: Collection[int] = (),
) -> list[Match]:
    """The candidates, by their keys, that score `least` and more, the best first; of equals the oldest.

    `alike` says how like some of them are by what they mean (`embeddings.py`): that moves them up or down
    among the others. Those that are `near` need not score anything if they stand out by it.
    """
    asked = _Side(sentence, known)
    # A word said twice is not asked for twice: a post repeats itself.
    asked_words = {form: known.weight(form) for form in asked.words}
    length = sqrt(sum(weight * weight for weight in asked_words.values()))
    sides = [(key, said, _Side(said, known)) for key, said in candidates]
    usual = _mean(side.length for _key, _said, side in sides)
    usual_grams = _mean(side.gram_length for _key, _said, side in sides)
    lifts = lifted(_once(alike, sides) if alike else {})
    found = []
    for key, said, side in sides:
        shared = sum(weight * side.words[form] for form, weight in asked_words.items() if form in side.words)
        by_words = _cosine(shared, length, side.length, usual)
        shared = known.squared(asked.grams & side.grams)
        by_grams = _cosine(shared, asked.gram_length, side.gram_length, usual_grams)
        score = WORDS * by_words + (1 - WORDS) * by_grams
        if (score >= least and score > 0) or (key in near and lifts.get(key, 0.0) >= OUTSTANDING):
            found.append((score, key, said))
    found.sort(key=lambda one: (-round(one[0] + lifts.get(one[1], 0.0), 9), one[1]))
    return [compared(sentence, said, key=key, score=score) for score, key, said in found]


def spoken(text: str) -> str:
    """What a post says, for a model of sentences: without addresses, marks of tags, and who sent it when."""
    said = _ADDRESS.sub(" ", text[:LONGEST])
    said = _SENT_BY.sub(" ", said)
    return " ".join(_GLUED.sub(" ", said).translate(_MARKS).split())


def _once(alike: Mapping[int, float], sides: Iterable[tuple[int, Read, _Side]]) -> dict[int, float]:
    """Claims of the same words are as like as the oldest of them: other quotation marks mean nothing."""
    oldest: dict[frozenset[str], int] = {}
    words = {key: frozenset(said.tokens) for key, said, _side in sides if key in alike}
    for key in sorted(words):
        oldest.setdefault(words[key], key)
    return {key: alike[oldest[some]] for key, some in words.items()}


def lifted(alike: Mapping[int, float]) -> dict[int, float]:
    """What each gains or loses by its meaning: how far it stands from the others, in their own measure.

    One model's cosines lie between 0.75 and 0.9, another's between 0 and 1: only how they stand to one
    another says anything. Of few, that says nothing.
    """
    if len(alike) < LEAST_ALIKE:
        return {}
    mean = fsum(alike.values()) / len(alike)
    spread = sqrt(fsum((one - mean) ** 2 for one in alike.values()) / len(alike))
    return {key: MEANING * (one - mean) / spread for key, one in alike.items()} if spread > 1e-6 else {}


def shortlist(hits: Iterable[tuple[float, Iterable[int]]], most: int) -> list[int]:
    """Of the claims that each word hits, with its weight, those that share most; of equals the oldest."""
    shared: dict[int, float] = defaultdict(float)
    for weight, keys in hits:
        for key in keys:
            shared[key] += weight
    # Of thousands a few hundred are in question: those that share as much as the last, but for a rounding.
    if len(shared) > most > 0:
        least = nlargest(most, shared.values())[-1] - 1e-8
        shared = {key: weight for key, weight in shared.items() if weight >= least}
    return sorted(shared, key=lambda key: (-round(shared[key], 9), key))[:most]


def _mean(lengths: Iterable[float]) -> float:
    some = [length for length in lengths if length]
    return sum(some) / len(some) if some else 1.0


def compared(sentence: Read, claim: Read, *, key: int, score: float) -> Match:
    """What of a sentence stands in a claim as well, and what is otherwise."""
    there = claim.forms
    shared: dict[str, _Word] = {}
    for word in sentence.words:
        if not there.isdisjoint(word.forms):
            shared.setdefault(word.token, word)
    figures = {word.token for word in sentence.words if word.token[0].isdigit()}
    theirs = {word.token for word in claim.words if word.token[0].isdigit()}
    return Match(
        key=key,
        score=score,
        words=tuple(w.shown for w in shared.values() if not (w.is_name or w.token[0].isdigit())),
        names=tuple(w.shown for w in shared.values() if w.is_name and not w.token[0].isdigit()),
        figures=tuple(w.shown for w in shared.values() if w.token[0].isdigit()),
        negation_differs=sentence.negated != claim.negated,
        figures_differ=bool(figures and theirs) and not figures & theirs,
    )
