"""Plain text as people type it: lines without litter, paragraphs parted by one empty line."""

from __future__ import annotations

import re

from .characters import canonical

_MORE_THAN_ONE_EMPTY = re.compile(r"\n{3,}")


def tidy(text: str) -> str:
    """The same words: each line canonical (characters.py), never two empty lines, none at either end."""
    lines = "\n".join(canonical(line)[0] for line in text.splitlines())
    return _MORE_THAN_ONE_EMPTY.sub("\n\n", lines).strip("\n")


def typed_lines(text: str, width: int) -> int:
    """How many lines it fills if each holds so many characters; empty ones do not count."""
    return sum(-(-len(line) // width) for line in text.split("\n"))


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Where the paragraphs of tidy text begin and end; a line end inside one belongs to it."""
    found, start = [], 0
    for paragraph in text.split("\n\n") if text else []:
        found.append((start, start + len(paragraph)))
        start += len(paragraph) + 2
    return found
