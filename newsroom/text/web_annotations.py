"""Shapes of the W3C Web Annotation model: presenters fill them, the format writes and reads them.

An address is either whole or a path below the newsroom's own. Offsets are code points, as the model has them
too. `role` is what a target's words are in their annotation; the model has no word for it, so it is ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

#: Why there is an annotation, by what it is here. The last two are of what readers will send one day.
MOTIVATIONS = {
    "claim": "classifying",
    "mention": "identifying",
    "attribution": "describing",
    "review": "assessing",
    "evidence": "linking",
    "comment": "commenting",
    "flag": "questioning",
}


@dataclass(frozen=True, slots=True)
class Quoted:
    """A target: words of a text, in the version of a moment. `cached` is the address of that version."""

    source: str
    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None
    role: str = "content"
    dated: datetime | None = None
    cached: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A body that says something itself."""

    value: str
    purpose: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Thing:
    """A body that has an address; `exact` are the words of it that are meant."""

    address: str
    purpose: str
    label: str = ""
    same_as: tuple[str, ...] = ()
    exact: str = ""


@dataclass(frozen=True, slots=True)
class WebAnnotation:
    """`creator` is the person's name, empty if it is the newsroom; `generator` that of the program."""

    address: str
    motivation: str
    bodies: Sequence[Words | Thing] = ()
    #: Words, or the address of something whole.
    targets: Sequence[Quoted | str] = ()
    creator: str = ""
    generator: str = ""
    #: How sure that program was, between 0 and 1.
    confidence: float | None = None
    created: datetime | None = None
    modified: datetime | None = None
    canonical: str = ""
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote beside words of a page elsewhere, or as an answer to another note.

    `id` is its name there; `answers` that of the note that it answers, from the first of its thread on.
    `start` is a hint: where the words stand on the page, in whatever that counts.
    """

    id: str
    addresses: Sequence[str]
    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    said: str = ""
    tags: Sequence[str] = ()
    who: str = ""
    day: str = ""
    answers: str = ""
