"""Text fragments: addresses that lead a browser to words (`#:~:text=prefix-,start,end,-suffix`).

A browser takes the first place on the page where the words stand, whatever else was meant. So a fragment is
made against the whole page: it is as short as it can be while nothing else there answers to it. The rules are
those of a draft of the WICG, URL Fragment Text Directives (https://wicg.github.io/scroll-to-text-fragment/):

- letters are compared by their base, whatever their case and accents, and so are quotation marks;
- what is quoted without a neighbour begins and ends where a word does, by Unicode's rules, by which
  «dell’atto» is one word: words that begin or end inside one need the rest of it as their neighbour;
- no part of a fragment runs over the edge of a block. Words of several blocks are given by their first and
  last ones. What stands in the next block is no neighbour either: on the page, notes stand in between.

Unicode's word boundaries need tables, and browsers have tables of different age. What is taken for a boundary
here is one in all of them: a blank, the edge of a block, a mark that parts words wherever it stands. What is
taken for an occurrence is any, word or part of one. Both err on the side of a longer fragment.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple
from urllib.parse import quote, unquote

#: A fragment has so many words at least, its neighbours included, where the block has them: beside the text
#: there are notes on the page, in which a single word may stand as well.
WORDS = 3
#: Longer quotations are given by their first and last words.
LONG = 8
#: So many words are tried on each side, one after the other; then the whole rest of the block.
NEIGHBOURS = 10

#: Between them a word begins or ends for every browser. No-break spaces hold numbers together.
_WORD = re.compile(r"(?:\S|[\u00a0\u2007\u202f])+")
_PARTS_WORDS = frozenset("«»“”„‹›()[]{}!?…—/")
_QUOTES = str.maketrans("‘’‚‛“”„‟`´", "''''\"\"\"\"''")
_ATTACHED = ("Mn", "Me", "Mc", "Cf")


class Directive(NamedTuple):
    """The parts of a text directive, none of them encoded; "" for those that it has not."""

    prefix: str
    start: str
    end: str
    suffix: str

    def __str__(self) -> str:
        parts = (
            f"{_encoded(self.prefix)}-" if self.prefix else "",
            _encoded(self.start),
            _encoded(self.end),
            f"-{_encoded(self.suffix)}" if self.suffix else "",
        )
        return "text=" + ",".join(part for part in parts if part)


class Page:
    """A canonical text as it stands on a page, below other words of that page (`above`, its own blocks)."""

    def __init__(self, text: str, *, above: str = "") -> None:
        self.text = text
        self.above = above

    def fragment(self, start: int, end: int) -> str:
        """`text=…` for the words at these code points; "" where nothing tells them from others here."""
        while start < end and self.text[start].isspace():
            start += 1
        while start < end and self.text[end - 1].isspace():
            end -= 1
        if start >= end:
            return ""
        found = next((one for one in self._directives(start, end) if self._is_only(one, start, end)), None)
        return str(found) if found else ""

    def _directives(self, start: int, end: int) -> Iterator[Directive]:
        """Those that lead there, the shortest first."""
        first = self.text.rfind("\n", 0, start) + 1
        last = self.text.find("\n", end)
        last = len(self.text) if last < 0 else last
        # A neighbour is a number of words, and the part of a word that the quotation leaves.
        before = [word.start() for word in _WORD.finditer(self.text, first, start)][::-1]
        after = [word.end() for word in _WORD.finditer(self.text, end, last)]
        bounded = _is_boundary(self.text, start), _is_boundary(self.text, end)
        for words, opening, closing in self._quoted(start, end):
            for left, right in _neighbours(len(before), len(after)):
                if not ((left or bounded[0]) and (right or bounded[1])):
                    continue
                if words + left + right < WORDS and (left < len(before) or right < len(after)):
                    continue
                prefix = self.text[before[left - 1] : start].strip() if left else ""
                suffix = self.text[end : after[right - 1]].strip() if right else ""
                yield Directive(prefix, opening, closing, suffix)

    def _quoted(self, start: int, end: int) -> Iterator[tuple[int, str, str]]:
        """How many words there are, and the words themselves: the whole, or the first and the last ones."""
        words = [(word.start(), word.end()) for word in _WORD.finditer(self.text, start, end)]
        line = self.text.find("\n", start, end)
        whole = line < 0
        if whole and len(words) <= LONG:
            yield len(words), self.text[start:end], ""
            return
        ends_first = end if whole else line
        begins_last = start if whole else self.text.rfind("\n", start, end) + 1
        opening = [place for _begin, place in words if place <= ends_first]
        closing = [place for place, _end in words if place >= begins_last][::-1]
        for number in range(WORDS, max(len(opening), len(closing), WORDS) + 1):
            opens = opening[min(number, len(opening)) - 1]
            closes = closing[min(number, len(closing)) - 1]
            if opens < closes and _is_boundary(self.text, opens) and _is_boundary(self.text, closes):
                yield len(words), self.text[start:opens], self.text[closes:end]
        if whole:
            yield len(words), self.text[start:end], ""

    def _is_only(self, directive: Directive, start: int, end: int) -> bool:
        """Whether the place is all that answers to it."""
        prefix, opening, closing, suffix = map(folded, directive)
        wanted = self._folded_at(start)
        found, answers = -1, []
        while (found := self._folded.find(opening, found + 1)) >= 0:
            if self._stands_before(found, prefix) and (
                closing or self._stands_behind(found + len(opening), suffix)
            ):
                answers.append(found)
                if answers != [wanted]:
                    return False
        if not answers or not closing:
            return bool(answers)
        # The first place of the last words has to be theirs.
        return self._folded.find(closing, wanted + len(opening)) + len(closing) == self._folded_at(end)

    def _stands_before(self, place: int, prefix: str) -> bool:
        while place and self._folded[place - 1].isspace():
            place -= 1
        return self._folded.endswith(prefix, 0, place)

    def _stands_behind(self, place: int, suffix: str) -> bool:
        while place < len(self._folded) and self._folded[place].isspace():
            place += 1
        return self._folded.startswith(suffix, place)

    @cached_property
    def _folded(self) -> str:
        return folded(self._all)

    @cached_property
    def _all(self) -> str:
        return f"{self.above}\n{self.text}"

    @cached_property
    def _places(self) -> list[int] | None:
        """Where each character begins once folded; None where each has kept its place."""
        letters = {letter: len(_base(letter)) for letter in set(self._all)}
        if all(length == 1 for length in letters.values()):
            return None
        return list(accumulate((letters[letter] for letter in self._all), initial=0))

    def _folded_at(self, place: int) -> int:
        place += len(self.above) + 1
        return place if self._places is None else self._places[place]


def fragment(text: str, start: int, end: int) -> str:
    """The shortest `text=…` by which nothing but `text[start:end]` is found; "" where there is none."""
    return Page(text).fragment(start, end)


def parsed(directives: str) -> Directive | None:
    """The first text directive of what stands behind `:~:`; None if there is none that says something."""
    for one in directives.split("&"):
        name, _equals, value = one.partition("=")
        parts = value.split(",")
        prefix = parts.pop(0)[:-1] if len(parts) > 1 and parts[0].endswith("-") else ""
        suffix = parts.pop()[1:] if len(parts) > 1 and parts[-1].startswith("-") else ""
        if name == "text" and len(parts) in (1, 2) and all(parts):
            return Directive(*map(unquote, (prefix, parts[0], parts[1] if len(parts) > 1 else "", suffix)))
    return None


def folded(text: str) -> str:
    """As browsers compare it: base letters, without case, accents and the shape of quotation marks."""
    return text.translate({ord(letter): _base(letter) for letter in set(text)})


def _base(letter: str) -> str:
    plain = unicodedata.normalize("NFKD", letter.translate(_QUOTES).casefold()).casefold()
    if letter.isspace():
        return "\n" if letter == "\n" else " "
    return "".join(one for one in plain if unicodedata.category(one) not in _ATTACHED)


def _is_boundary(text: str, place: int) -> bool:
    """Whether a word ends or begins here for every browser."""
    if place in (0, len(text)):
        return True
    before, after = text[place - 1], text[place]
    if unicodedata.category(after) in _ATTACHED or unicodedata.category(before) == "Cf":
        return False
    if before in _PARTS_WORDS or after in _PARTS_WORDS:
        return True
    # «milioni.»: a mark behind which no word goes on.
    goes_on = place + 1 < len(text) and not text[place + 1].isspace()
    if before.isalnum() and unicodedata.category(after) in ("Po", "Pd") and not goes_on:
        return True
    return not (_WORD.match(before) and _WORD.match(after))


def _neighbours(before: int, after: int) -> Iterator[tuple[int, int]]:
    """How many words on each side, the fewest first; at last all that the block has."""
    for number in range(2 * NEIGHBOURS + 1):
        for left in range(min(number, before, NEIGHBOURS), -1, -1):
            right = number - left
            if right <= min(after, NEIGHBOURS):
                yield left, right
    yield from ((before, 0), (0, after), (before, after))


def _encoded(words: str) -> str:
    """A hyphen, a comma or an ampersand would be a sign of the directive's own."""
    return quote(words, safe="").replace("-", "%2D")
