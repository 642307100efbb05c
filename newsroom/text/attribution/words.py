"""A stretch of text → its words, each with the letter of its class.

The classes of a stretch are one string, as long as it has words, so a phrase is a regular expression over
classes (phrases.py): ``DHOU`` is «il ministro dell'Economia».

D  article, demonstrative, number word     G  the same, or a pronoun («molti»)    #  number in digits
O  «di», «della»; “of”                     A  «a», «alla»; “to”                   B  «da», «dal»; “by”
F  “for”, “from”, “at”, “with”             P  any other preposition
C  «e», «ma»        S  «che», «mentre»     R  adverb         T  day, month        K  «si», «ci»    Z  «non»
V  finite verb, a cue        W  the same, or a noun («nota»)         X  finite verb that reports nothing
E  gerund                    =  infinitive behind its little word
H  who speaks by office      J  office for something («assessore a»)
M  what is written           I  what prescribes
Y  a time        N  pronoun      L  any other small word               U  word with a capital
Q  a quotation   '  possessive   .  what ends a sentence      , ; : - ( )  themselves    *  anything else
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from newsroom.text.attribution.lexicon import Lexicon
from newsroom.text.quotations import Quotation

_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}|\d+(?:[.,:]\d+)*%?|\w+(?:-\w+)*(?:['’](?:(?=\w)\w+(?:-\w+)*)?)?|\.{2,}|[^\w\s]"
)
_MARKS = {
    ",": ",", ";": ";", ":": ":", "-": "-", "–": "-", "—": "-", "(": "(", "[": "(", ")": ")", "]": ")",
    ".": ".", "!": ".", "?": ".", "…": ".",
}  # fmt: skip
#: Words of these classes keep them where a capital begins them within a sentence. «La Stampa» is a name.
_KEEPS = {"it": frozenset("HJM"), "en": frozenset("HJMTN")}
#: «De la Torre», “van den Berg”: what follows is part of the name.
_BEFORE_PARTICLES = frozenset("de van von".split())
_BEFORE_INFINITIVES = frozenset("di d' a ad da per".split())
NOMINAL = frozenset("LHJMIYWU")


class Names:
    """Known names, to be found among words: «Medici senza frontiere» is one, «la Repubblica» is another."""

    def __init__(self, names: Iterable[str], lexicon: Lexicon) -> None:
        self.known: dict[str, list[tuple[str, ...]]] = {}
        for name in names:
            pieces = tuple(words_of(name, 0, len(name), lexicon).words)
            if pieces:
                self.known.setdefault(pieces[0], []).append(pieces)

    def length(self, words: Sequence[str], place: int) -> int:
        """How many words the longest name has that begins at this word; 0 if there is none."""
        names = self.known.get(words[place], ())
        return max(
            (len(name) for name in names if tuple(words[place : place + len(name)]) == name), default=0
        )

    def mark(self, words: Sequence[str], classes: list[str]) -> None:
        """Give the words of names the class of names."""
        place = 0 if self.known else len(words)
        while place < len(words):
            length = self.length(words, place)
            if length > 1:
                # An article at its head stays one: «la Repubblica» is still introduced by it.
                first = place + (classes[place] == "D")
                classes[first : place + length] = "U" * (place + length - first)
            place += max(length, 1)

    def any_in(self, words: Sequence[str]) -> bool:
        return bool(self.known) and any(self.length(words, place) for place in range(len(words)))


@dataclass(slots=True)
class Words:
    """Words in order, a quotation being one of them. Offsets are those of the whole text."""

    text: str
    starts: list[int]
    ends: list[int]
    words: list[str]
    classes: str

    def __len__(self) -> int:
        return len(self.words)

    def parts(self, length: int) -> Iterator[Words]:
        """The same in parts of at most so many words: itself, unless it is no prose."""
        if len(self) <= length:
            yield self
            return
        for first in range(0, len(self), length):
            part = slice(first, first + length)
            yield Words(self.text, self.starts[part], self.ends[part], self.words[part], self.classes[part])

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The characters of words ``first`` to ``last - 1``."""
        return self.starts[first], self.ends[last - 1]


def words_of(
    text: str,
    start: int,
    end: int,
    lexicon: Lexicon,
    quoted: Sequence[Quotation] = (),
    sentence_ends: Collection[int] = (),
    names: Names | None = None,
) -> Words:
    """``sentence_ends``: behind which characters a full stop is one; any other belongs to an abbreviation.

    Words that make up one of the ``names`` are taken for a name, whatever they are alone.
    """
    found = Words(text, [], [], [], "")
    classes: list[str] = []
    at = start
    for quotation in quoted:
        _add(found, classes, at, quotation.start, lexicon, sentence_ends)
        found.starts.append(quotation.start)
        found.ends.append(quotation.end)
        found.words.append("«»")
        classes.append("Q")
        at = quotation.end
    _add(found, classes, at, end, lexicon, sentence_ends)
    if names:
        names.mark(found.words, classes)
    found.classes = "".join(classes)
    return found


def _add(
    found: Words, classes: list[str], start: int, end: int, lexicon: Lexicon, sentence_ends: Collection[int]
) -> None:
    text = found.text
    known = lexicon.classes
    english = lexicon.grammar.lang == "en"
    keeps = _KEEPS["en" if english else "it"]
    starts, ends, words = found.starts, found.ends, found.words
    initial = not classes or classes[-1] in ".:"
    for match in _WORD.finditer(text, start, end):
        surface = match.group()
        at = match.start()
        mark = _MARKS.get(surface)
        if mark:
            if surface == "." and at + 1 not in sentence_ends:
                continue
            starts.append(at)
            ends.append(at + 1)
            words.append(surface)
            classes.append(mark)
            initial = mark in ".:("
            continue
        word = surface.lower()
        if len(word) != len(surface):
            word = surface  # «İ» has two small characters; offsets are those of the text
        pieces = [(at, match.end(), word)]
        if "'" in word or "’" in word:
            pieces = _parted(word.replace("’", "'"), at, english)
        for first, last, piece in pieces:
            letter = known.get(piece)
            capital = text[first].isupper()
            if letter is None:
                letter = _class_of(piece, capital, initial, lexicon)
            elif (capital and not initial and (letter not in keeps or classes[-1] == "U")) or (
                letter == "D" and words and words[-1] in _BEFORE_PARTICLES
            ):
                letter = "U"
            if letter == "=" and (not words or words[-1] not in _BEFORE_INFINITIVES):
                letter = "L"
            starts.append(first)
            ends.append(last)
            words.append(piece)
            classes.append(letter)
            initial = initial and letter == "*"


def _parted(word: str, at: int, english: bool) -> list[tuple[int, int, str]]:
    """«dell'economia» → «dell'», «economia»; “don't” → “do”, “n't”; “mayor's” → “mayor”, “'s”."""
    apostrophe = word.index("'")
    cut = apostrophe if english else apostrophe + 1
    if english and word.endswith("n't") and len(word) > 3:
        cut = len(word) - 3
    if not 0 < cut < len(word):
        return [(at, at + len(word), word)]
    return [(at, at + cut, word[:cut]), (at + cut, at + len(word), word[cut:])]


def _class_of(word: str, capital: bool, initial: bool, lexicon: Lexicon) -> str:
    first = word[0]
    if first.isdigit():
        return "L" if word[-1].isalpha() else "#"
    if not first.isalpha():
        if first in "'":
            return "'" if len(word) > 1 or lexicon.grammar.lang == "en" else "*"
        return "." if word.startswith("..") else "*"
    for ending, letter in lexicon.grammar.endings:
        if (not capital or (initial and letter in "RE")) and ending.match(word):
            return letter
    return "U" if capital else "L"
