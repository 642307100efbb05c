"""Plain text, as it is typed, mailed or pasted: blank lines part paragraphs."""

from __future__ import annotations

import re

from newsroom.text import document

from .draft import Draft

#: A first line of its own, no longer than this and without a full stop, is a headline.
_HEADLINE = 140
#: A line that was broken by a program is about as long as this; one that somebody ended may be shorter.
_BROKEN = range(50, 101)

_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")


def read(text: str) -> Draft:
    """Its draft. Lines that a program broke at a fixed width are joined; raises Unreadable if it is empty."""
    paragraphs = _PARAGRAPHS.split("\n".join(text.splitlines()).strip())
    headline = ""
    if len(paragraphs) > 1 and _is_headline(paragraphs[0]):
        headline, *paragraphs = paragraphs
    return Draft.of(document.parse_text("\n\n".join(map(_joined, paragraphs))), headline=headline)


def _is_headline(paragraph: str) -> bool:
    line = paragraph.strip()
    return "\n" not in line and len(line) <= _HEADLINE and line[-1:] not in ".,;:…"


def _joined(paragraph: str) -> str:
    """The paragraph on one line, if all its lines but the last are as long as broken lines are."""
    lines = [line.strip() for line in paragraph.split("\n")]
    if len(lines) > 2 and all(len(line) in _BROKEN for line in lines[:-1]):
        return " ".join(lines)
    return "\n".join(lines)
