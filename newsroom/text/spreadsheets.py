"""Claims as the lines of a spreadsheet, and what a cell may say: words, and never a formula.

A program that opens a CSV runs what begins like a formula, also if it came from somebody else's article
(OWASP, "CSV Injection"). So a cell that begins like one gets an apostrophe before it, which spreadsheets take
for "this is text".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: What makes a formula of a cell, in any spreadsheet; also as Japanese and Chinese keyboards write it.
_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: Characters of a cell: Excel has no more.
LONGEST = 32_000


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A line; what is not known is empty. Addresses are whole."""

    code: str
    text: str
    lang: str
    claimant: str
    date: str
    articles: Sequence[str]
    article_urls: Sequence[str]
    rating: str
    rated: str
    status: str
    summary: str
    evidence: int
    evidence_urls: Sequence[str]
    url: str


def harmless(words: str) -> str:
    """The words in one line, without control characters, no longer than a cell, and no formula."""
    line = " ".join("".join(each if each.isprintable() or each.isspace() else " " for each in words).split())
    line = line[:LONGEST]
    return f"'{line}" if line.startswith(_BEGINS) else line
