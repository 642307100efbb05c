"""Noun phrases, as regular expressions over the classes of words; and which of them is the subject of a verb.

What a parser knows from a treebank is guessed from the order of small words: an article behind a noun begins
another phrase, «di» goes on with the one before, a name closes it unless its institution has an adjective
(«la Corte costituzionale»). Every repetition has a limit, so a match costs a constant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsroom.text.attribution.lexicon import Lexicon
from newsroom.text.attribution.words import Words

_N = "[LHJMIYW]"
_D = "[DG#]"
_CORE = {
    # la Corte costituzionale | il ministro Giorgetti | un alto funzionario
    "it": rf"(?:{_D}{{1,3}}U{{1,5}}{_N}{{1,2}}U{{0,4}}|{_D}{{0,3}}{_N}{{0,4}}U{{1,6}}"
    rf"|{_D}{{0,3}}{_N}{{1,4}})",
    # the Treasury officials Smith and … | a former aide
    "en": rf"(?:{_D}{{0,3}}{_N}{{0,5}}U{{1,6}}(?:{_N}{{1,3}}U{{0,4}})?|{_D}{{0,3}}{_N}{{1,5}})",
}
_HEAD = r"(?:N(?:O{core})?|{d}{{1,2}}O(?:{core}|N)|D?{n}{{0,3}}Q|{core})"
_MORE = {
    # della Corte costituzionale, e dei Trasporti | (assessore) alla Mobilità | (presidente) e fondatore
    "it": r"(?:C?O(?:U{{1,4}}{n}{{1,2}}U{{0,4}}|{core}|#)|(?<=J)A{core}|(?<={n})C(?={n}){core}){{0,6}}",
    # 's family | of the bank, for the council | (police) and prosecutors
    "en": r"(?:'{core}|C?[OF]{core}|(?<={n})C(?={n}){core}){{0,6}}",
}
_PATTERN = {
    lang: re.compile((_HEAD + _MORE[lang]).format(core=core, n=_N, d=_D)) for lang, core in _CORE.items()
}
#: Whoever is looked for at the left of a verb is looked for this many words far.
REACH = 40
_APPOSITION = 14


@dataclass(frozen=True, slots=True)
class Subject:
    """Words ``start`` to ``end - 1``; ``before`` is the place of the word that parts its clause from the last
    one (-1 at the beginning), ``relative`` if a pronoun stands for it («il ministro, che ha detto»).
    """

    start: int
    end: int
    before: int
    relative: bool = False


def speaks(letters: str, *, first: bool = False) -> bool:
    """Whether a noun phrase looks like somebody who speaks: an office, a paper, a name, a pronoun.

    ``first``: its first noun must, and not only a name behind it.
    """
    head = next((letter for letter in letters if letter in "LHJMIYWUNQG"), "")
    return (head != "" and head in "HJMUNQG") or (not first and any(letter in "HJU" for letter in letters))


class Phrases:
    """The noun phrases of one stretch of words."""

    def __init__(self, words: Words, lexicon: Lexicon) -> None:
        self.words = words
        self.classes = words.classes
        self.grammar = lexicon.grammar
        self.pattern = _PATTERN["en" if lexicon.grammar.lang == "en" else "it"]

    def at(self, place: int, *, end: int | None = None) -> int:
        """Where the noun phrase that begins at a word ends; the same place if there is none."""
        limit = len(self.classes) if end is None else end
        match = self.pattern.match(self.classes, place, limit)
        if not match:
            # «molti sostengono»: the word that counts others stands alone
            alone = (
                self.classes[place : place + 1] == "G" and self.classes[place + 1 : place + 2] in "XVKZWR,"
            )
            return place + (alone and place < limit)
        last = match.end()
        if last + 1 < limit and self.classes[last] == "B" and self._is_made(last - 1):
            # «uno studio condotto dall'Università di Padova»
            more = self.pattern.match(self.classes, last + 1, limit)
            return more.end() if more else last
        return last

    def _is_made(self, place: int) -> bool:
        """«condotto», “conducted”; and “a report by”."""
        word, letter = self.words.words[place], self.classes[place]
        if self.grammar.lang == "en":
            return letter == "M" or (letter == "L" and word.endswith(("ed", "en", "made", "led")))
        return letter == "L" and word[-2:-1] in ("t", "s")

    def with_more(self, place: int, *, end: int | None = None, bare: bool = False) -> int:
        """The same with «e Bianchi» and with an apposition: «Marta Colli, portavoce del comitato».

        ``bare``: with one that has no article, because another sentence may begin with an article.
        """
        last = self.at(place, end=end)
        if last == place:
            return last
        limit = len(self.classes) if end is None else end
        if last < limit and self.classes[last] == "C":
            another = self.at(last + 1, end=end)
            if another > last + 1 and self.classes[last + 1] in "DG#UN":
                last = another
        if bare and self.classes[last + 1 : last + 2] not in ("H", "J"):
            return last
        return self.apposition(last, limit)

    def apposition(self, place: int, limit: int) -> int:
        """The end of the apposition whose comma is at ``place``; else ``place``."""
        classes = self.classes
        if place + 1 >= limit or classes[place] != "," or classes[place + 1] not in "DGHJMU#":
            return place
        last = self.at(place + 1, end=limit)
        while last < limit and last - place < _APPOSITION and classes[last] in "APFBCT":
            further = self.at(last + 1, end=limit)
            if further == last + 1 and classes[last] != "T":
                return place
            last = further
        if last == place + 1 or not any(letter in "HJMU" for letter in classes[place + 1 : last]):
            return place
        return last if last >= limit or classes[last] in ",.;-)Q" else place

    def is_time(self, start: int, end: int) -> bool:
        """«Il giorno dopo», «la scorsa settimana»: a phrase whose noun is a time."""
        nouns = [letter for letter in self.classes[start:end] if letter in "LHJMIWYUNQ"]
        return bool(nouns) and "Y" in nouns[:2] and not any(letter in "UHJM" for letter in nouns)

    def subject_within(self, start: int, end: int, *, plural: bool) -> tuple[int, int] | None:
        """The last noun phrase among these words that no preposition governs."""
        classes, place, best = self.classes, start, None
        named = start
        while place < end:
            letter = classes[place]
            if letter == "L" and place and classes[place - 1] in "KZ":
                place += 1  # «si trovava»: a verb
            elif letter in "PABOFE":
                named = place + 1
                place = self._adverbial(named, end)
            elif letter in "DG#LHJMIYWUNQ":
                last = self.at(place, end=end)
                if plural and last < end and classes[last] == "C" and classes[place] in "DG#UNLH":
                    another = self.at(last + 1, end=end)
                    last = another if another > last + 1 else last
                if last == place:
                    place += 1
                    continue
                if not self.is_time(place, last):
                    best = place, last
                place = last
                if place < end and classes[place] == "(":
                    closing = classes.find(")", place, min(end, place + 6))
                    place = closing + 1 if closing > 0 else place
            else:
                place += 1
        return best or self._name_behind(named, end)

    def _name_behind(self, start: int, end: int) -> tuple[int, int] | None:
        """«Dopo questo episodio Kibaki ha detto»: a name behind a noun that it is no part of."""
        name = end
        while name > start and self.classes[name - 1] == "U":
            name -= 1
        noun = name - 1
        stands_alone = start < name < end and self.classes[noun] in "LMIY"
        return (name, end) if stands_alone and self.words.words[noun] not in self.grammar["places"] else None

    def _adverbial(self, place: int, end: int) -> int:
        """The end of the phrase behind a preposition. «In una nota Apple…»: it ends before a name."""
        last = self.at(place, end=end)
        for at in range(place, last - 1):
            if self.words.words[at] in self.grammar["told in"] and self.classes[at + 1] == "U":
                return at + 1
        return last

    def subject_before(
        self, place: int, *, floor: int = 0, plural: bool = False
    ) -> tuple[Subject | None, int]:
        """Who the verb group that begins at ``place`` has for its subject, and what parts its clause.

        Nothing before ``floor`` is looked at.
        """
        classes = self.classes
        if place > floor and classes[place - 1] in ",-":
            # What stands in the parenthesis may report something itself: no floor but the sentence's own.
            across = self.across_parenthesis(place, classes.rfind(".", 0, place) + 1, plural=plural)
            if across:
                return across, across.before
        before = place - 1
        lowest = max(floor, place - REACH)
        while before >= lowest:
            letter = classes[before]
            if letter == ")":
                before = max(classes.rfind("(", lowest, before), lowest) - 1
                continue
            if letter in ".;:-(XVS" or (letter == "Q" and not self._in_phrase(before)):
                break
            if letter == "C" and not self._joins(before, plural):
                break
            before -= 1
        if before < lowest:
            before = lowest - 1
        chunk = before + 1
        found = self._subject_in_chunk(chunk, place, plural)
        if before >= floor:
            pronoun = self._relative_pronoun(before, chunk, place, found, floor)
            if pronoun is not None:
                antecedent = self.antecedent(pronoun, floor)
                if antecedent:
                    return Subject(*antecedent, before=antecedent[0] - 1, relative=True), pronoun
        if found:
            return Subject(*found, before=before), before
        if classes[before : before + 1] == "Q" and chunk == place and before == floor:
            return Subject(before, place, before=before - 1), before - 1
        return None, before

    def across_parenthesis(self, place: int, floor: int, *, plural: bool = False) -> Subject | None:
        """«Il ministro, che ieri era a Napoli, ha detto»: who speaks ends at the comma before."""
        classes, mark = self.classes, self.classes[place - 1]
        comma = classes.rfind(mark, max(floor, place - REACH), place - 1)
        while comma > floor:
            if any(stop in classes[comma : place - 1] for stop in ".;:"):
                return None
            end = self._before_parenthesis(comma)
            start = end
            while (
                start > floor
                and classes[start - 1] not in ",.;:-(XVSEQ"
                and (classes[start - 1] != "C" or self._joins(start - 1, plural))
            ):
                start -= 1
            found = self.subject_within(start, end, plural=plural)
            likely = mark == "-" or classes[comma + 1] in "SE"
            if found and found[1] == end and (likely or speaks(classes[found[0] : end])):
                last = self.apposition(comma, place - 1)
                relative = classes[comma + 1] == "S" and last == comma
                return Subject(found[0], end if last == comma else last, start - 1, relative)
            comma = classes.rfind(mark, max(floor, place - REACH), comma)
        return None

    def _before_parenthesis(self, end: int) -> int:
        """«l'Organizzazione (Omc), »: where the phrase ends whose parenthesis stands before ``end``."""
        if self.classes[end - 1 : end] != ")":
            return end
        opening = self.classes.rfind("(", max(0, end - 8), end)
        return opening if opening > 0 else end

    def _subject_in_chunk(self, start: int, end: int, plural: bool) -> tuple[int, int] | None:
        """Between commas the last part that has a subject; an apposition goes with the part before it."""
        classes = self.classes
        commas = [at for at in range(start, end) if classes[at] == ","]
        edges = [start - 1, *commas, end]
        for last in range(len(edges) - 2, -1, -1):
            first, limit = edges[last] + 1, edges[last + 1]
            if first >= limit:
                continue
            if limit < end and classes[first] in "EP":  # «…, parlando a Napoli, ha detto»
                continue
            found = self.subject_within(first, limit, plural=plural)
            if not found:
                continue
            if last and limit < end and found[0] == first and classes[first] in "DGHJMU#L":
                head = self.subject_within(edges[last - 1] + 1, edges[last], plural=plural)
                if head and head[1] == edges[last]:
                    return head[0], found[1]
            return found
        return None

    def _in_phrase(self, place: int) -> bool:
        """«Il quotidiano «La Stampa» scrive», «i «furbetti»»: the quotation is part of a noun phrase."""
        return place > 0 and self.classes[place - 1] in "DLHJMIWU"

    def _joins(self, place: int, plural: bool) -> bool:
        """Whether «e» at a place joins nouns and not clauses."""
        classes = self.classes
        left, right = classes[place - 1 : place], classes[place + 1 : place + 2]
        if not left or not right:
            return False
        if right == "O":
            return True
        if left in "LHJMW" and right in "LHJMW" and classes[max(0, place - 2) : place - 1] not in ("X", "V"):
            return True
        return plural and left in "LHJMWU)" and right in "D#UNLHJM"

    def _relative_pronoun(
        self, before: int, chunk: int, place: int, found: tuple[int, int] | None, floor: int
    ) -> int | None:
        """The place of the pronoun that the subject hides behind, if there is one."""
        words, classes = self.words.words, self.classes
        relative = self.grammar["relative"]
        if words[before] in relative and not found:
            return before
        if words[before] in relative and classes[place - 1] == "," and classes[before - 1 : before] == ",":
            return before  # «Colli, che guida il comitato, sostiene»
        if classes[before] in "XV":
            at = before - 1
            while at > floor and classes[at] in "KZRX":
                at -= 1
            if at > floor and words[at] in relative and classes[at - 1] in "LHJMUW,":
                return at
        return None

    def antecedent(self, pronoun: int, floor: int) -> tuple[int, int] | None:
        """The noun phrase that a relative pronoun stands for: right before it, or before its comma."""
        classes = self.classes
        end = pronoun - 1 if classes[pronoun - 1 : pronoun] == "," else pronoun
        end = self._before_parenthesis(end)
        start = end
        while start > max(floor, end - REACH) and classes[start - 1] not in ".;:-(XVSEC":
            start -= 1
        found = self._subject_in_chunk(start, end, plural=True) if start < end else None
        if found and found[1] == end:
            return found
        # «da fonti di maggioranza che affermano»
        for at in range(start + 1, end):
            if classes[at - 1] in "PABF" and self.at(at, end=end) == end:
                return at, end
        return None
