"""The room `newsroom/text`: HTML read and written, spans cut, quotations found, sentences, who says what."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from newsroom.text.attribution import attributions
from newsroom.text.document import parse, parse_text, write
from newsroom.text.segments import Span, cut
from newsroom.text.selectors import describe, match
from newsroom.text.sentences import sentences

from .bench import timed

ARTICLE = Path(__file__).parent.parent / "fixtures" / "source" / "article.txt"
LONG = 20


def measure() -> dict[str, Any]:
    """Milliseconds of one call each, on the seed's text and on one twenty times as long."""
    one = ARTICLE.read_text(encoding="utf-8")
    return {"seed": _of(one, spans=500, rounds=100), "long": _of("\n\n".join([one] * LONG), 5000, 10)}


def _of(plain: str, spans: int, rounds: int) -> dict[str, Any]:
    document = parse_text(plain)
    html, text = write(document), document.text
    chosen = list(_spans(text, spans))
    places = [(span.start, span.end) for span in chosen[:100]]
    selectors = [describe(text, start, end) for start, end in places]
    parsed, written, run, described, matched, parted, guessed = timed(
        lambda: parse(html),
        lambda: write(document),
        lambda: cut(text, chosen),
        lambda: [describe(text, start, end) for start, end in places],
        lambda: [match(text, selector) for selector in selectors],
        lambda: sentences(text),
        lambda: attributions(text),
        rounds=rounds,
    )
    return {
        "characters": len(text),
        "spans": len(chosen),
        "parse_ms": asdict(parsed),
        "write_ms": asdict(written),
        "cut_ms": asdict(run),
        "describe_100_ms": asdict(described),
        "match_100_ms": asdict(matched),
        "sentences_ms": asdict(parted),
        "attributions_ms": asdict(guessed),
    }


def _spans(text: str, number: int) -> Iterator[Span]:
    choose = random.Random(7)
    for mark in range(number):
        start = choose.randrange(len(text) - 1)
        yield Span(start, min(len(text), start + choose.randint(1, 300)), mark)
