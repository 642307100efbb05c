"""Verb groups: which words belong to a reporting verb, and whether it is one here.

«Annunciato» needs its auxiliary, «nota» has no article before it; «ha anche detto» is one group, «è stato
detto» a passive, «si dice» impersonal. A group takes in auxiliaries, pronouns, negation and the adverbs
between them, from its first word to the verb, or to what a verb of several words ends with («ha lanciato
l'allarme»).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from newsroom.text.attribution.lexicon import FINITE, Cue, Lexicon
from newsroom.text.attribution.words import Words

#: The endings of Italian participles.
PARTICIPLES = ("ato", "ata", "ati", "ate", "ito", "ita", "iti", "ite", "uto", "uta", "uti", "ute")
#: So many words may stand between an auxiliary and its verb.
_GAP = 5
_CLAUSE = 15
#: What may stand between a verb and the noun that makes an act of it: «lanciare un nuovo allarme».
_DETACHED = "DRTKLHJW"


@dataclass(frozen=True, slots=True)
class Group:
    """Words ``start`` to ``end - 1`` with the verb at ``verb``."""

    start: int
    verb: int
    end: int
    cue: Cue
    plural: bool = False
    passive: bool = False
    impersonal: bool = False
    gerund: bool = False
    negated: bool = False

    @property
    def frames(self) -> frozenset[str]:
        return self.cue.frames


def groups_at(words: Words, place: int, lexicon: Lexicon) -> list[Group]:
    """The verb groups whose verb is this word: those of several words first."""
    grouped = _english if lexicon.grammar.lang == "en" else _italian
    found = []
    for cue in sorted(lexicon.forms.get(words.words[place], ()), key=lambda cue: -len(cue.tail)):
        end = _tail(words, place, cue) if cue.mark != "N" else 0
        group = (
            grouped(words, Group(place, place, end, cue, plural=cue.mark == "p"), lexicon) if end else None
        )
        if group:
            found.append(group)
    return found


def _tail(words: Words, verb: int, cue: Cue) -> int:
    """Where the verb ends with the words that must follow it; 0 if they do not."""
    between, most = (_DETACHED, 3) if "act" in cue.frames else ("RD", 1)
    at = verb + 1
    for choices in cue.tail:
        skipped = 0
        while at < len(words) and words.words[at] not in choices:
            if skipped == most or words.classes[at] not in between:
                return 0
            skipped += 1
            at += 1
        at += 1
    return at if at <= len(words) else 0


def _back(words: Words, place: int, belongs: Callable[[int], bool]) -> int:
    """The first of the words before a place that all belong to it."""
    while place > 0 and belongs(place - 1):
        place -= 1
    return place


# Italian


def _italian(words: Words, group: Group, lexicon: Lexicon) -> Group | None:
    """The group with its auxiliary and its pronouns; None where the word is no report."""
    headed = _italian_head(words, group, lexicon)
    if not headed:
        return None
    grammar = lexicon.grammar
    start = _back(words, headed.start, lambda at: words.classes[at] in "KZ" or _is_clitic(words, at, lexicon))
    little = range(start, headed.start)
    reflexive = any(words.words[at] in grammar["self"] for at in little)
    if "self" in group.frames and group.cue.tail and not reflexive:
        return None  # «ha detto pronto»
    return replace(
        headed,
        start=start,
        passive=headed.passive and not reflexive,
        impersonal=reflexive and "self" not in group.frames and not headed.gerund,
        negated=any(words.classes[at] == "Z" for at in little),
    )


def _italian_head(words: Words, group: Group, lexicon: Lexicon) -> Group | None:
    """The group from its finite verb on, or from its gerund."""
    verb, mark = group.verb, group.cue.mark
    if mark == "g":
        aux = words.words[verb - 1] if verb else ""
        if aux in lexicon.grammar["staying"]:
            return replace(group, start=verb - 1, plural=aux.endswith("no"))
        return replace(group, gerund=True)
    if mark == "n":
        return _behind_auxiliary(words, group, verb - 1, lexicon)
    if mark == "b":
        at = _back(words, verb, lambda at: words.classes[at] in "AOKR" and verb - at < _GAP) - 1
        if at < 0 or words.words[at] not in lexicon.grammar["phase"]:
            return None
        if not words.words[at].endswith(PARTICIPLES):
            return replace(group, start=at, plural=words.words[at].endswith("no"))
        headed = _behind_auxiliary(words, group, at - 1, lexicon)
        return headed and replace(headed, passive=False)
    if _is_noun(words, verb, lexicon) or (mark == "j" and not _is_subordinate(words, verb)):
        return None
    return replace(group, plural=words.words[verb].endswith("no")) if mark == "j" else group


def _behind_auxiliary(words: Words, group: Group, at: int, lexicon: Lexicon) -> Group | None:
    """The group from the auxiliary on that stands at ``at`` or a few adverbs before it."""
    grammar, been = lexicon.grammar, False
    for place in range(at, max(-1, at - _GAP), -1):
        word = words.words[place]
        if word in grammar["been"]:
            been = True
        elif word in grammar["having"]:
            return replace(group, start=place, gerund=True)
        elif word in grammar["be"] or (word in grammar["have"] and not been):
            passive = word in grammar["be"]
            return replace(group, start=place, plural=word in grammar["plural"], passive=passive)
        elif words.classes[place] not in "RT":
            return None
    return None


def _is_noun(words: Words, verb: int, lexicon: Lexicon) -> bool:
    """«la nota», «una stima»: what stands before a noun stands before the word."""
    before = words.classes[verb - 1 : verb]
    if before == "D" and words.words[verb - 1] in lexicon.grammar["clitic"]:
        governed = words.classes[max(0, verb - 2) : verb - 1] in ("P", "O", "A", "B")  # «con la minaccia»
        return governed or words.classes[verb] != "V"
    return before in ("D", "O", "A", "B", "#") or (
        before == "P" and words.words[verb - 1] not in ("dopo", "prima")
    )


def _is_subordinate(words: Words, verb: int) -> bool:
    """«benché affermi che»: a subjunctive reports only in a clause that depends on another."""
    before = words.classes[max(0, verb - _CLAUSE) : verb]
    return "S" in before[max(before.rfind(mark) for mark in ".;:") + 1 :]


def _is_clitic(words: Words, place: int, lexicon: Lexicon) -> bool:
    return words.classes[place] == "D" and words.words[place] in lexicon.grammar["clitic"]


# English


def _english(words: Words, group: Group, lexicon: Lexicon) -> Group | None:
    """The group with its auxiliaries and adverbs; None where the word is no report."""
    word, letter, grammar = words.words, words.classes, lexicon.grammar
    verb, mark = group.verb, group.cue.mark
    at = _back(words, verb, lambda place: letter[place] in "RZ" or word[place] == "since") - 1
    before = word[at] if at >= 0 else ""
    if before in grammar["be"] and mark in "dng":
        group = replace(group, passive=mark in "dn")
    elif before == "to" and mark == "b":
        at = _back(words, at, lambda place: letter[place] in "RP") - 1
        if at < 0 or word[at] not in grammar["phase"]:
            return None
    elif not (before in grammar["have"] and mark in "dn") and not (
        before in grammar["modal"] and mark == "b"
    ):
        return _alone(words, group)

    def auxiliary(place: int) -> bool:
        return letter[place] in "RZ" or any(
            word[place] in grammar[name] for name in ("been", "have", "modal")
        )

    start = _back(words, at, auxiliary)
    return replace(
        group,
        start=start,
        plural=mark == "b" or word[start] in grammar["plural"],
        negated="Z" in letter[start:verb],
    )


def _alone(words: Words, group: Group) -> Group | None:
    """A verb without an auxiliary: finite, or a gerund."""
    verb, mark, letter = group.verb, group.cue.mark, words.classes
    before = letter[verb - 1 : verb]
    if mark == "g":
        noun = before and before not in ",CSFPBR-E" and letter[verb] != "E"
        return None if noun else replace(group, gerund=True)
    if mark not in FINITE | {"b"} or (mark == "d" and words.words[verb + 1 : verb + 2] == ["by"]):
        return None
    if _is_english_noun(words, verb) or (mark == "b" and _is_compound(words, verb)):
        return None
    return replace(group, start=_back(words, verb, lambda at: letter[at] == "R"), plural=mark == "b")


def _is_english_noun(words: Words, verb: int) -> bool:
    """“the claims”, “United States”, “no say”, “That said,”: what goes before a noun goes before it."""
    if not verb:
        return words.classes[verb] == "W" and words.words[verb].endswith("s")
    before = words.words[verb - 1]
    return (
        before == "united"
        or (before == "that" and verb == 1)
        or (words.classes[verb - 1] in "D'#OFPBA" and before not in ("this", "these", "it"))
    )


def _is_compound(words: Words, verb: int) -> bool:
    """“the welfare state that”: behind one thing the word is no plural verb."""
    return (
        words.classes[verb] == "W"
        and words.classes[verb - 1] == "L"
        and not words.words[verb - 1].endswith("s")
    )
