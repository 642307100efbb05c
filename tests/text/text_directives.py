"""How a browser finds the words of a text directive: a port of the algorithm of the WICG's draft.

https://wicg.github.io/scroll-to-text-fragment/#find-a-range-from-a-text-directive: the steps are
those of the draft. The document is a text whose blocks are parted by line feeds. Words are Unicode's (UAX
29), as far as alphabets with blanks go; letters are compared at the primary level of UTS 10.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

_WORD = re.compile(r"[^\W\d_](?:\w|[’'.:·](?=[^\W\d_]))*|\d(?:\w|[.,;'](?=\d))*|\w+")


@dataclass(frozen=True)
class Parsed:
    start: str
    end: str | None = None
    prefix: str | None = None
    suffix: str | None = None


def parse(directive: str) -> Parsed:
    """#parse-a-text-directive"""
    assert directive.startswith("text=")
    tokens = directive.removeprefix("text=").split(",")
    assert 1 <= len(tokens) <= 4
    prefix = suffix = None
    if tokens[0].endswith("-"):
        prefix = unquote(tokens.pop(0)[:-1])
    if tokens[-1].startswith("-"):
        suffix = unquote(tokens.pop()[1:])
    assert 1 <= len(tokens) <= 2
    assert all(tokens)
    assert prefix != "" and suffix != ""
    words = [unquote(token) for token in tokens]
    return Parsed(words[0], words[1] if len(words) == 2 else None, prefix, suffix)


class Document:
    def __init__(self, text: str) -> None:
        self.text = text
        self.keys: list[str] = []
        self.places: list[int] = []
        for place, letter in enumerate(text):
            for key in primary(letter):
                self.keys.append(key)
                self.places.append(place)
        self.places.append(len(text))
        self.searched = "".join(self.keys)
        self.inside_words = {
            place for word in _WORD.finditer(text) for place in range(word.start() + 1, word.end())
        }

    def find(self, directive: str, after: int = 0) -> tuple[int, int] | None:
        """#find-a-range-from-a-text-directive, from a place on."""
        parsed = parse(directive)
        search = after
        while search < len(self.text):
            must_end = parsed.end is not None or parsed.suffix is None
            if parsed.prefix is not None:
                prefix = self.string(parsed.prefix, search, word_start=True, word_end=False)
                if prefix is None:
                    return None
                search = prefix[0] + 1
                rest = self.next_non_whitespace(prefix[1])
                if rest >= len(self.text):
                    return None
                found = self.string(parsed.start, rest, word_start=False, word_end=must_end)
                if found is None:
                    return None
                if found[0] != rest:
                    continue
            else:
                found = self.string(parsed.start, search, word_start=True, word_end=must_end)
                if found is None:
                    return None
                search = found[0] + 1
            start, end = found
            range_end = end
            while range_end < len(self.text) or parsed.end is None:
                if parsed.end is not None:
                    last = self.string(parsed.end, range_end, word_start=True, word_end=parsed.suffix is None)
                    if last is None:
                        return None
                    end = last[1]
                if parsed.suffix is None:
                    return start, end
                behind = self.next_non_whitespace(end)
                suffix = self.string(parsed.suffix, behind, word_start=False, word_end=True)
                if suffix is None:
                    return None
                if suffix[0] == behind:
                    return start, end
                if parsed.end is None:
                    break
                range_end = end
            else:
                return None
        return None

    def next_non_whitespace(self, place: int) -> int:
        while place < len(self.text) and self.text[place].isspace():
            place += 1
        return place

    def string(self, query: str, start: int, *, word_start: bool, word_end: bool) -> tuple[int, int] | None:
        """#find-a-string-in-range: never over the edge of a block, which no query has in it."""
        wanted = "".join(primary(letter) for letter in query)
        found = self.places.index(start) if start in self.places else len(self.searched)
        while (found := self.searched.find(wanted, found)) >= 0:
            begin, end = self.places[found], self.places[found + len(wanted) - 1] + 1
            while end < len(self.text) and not primary(self.text[end]):
                end += 1
            if not (word_start and begin in self.inside_words) and not (
                word_end and end in self.inside_words
            ):
                return begin, end
            found += 1
        return None


def primary(letter: str) -> str:
    if letter == "\n":
        return letter
    if letter.isspace():
        return " "
    letter = {"’": "'", "‘": "'", "“": '"', "”": '"'}.get(letter, letter)
    plain = unicodedata.normalize("NFKD", letter.casefold())
    return "".join(one for one in plain.casefold() if unicodedata.category(one) not in ("Mn", "Me", "Cf"))
