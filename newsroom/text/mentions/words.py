"""Text → sentences → words, each with its place. An elided article is a word by itself: l’ · Agenzia."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsroom.text.sentences import sentences

_WORD = re.compile(
    # l’, dell’, D’ before a word that goes on; O’Neill and ’s are the other way round
    r"[^\W\d_]{1,7}['’](?=[^\W_])"
    # S.p.A., U.S.A., Inc.
    r"|(?:[^\W\d_]\.){2,}|[Ss]\.p\.[Aa]\.?|[Ss]\.r\.l\.?|\b(?:Inc|Ltd|Corp|Jr|Sr)\."
    # words, with what joins letters: Emilia-Romagna, watsonx.ai, MPT-30B, 3,5
    r"|[^\W_]+(?:[-–.,&+][^\W_]+)*"
    # one initial, and whatever else stands by itself
    r"|\S"
)


@dataclass(frozen=True, slots=True)
class Word:
    """`text[start:end]` (code points)."""

    start: int
    end: int
    text: str


def words_in(text: str, lang: str = "it") -> list[list[Word]]:
    """The words and marks of each sentence, in order; blanks are in none."""
    return [list(_words(text, start, end)) for start, end in sentences(text, lang)]


def _words(text: str, start: int, end: int) -> Iterator[Word]:
    while start < end:
        found = _WORD.search(text, start, end)
        if not found:
            return
        first, last = found.span()
        if last - first == 1 and text[first].isupper() and text[last : last + 1] == "." and last + 1 < end:
            last += 1  # G. Verdi
        yield Word(first, last, text[first:last])
        start = last


def texts(words: Sequence[Sequence[Word]]) -> list[list[str]]:
    return [[word.text for word in sentence] for sentence in words]
