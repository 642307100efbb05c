"""What somebody types into a search field → what has to stand in a text, and what must not.

``ponte aperto``    both words, anywhere, in any form that has their stem
``"ponte aperto"``  these words as they are, one after the other; “these” quotes and «these» do as well
``-chiuso``         texts without this word; ``-"molto chiuso"`` without this phrase

Words such as *il* or *the* are left out beside others. While somebody is still typing, the last word is the
beginning of one. Nothing that can be typed is an error: what means nothing is passed over, and a query that
is left with nothing to look for is false.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from .stems import STOP_WORDS, Word, forms, is_stem, pair, words

T = TypeVar("T")
#: Tokens of words in their order.
Phrase = tuple[str, ...]

#: More words than these are not looked for, and the query says so.
MOST_WORDS = 32
#: A beginning has at least so many letters: fewer would find almost everything.
SHORTEST_BEGINNING = 2

_PIECE = re.compile(
    r"(?P<minus>(?<!\S)[-\u2212](?=[\w\"“”„«»]))?"
    r"(?:\"(?P<plain>[^\"]*)\"|[“”„](?P<curly>[^“”„]*)[“”]|«(?P<pointed>[^«»]*)»|(?P<words>[^\s\"“”„«»]+))"
)


@dataclass(frozen=True, slots=True)
class Term:
    """One word that is looked for: one of these tokens stands in the text, or begins a token of it."""

    tokens: tuple[str, ...]
    beginnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    terms: tuple[Term, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    without: tuple[Term, ...] = ()
    without_phrases: tuple[Phrase, ...] = ()
    #: It had more words than were taken.
    shortened: bool = False

    def __bool__(self) -> bool:
        """Whether it looks for anything. What only excludes does not."""
        return bool(self.terms or self.phrases)

    @property
    def needed(self) -> tuple[Term, ...]:
        """Its terms, and the words of its phrases: all stand in a text that is found."""
        return self.terms + tuple(term for phrase in self.phrases for term in words_of(phrase))


def words_of(phrase: Phrase) -> tuple[Term, ...]:
    """The words of a phrase, in any order; those that say little only if it has no others."""
    return tuple(Term((token,)) for token in dict.fromkeys(_telling(phrase)))


def parse(typed: str, *, as_you_type: bool = False) -> Query:
    """`as_you_type`: the last word, if nothing stands behind it, is the beginning of one."""
    terms: list[Term] = []
    little: list[Term] = []
    phrases: list[Phrase] = []
    without: list[Term] = []
    without_phrases: list[Phrase] = []
    left, shortened = MOST_WORDS, False
    for piece in _PIECE.finditer(typed):
        quoted = next((part for part in piece.group("plain", "curly", "pointed") if part is not None), None)
        text = piece["words"] if quoted is None else quoted
        found = list(words(text))
        shortened |= len(found) > left
        found = found[:left]
        left -= len(found)
        phrase = tuple(word.token for word in found)
        if not found:
            if shortened:
                break
        elif piece["minus"]:
            # Of what an apostrophe or a hyphen joins, the whole is meant: -dell’IA is -IA.
            telling = phrase if quoted is not None else _telling(phrase)
            if len(telling) > 1:
                without_phrases.append(telling)
            else:
                without.append(Term(telling if quoted is not None else forms(telling[0])))
        elif quoted is not None:
            if len(phrase) > 1:
                phrases.append(phrase)
            else:
                terms.append(Term(phrase))
        else:
            last = as_you_type and piece.end() == len(typed)
            for term, says_little in _terms(text, found, typing=last):
                (little if says_little else terms).append(term)
    if not (terms or phrases):
        terms = little
    return Query(_once(terms), _once(phrases), _once(without), _once(without_phrases), shortened)


def _terms(text: str, found: list[Word], *, typing: bool) -> Iterator[tuple[Term, bool]]:
    """The terms of words that no blank parts, and whether each is a word that says little."""
    joined = [pair(text, one, other) for one, other in pairwise(found)] + [""]
    for number, (word, token) in enumerate(zip(found, joined, strict=True)):
        if token:
            tokens: tuple[str, ...] = (token, token.removeprefix("=="))
            end = found[number + 1].end
        elif number and joined[number - 1]:
            continue  # it stands in the pair before
        else:
            tokens, end = forms(word.token), word.end
        says_little = not token and word.token in STOP_WORDS
        beginnings: tuple[str, ...] = ()
        if typing and end == len(text):
            if end - word.start >= SHORTEST_BEGINNING:
                beginnings = tuple(token for token in tokens if not is_stem(token))
            else:
                says_little |= text[word.start].isalpha()  # the first letter of a word that is being typed
        yield Term(tokens, beginnings), says_little


def _telling(phrase: Phrase) -> Phrase:
    """Without the words that say little, unless it has no others."""
    return tuple(token for token in phrase if token not in STOP_WORDS) or phrase


def _once(found: list[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(found))
