"""Words, for formats that have one a line: CoNLL and WebAnno TSV.

A word that a tag begins or ends in is parted there, so no tag has to be made wider to fit.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from .annotated import AnnotatedText

_WORD = re.compile(r"\w[^\s!-/:-@\[-`{-~«»“”„‘’…–—¿¡、。，]*|\S")


def tokens(text: AnnotatedText) -> list[tuple[int, int]]:
    """Start and end of each word; together they are the text but for blanks."""
    cuts = sorted({edge for tag in text.tags for part in tag.parts for edge in (part.start, part.end)})
    return list(_cut(text.text, cuts))


def _cut(text: str, cuts: list[int]) -> Iterator[tuple[int, int]]:
    for found in _WORD.finditer(text):
        start, end = found.span()
        index = bisect_left(cuts, start + 1)
        while index < len(cuts) and cuts[index] < end:
            yield start, cuts[index]
            start = cuts[index]
            index += 1
        yield start, end
