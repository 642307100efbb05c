"""Who says it: the subject of a verb, before it or behind, shared or implied; or why nobody does."""

from __future__ import annotations

from dataclasses import dataclass

from newsroom.text.attribution.clauses import Clauses
from newsroom.text.attribution.drafts import Draft, Range
from newsroom.text.attribution.groups import Group
from newsroom.text.attribution.guesses import Reason, Unspoken


@dataclass(slots=True)
class Passed:
    """What was passed between a verb and its content: a subject behind the verb, a «da» with who did it."""

    inverted: Range | None = None
    agent: Range | None = None
    distant: bool = False


class Sources(Clauses):
    """The sources of verbs."""

    def give_source(self, draft: Draft, group: Group, passed: Passed) -> bool:
        """Give the draft its source, or the reason why there is none. False if it is no attribution then."""
        subject, draft.before = self.phrases.subject_before(
            group.start, floor=self.floor(group.start), plural=group.plural
        )
        if group.passive:
            impersonal = subject is None or self.word[subject.start] in self.grammar["expletive"]
            return impersonal and self._give_agent(draft, group, passed.agent)
        if passed.inverted and subject and not self.is_letter(group.start - 1, ","):
            return False  # «La Regione chiede la revisione: …»: a thing, and no subject behind the verb
        if passed.inverted:
            draft.source = passed.inverted
            draft.reasons.append(Reason.INVERTED)
            return self.may_say(group, draft)
        if group.impersonal:
            draft.unspoken = Unspoken.IMPERSONAL
            draft.reasons.append(Reason.NO_SOURCE)
            named = subject is not None and self.speaks(subject.start, subject.end)
            return not named and not passed.distant  # «si riferisce ai soldati che»
        if not subject or group.gerund:
            return self.give_unspoken(draft, group)
        draft.source = subject.start, subject.end
        if subject.relative:
            draft.reasons.append(Reason.RELATIVE)
            draft.start = draft.before
            self._cut_relative(draft)
        else:
            draft.start = subject.start
        draft.before = subject.before
        return self.may_say(group, draft)

    def _give_agent(self, draft: Draft, group: Group, agent: Range | None) -> bool:
        """«È stato comunicato dal ministero che», «è stato detto che»."""
        if agent:
            draft.cue.insert(1, (agent[0], agent[0] + 1))
            draft.source = agent[0] + 1, agent[1]
            return True
        draft.unspoken = Unspoken.PASSIVE
        draft.reasons.append(Reason.NO_SOURCE)
        return not group.frames & {"tell", "whether"} and Reason.DISTANT not in draft.reasons

    def give_unspoken(self, draft: Draft, group: Group) -> bool:
        """A verb without a subject of its own: a gerund, the second of two verbs, an implied subject."""
        before = draft.before
        if group.gerund:
            draft.reasons.append(Reason.GERUND)
        earlier = self.earlier(group)
        if earlier and before >= 0 and (group.gerund or self.letter[before] in "C,"):
            draft.source = earlier.source
            draft.reasons.append(Reason.SHARED_SOURCE)
            draft.shares = True
            return True
        leading = self.leading_subject(group.start) if before >= 0 else None
        if group.gerund:
            draft.source = leading
            return leading is not None and self.may_say(group, draft)
        if leading and not self.speaks(*leading):
            leading = None
        if leading and self.letter[before] == "C":
            draft.source = leading
            draft.reasons.append(Reason.SHARED_SOURCE)
            return True
        if self.english:
            return False
        draft.unspoken = Unspoken.IMPLIED
        draft.reasons.append(Reason.NO_SOURCE)
        if leading:
            draft.referent = leading
            draft.reasons.append(Reason.REFERENT)
        return self._is_surely_verb(group) or before < 0 or self.letter[before] in "C,"

    def may_say(self, group: Group, draft: Draft) -> bool:
        """Whether the source says things with this verb: laws provide, studies show, «io» is no source."""
        assert draft.source
        first, last = draft.source
        letters = self.letter[first:last]
        if last == first + 1 and self.is_word(first, "first person"):
            return False
        head = next((letter for letter in letters if letter in "LHJMIYWUNQ"), "")
        if "data" in group.frames:
            draft.reasons.append(Reason.DOCUMENT)
            return any(letter in "MHU" for letter in letters)
        if head == "M":
            draft.reasons.append(Reason.DOCUMENT)
        elif not self.speaks(first, last):
            draft.reasons.append(Reason.DOUBTFUL_SOURCE)
            return head != "I" and self._is_surely_verb(group)
        return head != "I"

    def _is_surely_verb(self, group: Group) -> bool:
        """Whether the cue cannot be a noun: «nota» alone may, «ha notato» not."""
        return self.letter[group.verb] != "W" or group.start < group.verb

    def _cut_relative(self, draft: Draft) -> None:
        """«Il consulente, che ammette di…, è stato sospeso»: the content ends before the main clause."""
        for index, (first, last) in enumerate(draft.content):
            for at in range(first, last - 1):
                if self.letter[at] == "," and self.letter[at + 1] in "XZK":
                    draft.content[index] = (first, at)
                    return
