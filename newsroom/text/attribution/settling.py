"""What neighbours do to one another: a content ends where the next report begins beside it."""

from __future__ import annotations

from newsroom.text.attribution.drafts import Draft
from newsroom.text.attribution.lexicon import Lexicon
from newsroom.text.attribution.words import Words


def settle(drafts: list[Draft], words: Words, lexicon: Lexicon) -> list[Draft]:
    """Cut each content where the next report begins beside it, part what is said with «e che»."""
    letter = words.classes
    for draft in drafts:
        if draft.clause and draft.content:
            for other in drafts:
                if other is not draft:
                    _cut(draft, other, words, lexicon)
            _cut_subordinate(draft, words, lexicon)
            _part_coordinated(draft, words, lexicon)
        for index, (first, last) in enumerate(draft.content):
            while last > first and letter[last - 1] in ",-:;CZK" and not draft.whole:
                last -= 1
            while first < last and letter[first] in ",":
                first += 1
            draft.content[index] = (first, last)
        draft.content = [(first, last) for first, last in draft.content if first < last]
    return [draft for draft in drafts if draft.content or draft.awaits]


def _cut(draft: Draft, other: Draft, words: Words, lexicon: Lexicon) -> None:
    """End a content before a report that stands beside it: «… e ha aggiunto che», «…, mentre la difesa»."""
    letter, grammar = words.classes, lexicon.grammar
    first, last = draft.content[-1]
    begins = min(other.start, other.cue[0][0])
    if not first < begins < last:
        return
    before = begins - 1
    while before > first and letter[before] in "RTK":
        before -= 1
    comma = before > first and letter[before] == ","
    if other.gerund:
        beside = comma
    elif letter[before] == "C" and other.opener != "":
        beside = words.words[before + 1] not in grammar["that"]
    elif letter[before] == "C" or letter[before] == "S" and words.words[before] in grammar["while"]:
        beside = True
    else:
        beside = comma and (other.shares or other.unspoken is not None) and other.clause
    if beside:
        draft.content[-1] = (first, before)


def _cut_subordinate(draft: Draft, words: Words, lexicon: Lexicon) -> None:
    """«Nonostante il ministro affermi che i fondi ci sono, …»: the main clause follows behind a comma."""
    letter = words.classes
    sentence = letter.rfind(".", 0, draft.start) + 1
    if draft.before < sentence or letter[draft.before] != "S" or letter[sentence : draft.before].strip("RTC"):
        return
    if words.words[draft.before] in lexicon.grammar["that"]:
        return
    first, last = draft.content[-1]
    comma = letter.find(",", first + 2, last)
    if comma > 0:
        draft.content[-1] = (first, comma)


def _part_coordinated(draft: Draft, words: Words, lexicon: Lexicon) -> None:
    """«sosteneva che A e che B»: two contents of one cue, whose second little word is part of it too."""
    that = frozenset({draft.opener})
    if not draft.opener or draft.opener in lexicon.grammar["whether"]:
        return
    first, last = draft.content[-1]
    parts: list[tuple[int, int]] = []
    at = first
    while at < last - 1:
        little = at + 1 + (words.classes[at + 1] == "R" and at < last - 2)  # «ma anche che»
        again = words.classes[at] == "C" and words.words[little] in that and at > first
        if (
            again
            and draft.opener in lexicon.grammar["to"]
            and words.classes[little + 1 : little + 2] not in ("=", "Z", "L")
        ):
            again = False
        if again:
            parts.append((first, at))
            draft.cue.append((little, little + 1))
            first = little + 1
            at = little
        elif words.words[at] in that and draft.opener in lexicon.grammar["that"]:
            break
        at += 1
    draft.content[-1:] = [*parts, (first, last)]
