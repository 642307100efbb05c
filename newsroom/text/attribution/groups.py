"""Verb groups: which words belong to a reporting verb, and whether it is one here.

«Annunciato» needs its auxiliary, «nota» no article before it; «ha anche più volte detto» is one group, «è stato
detto» a passive, «si dice» impersonal. The group takes in auxiliaries, pronouns, negation and adverbs between
them, from its first word to the verb, or to what a verb of several words ends with («ha lanciato l'allarme»).
"""

from __future__ import annotations

from dataclasses import dataclass

from .lexicon import FINITE, Cue, Lexicon
from .words import Words

_GAP = 5
_CLAUSE = 15
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
    cues = lexicon.forms.get(words.words[place], ())
    found = []
    for cue in sorted(cues, key=lambda cue: -len(cue.tail)):
        if cue.mark == "N":
            continue
        end = _tail(words, place, cue)
        if end:
            group = (_english if lexicon.grammar.lang == "en" else _italian)(words, place, end, cue, lexicon)
            if group:
                found.append(group)
    return found


def _tail(words: Words, verb: int, cue: Cue) -> int:
    """Where the verb ends with the words that must follow it; 0 if they do not."""
    at = verb + 1
    loose = 3 if "act" in cue.frames else 1
    for choices in cue.tail:
        skipped = 0
        while at < len(words) and words.words[at] not in choices:
            if skipped == loose or words.classes[at] not in (_DETACHED if loose > 1 else "RD"):
                return 0
            skipped += 1
            at += 1
        if at == len(words):
            return 0
        at += 1
    return at


def _italian(words: Words, verb: int, end: int, cue: Cue, lexicon: Lexicon) -> Group | None:
    word, letter, grammar = words.words, words.classes, lexicon.grammar
    start, plural, passive, gerund, by_itself = verb, cue.mark == "p", False, False, False
    if cue.mark in FINITE or cue.mark == "j":
        if _is_noun(words, verb, lexicon) or (cue.mark == "j" and not _is_subordinate(words, verb)):
            return None
        plural = word[verb].endswith("no") if cue.mark == "j" else plural
    elif cue.mark == "g":
        gerund = True
    else:
        at = verb - 1
        if cue.mark == "b":
            at = _phase(words, verb, lexicon)
            if at < 0:
                return None
            if not word[at].endswith(("to", "ta", "ti", "te")) or letter[at] == "X" and word[at] == "tiene":
                start, plural, at = at, word[at].endswith("no"), -1
            else:
                at -= 1
        if start == verb:
            at, been = _auxiliary(words, at, lexicon)
            if at < 0:
                return None
            start, plural = at, word[at] in grammar["plural"]
            if word[at] in grammar["having"]:
                gerund = True
            elif word[at] in grammar["be"]:
                by_itself = word[at - 1 : at] != [] and word[at - 1] in grammar["self"]
                passive = not by_itself and cue.mark == "n"
            elif been:
                return None
    reflexive = negated = False
    while start > 0 and (letter[start - 1] in "KZ" or _is_clitic(words, start - 1, lexicon)):
        start -= 1
        reflexive |= word[start] in grammar["self"]
        negated |= letter[start] == "Z"
    if "self" in cue.frames and cue.tail and not reflexive:
        return None
    impersonal = reflexive and "self" not in cue.frames and not gerund
    return Group(
        start, verb, end, cue, plural, passive, impersonal, gerund or cue.mark == "g", negated
    )


def _is_noun(words: Words, verb: int, lexicon: Lexicon) -> bool:
    """«la nota», «una stima», «di spiega»: what stands before a noun stands before the word."""
    if not verb:
        return False
    before = words.classes[verb - 1]
    if before == "D" and words.words[verb - 1] in lexicon.grammar["clitic"]:
        return words.classes[verb] != "V"
    return before in "DOAB#" or (before == "P" and words.words[verb - 1] not in ("dopo", "prima"))


def _is_subordinate(words: Words, verb: int) -> bool:
    """«benché affermi che»: a subjunctive reports only in a clause that depends on another."""
    for place in range(verb - 1, max(-1, verb - _CLAUSE), -1):
        if words.classes[place] in ".;:":
            return False
        if words.classes[place] == "S" or words.words[place] in ("nonostante", "malgrado"):
            return True
    return False


def _is_clitic(words: Words, place: int, lexicon: Lexicon) -> bool:
    return words.classes[place] == "D" and words.words[place] in lexicon.grammar["clitic"]


def _phase(words: Words, verb: int, lexicon: Lexicon) -> int:
    """The verb that an infinitive needs before it: «tiene a precisare», «ha voluto dire»; -1 if there is none."""
    at = verb - 1
    while at >= 0 and words.classes[at] in "AOKR" and verb - at < _GAP:
        at -= 1
    return at if at >= 0 and words.words[at] in lexicon.grammar["phase"] else -1


def _auxiliary(words: Words, at: int, lexicon: Lexicon) -> tuple[int, bool]:
    """The place of the auxiliary at or before ``at``, -1 if there is none, and whether «stato» stands between."""
    grammar, been = lexicon.grammar, False
    for place in range(at, max(-1, at - _GAP), -1):
        word = words.words[place]
        if word in grammar["been"]:
            been = True
        elif word in grammar["have"] or word in grammar["be"] or word in grammar["having"]:
            return place, been
        elif words.classes[place] not in "RT":
            break
    return -1, been


def _english(words: Words, verb: int, end: int, cue: Cue, lexicon: Lexicon) -> Group | None:
    word, letter, grammar = words.words, words.classes, lexicon.grammar
    at = verb - 1
    start = verb
    passive = gerund = negated = finite = False
    while at >= 0 and letter[at] in "RZ":
        at -= 1
    before = word[at] if at >= 0 else ""
    if before in grammar["be"]:
        finite = True
        start = at
        passive = cue.mark in "dn"
        while start > 0 and (word[start - 1] in grammar["been"] or word[start - 1] in grammar["have"]
                             or word[start - 1] in grammar["modal"] or letter[start - 1] in "RZ"):
            start -= 1
        if cue.mark not in "dng":
            return None
    elif before in grammar["have"] and cue.mark in "dn":
        finite = True
        start = at
        while start > 0 and (word[start - 1] in grammar["modal"] or letter[start - 1] in "RZ"):
            start -= 1
    elif before in grammar["modal"] and cue.mark == "b":
        finite, start = True, at
        while start > 0 and letter[start - 1] in "RZ":
            start -= 1
    elif before == "to" and cue.mark == "b":
        at -= 1
        while at >= 0 and letter[at] in "RP":
            at -= 1
        if at < 0 or word[at] not in grammar["phase"]:
            return None
        start = at
    elif cue.mark == "g":
        gerund = True
        if verb and letter[verb - 1] not in ",CSFPBR-E" and letter[verb] != "E":
            return None
    elif cue.mark == "n" or (cue.mark == "d" and word[verb + 1 : verb + 2] == ["by"]):
        return None
    if start == verb and not finite and not gerund:
        if _is_english_noun(words, verb):
            return None
        while start > 0 and letter[start - 1] in "R" and words.ends[start - 1] < words.starts[start]:
            start -= 1
    negated = any(letter[place] == "Z" or word[place] in ("n't", "not", "never") for place in range(start, verb))
    plural = cue.mark == "b" or word[start] in grammar["plural"]
    return Group(start, verb, end, cue, plural, passive, False, gerund, negated)


def _is_english_noun(words: Words, verb: int) -> bool:
    """“the claims”, “United States”, “no say”: what stands before a noun stands before the word."""
    if not verb:
        return words.classes[verb] == "W" and words.words[verb].endswith("s")
    if words.words[verb - 1] in ("united", "that") and words.classes[verb - 1] in "UDS":
        return words.words[verb - 1] == "united" or verb == 1
    return words.classes[verb - 1] in "D'#OFPBA" and words.words[verb - 1] not in ("this", "that", "these", "it")
