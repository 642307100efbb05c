"""A text → its attributions: stretches are read, quotations go on, sources are looked for, guesses nest."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ..quotations import Quotation, quotations
from ..sentences import sentence_around, sentences
from .drafts import Draft
from .english import ENGLISH
from .guesses import Guess, QuoteType, Reason, Unspoken
from .italian import ITALIAN
from .lexicon import Lexicon
from .phrases import speaks
from .reading import confidence, leading_subject, read, settle
from .words import Names, Words, words_of

Span = tuple[int, int]

LEXICONS = {"it": ITALIAN, "en": ENGLISH}

_CLOSING = "\"'»”’›)]"
_LETTERS = re.compile(r"[^\W\d_]+")
_EDGE = " ,-–—.:;"
#: Quotations in quotations are read this deep.
_DEPTH = 3
#: A quotation with less in it reports nothing by itself.
_SPEECH = 25
#: A stretch of more words is no prose; it is read in parts, so that the time grows with the text and not faster.
_LONGEST = 300
#: How many stretches back the name is looked for that a pronoun stands for.
_MEMORY = 2
#: How many contents before a cue are tried for the one that it stands in.
_NEAR = 60


def attributions(
    text: str, *, lang: str = "it", lexicon: Lexicon | None = None, names: Iterable[str] = ()
) -> list[Guess]:
    """Who says what in a text, in order of the cues.

    ``lexicon`` is that of ``lang`` unless one is given; in a language without a lexicon nothing is found.
    ``names`` are known sources and entities: one that stands in a source makes the guess surer.
    """
    lexicon = lexicon or LEXICONS.get(lang.partition("-")[0].lower())
    if lexicon is None:
        return []
    found = _Text(text, 0, lexicon, Names(names, lexicon)).found()
    guesses = [one.guess() for one in found]
    return [replace(guess, parent=parent) for guess, parent in zip(guesses, _parents(found), strict=True)]


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

    The block of the selection is read, with the one before it, which may name who speaks. ValueError unless
    ``0 <= start <= end <= len(text)``.
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
    guesses = attributions(text[first:last], lang=lang, lexicon=lexicon, names=names)
    moved = [_moved(guess, first) for guess in guesses]
    best = max(moved, key=lambda guess: _fit(guess, start, end, cursor), default=None)
    return best if best and _fit(best, start, end, cursor)[0] > 0 else None


def _fit(guess: Guess, start: int, end: int, cursor: int) -> tuple[float, bool, float]:
    """How well a guess answers to a selection: characters of both in either, a cursor inside it, confidence."""
    spans = [*guess.source, *guess.cue, *guess.content]
    first, last = min(span[0] for span in guess.cue + guess.content), max(span[1] for span in spans)
    shared = min(end, last) - max(start, first)
    if shared <= 0:
        return 0.0, False, 0.0
    content = sum(max(0, min(end, b) - max(start, a)) for a, b in guess.content)
    size = sum(b - a for a, b in guess.content)
    alike = max(shared / (max(end, last) - min(start, first)), content / (end - start + size - content))
    return alike, any(a <= cursor <= b for a, b in spans), guess.confidence


def _moved(guess: Guess, by: int) -> Guess:
    spans = {
        role: tuple((a + by, b + by) for a, b in getattr(guess, role))
        for role in ("source", "cue", "content", "referent")
    }
    return replace(guess, parent=None, **spans)


@dataclass(slots=True)
class _Found:
    """A guess in the making, in characters."""

    source: list[Span]
    cue: list[Span]
    content: list[Span]
    quote_type: QuoteType
    reasons: list[Reason]
    unspoken: Unspoken | None
    #: The reporting clause.
    start: int
    end: int
    referent: list[Span] = field(default_factory=list)
    pronoun: bool = False
    paper: bool = False

    def move(self, by: int) -> None:
        for spans in (self.source, self.cue, self.content, self.referent):
            spans[:] = [(start + by, end + by) for start, end in spans]
        self.start += by
        self.end += by

    def guess(self) -> Guess:
        return Guess(
            tuple(self.source),
            tuple(self.cue),
            tuple(sorted(self.content)),
            self.quote_type,
            confidence(self.reasons),
            tuple(dict.fromkeys(self.reasons)),
            self.unspoken,
            tuple(self.referent),
        )


@dataclass(slots=True)
class _Stretch:
    """Sentences that a quotation holds together, and what was found in them."""

    start: int
    end: int
    block: int
    ends: list[int]
    quoted: list[Quotation]
    words: Words | None = None
    found: list[_Found] = field(default_factory=list)

    def is_quotation(self, text: str) -> bool:
        """Whether nothing but quotations stands here."""
        return bool(self.quoted) and not any(
            text[a:b].strip(_EDGE + "!?…") for a, b in self._outside()
        )

    def _outside(self) -> Iterable[Span]:
        at = self.start
        for quotation in self.quoted:
            yield at, quotation.start
            at = quotation.end
        yield at, self.end


class _Text:
    """The reading of a text, or of what stands in a quotation, ``depth`` quotations deep."""

    def __init__(self, text: str, depth: int, lexicon: Lexicon, names: Names) -> None:
        self.text = text
        self.depth = depth
        self.lexicon = lexicon
        self.names = names
        self.quoted = quotations(text)
        self.stretches = self._stretches()
        self._taken: set[int] = set()

    def found(self) -> list[_Found]:
        for index, stretch in enumerate(self.stretches):
            self._read(stretch)
            for one in stretch.found:
                if one.unspoken is Unspoken.IMPLIED and not one.referent or one.pronoun or one.paper:
                    self._refer(one, index)
        self._complete()
        self._go_on()
        self._chain()
        everything = [one for stretch in self.stretches for one in stretch.found]
        if self.depth < _DEPTH:
            everything += self._inside(everything)
        everything.sort(key=lambda one: (one.cue[0], one.content[0]))
        return everything

    def _stretches(self) -> list[_Stretch]:
        made: list[_Stretch] = []
        starts = [quotation.start for quotation in self.quoted]
        block = 0
        at = 0
        for start, end in sentences(self.text, self.lexicon.grammar.lang):
            block += self.text.count("\n", at, start)
            at = start
            stop = end
            while stop > start and self.text[stop - 1] in _CLOSING:
                stop -= 1
            last = made[-1] if made else None
            if last and last.block == block and last.quoted and last.quoted[-1].end > start:
                last.end = end
                last.ends.append(stop)
            else:
                last = _Stretch(start, end, block, [stop], [])
                made.append(last)
            first = bisect_left(starts, last.quoted[-1].end if last.quoted else start)
            last.quoted += self.quoted[first : bisect_left(starts, end)]
            if last.quoted:
                last.end = max(last.end, last.quoted[-1].end)
        return made

    def _read(self, stretch: _Stretch) -> None:
        if not stretch.quoted or ":" not in self.text[stretch.start : stretch.end]:
            letters = _LETTERS.findall(self.text[stretch.start : stretch.end].lower())
            if self.lexicon.triggers.isdisjoint(letters):
                return
        for words in self._words(stretch).parts(_LONGEST):
            drafts = read(words, self.lexicon)
            if drafts:
                settle(drafts, words, self.lexicon)
                stretch.found += [_found(draft, words, self.names) for draft in drafts]

    def _words(self, stretch: _Stretch) -> Words:
        if stretch.words is None:
            stretch.words = words_of(
                self.text, stretch.start, stretch.end, self.lexicon, stretch.quoted, stretch.ends, self.names
            )
        return stretch.words

    # Who is meant

    def _refer(self, one: _Found, index: int) -> None:
        """Find the earlier words that name the source: of the paper, of the pronoun, of the implied subject."""
        for earlier in range(index - 1, max(-1, index - 1 - _MEMORY), -1):
            stretch = self.stretches[earlier]
            if stretch.block < self.stretches[index].block - 1:
                return
            span = self._paper_in(stretch) if one.paper else self._speaker_in(stretch)
            if span:
                one.referent = [span]
                one.reasons.append(Reason.REFERENT)
                return

    def _speaker_in(self, stretch: _Stretch) -> Span | None:
        for one in reversed(stretch.found):
            if one.referent:
                return one.referent[0]
            if one.source and not one.pronoun and one.quote_type is not None:
                return one.source[0]
        words = self._words(stretch)
        leading = leading_subject(words, self.lexicon)
        if leading and speaks(words.classes[slice(*leading)]) and words.classes[leading[0]] != "N":
            return words.span(*leading)
        return None

    def _paper_in(self, stretch: _Stretch) -> Span | None:
        """«Un report di The Information»: whose paper it is, if a name says so, else the paper."""
        words = self._words(stretch)
        leading = leading_subject(words, self.lexicon)
        if not leading or "M" not in words.classes[slice(*leading)]:
            return None
        name = re.compile("U+").search(words.classes, *leading)
        return words.span(name.start(), name.end()) if name else words.span(*leading)

    # Quotations that go on

    def _complete(self) -> None:
        """Give those who are announced, «ha dichiarato:», the quotation that the next block begins with."""
        for index, stretch in enumerate(self.stretches):
            waiting = [one for one in stretch.found if not one.content]
            following = self.stretches[index + 1] if index + 1 < len(self.stretches) else None
            begins = following and following.quoted and following.quoted[0].start == following.start
            for one in waiting:
                if following and begins and not any(self._quotes(other, following) for other in following.found):
                    quotation = following.quoted[0]
                    one.content.append((quotation.start, quotation.end))
                    one.quote_type = QuoteType.DIRECT
                    self._taken.add(quotation.start)
                else:
                    stretch.found.remove(one)

    def _go_on(self) -> None:
        """Quotations that fill their own sentence belong to who was quoted before them, or else right after."""
        for index, stretch in enumerate(self.stretches):
            spoken = next((one for one in reversed(stretch.found) if self._quotes(one, stretch)), None)
            if not spoken:
                continue
            for step in (1, -1):
                at = index + step
                while 0 <= at < len(self.stretches):
                    other = self.stretches[at]
                    if other.block != stretch.block or other.found or not self._speech_alone(other, step):
                        break
                    if any(quotation.start in self._taken for quotation in other.quoted):
                        break
                    for quotation in other.quoted if other.is_quotation(self.text) else other.quoted[:1]:
                        spoken.content.append((quotation.start, quotation.end))
                        self._taken.add(quotation.start)
                    spoken.reasons.append(Reason.CONTINUED)
                    if not other.is_quotation(self.text):
                        break
                    at += step
                spoken = next((one for one in stretch.found if self._quotes(one, stretch)), spoken)

    def _quotes(self, one: _Found, stretch: _Stretch) -> bool:
        if one.quote_type is not QuoteType.DIRECT:
            return False
        starts = {start for start, _ in one.content}
        return any(quotation.start in starts for quotation in stretch.quoted)

    def _speech_alone(self, stretch: _Stretch, step: int) -> bool:
        """Whether a stretch is a quotation, or begins with one that is a sentence by itself."""
        if stretch.is_quotation(self.text):
            return True
        if step < 0 or not stretch.quoted or stretch.quoted[0].start != stretch.start:
            return False
        return self.text[stretch.start : stretch.quoted[0].end].rstrip(_CLOSING)[-1:] in (".", "!", "?", "…")

    def _chain(self) -> None:
        """A quotation that is opened again in each block is one."""
        chains: list[list[Quotation]] = []
        for before, quotation in zip([None, *self.quoted], self.quoted, strict=False):
            if before and before.goes_on:
                chains[-1].append(quotation)
            elif quotation.goes_on:
                chains.append([quotation])
        links = {link.start: chain for chain in chains for link in chain}
        if not links:
            return
        for stretch in self.stretches:
            for one in stretch.found:
                chain = next((links[start] for start, _ in one.content if start in links), None)
                if chain and one.quote_type is QuoteType.DIRECT:
                    one.content = sorted({*one.content, *((link.start, link.end) for link in chain)})
                    one.reasons.append(Reason.CONTINUED)

    # What stands in quotations

    def _inside(self, outside: list[_Found]) -> list[_Found]:
        """What those who are quoted report themselves; and the asides that Italian sets into a quotation."""
        taken = {start for one in outside for start, _ in one.content}
        inner: list[_Found] = []
        for quotation in self.quoted:
            start, end = quotation.start + 1, quotation.end
            if end - start < _SPEECH:
                continue
            words = self.text[start : end - (not quotation.goes_on)]
            if self.lexicon.triggers.isdisjoint(_LETTERS.findall(words.lower())):
                continue
            found = _Text(words, self.depth + 1, self.lexicon, self.names).found()
            for one in found:
                one.move(start)
            aside = next((one for one in found if Reason.ASIDE in one.reasons and one.source), None)
            if aside and quotation.start not in taken:
                self._set_into(aside, quotation)
            inner += found
        return inner

    def _set_into(self, aside: _Found, quotation: Quotation) -> None:
        """«Questa legge, insiste il relatore, non tocca nessuno»: all of the quotation but the aside is said."""
        left = len(self.text[quotation.start : aside.start].rstrip(_EDGE)) + quotation.start
        right = aside.end + len(self.text[aside.end : quotation.end]) - len(
            self.text[aside.end : quotation.end].lstrip(_EDGE)
        )
        spans = [(quotation.start, left), (right, quotation.end)]
        aside.content = [(a, b) for a, b in spans if self.text[a:b].strip(_CLOSING)]
        aside.quote_type = QuoteType.DIRECT
        aside.reasons[aside.reasons.index(Reason.ASIDE)] = Reason.QUOTATION


def _found(draft: Draft, words: Words, names: Names) -> _Found:
    letters = "".join(words.classes[a:b] for a, b in draft.content)
    if "Q" not in letters:
        quote_type = QuoteType.INDIRECT
    elif draft.mixed or letters.strip("Q,.-:;C"):
        quote_type = QuoteType.MIXED
    else:
        quote_type = QuoteType.DIRECT
    source = words.classes[slice(*draft.source)] if draft.source else ""
    if draft.source and names.any_in(words.words[slice(*draft.source)]):
        draft.reasons.append(Reason.KNOWN_NAME)
    pronoun = source == "N"
    paper = source.startswith("D") and "M" in source[:3] and "U" not in source and "O" not in source
    return _Found(
        [words.span(*draft.source)] if draft.source else [],
        [words.span(a, b) for a, b in sorted(draft.cue)],
        [words.span(a, b) for a, b in draft.content],
        quote_type,
        list(draft.reasons),
        draft.unspoken,
        words.starts[draft.start],
        words.ends[draft.end - 1],
        [words.span(*draft.referent)] if draft.referent else [],
        pronoun,
        paper,
    )


def _parents(found: Sequence[_Found]) -> list[int | None]:
    """For each the index of the attribution whose content it stands in: the smallest one."""
    contents = sorted((start, end, index) for index, one in enumerate(found) for start, end in one.content)
    starts = [start for start, _, _ in contents]
    parents: list[int | None] = []
    for index, one in enumerate(found):
        first, last = one.cue[0][0], one.cue[0][1]
        near = bisect_right(starts, first)
        holding = [
            (end - start, other)
            for start, end, other in contents[max(0, near - _NEAR) : near]
            if last <= end and other != index and not _holds(one, found[other])
        ]
        parents.append(min(holding)[1] if holding else None)
    return parents


def _holds(one: _Found, other: _Found) -> bool:
    """Whether the other's cue stands in this one's content, which is the larger: then this one is the parent."""
    cue = other.cue[0]
    return any(start <= cue[0] and cue[1] <= end for start, end in one.content) and sum(
        b - a for a, b in one.content
    ) > sum(b - a for a, b in other.content)


