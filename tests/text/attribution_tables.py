"""Reads the tables in ``attributions/``: sentences with who says what in them, and sentences where nobody
does.

A row is ``types | sentence``. In the sentence ``{s …}`` is the source, ``{c …}`` the cue, ``{t …}`` the
content of the first attribution; ``{s2 …}`` those of the second, ``{s12 …}`` of both. Braces nest, ``¶`` is
a line feed. The types are direct, indirect or mixed, one for each attribution; a sign says that nobody is
named as its source:

    ~  the subject is implied        ∅  impersonal, passive, or not said

How it was annotated. The cue is the verb with its auxiliaries, pronouns, negation and the adverbs between
them, and the little word that opens the content (che, di, se; that, to); what stands between the two is in
neither. A source is a noun phrase with its apposition, without the article that hides in a preposition
(«del ministro»). The content holds its quotation marks and leaves out the full stop. Where only an act is
told («ha lanciato l'allarme») the content is the whole clause, source and cue with it, as in the dossier of
the seed article.

The sentences are made up, in the manner of newspapers. ``held_out_…`` were written before there was any
rule, and run when the rules were done; the others are what the rules were tuned on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

TABLES = Path(__file__).parent / "attributions"
_ROLES = {"s": "source", "c": "cue", "t": "content"}


@dataclass
class Expected:
    """One attribution as a person sees it: spans in order, the type, and whether its source is unspoken."""

    quote_type: str
    unspoken: bool = False
    source: list[tuple[int, int]] = field(default_factory=list)
    cue: list[tuple[int, int]] = field(default_factory=list)
    content: list[tuple[int, int]] = field(default_factory=list)


def rows(table: str) -> list[tuple[str, str]]:
    """The rows of a table: what stands before the bar, and behind it."""
    lines = (TABLES / f"{table}.txt").read_text(encoding="utf-8").splitlines()
    return [(before.strip(), behind.strip()) for before, _, behind in (line.partition("|") for line in lines)]


def attributed(table: str) -> list[tuple[str, list[Expected]]]:
    """The sentences of a table, each with what is to be found in it."""
    return [_read(types, marked) for types, marked in rows(table)]


def _read(types: str, marked: str) -> tuple[str, list[Expected]]:
    expected = [Expected(kind.strip("~∅"), kind[-1] in "~∅") for kind in types.split()]
    text: list[str] = []
    opened: list[tuple[str, str, int]] = []
    at = 0
    for piece in re.split(r"(\{[sct]\d* |\})", marked):
        if piece == "}":
            letter, numbers, start = opened.pop()
            for number in numbers or "1":
                getattr(expected[int(number) - 1], _ROLES[letter]).append((start, at))
        elif piece.startswith("{"):
            opened.append((piece[1], piece[2:-1], at))
        else:
            text.append(piece.replace("¶", "\n"))
            at += len(piece)
    for attribution in expected:
        for spans in (attribution.source, attribution.cue, attribution.content):
            spans.sort()
    return "".join(text), expected
