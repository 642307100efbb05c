"""Who is called by name in running text: “@giulia, have you seen this?”

A name of an account may hold letters, digits and `_ . @ + -`, and some of these end a sentence as well. So
names are not cut out by a pattern but looked up: of what follows an @, the longest beginning that is a known
name and leaves nothing but punctuation behind. `@anna.` calls anna, or the account `anna.` if there is one;
`@anna-maria` never calls anna. An address (`anna@example.org`, `https://example.org/@anna`) calls nobody.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_CALL = re.compile(r"(?<![\w.@+/-])@([\w.@+-]+)")
_PUNCTUATION = ".@+-"


@dataclass(frozen=True, slots=True)
class Mentioned:
    """`text[start:end]` is the name with its @; `name` is as it is known, whatever its case in the text."""

    start: int
    end: int
    name: str


def mentioned(text: str, names: Collection[str]) -> list[Mentioned]:
    """Every place that calls one of these names, in order.

    Case is ignored where that leaves one name only; the very spelling always counts.
    """
    return list(_mentioned(text, names))


def _mentioned(text: str, names: Collection[str]) -> Iterator[Mentioned]:
    spellings: dict[str, set[str]] = defaultdict(set)
    for name in names:
        spellings[name.casefold()].add(name)
    longest = max(map(len, names), default=0)
    for call in _CALL.finditer(text):
        words = call[1]
        shortest = max(len(words.rstrip(_PUNCTUATION)), 1)
        for length in range(min(len(words), longest), shortest - 1, -1):
            known = spellings.get(words[:length].casefold(), set())
            name = words[:length] if words[:length] in known else next(iter(known)) if len(known) == 1 else ""
            if name:
                yield Mentioned(call.start(), call.start(1) + length, name)
                break
