"""Every name that the newsroom knows, wherever it stands in a text: all aliases in one pass (Aho-Corasick).

Text and aliases are compared without case, accents, and kinds of apostrophe, blank and hyphen, as in
`newsroom.text.folding`; *Azure-Databricks* is *Azure Databricks*. What is found stands at the edges of words:
an apostrophe is one (*dell’Eni*), so is a hyphen. Of two that overlap, the first and then the longest counts.

Case comes back where it tells a name from a word: *Meta* is not in «la meta», *API* not in «le api».
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import ahocorasick_rs

from newsroom.text.folding import fold

_DASHES = frozenset("-‐‑‒–—−﹣－")
_JOINING = re.compile(r"(?<=[^\W_])-(?=[^\W_])")
_CHUNK = re.compile(r"\S+")
_LETTERS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody or something that the newsroom knows.

    `context`: how often each of the `context_words()` stood near accepted mentions; `times`: how many of
    these there were. Both help where an alias stands for several.
    """

    key: str
    kind: str
    aliases: tuple[str, ...]
    context: Mapping[str, int] = field(default_factory=dict, compare=False)
    times: int = 0
    description: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """`text[start:end]` (code points) is an alias of these; `exact` are those of them that write it so."""

    start: int
    end: int
    named: tuple[Named, ...]
    exact: frozenset[str]


class Aliases:
    """All aliases, ready to be looked for. It takes seconds for 100,000 of them, so it is made once."""

    def __init__(self, names: Iterable[Named]) -> None:
        spelled: dict[str, list[tuple[Named, str]]] = defaultdict(list)
        for named in names:
            for alias in dict.fromkeys(named.aliases):
                alias = unicodedata.normalize("NFC", alias).strip()
                if (folded := _folded(alias)[0].strip()) and any(c.isalnum() for c in folded):
                    spelled[folded].append((named, alias))
        self._spelled: Sequence[Sequence[tuple[Named, str]]] = list(spelled.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(spelled)) if spelled else None

    def find(self, text: str) -> list[Hit]:
        """In order; they never overlap."""
        if not self._automaton:
            return []
        folded, places = _folded(text)
        blind = _addresses(text)
        hits: list[Hit] = []
        for which, first, last in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if _inside_a_word(folded, first) or _inside_a_word(folded, last):
                continue
            start, end = places[first], over_marks(text, places[last - 1] + 1)
            if blind[start]:
                continue
            if hit := self._hit(text, start, end, which):
                hits.append(hit)
        return list(_longest(hits))

    def _hit(self, text: str, start: int, end: int, which: int) -> Hit | None:
        said = unicodedata.normalize("NFC", text[start:end])
        fitting: dict[str, Named] = {}
        exact = set()
        for named, alias in self._spelled[which]:
            fits = _fits(alias, said, named.kind, begins(text, start))
            if fits is not None:
                fitting[named.key] = named
                if fits:
                    exact.add(named.key)
        return Hit(start, end, tuple(fitting.values()), frozenset(exact)) if fitting else None


def _longest(hits: list[Hit]) -> Iterator[Hit]:
    reached = 0
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if hit.start >= reached:
            reached = hit.end
            yield hit


@lru_cache(maxsize=10_000)
def _folded_character(c: str) -> str:
    if c == "\n":
        return c
    if c.isspace():
        return " "
    return "-" if c in _DASHES else fold(c)


def _folded(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and for each character of that its place in the text."""
    out: list[str] = []
    places: list[int] = []
    before = ""
    for place, c in enumerate(text):
        folded = _folded_character(c)
        if not folded or (folded == " " and before == " "):
            continue
        before = folded
        out.append(folded)
        places += [place] * len(folded)
    return _JOINING.sub(" ", "".join(out)), places


def _inside_a_word(folded: str, place: int) -> bool:
    around = folded[place - 1 : place + 1] if 0 < place < len(folded) else ""
    return len(around) == 2 and all(c.isalnum() or c == "_" for c in around)


def over_marks(text: str, end: int) -> int:
    """Behind the accents that belong to the last letter."""
    while end < len(text) and unicodedata.category(text[end])[0] == "M":
        end += 1
    return end


def _addresses(text: str) -> bytearray:
    """1 for each character of an address: who owns a site is not named by its address."""
    marked = bytearray(len(text))
    for chunk in _CHUNK.finditer(text):
        if "://" in chunk[0] or "www." in chunk[0] or "@" in chunk[0][1:]:
            marked[chunk.start() : chunk.end()] = b"\1" * len(chunk[0])
    return marked


def begins(text: str, place: int) -> bool:
    """Whether a capital says nothing here: a sentence or a line begins."""
    for before in range(place - 1, max(-1, place - 20), -1):
        c = text[before]
        if c == "\n" or c in ".!?:;…•":
            return True
        if not c.isspace() and c not in "\"'«“‘(–—-*":
            return False
    return True


def _fits(alias: str, said: str, kind: str, at_beginning: bool) -> bool | None:
    """Whether words are a name: True as it is written, False in another case, None if they are just words."""
    words, said_words = _LETTERS.findall(alias), _LETTERS.findall(said)
    if alias.islower() or words == said_words:
        return True
    if not any(c.isupper() for c in alias):
        return True  # a script without case
    rises = [word[0].isupper() for word in said_words]
    letters = "".join(c for c in alias if c.isalpha())
    if letters.isupper() and len(words) == 1:
        # Nato, Eni: the way of the papers; but «Nato a Roma» begins a sentence.
        return False if len(letters) > 2 and rises[:1] == [True] and not at_beginning else None
    if kind == "concept" and alias[0].isupper() and alias[1:].islower():
        return True
    if len(words) == 1 and any(c.isupper() for c in words[0][1:]):
        return False  # openai, Openai: no word is written like OpenAI
    risen = sum(word[0].isupper() for word in words)
    if not any(rises) or (at_beginning and risen > 1 and rises[0] and sum(rises) == 1):
        return None
    if risen == 1 and not any(
        said_word[0].isupper()
        for word, said_word in zip(words, said_words, strict=False)
        if word[0].isupper()
    ):
        return None
    return False
