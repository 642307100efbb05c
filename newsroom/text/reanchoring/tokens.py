"""Text → tokens: words and marks with their places, and keys under which equal words are equal."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]

_APOSTROPHES = "‘’‚‛′ʹʻʼʽˈ`´＇"
_QUOTES = "“”„‟″«»ʺ＂"
_DASHES = "‐‑‒–—―−"
_BLANKS = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_UNSEEN = "\u00ad\u200b\u2060\ufeff"
_PLAIN = str.maketrans(
    dict.fromkeys(_APOSTROPHES, "'")
    | dict.fromkeys(_QUOTES, '"')
    | dict.fromkeys(_DASHES, "-")
    | dict.fromkeys(_BLANKS, " ")
    | dict.fromkeys(_UNSEEN)
)

#: Combining marks and invisible characters stay with the word that they stand in.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    + _UNSEEN
)
_TOKEN = re.compile(rf"\w[\w{_MARKS}]*|[^\w\s]")

#: Words that stand in every sentence: they say little about which sentence it is.
_STOP_WORDS = frozenset(
    # Italian, then English
    "a ad agli ai al all alla alle allo anche c che chi ci come con cui d da dagli dai dal dalla dalle "
    "dallo degli dei del dell della delle dello di e è ed era essere gli ha hanno i il in io l la le lo "
    "loro ma mi ne negli nei nel nell nella nelle nello o per più quella quello quest questa questo qui s "
    "se si sia sono su sua sugli sui sul sull sulla sulle sullo suo tra fra un una uno un vi "
    "an and any are as at be been but by can do for from had has have he her his if is it its me my no "
    "not of on or our she so that the their them there they this to was we were which who will with you "
    "your s t re ve ll "
    .split()
)  # fmt: skip
#: What a token says of where it stands: four stop words as much as one word of content, a mark nothing.
CONTENT, STOP, MARK = 1.0, 0.25, 0.0
#: How well the text parts: a fifth of what a gap costs at most, to decide between gaps that are alike.
AFTER_MARK, AFTER_SENTENCE, BETWEEN_PARAGRAPHS = 1, 3, 4


def fold(words: str) -> str:
    """What two typists would call the same words: NFC, plain quotes, dashes and blanks, no case.

    Invisible characters (soft hyphen, zero-width space) are dropped. Accents stay: they make other words.
    Folding what is folded changes nothing.
    """
    composed = unicodedata.normalize("NFC", words).translate(_PLAIN)
    return " ".join(unicodedata.normalize("NFC", composed.casefold()).split())


@dataclass(slots=True)
class Vocabulary:
    """Numbers for words: tokens that fold to the same have the same number, in every text numbered here."""

    words: list[str] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)
    _seen: dict[str, int] = field(default_factory=dict)

    def number(self, surface: str) -> int:
        """The number of a token as written; -1 if nothing visible is left of it."""
        number = self._seen.get(surface)
        if number is None:
            word = fold(surface)
            number = self._numbers.setdefault(word, len(self.words)) if word else -1
            self._seen[surface] = number
            if number == len(self.words):
                self.words.append(word)
                self.weights.append(_weight(word))
                self.breaks.append(_break_after(word))
        return number


@dataclass(frozen=True, slots=True)
class Strip:
    """Tokens in a row, to be aligned with others: their keys, and the breaks before, between and behind."""

    keys: Numbers
    breaks: Numbers

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text in order: token ``i`` is ``text[starts[i]:ends[i]]``, the word ``keys[i]``.

    ``paragraphs`` counts the line ends before a token. ``breaks[i]`` says how well the text parts before
    token ``i``, from 0 (amid a sentence) to BETWEEN_PARAGRAPHS; the last one is behind the last token.
    """

    starts: list[int]
    ends: list[int]
    keys: Numbers
    weights: NDArray[np.float64]
    paragraphs: Numbers
    breaks: Numbers

    def __len__(self) -> int:
        return len(self.starts)

    def within(self, start: int, end: int) -> tuple[int, int]:
        """The tokens that ``text[start:end]`` has a character of: the first, and the one behind the last."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)

    def part(self, first: int, last: int) -> Strip:
        """Tokens ``first`` to ``last - 1``."""
        return Strip(self.keys[first:last], self.breaks[first : last + 1])

    def part_before(self, first: int, last: int) -> Strip:
        """The same tokens read backwards."""
        return Strip(self.keys[first:last][::-1], self.breaks[first : last + 1][::-1])


def tokenise(text: str, vocabulary: Vocabulary) -> Tokens:
    """The tokens of a text, numbered by a vocabulary that other texts may share."""
    starts: list[int] = []
    ends: list[int] = []
    keys: list[int] = []
    number = vocabulary.number
    for found in _TOKEN.finditer(text):
        key = number(found.group())
        if key >= 0:
            start, end = found.span()
            starts.append(start)
            ends.append(end)
            keys.append(key)
    numbered = np.array(keys, dtype=np.int32)
    weights = np.array(vocabulary.weights)[numbered] if keys else np.zeros(0)
    line_ends = [found.start() for found in re.finditer("\n", text)]
    paragraphs = np.searchsorted(line_ends, starts).astype(np.int32)
    breaks = np.full(len(keys) + 1, BETWEEN_PARAGRAPHS, dtype=np.int32)
    if keys:
        parted = np.array(starts[1:]) > np.array(ends[:-1])
        after = np.where(parted, np.array(vocabulary.breaks, dtype=np.int32)[numbered[:-1]], 0)
        breaks[1:-1] = np.where(np.diff(paragraphs) > 0, BETWEEN_PARAGRAPHS, after)
    return Tokens(starts, ends, numbered, weights, paragraphs, breaks)


def _weight(word: str) -> float:
    if not (word[0].isalnum() or word[0] == "_"):
        return MARK
    return STOP if word in _STOP_WORDS else CONTENT


def _break_after(word: str) -> int:
    if word in ".!?…:;":
        return AFTER_SENTENCE
    return AFTER_MARK if _weight(word) == MARK else 0
