"""All names of a text as proposals, in order and apart: known ones, their short forms, unknown ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from newsroom.text.characters import is_latin

from .aliases import Aliases, Hit, over_marks
from .choosing import Choice, Why, choices
from .coreference import Long, short_forms
from .model import Model
from .rules import Reason, guesses
from .words import Word, texts, words_in

#: What `Proposal.generator` says.
BY_ALIAS, BY_SHORT_FORM, BY_RULES, BY_MODEL = "alias", "short-form", "rules", "model"

#: From here on, the kind of an unknown name is plain.
PLAIN = 0.6

_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Proposal:
    """`text[start:end]` (code points) is a name.

    `entities` are those that it may stand for, likeliest first, and empty where the newsroom knows none:
    then `kind` is a guess. `follows` is the place of the long form that a short one goes back to.
    `confidence` is between 0 and 1.
    """

    start: int
    end: int
    kind: str
    entities: tuple[Choice, ...]
    confidence: float
    generator: str
    reasons: tuple[Why, ...]
    follows: tuple[int, int] | None = None

    def __len__(self) -> int:
        return self.end - self.start


def propose(
    text: str, lang: str = "it", aliases: Aliases | None = None, model: Model | None = None
) -> list[Proposal]:
    """In the order of the text; no two overlap, and all stand at the edges of words.

    Known names come first, then their short forms, then what `model` finds, or the rules where there is none.
    A text in a script that the rules cannot read has known names only.
    """
    unknown = list(_unknown(text, lang, model))
    hits = aliases.find(text) if aliases else []
    sure = {hit.named[0].key for hit in hits if len(hit.named) == 1}
    small = {word for word in re.findall(r"[^\W\d_]+", text) if word.islower()} if hits else set()
    known = [_known(text, hit, sure, small) for hit in hits]
    found = sorted([*_noticed(known, unknown), *_apart(unknown, known)], key=lambda one: one.start)
    longs = [Long(number, one.start, one.end, one.kind) for number, one in enumerate(found)]
    # What nobody knows is firm enough where its kind is plain and it is no short form itself.
    firm = [
        long
        for long in longs
        if found[long.number].entities
        or (" " in text[long.start : long.end] and found[long.number].confidence >= PLAIN)
    ]
    shorts = [
        _short(found[short.number], short.start, short.end, short.reason) for short in short_forms(text, firm)
    ]
    return sorted([*shorts, *_apart(found, shorts)], key=lambda one: one.start)


def _known(text: str, hit: Hit, sure: set[str], small: set[str]) -> Proposal:
    entities = choices(text, hit, sure)
    best = entities[0]
    confidence = (0.95 if best.key in hit.exact else 0.7) * best.weight
    reasons = best.reasons
    said = text[hit.start : hit.end]
    if said[:1].isupper() and said.lower() in small and not said.isupper():
        confidence *= 0.8
        reasons = (*reasons, Why(Reason.WORD_TOO))
    return Proposal(hit.start, hit.end, best.kind, entities, round(confidence, 3), BY_ALIAS, reasons)


def _noticed(known: Sequence[Proposal], unknown: Sequence[Proposal]) -> Iterator[Proposal]:
    """A known name inside of a longer one that nobody knows is less sure: «Banca Popolare di *Milano*»."""
    rest = iter(unknown)
    wider = next(rest, None)
    for one in known:
        while wider and wider.end <= one.start:
            wider = next(rest, None)
        if (
            wider
            and wider.start <= one.start
            and one.end <= wider.end
            and wider.end - wider.start > one.end - one.start
        ):
            yield replace(
                one,
                confidence=round(one.confidence * 0.7, 3),
                reasons=(*one.reasons, Why(Reason.LONGER_NAME)),
            )
        else:
            yield one


def _short(long: Proposal, start: int, end: int, reason: Reason) -> Proposal:
    return replace(
        long,
        start=start,
        end=end,
        confidence=round(long.confidence * 0.9, 3),
        generator=BY_SHORT_FORM,
        reasons=(Why(reason),),
        follows=(long.start, long.end),
    )


def _apart(some: Iterable[Proposal], others: Sequence[Proposal]) -> Iterator[Proposal]:
    """Those that overlap none of the others; both in order."""
    rest = iter(others)
    other = next(rest, None)
    for one in some:
        while other and other.end <= one.start:
            other = next(rest, None)
        if not (other and other.start < one.end):
            yield one


def _unknown(text: str, lang: str, model: Model | None) -> Iterator[Proposal]:
    sentences = [
        words if is_latin(" ".join(word.text for word in words)) else [] for words in words_in(text, lang)
    ]
    if model:
        for words, names in zip(sentences, model.read(texts(sentences)), strict=True):
            for name in names:
                why = (Why(Reason.LEARNED),)
                yield from _placed(
                    text, words[name.start : name.end], name.kind, name.confidence, BY_MODEL, why
                )
    else:
        for guess in guesses(texts(sentences)):
            chosen = sentences[guess.sentence][guess.start : guess.end]
            why = tuple(Why(reason) for reason in guess.reasons)
            yield from _placed(text, chosen, guess.kind, guess.confidence, BY_RULES, why)


def _placed(
    text: str, words: Sequence[Word], kind: str, confidence: float, generator: str, why: tuple[Why, ...]
) -> Iterator[Proposal]:
    """Without marks at the edges; nothing is left of a name that is only marks."""
    first, last = 0, len(words)
    while first < last and not _LETTER.search(words[first].text):
        first += 1
    while first < last and not words[last - 1].text[0].isalnum():
        last -= 1
    if first < last:
        start, end = words[first].start, over_marks(text, words[last - 1].end)
        yield Proposal(start, end, kind, (), confidence, generator, why)
