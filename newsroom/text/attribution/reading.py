"""One stretch of words → who says what in it."""

from __future__ import annotations

from newsroom.text.attribution.asides import Asides
from newsroom.text.attribution.constructions import Constructions
from newsroom.text.attribution.drafts import Draft, Range, confidence
from newsroom.text.attribution.groups import Group, groups_at
from newsroom.text.attribution.guesses import Reason
from newsroom.text.attribution.lexicon import Lexicon
from newsroom.text.attribution.nouns import Nouns
from newsroom.text.attribution.prepositions import Prepositions
from newsroom.text.attribution.words import Words


def read(words: Words, lexicon: Lexicon) -> list[Draft]:
    """Every attribution of the stretch, in order of their cues."""
    return _Reader(words, lexicon).read()


def leading_subject(words: Words, lexicon: Lexicon) -> Range | None:
    """The noun phrase that the last sentence begins with, if no preposition governs it and it is no time."""
    return _Reader(words, lexicon).leading_subject(len(words.classes.rstrip(".")))


class _Reader(Constructions, Asides, Prepositions, Nouns):
    """Every word that may be a cue is tried as preposition, verb and noun, from left to right."""

    def read(self) -> list[Draft]:
        forms, prepositions = self.lexicon.forms, self.lexicon.prepositions
        used: set[int] = set()
        for place, word in enumerate(self.word):
            if place in used:
                continue
            draft = self.preposition(place) if word in prepositions else None
            if not draft and word in forms:
                draft = self._verb(place) or self.noun(place)
            if not draft and word in self.grammar["so"]:
                draft = self.so(place)
            if draft:
                self.drafts.append(draft)
                used.update(at for first, last in draft.cue for at in range(first, last))
        self._read_colons()
        self._settle_quotations()
        return sorted(self.drafts, key=lambda draft: draft.cue[0])

    def _read_colons(self) -> None:
        taken = {at for draft in self.drafts for first, last in draft.content for at in range(first, last)}
        at = self.letter.find(":Q")
        while at >= 0:
            draft = self.colon(at) if at + 1 not in taken else None
            if draft:
                self.drafts.append(draft)
            at = self.letter.find(":Q", at + 1)

    def _settle_quotations(self) -> None:
        """One quotation is said once: by the surer of two drafts, by the later of equals."""
        claims: dict[int, list[Draft]] = {}
        for draft in self.drafts:
            for first, last in draft.content:
                if last - first == 1 and self.letter[first] == "Q":
                    claims.setdefault(first, []).append(draft)
        for claimed in claims.values():
            if len(claimed) > 1:
                keep = max(claimed, key=lambda draft: (confidence(draft.reasons), draft.cue[0]))
                self.drafts = [draft for draft in self.drafts if draft is keep or draft not in claimed]

    def _verb(self, place: int) -> Draft | None:
        for group in groups_at(self.words, place, self.lexicon):
            if self.is_word(group.start - 1, "document subject") and not group.passive:
                continue  # «Questo suggerisce che»: nobody does
            draft = self._of_group(group)
            if draft:
                draft.reasons += [Reason.NEGATED] * group.negated + [Reason.THOUGHT] * (
                    "weak" in group.frames
                )
                return draft
        return None

    def _of_group(self, group: Group) -> Draft | None:
        frames = group.frames
        if "in" in frames:
            return self.reading(group)
        if "as" in frames:
            return self.naming(group)
        if "about" in frames:
            return self.about(group)
        if "act" in frames:
            return self.act(group)
        if "from" in frames:
            return self.emerging(group)
        if "of" in frames and (draft := self.accusation(group)):
            return draft
        quoted = self.quotation_before(group.start)
        # «Il Mattino» scrive che: the quotation right before the verb is who says it.
        if quoted >= 0 and not (quoted == group.start - 1 and self.is_word(group.end, "that")):
            return self.aside(group)
        return self.complement(group) or self.thing(group) or self.aside(group)
