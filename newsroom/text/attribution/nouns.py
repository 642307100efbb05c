"""Nouns that report: «l'annuncio del governo che», «la tesi, secondo cui», “the claim that”."""

from __future__ import annotations

from newsroom.text.attribution.clauses import Clauses
from newsroom.text.attribution.drafts import Draft, Range
from newsroom.text.attribution.guesses import Reason, Unspoken
from newsroom.text.attribution.lexicon import Cue
from newsroom.text.attribution.words import NOMINAL

_OWNER = 8


class Nouns(Clauses):
    """Cues that are nouns, and the two that are no words at all: «così» and a colon."""

    def noun(self, place: int) -> Draft | None:
        cue = next((cue for cue in self.lexicon.forms[self.word[place]] if cue.mark == "N"), None)
        if not cue or (self.letter[place] == "W" and place and self.letter[place - 1] not in "DOABPF'#LHU"):
            return None
        start, end = place, place + 1
        source: Range | None = None
        if self.is_letter(end, "OBF") and self.phrases.with_more(end + 1) > end + 1:
            source = end + 1, self.phrases.with_more(end + 1)
            end = source[1]
        elif self.english and self.is_letter(place - 1, "'"):
            source = self._owner(place - 1)
            start = source[0] if source else place
        if "weak" in cue.frames and not source:
            return None
        draft = self._with_content(cue, place, end)
        if not draft:
            return self._behind_quotation(cue, place, source)
        draft.start, draft.before, draft.source = start, start - 1, source
        if not source:
            draft.unspoken = Unspoken.UNNAMED
            draft.reasons.append(Reason.NO_SOURCE)
        elif not self.speaks(*source):
            draft.reasons.append(Reason.DOUBTFUL_SOURCE)
        return draft

    def _owner(self, possessive: int) -> Range | None:
        """“the minister” of “the minister's claim”."""
        for start in range(max(0, possessive - _OWNER), possessive):
            if self.letter[start] in "DLHJMIWU" and self.phrases.at(start, end=possessive) == possessive:
                return start, possessive
        return None

    def _with_content(self, cue: Cue, noun: int, at: int) -> Draft | None:
        """The content behind a noun and its source: behind «secondo cui», «che», a colon."""
        whom = at + self.is_letter(at, ",")
        if self.is_word(whom, "according"):
            first = whom + 2 if self.is_word(whom + 1, "whom") else whom + 3
            if first == whom + 2 or self.is_word(whom + 2, "which"):
                return self._of_noun([(noun, noun + 1), (whom, first)], first, self._main_verb(first, noun))
        if self.letter[at : at + 2] == ":Q":
            return self._of_noun([(noun, noun + 1)], at + 1, self.quotations_end(at + 1))
        if self.is_word(at, "that") and "that" in cue.frames and not self._is_relative(at):
            cues = [(noun, at + 1)] if at == noun + 1 else [(noun, noun + 1), (at, at + 1)]
            return self._of_noun(cues, at + 1, self._main_verb(at + 1, noun))
        return None

    def _of_noun(self, cue: list[Range], first: int, last: int) -> Draft | None:
        if last <= first:
            return None
        return Draft(cue, None, [(first, last)], [Reason.NOUN], first, first, clause=True)

    def _is_relative(self, place: int) -> bool:
        """«la notizia che ha dato», “the claims that he filed”: no clause of its own follows."""
        following = self.letter[place + 1 : place + 4]
        if not following or following[0] in "XVK.,:;" or self.letter[place - 1] not in NOMINAL:
            return True
        if not self.english or following[0] != "N" or len(following) < 2:
            return False
        return following[1] in "LVW" and (len(following) < 3 or following[2] in "XV.,")

    def _main_verb(self, first: int, noun: int) -> int:
        """Where the content of a noun ends: before the main verb, if the noun is a subject."""
        end = self.clause_end(first)
        if self.letter[self.letter.rfind(".", 0, noun) + 1 : noun].strip("DLRTCHJU'"):
            return end
        verbs = [at for at in range(first, end) if self.letter[at] in "XV" and not self.is_word(at, "been")]
        heads = [at for index, at in enumerate(verbs) if not index or at - verbs[index - 1] > 1]
        own = 0 if self._hides_a_verb(first, heads[0] if heads else end) else 1
        return heads[own] if len(heads) > own else end

    def _hides_a_verb(self, first: int, last: int) -> bool:
        """Whether more than a subject stands before the first known verb: its own is unknown."""
        if last - self.phrases.at(first) > 1:
            return True
        return self.english and any(
            self.letter[at] == "L" and self.word[at].endswith(("s", "ed")) for at in range(first + 1, last)
        )

    def _behind_quotation(self, cue: Cue, place: int, source: Range | None) -> Draft | None:
        """«Così non va»: è il commento di Greco."""
        if "quote" not in cue.frames or not source or self.english:
            return None
        start = place
        while self.is_letter(start - 1, "D"):
            start -= 1
        before = start - 1
        if self.is_word(before, "been"):
            before -= 1
        if self.is_word(before, "is"):
            start = before
            before -= 1
        elif not self.is_letter(before, ","):
            return None
        quoted = before - self.is_letter(before, ",:-")
        if not self.is_letter(quoted, "Q") or not self.is_free(quoted):
            return None
        reasons = [Reason.NOUN, Reason.QUOTATION]
        cue_words = [(start, source[0])]
        return Draft(cue_words, source, [(quoted, quoted + 1)], reasons, start, source[1], before=before)

    def so(self, place: int) -> Draft | None:
        """«…», così il ministro."""
        quoted = place - 1 - self.is_letter(place - 1, ",-")
        last = self.phrases.with_more(place + 1)
        if not self.is_letter(quoted, "Q") or not self.is_free(quoted) or not self.speaks(place + 1, last):
            return None
        content = [(quoted, quoted + 1)]
        cue = [(place, place + 1)]
        return Draft(cue, (place + 1, last), content, [Reason.QUOTATION], place, last, before=quoted)

    def colon(self, at: int) -> Draft | None:
        """Conte: «…»: a quotation behind a name and a colon, as headlines have it."""
        first = self.skip(self.letter.rfind(".", 0, at) + 1, "RTC")
        last = self.phrases.with_more(first, end=at)
        rest = self.letter[last:at]
        if last == first or at - first > 12 or not self.speaks(first, last) or rest.strip("APBTRDLHU"):
            return None
        if rest and rest[0] not in "APBTR":
            return None
        content = [(at + 1, self.quotations_end(at + 1))]
        return Draft([(at, at + 1)], (first, last), content, [Reason.COLON], first, at + 1, before=first - 1)
