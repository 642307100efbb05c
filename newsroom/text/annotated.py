"""One shape for a text with its tags, whatever they were read from and whatever they are written as.

Presenters make it of rows, deeds make rows of it, formats write and read it: none of the three knows the
others. Offsets are code points of `text`, start inclusive and end exclusive.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

CLAIM, MENTION, ATTRIBUTION = KINDS = "claim", "mention", "attribution"
CONTENT, SOURCE, CUE, HEDGE = ROLES = "content", "source", "cue", "hedge"
#: What one tag may be to another; the last two go one way only.
LINKS = ("repeats", "contradicts", "supports", "updates", "part_of")
WITHOUT_CIRCLES = LINKS[3:]

NOTHING: Mapping[str, str] = MappingProxyType({})


# Named tuples, not dataclasses: there are hundreds to a text, and they are made four times as fast.


class Part(NamedTuple):
    """One span of a tag, and its role in it."""

    start: int
    end: int
    role: str = CONTENT


class Tag(NamedTuple):
    """A claim, a mention or an attribution: its parts, and what is known of it, under the names below.

    `id` is the annotation's UUID, or what the file calls it. A mention of several things is as many tags on
    the same words, `<UUID>`, `<UUID>+2`, … Parts stand in the order of their places; those of one role do not
    overlap. All of `known` are words, and none is empty:

    claim: `claim` (UUID), `text`, `lang`, `claim_kind`, `rating` (key of its level), `rating_label`,
        `claimant`
    mention: `entity` (UUID), `name`, `entity_kind`, `form`, `same_as` (an address)
    attribution: `source` (UUID), `name`, `source_kind`, `quote_type`, `anonymity`, `claim` (UUID), `parent`
        (id of a tag)
    any: `label` (what the file calls its kind, where that says more), `by`, `at`, `generator`, `confidence`,
        `note`
    """

    id: str
    kind: str
    parts: tuple[Part, ...]
    known: Mapping[str, str] = NOTHING

    @property
    def start(self) -> int:
        return min(part.start for part in self.parts)

    @property
    def end(self) -> int:
        return max(part.end for part in self.parts)


class Link(NamedTuple):
    """One tag's relation to another: `repeats`, `contradicts`, `updates`, `supports`, `part_of`."""

    kind: str
    subject: str
    object: str


@dataclass(frozen=True, slots=True)
class AnnotatedText:
    """A text, what is known of the article, and its tags in the order of their places.

    `html` is the allow-listed subset; "" where there is no more to it than that the lines of the text are its
    paragraphs. `known` has `headline`, `standfirst`, `byline`, `publisher`, `date` (EDTF), `original_url`,
    `slug`, `url` (the address here), each only if it is not empty.
    """

    id: str
    text: str
    lang: str = ""
    html: str = ""
    known: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[Tag, ...] = ()
    links: tuple[Link, ...] = ()


class Misfit(ValueError):
    """Tags that do not fit their text or one another: the name of what is wrong, and of which tag."""

    def __init__(self, why: str, tag: str = "", part: Part | None = None) -> None:
        self.why, self.tag, self.part = why, tag, part
        super().__init__(why, tag, part)


def by_place(tag: Tag) -> tuple[int, int]:
    """The order of tags: by their beginning, the longer first."""
    parts = tag[2]
    if len(parts) == 1:
        return parts[0][0], -parts[0][1]
    return tag.start, -tag.end


def fitting(text: AnnotatedText) -> AnnotatedText:
    """The same with tags, parts and links in order. Raises Misfit if something does not fit."""
    length = len(text.text)
    ids = set()
    tags = []
    for tag in text.tags:
        parts = tag[2]
        if not parts:
            raise Misfit("empty", tag.id)
        if len(parts) > 1 and parts != (ordered := tuple(sorted(parts))):
            tag = tag._replace(parts=ordered)
        ends: dict[str, int] = {}
        for part in tag[2]:
            start, end, role = part
            if not 0 <= start < end <= length:
                raise Misfit("outside", tag.id, part)
            if start < ends.get(role, 0):
                raise Misfit("parts", tag.id, part)
            if role not in ROLES:
                raise Misfit("role", tag.id, part)
            ends[role] = end
        if tag[0] in ids:
            raise Misfit("twice", tag.id)
        if tag[1] not in KINDS:
            raise Misfit("kind", tag.id)
        ids.add(tag[0])
        tags.append(tag)
    if text.links or any("parent" in tag[3] for tag in tags):
        _hold_links(text, ids)
    return AnnotatedText(
        text.id,
        text.text,
        text.lang,
        text.html,
        text.known,
        tuple(sorted(tags, key=by_place)),
        tuple(sorted(set(text.links))) if text.links else (),
    )


def _hold_links(text: AnnotatedText, ids: set[str]) -> None:
    """Links lead from tag to other tag, and those that go one way only never back to where they began."""
    upwards: dict[str, dict[str, list[str]]] = {}
    parents = (
        Link("parent", tag.id, tag.known["parent"])
        for tag in text.tags
        if "parent" in tag.known and tag.known["parent"] in ids
    )
    for link in (*text.links, *parents):
        if link.kind not in LINKS and link.kind != "parent":
            raise Misfit("link", link.subject)
        if link.subject not in ids or link.object not in ids:
            raise Misfit("nowhere", link.subject if link.subject not in ids else link.object)
        if link.subject == link.object:
            raise Misfit("circle", link.subject)
        if link.kind in WITHOUT_CIRCLES or link.kind == "parent":
            upwards.setdefault(link.kind, {}).setdefault(link.subject, []).append(link.object)
    for leads in upwards.values():
        _hold_straight(leads)


def _hold_straight(leads: Mapping[str, Iterable[str]]) -> None:
    """No walk along these returns; by hand, because a chain may be longer than Python recurses."""
    done: set[str] = set()
    for beginning in leads:
        path: dict[str, None] = {}
        todo = [(beginning, False)]
        while todo:
            here, leaving = todo.pop()
            if leaving:
                path.pop(here)
                done.add(here)
                continue
            if here in path:
                raise Misfit("circle", here)
            if here in done:
                continue
            path[here] = None
            todo.append((here, True))
            todo += [(there, False) for there in leads.get(here, ())]
