"""What follows a reporting verb: a clause, an infinitive, a question, a quotation, a thing."""

from __future__ import annotations

from newsroom.text.attribution.clauses import PARENTHESIS
from newsroom.text.attribution.drafts import Draft
from newsroom.text.attribution.groups import Group
from newsroom.text.attribution.guesses import Reason
from newsroom.text.attribution.sources import Passed, Sources

#: So many phrases may stand between a verb and what it reports.
_STEPS = 8
_TITLE = 6
_BARE_CLAUSE = 30
_NOMINAL = "LHJMIYUNGQ)R"
_SHORT_INFINITIVES = frozenset("aver esser poter dover voler far dar star saper andar".split())


class Complements(Sources):
    """Verbs whose content stands behind them."""

    def complement(self, group: Group) -> Draft | None:
        """The content behind a verb, and behind whatever stands between: to whom, when, where, an aside."""
        passed = Passed()
        at = group.end
        if "tell" in group.frames and not group.passive and self.is_letter(at, "DGUNHJML#"):
            at = self.phrases.at(at)
        for _ in range(_STEPS):
            if at >= len(self.word):
                return None
            reason = self._opened_by(group, at)
            if reason:
                return self.draft(group, reason, at + 1, opener=at, passed=passed)
            if self.letter[at] in ":Q" or (self.english and self.letter[at : at + 2] == ",Q"):
                return self._spoken(group, at, passed)
            if "ing" in group.frames and self.letter[at] == "E" and at == group.end:
                return self.draft(group, Reason.GERUND_CONTENT, at, passed=passed)
            if "zero" in group.frames and not group.passive and self._opens_bare_clause(group, at):
                return self.draft(group, Reason.BARE_CLAUSE, at, passed=passed)
            at = self._past(group, at, passed)
            if at < 0:
                return None
        return None

    def _opened_by(self, group: Group, at: int) -> Reason | None:
        """What the little word at a place opens, if this verb takes it."""
        frames = group.frames
        if "that" in frames and self.is_word(at, "that") and not self._points(at):
            return Reason.CLAUSE
        told = "that" in frames and "weak" not in frames and not group.impersonal
        how = told and self.is_word(at, "how") and not self.letter[group.end : at].strip("R")
        if how or ("whether" in frames and self.is_word(at, "whether")):
            return Reason.QUESTION
        # «si è detto pronto a trattare»: an adjective has its own little word.
        little = self.is_word(at, "to") or (group.cue.tail and self.letter[at] in "AO")
        return Reason.INFINITIVE if "inf" in frames and little and self._is_infinitive(at + 1) else None

    def _points(self, place: int) -> bool:
        """“said that afternoon”: the word points and opens no clause."""
        return self.english and (place + 1 == len(self.letter) or self.letter[place + 1] in "YT.")

    def _is_infinitive(self, place: int) -> bool:
        place = self.skip(place, "ZKR")
        if place >= len(self.word):
            return False
        if self.english:
            return self.letter[place] not in "DUN#.,:;Q"
        word = self.word[place]
        stem = word[:-3] if word.endswith("gli") else word[:-2]
        with_pronoun = word.endswith(("si", "lo", "la", "li", "le", "ne", "ci", "gli")) and stem.endswith("r")
        return word.endswith("re") or with_pronoun or word in _SHORT_INFINITIVES

    def _opens_bare_clause(self, group: Group, place: int) -> bool:
        """Whether a clause without “that” begins here: something nominal with a finite verb behind it.

        Plurals and present tenses look alike, so behind a verb that may take a thing a known one must follow.
        """
        letter = self.letter
        if letter[place] not in "DGUNHJMIL#YQ" or self.is_time(place):
            return False
        strict = "object" in group.frames
        start = max(self.phrases.at(place), place + 1)
        if not strict and any(self._is_swallowed_verb(at) for at in range(place + 2, start - 1)):
            return True
        for at in range(start, min(len(letter), place + _BARE_CLAUSE)):
            if letter[at] in ".;:-" or (letter[at] == "," and self.is_letter(at + 1, "CSEL")):
                return False
            if letter[at] == "S" and not self.is_word(at, "relative"):
                return False
            nominal_before = letter[at - 1] in _NOMINAL
            if letter[at] == "X" or (letter[at] in "VW" and (nominal_before or letter[at - 1] == ",")):
                return True
            if letter[at] == "L" and nominal_before and not strict and self._looks_finite(at):
                return True
        return False

    def _is_swallowed_verb(self, place: int) -> bool:
        """“the law violates rights”: a plural amid a noun phrase, behind a noun, is a verb rather."""
        return (
            self.letter[place] == "L"
            and self.word[place].endswith("s")
            and self.letter[place - 1] in _NOMINAL
            and not self.word[place - 1].endswith("s")
            and not self.is_letter(place + 1, "O")
        )

    def _looks_finite(self, place: int) -> bool:
        word = self.word[place]
        return word.endswith("ed") or (word.endswith("s") and self.is_letter(place + 1, "DPARTFNG"))

    def _past(self, group: Group, at: int, passed: Passed) -> int:
        """Behind a phrase that may stand between a verb and its content; -1 if this one may not."""
        letter = self.letter[at]
        if letter in "RT":
            return at + 1
        if self.is_time(at):
            return self.phrases.at(at)
        if letter == ",":
            passed.distant = True
            closing = self._closing_comma(at)
            return closing + 1 if closing >= 0 else -1
        if letter == "B" and group.passive:
            last = self.phrases.with_more(at + 1)
            passed.agent = (at, last)
            return last if last > at + 1 else -1
        if letter in "APBF":
            passed.distant = True
            last = self.phrases.at(at + 1)
            if last == at + 1 and not self.is_letter(last, "T"):
                return -1
            return max(last, at + 2)
        if letter in "DGUNHJM#" and not passed.inverted and not group.passive and "tell" not in group.frames:
            # Only before a colon: behind «ha detto l'attrice» a «che» is her pronoun more often than not.
            last = self.phrases.with_more(at)
            passed.inverted = (at, last)
            return last if last > at and self.is_letter(last, ":") else -1
        return -1

    def _closing_comma(self, place: int) -> int:
        """The comma that closes the parenthesis opened at ``place``; -1 if there is none or a verb in it."""
        for at in range(place + 1, min(len(self.word), place + PARENTHESIS)):
            if self.letter[at] == ",":
                return at if at > place + 1 else -1
            if self.letter[at] in "V.;:QX":
                return -1
        return -1

    # Quotations

    def _spoken(self, group: Group, at: int, passed: Passed) -> Draft | None:
        """What a colon or a quotation behind the verb makes of it."""
        colon = self.letter[at] == ":"
        quoted = at if self.letter[at] == "Q" else at + 1
        if self.is_letter(quoted, "Q"):
            return self.quotation_behind(group, quoted, passed) if "quote" in group.frames else None
        if colon and quoted == len(self.letter) and "quote" in group.frames:
            return self._announced(group, passed)
        if colon and "that" in group.frames and not passed.distant:
            passed.distant = True
            return self.draft(group, Reason.CLAUSE, quoted, passed=passed)
        return None

    def quotation_behind(self, group: Group, at: int, passed: Passed) -> Draft | None:
        """«ha detto: «…»»."""
        if self.letter[at - 1] not in ":," and self.is_title(group, at):
            return None
        draft = self.draft(group, Reason.QUOTATION, at, passed=passed)
        if draft:
            draft.content = [(at, self.quotations_end(at))]
            draft.clause = False
        return draft

    def is_title(self, group: Group, place: int) -> bool:
        """«ha scritto «La strada»»: few words with a capital and without the end of a sentence."""
        quoted = self.words.text[self.words.starts[place] + 1 : self.words.ends[place] - 1].strip()
        return (
            group.cue.word in self.grammar["written"]
            and len(quoted.split()) <= _TITLE
            and quoted[:1].isupper()
            and not quoted.endswith((".", "!", "?", "…", ","))
        )

    def _announced(self, group: Group, passed: Passed) -> Draft | None:
        """«Il direttore ha dichiarato:» at the end of a block: what is said stands in the next."""
        draft = Draft([(group.start, group.end)], None, [], [Reason.QUOTATION], group.start, group.end)
        draft.awaits = True
        return draft if self.give_source(draft, group, passed) else None

    # Drafts

    def draft(
        self,
        group: Group,
        reason: Reason,
        content: int,
        *,
        opener: int = -1,
        passed: Passed | None = None,
    ) -> Draft | None:
        """A draft whose content is the clause from ``content`` on; ``opener`` is its little word."""
        passed = passed or Passed()
        end = self.clause_end(content)
        if end <= content:
            return None
        cue = [(group.start, group.end)]
        if opener >= 0 and not self.letter[group.end : opener].strip("RT"):
            cue = [(group.start, opener + 1)]
        elif opener >= 0:
            cue.append((opener, opener + 1))
        reasons = [reason, Reason.DISTANT] if passed.distant else [reason]
        draft = Draft(cue, None, [(content, end)], reasons, group.start, content, clause=True)
        draft.opener = self.word[opener] if opener >= 0 else ""
        draft.gerund = group.gerund
        return draft if self.give_source(draft, group, passed) else None

    def thing(self, group: Group) -> Draft | None:
        """«ha annunciato un piano»: said by somebody who speaks, and a thing."""
        if "object" not in group.frames or group.passive or group.impersonal or group.gerund:
            return None
        at = self.skip(group.end, "RT")
        if not self.is_letter(at, "DG#O") or self.is_word(at, "to"):
            return None
        draft = self.draft(group, Reason.OBJECT, at)
        if not draft or not draft.source or {Reason.DOUBTFUL_SOURCE, Reason.RELATIVE} & set(draft.reasons):
            return None
        first, last = draft.content[0]
        for comma in range(first, last - 1):
            if self.letter[comma] == "," and self.letter[comma + 1] in "ESCXTRP":
                draft.content = [(first, comma)]
                break
        return draft
