"""The two questions: who says what in a text, and who says what here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from newsroom.text.attribution.english import ENGLISH
from newsroom.text.attribution.found import parents
from newsroom.text.attribution.guesses import Guess
from newsroom.text.attribution.italian import ITALIAN
from newsroom.text.attribution.lexicon import Lexicon
from newsroom.text.attribution.passages import Passage
from newsroom.text.attribution.words import Names
from newsroom.text.sentences import sentence_around

LEXICONS = {"it": ITALIAN, "en": ENGLISH}


def attributions(
    text: str, *, lang: str = "it", lexicon: Lexicon | None = None, names: Iterable[str] = ()
) -> list[Guess]:
    """Who says what in a text, in order of the cues.

    ``lexicon`` is that of ``lang`` unless one is given; in a language without a lexicon nothing is found.
    ``names`` are known sources and entities: where one stands it is read as a name, and in a source it makes
    the guess surer.
    """
    lexicon = lexicon or LEXICONS.get(lang.partition("-")[0].lower())
    if lexicon is None:
        return []
    found = Passage(text, lexicon, Names(names, lexicon)).found()
    return [one.guess(parent) for one, parent in zip(found, parents(found), strict=True)]


def attribution_at(
    text: str,
    start: int,
    end: int,
    *,
    lang: str = "it",
    lexicon: Lexicon | None = None,
    names: Iterable[str] = (),
) -> Guess | None:
    """The likeliest attribution for the selection ``text[start:end]``, or for the sentence at a cursor.

    The block of the selection is read, with the one before it, which may name who speaks; ``parent`` is not
    told. ValueError unless ``0 <= start <= end <= len(text)``.
    """
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"{start}:{end} is no range of a text of {len(text)} characters")
    block = text.rfind("\n", 0, start) + 1
    first = text.rfind("\n", 0, max(0, block - 1)) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    cursor = start
    if start == end:
        start, end = sentence_around(text, max(block, start - 1), min(last, start + 1), lang)
    guesses = [
        _moved(guess, first)
        for guess in attributions(text[first:last], lang=lang, lexicon=lexicon, names=names)
    ]
    best = max(guesses, key=lambda guess: _fit(guess, start, end, cursor), default=None)
    return best if best and _fit(best, start, end, cursor)[0] > 0 else None


def _fit(guess: Guess, start: int, end: int, cursor: int) -> tuple[float, bool, float]:
    """How well a guess answers to a selection: how much they share, a cursor inside it, confidence."""
    spans = [*guess.source, *guess.cue, *guess.content]
    first = min(first for first, _ in guess.cue + guess.content)
    last = max(last for _, last in spans)
    shared = min(end, last) - max(start, first)
    if shared <= 0:
        return 0.0, False, 0.0
    content = sum(max(0, min(end, b) - max(start, a)) for a, b in guess.content)
    size = sum(b - a for a, b in guess.content)
    alike = max(shared / (max(end, last) - min(start, first)), content / (end - start + size - content))
    return alike, any(a <= cursor <= b for a, b in spans), guess.confidence


def _moved(guess: Guess, by: int) -> Guess:
    spans = {
        role: tuple((start + by, end + by) for start, end in getattr(guess, role))
        for role in ("source", "cue", "content", "referent")
    }
    return replace(guess, parent=None, **spans)
