"""Shapes of what is told to who follows the newsroom: presenters fill them, `formats/atom.py` writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text in one language; `quoted` if somebody else's."""

    text: str
    lang: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """What an item is filed under: a code for machines, and words."""

    term: str
    label: str


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of news. `path` leads to it on this site; `name` tells it from all others, for ever.

    It says `html`, an article's own, if that may be shown in full; else `said`, line by line. What is
    `before` comes first in either case.
    """

    name: str
    path: str
    title: Words
    published: datetime
    #: When it changed last in a way that matters to who has read it.
    updated: datetime
    author: str = ""
    summary: Words | None = None
    before: tuple[Words, ...] = ()
    said: tuple[Words, ...] = ()
    html: str = ""
    lang: str = ""
    topics: tuple[Topic, ...] = ()
    #: Where it comes from, and what else belongs to it.
    original: str = ""
    related: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """A page of a feed, the newest first. Addresses are paths on this site, "" where there is none.

    `name` tells the feed from all others, whichever its page; `page_url` is what people read in its place.
    """

    name: str
    title: str
    page_url: str
    self_url: str
    first_url: str
    items: tuple[Item, ...]
    previous_url: str = ""
    next_url: str = ""
