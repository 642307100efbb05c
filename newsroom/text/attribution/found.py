"""A guess in the making, in characters; and which guess stands in which."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from newsroom.text.attribution.drafts import Draft, confidence
from newsroom.text.attribution.guesses import Guess, QuoteType, Reason, Unspoken
from newsroom.text.attribution.lexicon import Lexicon
from newsroom.text.attribution.words import Names, Words

Span = tuple[int, int]

#: How many contents before a cue are tried for the one that it stands in.
_NEAR = 60


@dataclass(slots=True)
class Found:
    """Like a guess, to which the text may still add. The reporting clause goes from ``start`` to ``end``."""

    source: list[Span]
    cue: list[Span]
    content: list[Span]
    quote_type: QuoteType
    reasons: list[Reason]
    unspoken: Unspoken | None
    start: int
    end: int
    referent: list[Span] = field(default_factory=list)
    #: The source is a pronoun or «questo rapporto»: an earlier sentence says who that is.
    is_pronoun: bool = False
    is_paper: bool = False

    def move(self, by: int) -> None:
        for spans in (self.source, self.cue, self.content, self.referent):
            spans[:] = [(start + by, end + by) for start, end in spans]
        self.start += by
        self.end += by

    def holds(self, start: int, end: int) -> bool:
        """Whether a piece of the text stands in the content."""
        return any(first <= start and end <= last for first, last in self.content)

    def quotes(self, start: int) -> bool:
        """Whether the quotation that begins at ``start`` is direct speech of this one."""
        return self.quote_type is QuoteType.DIRECT and any(first == start for first, _ in self.content)

    def add(self, *spans: Span) -> None:
        """Direct speech goes on in these places, but for those that are in the content already."""
        further = [
            (start, end) for start, end in spans if not any(a < end and start < b for a, b in self.content)
        ]
        self.content = sorted([*self.content, *further])
        self.reasons.append(Reason.CONTINUED)

    def guess(self, parent: int | None) -> Guess:
        return Guess(
            tuple(self.source),
            tuple(self.cue),
            tuple(self.content),
            self.quote_type,
            confidence(self.reasons),
            tuple(dict.fromkeys(self.reasons)),
            self.unspoken,
            tuple(self.referent),
            parent,
        )


def found(draft: Draft, words: Words, lexicon: Lexicon, names: Names) -> Found:
    """A draft in characters."""
    source = words.classes[slice(*draft.source)] if draft.source else ""
    source_words = words.words[slice(*draft.source)] if draft.source else []
    if names.any_in(source_words):
        draft.reasons.append(Reason.KNOWN_NAME)
    return Found(
        [words.span(*draft.source)] if draft.source else [],
        [words.span(*cue) for cue in sorted(draft.cue)],
        [words.span(*content) for content in sorted(draft.content)],
        _quote_type(draft, words),
        list(draft.reasons),
        draft.unspoken,
        words.starts[draft.start],
        words.ends[draft.end - 1],
        [words.span(*draft.referent)] if draft.referent else [],
        is_pronoun=len(source_words) == 1 and source_words[0] in lexicon.grammar["personal"],
        is_paper=source.startswith("D") and "M" in source[:3] and not set("UO") & set(source),
    )


def _quote_type(draft: Draft, words: Words) -> QuoteType:
    letters = "".join(words.classes[first:last] for first, last in draft.content)
    if "Q" not in letters:
        return QuoteType.INDIRECT
    wholly = not draft.mixed and not letters.strip("Q,.-:;C")
    return QuoteType.DIRECT if wholly else QuoteType.MIXED


def parents(everything: Sequence[Found]) -> list[int | None]:
    """For each the index of the attribution whose content it stands in: the smallest one."""
    contents = sorted(
        (start, end, index) for index, one in enumerate(everything) for start, end in one.content
    )
    starts = [start for start, _, _ in contents]
    found_parents: list[int | None] = []
    for index, one in enumerate(everything):
        first, last = one.cue[0]
        near = bisect_right(starts, first)
        holding = [
            (end - start, other)
            for start, end, other in contents[max(0, near - _NEAR) : near]
            if last <= end and other != index and not _is_inside(everything[other], one)
        ]
        found_parents.append(min(holding)[1] if holding else None)
    return found_parents


def _is_inside(one: Found, other: Found) -> bool:
    """Whether one's cue stands in the other's content and the other has more of it."""
    return other.holds(*one.cue[0]) and _size(other) > _size(one)


def _size(one: Found) -> int:
    return sum(end - start for start, end in one.content)
