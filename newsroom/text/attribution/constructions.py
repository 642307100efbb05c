"""Verbs with a grammar of their own: definire, accusare, parlare di, lanciare l'allarme, emergere da."""

from __future__ import annotations

from newsroom.text.attribution.complements import Complements
from newsroom.text.attribution.drafts import Draft, Range
from newsroom.text.attribution.groups import Group
from newsroom.text.attribution.guesses import Reason, Unspoken
from newsroom.text.attribution.sources import Passed

_NAME_WITHIN = 16
_BLAME_WITHIN = 12


class Constructions(Complements):
    """Verbs that neither «che» nor a colon follows."""

    def naming(self, group: Group) -> Draft | None:
        """«ha definito l'accordo «storico»»: what it is called stands in marks, or behind «come»."""
        at = group.end
        end = self.clause_end(at)
        quoted = self.letter.find("Q", at, end)
        named = next((place for place in range(at, end) if self.is_word(place, "as")), -1)
        place = max(quoted, named)
        if group.passive or place < 0 or place - at > _NAME_WITHIN:
            return None
        if any(
            self.letter[between] in "VS;:" and not self.is_word(between, "as") for between in range(at, place)
        ):
            return None
        draft = self.draft(group, Reason.NAMING, at)
        if draft:
            draft.clause = False
            if quoted >= 0:
                draft.content = [(at, self.quotations_end(quoted))]
                draft.mixed = True
        return draft

    def accusation(self, group: Group) -> Draft | None:
        """«accusa l'azienda di aver nascosto i dati», «è accusato di frode»."""
        at = group.end
        end = self.clause_end(at)
        within = range(at, min(end, at + _BLAME_WITHIN))
        of = next((place for place in within if self.is_word(place, "of")), -1)
        if of < 0 or of + 1 >= end or self.letter[at] in ",:Q":
            return None
        if group.passive and of == at:
            reasons = [Reason.ACCUSATION, Reason.NO_SOURCE]
            draft = Draft([(group.start, of + 1)], None, [(of + 1, end)], reasons, group.start, of + 1)
            draft.unspoken, draft.clause = Unspoken.PASSIVE, True
            return draft
        if group.passive or (of == at and group.start == group.verb):
            return None  # «la pesante accusa di»: the noun
        if of == at:
            return self.draft(group, Reason.ACCUSATION, of + 1, opener=of)
        return self.draft(group, Reason.ACCUSATION, at)

    def about(self, group: Group) -> Draft | None:
        """«parla di «resa»»: only the words in marks are theirs."""
        at = self.skip(group.end, "RT")
        quoted = self.letter.find("Q", at, at + 4)
        if not self.is_letter(at, "O") or quoted < 0 or self.letter[at:quoted].strip("ODL"):
            return None
        draft = self.draft(group, Reason.NAMING, at + 1, opener=at)
        if draft:
            draft.content = [(at + 1, self.quotations_end(quoted))]
            draft.mixed, draft.clause = True, False
        return draft

    def act(self, group: Group) -> Draft | None:
        """«ha lanciato l'allarme»: with words of its own behind it, else the clause itself is the content."""
        at = group.end
        if group.passive:
            return None
        if self.letter[at : at + 2] == ":Q":
            return self.quotation_behind(group, at + 1, Passed())
        if self.is_word(at, "that"):
            return self.draft(group, Reason.CLAUSE, at + 1, opener=at)
        draft = self.draft(group, Reason.ACT, at)
        if not draft or not draft.source or draft.shares or Reason.DOUBTFUL_SOURCE in draft.reasons:
            return None
        end = draft.content[0][1]
        if self.is_letter(draft.before, "S"):
            comma = self.letter.find(",", at, end)
            end = comma if comma > 0 else end
        draft.content = [(min(draft.start, draft.source[0]), end)]
        draft.whole = True
        return draft

    def emerging(self, group: Group) -> Draft | None:
        """«Dal rapporto emerge che»: the source stands behind its «da»."""
        end = group.start
        while self.is_letter(end - 1, "RTK"):
            end -= 1
        start = self.letter.rfind("B", max(0, end - 10), end) + 1
        opener = group.end
        if not start or self.phrases.at(start) != end or not self.is_word(opener, "that"):
            return None
        last = self.clause_end(opener + 1)
        reasons = [Reason.CLAUSE, Reason.DOCUMENT]
        draft = Draft(
            [(group.start, opener + 1)], (start, end), [(opener + 1, last)], reasons, start - 1, opener
        )
        draft.before, draft.clause, draft.opener = start - 2, True, self.word[opener]
        return draft

    def reading(self, group: Group) -> Draft | None:
        """«…», si legge in una nota: what is read stands somewhere."""
        at = group.end
        last = self.phrases.at(at + 1)
        if not group.impersonal or not self.is_letter(at, "P") or last == at + 1:
            return None
        cue: list[Range] = [(group.start, at + 1)]
        quoted = self.quotation_before(group.start)
        reason = Reason.QUOTATION
        if quoted >= 0:
            content = (quoted, quoted + 1)
        elif self.letter[last : last + 2] == ":Q":
            content = (last + 1, self.quotations_end(last + 1))
        elif self.is_word(last, "that"):
            cue.append((last, last + 1))
            content, reason = (last + 1, self.clause_end(last + 1)), Reason.CLAUSE
        else:
            return None
        draft = Draft(cue, (at + 1, last), [content], [reason, Reason.DOCUMENT], group.start, last)
        draft.before, draft.clause = group.start - 1, reason is Reason.CLAUSE
        return draft
