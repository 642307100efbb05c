"""Sentences of a text, by a well-kept splitter (Wikimedia's sentencex, MIT)."""

from __future__ import annotations

import sentencex


def sentences(text: str, lang: str = "it") -> list[tuple[int, int]]:
    """Start and end (code points, end exclusive, blanks at the edges left out) of each sentence, in order.

    A line feed always ends a sentence: canonical text has one between blocks.
    """
    found, line_start = [], 0
    for line in text.split("\n"):
        position = line_start
        for words in sentencex.segment(lang.partition("-")[0].lower(), line):
            start = position + len(words) - len(words.lstrip())
            end = position + len(words.rstrip())
            if start < end:
                found.append((start, end))
            position += len(words)
        line_start += len(line) + 1
    return found


def sentence_around(text: str, start: int, end: int, lang: str = "it") -> tuple[int, int]:
    """The bounds of the sentence, or run of sentences, that holds `text[start:end]` (code points)."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    touching = [
        (first + a, first + b)
        for a, b in sentences(text[first:last], lang)
        if first + a < end and start < first + b
    ]
    if not touching:
        return start, end
    return min(start, touching[0][0]), max(end, touching[-1][1])
