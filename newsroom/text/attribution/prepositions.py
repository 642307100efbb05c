"""Prepositions that name a source: «secondo», «a detta di», «come ha spiegato», “according to”."""

from __future__ import annotations

from dataclasses import dataclass

from newsroom.text.attribution.clauses import Clauses
from newsroom.text.attribution.drafts import Draft, Range
from newsroom.text.attribution.groups import Group, groups_at
from newsroom.text.attribution.guesses import Reason
from newsroom.text.attribution.words import NOMINAL

#: Which class a part of a phrase stands for, if it is no word.
_CLASSES = {"DI": "O", "OF": "O", "A": "A", "DA": "B", "BY": "B", "IN": "P"}
_VERB_WITHIN = 5
#: What stands before such a clause is whole if it has more words than this.
_LONG = 6


@dataclass(slots=True)
class _Phrase:
    """A prepositional cue at its place: the words of the cue, who is named, and where that ends."""

    parts: tuple[str, ...]
    start: int
    cue: list[Range]
    source: Range
    end: int
    verb: Group | None = None


class Prepositions(Clauses):
    """Sources behind a preposition, with the content around them."""

    def preposition(self, place: int) -> Draft | None:
        if self.is_word(place + 1, "whom") and self.is_word(place, "according"):
            return self._according_to_whom(place)
        for parts in self.lexicon.prepositions[self.word[place]]:
            phrase = self._phrase(place, parts)
            if phrase and self._is_believable(phrase):
                return self._draft_of(phrase)
        return None

    def _according_to_whom(self, place: int) -> Draft | None:
        """«I medici, secondo cui la cura funziona, aspettano»."""
        source = self.phrases.antecedent(place, 0)
        first = place + 2
        end = self.clause_end(first)
        comma = self.letter.find(",", first, end)
        last = comma if comma > 0 else end
        if not source or last <= first:
            return None
        reasons = [Reason.PREPOSITION, Reason.RELATIVE]
        return Draft([(place, first)], source, [(first, last)], reasons, place, first, before=place - 1)

    # The phrase

    def _phrase(self, place: int, parts: tuple[str, ...]) -> _Phrase | None:
        """The phrase at a place, if its parts stand there and somebody behind them."""
        at = place
        for part in parts:
            if part == "SA":
                return self._with_verb(place, at, parts)
            if part == "DETTO":
                at = self._behind_participle(at)
            elif at < len(self.word) and (
                self.letter[at] == _CLASSES[part] if part in _CLASSES else self.word[at] == part
            ):
                at += 1
            else:
                return None
            if at < 0:
                return None
        last = self.phrases.with_more(at, bare=True)
        return _Phrase(parts, place, [(place, at)], (at, last), last) if last > at else None

    def _behind_participle(self, at: int) -> int:
        """Behind «riferito», «è stato riferito», “reported”; -1 if there is none."""
        at = self.skip(at, "XR")
        if at >= len(self.word):
            return -1
        cues = self.lexicon.forms.get(self.word[at], ())
        said = any(cue.mark in "nd" and cue.frames & {"that", "from"} for cue in cues)
        return at + 1 if said or self.is_word(at, "learned") else -1

    def _with_verb(self, place: int, at: int, parts: tuple[str, ...]) -> _Phrase | None:
        """«come ha spiegato la preside», “as the minister explained”."""
        if self.is_letter(at, "DGUNHJML#"):
            last = self.phrases.at(at)
            for where in range(last, min(len(self.word), last + _VERB_WITHIN)):
                verb = self._reporting(where)
                if verb and verb.start <= last:
                    cue = [(place, at), (verb.start, verb.end)]
                    return _Phrase(parts, place, cue, (at, last), verb.end, verb)
            return None
        for where in range(at, min(len(self.word), at + _VERB_WITHIN)):
            verb = self._reporting(where)
            if verb:
                start = self.behind_circumstances(verb.end)
                last = self.phrases.with_more(start)
                return (
                    _Phrase(parts, place, [(place, verb.end)], (start, last), last, verb)
                    if last > start
                    else None
                )
        return None

    def _reporting(self, place: int) -> Group | None:
        """The verb at a place, if somebody reports with it."""
        for group in groups_at(self.words, place, self.lexicon):
            if group.frames & {"that", "quote"} and not (group.passive or group.gerund or group.impersonal):
                return group
        return None

    def _is_believable(self, phrase: _Phrase) -> bool:
        """«secondo la legge», «il secondo tempo», “according to plan”: not everything there is a source."""
        place, (first, last), letter = phrase.start, phrase.source, self.letter
        nouns = [at for at in range(first, last) if letter[at] in NOMINAL]
        pronoun = letter[first] in "NG"
        if phrase.parts in (("secondo",), ("per",)) and self.is_letter(place - 1, "DOBANX"):
            return False
        if phrase.parts in (("secondo",), ("per",), ("stando", "A")):
            joined = self.is_letter(first - 1, "A") and not self.is_word(first - 1, "bare to")
            introduced = joined or letter[first] in "DG#UN"
            if not introduced and not self.is_word(first, "plural sources"):
                return False
        if last == first + 1 and self.is_word(first, "first person"):
            return False
        if phrase.parts == ("per",):
            return self._is_opinion(phrase, nouns)
        if phrase.parts[0] in ("come", "as"):
            parted = self._starts_clause(place) or self.is_letter(place - 1, ",-(")
            return parted and self.speaks(first, last)
        if phrase.parts[0] in ("secondo", "according", "stando"):
            return pronoun or (bool(nouns) and not self.is_word(nouns[0], "not believed"))
        return pronoun or bool(nouns)

    def _is_opinion(self, phrase: _Phrase, nouns: list[int]) -> bool:
        """«Per Legambiente, la discarica va chiusa»: at the beginning, somebody who speaks, and a comma."""
        end, letter = phrase.end, self.letter
        if not self.is_letter(end, ",") or end + 1 >= len(letter) or letter[end + 1] in "SRC":
            return False
        if letter[max(0, phrase.start - 2) : phrase.start].strip("C.:;"):
            return False
        named = letter[phrase.source[0]] in "UD" and all(letter[at] == "U" for at in nouns)
        return (named or any(letter[at] in "HJM" for at in nouns)) and not any(
            self.is_word(at, "no speaker") for at in nouns
        )

    def _starts_clause(self, place: int) -> bool:
        """Whether nothing but little words stands between a place and the beginning of its clause."""
        if self.is_letter(place - 1, "C"):
            return True
        at = place - 1
        while self.is_letter(at, "RTC,"):
            at -= 1
        if at >= 0 and self.letter[at] == "S":
            return self.is_word(at, "that") or not self.letter[at + 1 : place].strip(",R")
        return at < 0 or self.letter[at] in ".:;"

    # The content

    def _draft_of(self, phrase: _Phrase) -> Draft | None:
        place, end = phrase.start, phrase.end
        draft = Draft(phrase.cue, phrase.source, [], [Reason.PREPOSITION], place, end, before=place - 1)
        if phrase.parts == ("per",):
            draft.reasons.append(Reason.DOUBTFUL_CUE)
        if "M" in self.letter[slice(*phrase.source)]:
            draft.reasons.append(Reason.DOCUMENT)
        if self.is_letter(end, "("):
            closing = self.letter.find(")", end, end + 8)
            end = closing + 1 if closing > 0 else end
        end = self.skip(end, "RT")
        if phrase.verb:
            behind = self.behind_circumstances(end)
            end = behind if self.is_letter(behind, ",") else end
        if self._starts_clause(place):
            first = end + self.is_letter(end, ",:")
            draft.content, draft.clause = [(first, self.clause_end(first))], True
        else:
            draft.content = self._content_around(place, end)
        return draft if draft.content and draft.content[0][0] < draft.content[0][1] else None

    def _content_around(self, place: int, end: int) -> list[Range]:
        """«Il lago, secondo i tecnici, è sceso»: what stands before such a phrase, and goes on behind it."""
        separator = place
        while self.is_letter(separator - 1, "R"):  # «sempre secondo»
            separator -= 1
        separator -= self.is_letter(separator - 1, ",-(")
        first = self.region_start(place)
        if separator <= first:
            return []
        if self.is_letter(end, ",-"):
            return [(first, separator), *self.right_part(first, separator, end)]
        whole = separator - first > _LONG or self.has_finite(first, separator)
        if whole or end >= len(self.letter) or self.letter[end] in ".;:)QCSE":
            return [(first, separator)]
        return [(first, separator), (end, self.clause_end(end))]
