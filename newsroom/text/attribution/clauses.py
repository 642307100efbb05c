"""What every construction asks of its words: where a clause ends, what stands before it, who leads it."""

from __future__ import annotations

from newsroom.text.attribution.drafts import Draft, Range
from newsroom.text.attribution.groups import PARTICIPLES, Group
from newsroom.text.attribution.guesses import Reason
from newsroom.text.attribution.lexicon import Lexicon
from newsroom.text.attribution.phrases import Phrases, speaks
from newsroom.text.attribution.words import Words

#: An aside or a parenthesis has at most so many words.
PARENTHESIS = 14


class Clauses:
    """One stretch of words, and the attributions that were found in it so far."""

    def __init__(self, words: Words, lexicon: Lexicon) -> None:
        self.words = words
        self.word = words.words
        self.letter = words.classes
        self.lexicon = lexicon
        self.grammar = lexicon.grammar
        self.english = lexicon.grammar.lang == "en"
        self.phrases = Phrases(words, lexicon)
        self.drafts: list[Draft] = []

    def is_word(self, place: int, group: str) -> bool:
        """Whether the word at a place is there and belongs to a set of the grammar."""
        return 0 <= place < len(self.word) and self.word[place] in self.grammar[group]

    def is_letter(self, place: int, letters: str) -> bool:
        """Whether the word at a place is there and has one of these classes."""
        return 0 <= place < len(self.letter) and self.letter[place] in letters

    def has_finite(self, first: int, last: int) -> bool:
        """Whether one of the finite verbs that are known stands between two places."""
        return any(letter in "XV" for letter in self.letter[first:last])

    def speaks(self, start: int, end: int) -> bool:
        return speaks(self.letter[start:end])

    def is_time(self, place: int) -> bool:
        last = self.phrases.at(place)
        return last > place and self.phrases.is_time(place, last)

    # Where things end and begin

    def skip(self, place: int, letters: str) -> int:
        """The first place from here whose word has none of these classes."""
        while self.is_letter(place, letters):
            place += 1
        return place

    def behind_circumstances(self, at: int) -> int:
        """«aveva spiegato venerdì sera ai giornalisti il vicecapo»: behind when, where and to whom."""
        while at < len(self.letter):
            if self.letter[at] in "RT":
                at += 1
            elif self.is_time(at):
                at = self.phrases.at(at)
            elif self.letter[at] in "AP" and self.phrases.at(at + 1) > at + 1:
                at = self.phrases.at(at + 1)
            else:
                break
        return at

    def clause_end(self, start: int) -> int:
        """Where a clause ends that nothing cuts: with its sentence, its parenthesis, or at a semicolon."""
        depth = 0
        sentence = self.letter.rfind(".", 0, start) + 1
        dashed = self.letter.count("-", sentence, start) % 2
        for at in range(start, len(self.letter)):
            letter = self.letter[at]
            if letter in ".;" or (dashed and letter == "-"):
                return at
            depth += (letter == "(") - (letter == ")")
            if depth < 0:
                return at
        return len(self.letter)

    def region_start(self, place: int) -> int:
        """Where what is reported begins: behind a full stop, or where the content does that it is part of."""
        first = max(self.letter.rfind(mark, 0, place) for mark in ".;") + 1
        for draft in self.drafts:
            for start, end in draft.content:
                if draft.clause and start <= place <= end:
                    first = max(first, start)
            if draft.end <= place and draft.start >= first and not draft.clause:
                first = max(first, draft.end)
        return min(self.skip(first, ",-)"), place)

    def right_part(self, first: int, separator: int, at: int) -> list[Range]:
        """What is reported goes on behind an aside, unless a whole sentence stood before it."""
        further = self.skip(at + 1, "R")
        if not self.is_letter(at, ",-") or further >= len(self.letter) or self.letter[further] in "ES.":
            return []
        if self.has_finite(first, separator) and self.letter[at] == "," and self.letter[at + 1] not in "XZ":
            return []
        return [(at + 1, self.clause_end(at + 1))]

    # Quotations

    def is_free(self, place: int) -> bool:
        """Whether a quotation stands for itself and is not part of a phrase: «i «furbetti»»."""
        return place == 0 or self.letter[place - 1] in ",:;.-(C"

    def quotation_before(self, place: int) -> int:
        """The quotation before a reporting clause at ``place``, a subject at most between them; else -1."""
        at = place - 1
        limit = max(-1, place - PARENTHESIS)
        while at > limit and self.letter[at] not in ",-Q.:;(SXVC":
            at -= 1
        if at <= limit:
            return -1
        if self.letter[at] in ",-." and self.is_letter(at - 1, "Q"):
            at -= 1
        return at if self.letter[at] == "Q" and self.is_free(at) else -1

    def quotations_end(self, place: int) -> int:
        """Behind the quotations that follow one another from here: «A», «B» e «C»."""
        end = place + 1
        while True:
            further = self.skip(end, ",C-")
            if not 0 < further - end <= 2 or not self.is_letter(further, "Q"):
                return end
            end = further + 1

    # Who

    def leading_subject(self, limit: int) -> Range | None:
        """The first noun phrase of the sentence that no preposition governs and that is no time."""
        at = self.letter.rfind(".", 0, limit) + 1
        while at < limit:
            letter = self.letter[at]
            if letter in "PABFE":
                at = max(at + 1, self.phrases.at(at + 1, end=limit))
            elif letter in "DG#NLHJMIYWU":
                last = self.phrases.with_more(at, end=limit)
                if last == at:
                    at += 1
                elif self.phrases.is_time(at, last) or self._is_circumstance(at, last):
                    at = max(last, self.letter.find(",", last, limit))
                else:
                    return at, last
            elif letter in "RTCK,":
                at += 1
            else:
                return None
        return None

    def _is_circumstance(self, first: int, last: int) -> bool:
        """«Interpellato dal giornale, il direttore»: a participle at the head says how, and not who."""
        return (
            not self.english
            and last == first + 1
            and self.is_letter(last, "ABP")
            and self.word[first].endswith(PARTICIPLES)
        )

    def floor(self, place: int) -> int:
        """The last word of the last cue before a place: no subject reaches back over a verb of speech."""
        floor = 0
        for draft in self.drafts:
            if draft.clause and draft.reasons[0] is Reason.PREPOSITION:
                floor = max(floor, draft.end) if draft.end < place else floor
            elif draft.clause:
                floor = max([floor, *(last - 1 for _, last in draft.cue if last <= place)])
        return floor

    def earlier(self, group: Group) -> Draft | None:
        """The attribution before this one in its sentence, if it has a source."""
        for draft in reversed(self.drafts):
            if draft.source and draft.start < group.start:
                return None if "." in self.letter[draft.end : group.start] else draft
        return None
