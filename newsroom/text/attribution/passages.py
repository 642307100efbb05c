"""A text in stretches, each read by itself; and what stretches owe one another: who «he» is, what goes on."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from newsroom.text.attribution.found import Found, Span, found
from newsroom.text.attribution.guesses import QuoteType, Reason, Unspoken
from newsroom.text.attribution.lexicon import Lexicon
from newsroom.text.attribution.phrases import speaks
from newsroom.text.attribution.reading import leading_subject, read
from newsroom.text.attribution.settling import settle
from newsroom.text.attribution.words import Names, Words, words_of
from newsroom.text.quotations import Quotation, quotations
from newsroom.text.sentences import sentences

_CLOSING = "\"'»”’›)]"
_EDGE = " ,-–—.:;"
_LETTERS = re.compile(r"[^\W\d_]+")
_NAME = re.compile("U+")
#: Quotations in quotations are read this deep.
_DEPTH = 3
#: A quotation with fewer characters reports nothing by itself.
_SPEECH = 25
#: A stretch of more words is no prose; it is read in parts, so that time grows with the text and not faster.
_LONGEST = 300
#: How many stretches back the name is looked for that a pronoun stands for.
_MEMORY = 2


@dataclass(slots=True)
class Stretch:
    """Sentences that a quotation holds together; ``ends``: where each ends, ``block``: their block."""

    start: int
    end: int
    block: int
    ends: list[int]
    quoted: list[Quotation] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)

    def is_quotation(self, text: str) -> bool:
        """Whether nothing but quotations stands here."""
        return bool(self.quoted) and not any(text[a:b].strip(_EDGE + "!?…") for a, b in self._outside())

    def _outside(self) -> Iterator[Span]:
        at = self.start
        for quotation in self.quoted:
            yield at, quotation.start
            at = quotation.end
        yield at, self.end

    def begins_with_speech(self, text: str) -> bool:
        """Whether a quotation stands at the head that is a sentence by itself."""
        if not self.quoted or self.quoted[0].start != self.start:
            return False
        return text[self.start : self.quoted[0].end].rstrip(_CLOSING)[-1:] in (".", "!", "?", "…")


class Passage:
    """A text, or what stands in a quotation ``depth`` quotations deep."""

    def __init__(self, text: str, lexicon: Lexicon, names: Names, *, depth: int = 0) -> None:
        self.text = text
        self.lexicon = lexicon
        self.names = names
        self.depth = depth
        self.quoted = quotations(text)
        self.stretches = list(self._stretches())
        #: The beginnings of quotations that belong to somebody.
        self.taken: set[int] = set()

    def found(self) -> list[Found]:
        """Every attribution, in order of the cues."""
        for index, stretch in enumerate(self.stretches):
            self._read(stretch)
            for one in stretch.found:
                if one.is_pronoun or one.is_paper or (one.unspoken is Unspoken.IMPLIED and not one.referent):
                    self._refer(one, index)
        self._complete()
        inner = self._inside() if self.depth < _DEPTH else []
        self._go_on()
        self._chain()
        everything = [one for stretch in self.stretches for one in stretch.found] + inner
        return sorted(everything, key=lambda one: (one.cue[0], one.content[0]))

    def _stretches(self) -> Iterator[Stretch]:
        starts = [quotation.start for quotation in self.quoted]
        last: Stretch | None = None
        block = at = 0
        for start, end in sentences(self.text, self.lexicon.grammar.lang):
            block += self.text.count("\n", at, start)
            at = start
            stop = start + len(self.text[start:end].rstrip(_CLOSING))
            if last and last.block == block and last.quoted and last.quoted[-1].end > start:
                last.end = end
                last.ends.append(stop)
            else:
                if last:
                    yield last
                last = Stretch(start, end, block, [stop])
            first = bisect_left(starts, last.quoted[-1].end if last.quoted else start)
            last.quoted += self.quoted[first : bisect_left(starts, end)]
            if last.quoted:
                last.end = max(last.end, last.quoted[-1].end)
        if last:
            yield last

    def _read(self, stretch: Stretch) -> None:
        text = self.text[stretch.start : stretch.end]
        headline = stretch.quoted and ":" in text
        if not headline and not self._may_report(text):
            return
        for words in self._words(stretch).parts(_LONGEST):
            drafts = settle(read(words, self.lexicon), words, self.lexicon)
            stretch.found += [found(draft, words, self.lexicon, self.names) for draft in drafts]

    def _may_report(self, text: str) -> bool:
        return not self.lexicon.triggers.isdisjoint(_LETTERS.findall(text.lower()))

    def _words(self, stretch: Stretch) -> Words:
        return words_of(
            self.text, stretch.start, stretch.end, self.lexicon, stretch.quoted, stretch.ends, self.names
        )

    # Who is meant

    def _refer(self, one: Found, index: int) -> None:
        """Find the earlier words that name the source: for a paper, a pronoun, an implied subject."""
        block = self.stretches[index].block
        for stretch in reversed(self.stretches[max(0, index - _MEMORY) : index]):
            if stretch.block < block - 1:
                return
            span = self._paper_in(stretch) if one.is_paper else self._speaker_in(stretch)
            if span:
                one.referent = [span]
                one.reasons.append(Reason.REFERENT)
                return

    def _speaker_in(self, stretch: Stretch) -> Span | None:
        """Who spoke last in a stretch, or whom it is about."""
        for one in reversed(stretch.found):
            nested = any(other is not one and other.holds(*one.cue[0]) for other in stretch.found)
            if not nested and (one.referent or (one.source and not one.is_pronoun)):
                return (one.referent or one.source)[0]
        words = self._words(stretch)
        leading = leading_subject(words, self.lexicon)
        if leading and speaks(words.classes[slice(*leading)]) and words.classes[leading[0]] != "N":
            return words.span(*leading)
        return None

    def _paper_in(self, stretch: Stretch) -> Span | None:
        """«Un report di The Information»: whose paper it is, if a name says so, else the paper."""
        words = self._words(stretch)
        leading = leading_subject(words, self.lexicon)
        if not leading or "M" not in words.classes[slice(*leading)]:
            return None
        name = _NAME.search(words.classes, *leading)
        return words.span(*name.span()) if name else words.span(*leading)

    # Quotations that go on

    def _complete(self) -> None:
        """Give who is announced, «ha dichiarato:», the quotation that the next stretch begins with."""
        for index, stretch in enumerate(self.stretches):
            following = self.stretches[index + 1 : index + 2]
            for one in [one for one in stretch.found if not one.content]:
                quotation = following[0].quoted[0] if following and following[0].quoted else None
                if (
                    quotation
                    and quotation.start == following[0].start
                    and not any(other.quotes(quotation.start) for other in following[0].found)
                ):
                    one.content = [(quotation.start, quotation.end)]
                    one.quote_type = QuoteType.DIRECT
                    self.taken.add(quotation.start)
                else:
                    stretch.found.remove(one)

    def _go_on(self) -> None:
        """A quotation that fills its sentence belongs to who was quoted before it, or else right after."""
        for index, stretch in enumerate(self.stretches):
            quoted = [one for one in stretch.found if any(one.quotes(mark.start) for mark in stretch.quoted)]
            if quoted:
                self._give(quoted[-1], stretch, self.stretches[index + 1 :])
                self._give(quoted[0], stretch, reversed(self.stretches[:index]), backwards=True)

    def _give(
        self,
        one: Found,
        stretch: Stretch,
        others: Iterator[Stretch] | list[Stretch],
        *,
        backwards: bool = False,
    ) -> None:
        """Give what the next stretches quote to who spoke, until somebody else does or the block ends."""
        for other in others:
            whole = other.is_quotation(self.text)
            if other.block != stretch.block or other.found or not other.quoted:
                return
            if not whole and (backwards or not other.begins_with_speech(self.text)):
                return
            given = other.quoted if whole else other.quoted[:1]
            if any(quotation.start in self.taken for quotation in given):
                return
            one.add(*((quotation.start, quotation.end) for quotation in given))
            self.taken.update(quotation.start for quotation in given)
            if not whole:
                return

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
                    one.add(*((link.start, link.end) for link in chain))

    # What stands in quotations

    def _inside(self) -> list[Found]:
        """What those who are quoted report themselves; and the asides that Italian sets into a quotation."""
        inner: list[Found] = []
        for stretch in self.stretches:
            for quotation in stretch.quoted:
                start, end = quotation.start + 1, quotation.end - (not quotation.goes_on)
                words = self.text[start:end]
                if len(words) < _SPEECH or not self._may_report(words):
                    continue
                spoken = Passage(words, self.lexicon, self.names, depth=self.depth + 1).found()
                for one in spoken:
                    one.move(start)
                aside = next((one for one in spoken if Reason.ASIDE in one.reasons and one.source), None)
                if aside and not any(one.quotes(quotation.start) for one in stretch.found):
                    spoken.remove(aside)
                    self._set_into(quotation, aside)
                    stretch.found.append(aside)
                inner += spoken
        return inner

    def _set_into(self, quotation: Quotation, aside: Found) -> None:
        """«Questa legge, insiste il relatore, non tocca nessuno»: all of it but the aside is what he said."""
        before = self.text[quotation.start : aside.start].rstrip(_EDGE)
        behind = self.text[aside.end : quotation.end].lstrip(_EDGE)
        spans = [
            (quotation.start, quotation.start + len(before)),
            (quotation.end - len(behind), quotation.end),
        ]
        aside.content = [(start, end) for start, end in spans if self.text[start:end].strip(_CLOSING)]
        aside.quote_type = QuoteType.DIRECT
        aside.reasons[aside.reasons.index(Reason.ASIDE)] = Reason.QUOTATION
