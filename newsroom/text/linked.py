"""Shapes of what is told to machines of an article or a claim: presenters fill them, formats write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim of the article; `rating` and `summary` are empty where nobody has rated it."""

    url: str
    text: str
    lang: str
    rating: str
    summary: str


@dataclass(frozen=True, slots=True)
class TextVersion:
    """A revision of an article that readers could see; `before` is the path of the one before it."""

    path: str
    article: str
    headline: str
    at: datetime
    before: str = ""


@dataclass(frozen=True, slots=True)
class Consulted:
    """A document that was read. `original` is the code of the one that it republishes."""

    code: str
    title: str
    url: str
    stance: str
    primary: bool
    quoted: bool
    original: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A version of the rating; one that was withdrawn has neither rating nor words.

    `why` it holds no more is empty of one that holds, or that another took the place of.
    """

    path: str
    rating: str
    words: str
    begun: datetime
    published: datetime
    author: str
    author_is_named: bool
    approver: str
    approver_is_named: bool
    text: str
    supersedes: str
    invalidated: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """`home` is the address of the newsroom, `vocabulary` that of its own terms; paths are below `home`."""

    home: str
    newsroom: str
    vocabulary: str
    path: str
    text: str
    texts: Sequence[TextVersion]
    documents: Sequence[Consulted]
    judgements: Sequence[Judgement]
