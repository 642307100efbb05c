"""A plain text of lines made canonical, and where offsets into it stand afterwards.

What programs bring is often nearly canonical: other line ends, double blanks, accents apart from their
letters. Each line is made as `document` makes a block, lines of nothing are gone, and the edges of spans are
taken through every change.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from newsroom.text.characters import NOT_TEXT, canonical
from newsroom.text.document import Block, Document

_LINE_END = re.compile(r"\r\n?|\n")
#: What a canonical text has nowhere, beside NOT_TEXT; marks that are unseen are left to a closer look.
_UNTIDY = re.compile(
    "[^\\S\n]{2}|[\t\v\f\r\x85\u2028\u2029]|\n\n|\\A\\s|\\s\\Z|\n\\s|\\s\n"
    "|[\u061c\u200c-\u200f\u202a-\u202e\u2066-\u2069]"
)


def is_canonical(text: str) -> bool:
    """Whether this is so at a glance; what is not may still be."""
    return (
        bool(text)
        and not _UNTIDY.search(text)
        and not NOT_TEXT.search(text)
        and unicodedata.is_normalized("NFC", text)
    )


def canonical_text(text: str, edges: Iterable[int] = ()) -> tuple[str, dict[int, int]]:
    """The text in canonical form, and where each edge (an offset into the text) stands in it."""
    wanted = sorted(set(edges))
    moved: dict[int, int] = {}
    lines: list[str] = []
    length = begin = index = 0
    for end, after in (
        *((found.start(), found.end()) for found in _LINE_END.finditer(text)),
        (len(text),) * 2,
    ):
        own = []
        # An edge inside a line end stands at the end of its line.
        while index < len(wanted) and wanted[index] < max(after, end + (after == end)):
            own.append(min(wanted[index], end))
            index += 1
        line, places = canonical(text[begin:end], [edge - begin for edge in own])
        start = length + (1 if lines else 0)
        for edge, place in zip(wanted[index - len(own) : index], places, strict=True):
            moved[edge] = start + place if line else length
        if line:
            lines.append(line)
            length = start + len(line)
        begin = after
    return "\n".join(lines), moved


def paragraphs(text: str) -> Document:
    """The document of a canonical text of which each line is a paragraph."""
    blocks = []
    start = 0
    for line in text.split("\n"):
        blocks.append(Block("p", start, start + len(line)))
        start += len(line) + 1
    return Document(text, tuple(blocks))
