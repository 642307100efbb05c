"""The same again in fewer letters: *Rossi* behind «Mario Rossi», *AdE* behind «Agenzia delle Entrate (AdE)».

Only within one article, only behind the long form, and only by letters. «Il colosso di Redmond» is known if
somebody made it an alias.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import ahocorasick_rs

from . import cues
from .aliases import begins
from .rules import PERSON, Reason

_IN_BRACKETS = re.compile(r"\s?\(([^\W\d_](?:[^\W_]|[.&-]){1,9})[),;]")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Long:
    """A name that was found, in order: which one (`number`), where, and of what kind."""

    number: int
    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Short:
    """`text[start:end]` stands for the name of that `number`."""

    start: int
    end: int
    number: int
    reason: Reason


def short_forms(text: str, found: Sequence[Long]) -> list[Short]:
    """In order, outside of what was found. A surname that two persons have stands for the one named last."""
    forms: dict[str, list[tuple[int, int, Reason]]] = {}
    for long in found:
        for form, reason in _forms(text, long):
            forms.setdefault(form, []).append((long.end, long.number, reason))
    if not forms:
        return []
    automaton = ahocorasick_rs.AhoCorasick(list(forms), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    which = list(forms)
    taken = iter(found)
    next_taken = next(taken, None)
    shorts: list[Short] = []
    for place, start, end in automaton.find_matches_as_indexes(text):
        while next_taken and next_taken.end <= start:
            next_taken = next(taken, None)
        if next_taken and next_taken.start < end:
            continue
        entries = forms[which[place]]
        earlier = bisect_right(entries, start, key=lambda entry: entry[0])
        if earlier and _alone(text, start, end):
            _, number, reason = entries[earlier - 1]
            shorts.append(Short(start, end, number, reason))
    return shorts


def _forms(text: str, long: Long) -> Iterator[tuple[str, Reason]]:
    words = _WORD.findall(text[long.start : long.end])
    if long.kind == PERSON and len(words) > 1 and len(words[-1]) > 2 and words[-1][0].isupper():
        yield words[-1], Reason.SHORT_FORM
    bracket = _IN_BRACKETS.match(text, long.end) if long.kind != PERSON and len(words) > 1 else None
    if bracket and _is_acronym(bracket[1], words):
        yield bracket[1], Reason.IN_BRACKETS


def _is_acronym(short: str, words: Sequence[str]) -> bool:
    """Whether its capitals are first letters of the words, in their order: OMS, AdE, MiC."""
    capitals = [c for c in short if c.isupper()]
    initials = iter(word[0].upper() for word in words)
    return len(capitals) > 1 and all(c in initials for c in capitals)


def _alone(text: str, start: int, end: int) -> bool:
    """Whether no other name goes on here: «Maria Rossi» is not the Rossi of «Mario Rossi»."""
    if text[start - 1 : start].isalnum() or text[start - 1 : start] in ("-", "@", "_", "/", "."):
        return False
    if text[end : end + 1].isalnum() or text[end : end + 1] in ("-", "_", "@"):
        return False
    before = _last_word(text[max(0, start - 30) : start])
    if (
        before[:1].isupper()
        and before.lower() not in cues.TITLES | cues.COMMON
        and not begins(text, start - 1 - len(before))
    ):
        return False
    if before.lower() in cues.FIRST_NAMES and before[:1].isupper():
        return False
    behind = re.match(r" ([^\W\d_][^\W_]*)", text[end : end + 30])
    return not (behind and behind[1][0].isupper())


def _last_word(text: str) -> str:
    found = re.search(r"([^\W\d_]+) $", text)
    return found[1] if found else ""
