"""Where words stand in quotation marks: « », “ ”, „ “, ‹ ›, ‘ ’ and the straight ones.

Marks are paired with a stack, block by block. A mark that is left over is no quotation, and it does not
spoil those after it. A straight mark opens or closes by what stands beside it; a single one is an
apostrophe unless it can be nothing else. Of marks within marks the outermost count.

A quotation that goes on in the next paragraph is often opened there again and closed at its very end, so an
opening mark without an end reaches to the end of its block if the next block begins with the same mark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARK = re.compile("[«»“”„‟\"‹›‘’‚']")
_CLOSES = {"»": "«", "›": "‹"}
_SINGLE = "‘‚'"
_SINGLE_LENGTH = 400
#: Italian words that lose their end to an apostrophe: it closes nothing.
_CUT_SHORT = re.compile(r"(?<!\w)(?:po|mo|be|va|fa|sta|da|di|de|ne|co|so|to|te|a|e)$", re.IGNORECASE)

#: “our members’ ability …’”: a small word follows, and another mark that may close.
_OF_MANY = re.compile(r" [a-z][^‘“”]{0,300}[’']")


@dataclass(frozen=True, slots=True)
class Quotation:
    """``text[start:end]``, the marks included; ``goes_on`` if the next block opens it again."""

    start: int
    end: int
    goes_on: bool = False


def quotations(text: str) -> list[Quotation]:
    """The outermost quotations, in order; none crosses a line feed."""
    found: list[Quotation] = []
    start = 0
    blocks = text.split("\n")
    for number, block in enumerate(blocks):
        pairs, unpaired = _paired(block)
        end = 0
        for first, last in sorted(pairs):
            if first >= end:
                found.append(Quotation(start + first, start + last))
                end = last
        following = blocks[number + 1].lstrip()[:1] if number + 1 < len(blocks) else ""
        if following and unpaired >= end and block[unpaired] == following:
            found.append(Quotation(start + unpaired, start + len(block.rstrip()), goes_on=True))
        start += len(block) + 1
    return found


def _paired(block: str) -> tuple[list[tuple[int, int]], int]:
    """The pairs of marks, nested ones too, and the last opening mark that none closes, else -1."""
    pairs: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    waiting: dict[str, int] = {}
    for found in _MARK.finditer(block):
        mark, at = found.group(), found.start()
        closed = _closed_by(mark, at, block, waiting)
        if closed:
            while True:
                opener, place = opened.pop()
                waiting[opener] -= 1
                if opener in closed:
                    break
            if mark not in "’'" or at - place <= _SINGLE_LENGTH:
                pairs.append((place, at + 1))
        elif _opens(mark, at, block):
            opened.append((mark, at))
            waiting[mark] = waiting.get(mark, 0) + 1
    unpaired = [place for opener, place in opened if opener not in _SINGLE]
    return pairs, unpaired[-1] if unpaired else -1


def _closed_by(mark: str, at: int, block: str, waiting: dict[str, int]) -> str:
    """The opening marks that this mark may close here and that are open; empty if it closes nothing."""
    before, after = block[at - 1 : at], block[at + 1 : at + 2]
    if mark in _CLOSES:
        candidates = _CLOSES[mark]
    elif mark in "”‟":
        candidates = "“„‟"
    elif mark == "“":
        candidates = "„"
    elif mark == '"':
        candidates = '"' if before and not (before.isspace() and after.isalnum()) else ""
    elif mark in "’'" and not after.isalnum() and not before.isspace():
        candidates = "'" if mark == "'" else "‘‚"
        if before == "s" and _OF_MANY.match(block, at + 1):
            candidates = ""
        if _CUT_SHORT.search(block, max(0, at - 6), at):
            candidates = ""
    else:
        candidates = ""
    return "".join(opener for opener in candidates if waiting.get(opener))


def _opens(mark: str, at: int, block: str) -> bool:
    before, after = block[at - 1 : at], block[at + 1 : at + 2]
    if mark in "«“„‹‚":
        return True
    if mark == "‘":
        return not before.isalnum()
    if mark == '"':
        return bool(after) and not after.isspace() and not before.isalnum()
    if mark == "'":
        return after.isalpha() and not before.isalnum() and before not in {"'", "’"}
    return False
