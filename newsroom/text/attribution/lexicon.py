"""The words that give an attribution away, and the small words of a language, as data.

A row names a word and, after a colon, the frames that it stands in:

that      a clause with its little word follows: «ha detto che», “said that”
zero      a clause follows without one: “said the plan was dead”
whether   an indirect question follows: «ha chiesto se»
inf       an infinitive follows: «nega di aver», “promised to”
ing       a gerund follows: “denied taking”
quote     direct speech stands beside it
object    what is said may be a thing: «ha annunciato un piano»
as        somebody calls something something: «ha definito l'accordo “storico”»
of        somebody is said to have done something: «accusa l'azienda di»
about     only words in quotation marks follow: «parla di “resa”»
tell      whom it is told comes first: “told reporters”
data      said by studies and figures only: «lo studio mostra che»
from      who says it stands before, behind a «da»: «dal rapporto emerge che»
in        what is said is read in something: «si legge nella nota»
act       the act is told and not the words: «ha lanciato l'allarme»
self      said with a pronoun of its own: «si chiede se»
weak      what somebody thinks or hopes

More words than one are a verb and what must follow it, its choices parted by strokes: ``rendere
noto/nota``. A word of a preposition may be a class: ``a detta DI`` takes «di», «del», «dell'»
(prepositions.py knows them all).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

FRAMES = frozenset(
    "that zero whether inf ing quote object as of about tell data from in act self weak".split()
)
#: What is expected of a word that somebody adds and says no more about.
USUAL_VERB, USUAL_NOUN = "that inf quote", "that quote"
#: Verbs made of finite forms, marked as conjugation.py says.
FINITE = frozenset("spd")


@dataclass(frozen=True, slots=True)
class Cue:
    """What a word may be: a form of a verb (marked as in conjugation.py) or, marked ``N``, a noun."""

    word: str
    mark: str
    frames: frozenset[str]
    tail: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Grammar:
    """What is not a cue and helps to read one. The classes of words are told in words.py."""

    lang: str
    classes: Mapping[str, str]
    #: The endings of words that are in no list, tried in order.
    endings: tuple[tuple[re.Pattern[str], str], ...]
    conjugate: Callable[[str], dict[str, str]]
    sets: Mapping[str, frozenset[str]]

    def __getitem__(self, name: str) -> frozenset[str]:
        return self.sets.get(name, frozenset())


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A language's cues. It is never changed; ``extended()`` makes another one."""

    grammar: Grammar
    forms: Mapping[str, tuple[Cue, ...]] = field(repr=False)
    #: Prepositional cues by their first word, the longest first.
    prepositions: Mapping[str, tuple[tuple[str, ...], ...]] = field(repr=False)
    #: Of each known word its class: the grammar's, and ``V`` for the forms of verbs that are cues.
    classes: Mapping[str, str] = field(repr=False)
    #: Without one of these words there is nothing to read.
    triggers: frozenset[str] = field(repr=False, default=frozenset())

    @classmethod
    def of(
        cls, grammar: Grammar, verbs: Iterable[str], nouns: Iterable[str], prepositions: Iterable[str]
    ) -> Lexicon:
        empty = cls(grammar, {}, {}, dict(grammar.classes))
        return empty.extended(verbs=verbs, nouns=nouns, prepositions=prepositions)

    def extended(
        self, *, verbs: Iterable[str] = (), nouns: Iterable[str] = (), prepositions: Iterable[str] = ()
    ) -> Lexicon:
        """The same with further rows, written as above. A row without frames is given the usual ones.

        ValueError for a row that cannot be read: an unknown frame, a verb that is no infinitive.
        """
        forms = dict(self.forms)
        classes = dict(self.classes)
        for row in verbs:
            words, frames = _read(row, USUAL_VERB)
            verb, *tail = words
            made = self.grammar.conjugate(verb)
            if not made:
                raise ValueError(f"{verb!r} is no infinitive that could be conjugated")
            choices = tuple(frozenset(word.split("/")) for word in tail)
            for form, mark in made.items():
                forms[form] = (*forms.get(form, ()), Cue(verb, mark, frames, choices))
                if mark in FINITE:
                    classes.setdefault(form, "X" if tail else "V")
        for row in nouns:
            (noun, *more), frames = _read(row, USUAL_NOUN)
            if more:
                raise ValueError(f"a noun is one word: {row!r}")
            for form in noun.split("/"):
                forms[form] = (*forms.get(form, ()), Cue(form, "N", frames))
                # «nota», “claims”: a verb by its form, and a noun as often.
                classes[form] = "W" if classes.get(form) == "V" else classes.get(form, "L")
        phrases = {first: list(others) for first, others in self.prepositions.items()}
        for row in prepositions:
            phrase = tuple(row.split())
            if not phrase:
                raise ValueError("a preposition needs a word")
            phrases.setdefault(phrase[0], []).append(phrase)
        longest_first = {
            first: tuple(sorted(set(others), key=lambda phrase: (-len(phrase), phrase)))
            for first, others in phrases.items()
        }
        triggers = frozenset({*forms, *(first.strip("'") for first in longest_first), *self.grammar["so"]})
        return replace(self, forms=forms, prepositions=longest_first, classes=classes, triggers=triggers)


def _read(row: str, usual: str) -> tuple[list[str], frozenset[str]]:
    words, _, given = row.partition(":")
    frames = frozenset((given or usual).split())
    if not frames <= FRAMES or not words.split():
        raise ValueError(f"no frame of a cue: {', '.join(sorted(frames - FRAMES)) or row!r}")
    return words.lower().replace("’", "'").split(), frames
