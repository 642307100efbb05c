"""What all formats share that carry a text with its tags: brat, doccano, CoNLL, UIMA and the others.

A format that goes out writes `AnnotatedText`s (`text/annotated.py`), one that comes in reads them. Which rows
they are made of, and what rows are made of them, is no concern of a format: presenters arrange, deeds store.
What a format has no place for is taken off before it writes, by `Room.reduced()`, and told to the `Losses`,
which count it by name: so a person knows before anything leaves or comes in, and what is read again is what
was written, to the character.

Offsets are code points of the text. A format whose file counts otherwise (bytes, UTF-16, characters of a file
with other line ends) converts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsroom.text.annotated import (
    ATTRIBUTION,
    CLAIM,
    CONTENT,
    CUE,
    HEDGE,
    KINDS,
    LINKS,
    MENTION,
    NOTHING,
    ROLES,
    SOURCE,
    AnnotatedText,
    Link,
    Misfit,
    Part,
    Tag,
    by_place,
    fitting,
)

from .unreadable import Unreadable

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

__all__ = (
    "ATTRIBUTION", "CLAIM", "CONTENT", "CUE", "HEDGE", "KINDS", "LINKS", "LOSSES", "MENTION", "NOTHING",
    "ROLES", "SOURCE", "AnnotatedText", "BadFile", "Link", "Loss", "Losses", "Misfit", "OutsideTheText",
    "Part", "Room", "Tag", "by_place", "checked", "in_line", "label_of", "meaning_of",
)  # fmt: skip

#: What may be lost, in words for the person who is asked whether to go on.
LOSSES: dict[str, StrPromise] = {
    "html": _("Headings, lists, links and emphasis of the text"),
    "blanks": _("Blanks between the words, and where paragraphs end"),
    "parts": _("Tags of several parts: each part stands on its own"),
    "overlap": _("Tags that cross others"),
    "edges": _("Blanks at the edges of tags"),
    "attributes": _("What is known of a tag besides its kind"),
    "ids": _("By what name a tag is known here: it comes back as a new one"),
    "links": _("Relations between tags"),
    "metadata": _("What is known of the article besides its text"),
    "tag": _("Tags of a kind that has no place"),
    "text": _("Which article it is: it comes back as a new one"),
    # Of notes on pages
    "closed": _("Notes that not everyone can read there: they do not come"),
    "unquoted": _("Notes on a page as a whole, without words of it: they do not come"),
    "elsewhere": _("Notes on pages that are no articles here: they do not come"),
    # Of posts and items of feeds
    "active": _("Scripts, frames and forms"),
    "comments": _("Comments of readers"),
    "empty": _("Articles without a text: they do not come"),
    "fields": _("Fields that plugins and themes added"),
    "hour": _("The hour: of a date the day is kept"),
    "kinds": _("What is no article, as menus, revisions and what is in the bin"),
    "long": _("Articles too long or too intricate to be taken: they do not come"),
    "pictures": _("Pictures and attached files"),
    "private": _("Private articles, and those with a password: they do not come"),
    "shortcodes": _("Shortcodes, which only the site that they were written for can fill"),
    "status": _("That it was published: here it begins as a draft"),
    "summary": _("The whole text, where the feed has only its beginning or a summary"),
    "terms": _("Categories and tags"),
}


#: Things that tags are of, kept in mind from text to text while they go out.
MOST_SAID = 1_000


class Loss(NamedTuple):
    """What has no place, how often, and the first of it."""

    name: str
    words: str
    times: int
    example: str


class Losses:
    """What a format has no place for, counted by name, with the first of each as an example."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.examples: dict[str, str] = {}
        #: What a label says of a tag and how much of what is known that leaves out, by kind and identity of
        #: what is known. It is held here, so that nothing else has its identity meanwhile.
        self.said: dict[tuple[int, str], tuple[Mapping[str, str], Mapping[str, str], bool]] = {}

    def add(self, what: str, example: str = "", *, times: int = 1) -> None:
        """`what` is one of LOSSES; the example is shown as it is, cut short."""
        self.counts[what] += times
        if example:
            self.examples.setdefault(what, example[:120])

    def told(self) -> list[Loss]:
        """For the person who is asked whether to go on."""
        return [
            Loss(name, str(LOSSES[name]), times, self.examples.get(name, "").replace("\n", " "))
            for name, times in sorted(self.counts.items())
        ]

    def __bool__(self) -> bool:
        return bool(self.counts)


class BadFile(Unreadable):
    """A file that is not of its format, with the place and the reason: nothing of it is stored."""

    words = _("%(where)s: %(why)s")


class OutsideTheText(BadFile):
    words = _("%(where)s: a tag stands at %(start)s–%(end)s, and the text has %(length)s characters.")


#: Why tags do not fit, in words.
_MISFITS: dict[str, StrPromise] = {
    "empty": _("The tag “%(tag)s” has no words."),
    "parts": _("The parts of the tag “%(tag)s” overlap."),
    "role": _("The tag “%(tag)s” has a part of an unknown role."),
    "twice": _("Two tags are called “%(tag)s”."),
    "kind": _("The tag “%(tag)s” is of an unknown kind."),
    "link": _("The tag “%(tag)s” has an unknown relation to another."),
    "nowhere": _("A relation leads to the tag “%(tag)s”, and there is none."),
    "circle": _("Relations lead from the tag “%(tag)s” back to itself."),
}


def checked(text: AnnotatedText, where: str) -> AnnotatedText:
    """A text that was read, its tags in order. Raises BadFile, with the place, if they do not fit."""
    if any(map(_has_nul, _all_words(text))):
        raise BadFile(where=where, why=gettext("It holds a NUL, which no text does."))
    try:
        return fitting(text)
    except Misfit as misfit:
        if misfit.part is not None and misfit.why == "outside":
            start, end, _role = misfit.part
            raise OutsideTheText(where=where, start=start, end=end, length=len(text.text)) from None
        raise BadFile(where=where, why=_MISFITS[misfit.why] % {"tag": misfit.tag[:80]}) from None


def _has_nul(words: str) -> bool:
    return "\0" in words


def _all_words(text: AnnotatedText) -> Iterator[str]:
    yield from (text.id, text.text, text.lang, text.html, *text.known.values())
    seen: set[int] = set()
    for tag in text.tags:
        yield tag[0]
        if id(tag[3]) not in seen:
            seen.add(id(tag[3]))
            yield from tag[3].values()


# What a tag is called in a file


#: The kinds of an entity, as the models know them.
ENTITY_KINDS = (
    "person", "organisation", "place", "event", "product", "software", "work", "concept",
)  # fmt: skip


def label_of(tag: Tag, allowed: re.Pattern[str] | None = None) -> str:
    """What a file calls a tag: its kind; a mention, what it was called before, or the kind of its entity."""
    if tag[1] != MENTION:
        return tag[1]
    known = tag[3]
    label = known.get("label", "")
    if label and label not in _MEANINGS and (allowed is None or allowed.fullmatch(label)):
        return label
    kind = known.get("entity_kind", "")
    return kind if kind in ENTITY_KINDS else MENTION


def meaning_of(label: str) -> tuple[str, Mapping[str, str]]:
    """The kind that a label stands for, and what else it says: any unknown one is a mention’s."""
    return _MEANINGS.get(label) or (MENTION, {"label": label})


_MEANINGS: dict[str, tuple[str, Mapping[str, str]]] = {
    **{kind: (kind, NOTHING) for kind in KINDS},
    **{kind: (MENTION, {"entity_kind": kind}) for kind in ENTITY_KINDS},
}


#: Parts that are not the content of their tag have their role behind the label, as in `attribution:source`.
_OTHER_ROLES = tuple(role for role in ROLES if role != CONTENT)
LABELS = re.compile(rf"(?!.*:(?:{'|'.join(_OTHER_ROLES)})$).+", re.DOTALL)
#: Labels of formats that have names without blanks or signs.
PLAIN_LABELS = re.compile("[A-Za-z0-9_-]+")

#: What may be known of an article, and of a tag.
ABOUT = ("headline", "standfirst", "byline", "publisher", "date", "original_url", "slug", "url")
ABOUT_TAGS = (
    "claim", "text", "lang", "claim_kind", "rating", "rating_label", "claimant", "entity", "name",
    "entity_kind", "form", "same_as", "source", "source_kind", "quote_type", "anonymity", "parent", "label",
    "by", "at", "generator", "confidence", "note",
)  # fmt: skip


def label_of_part(tag: Tag, role: str) -> str:
    label = label_of(tag, LABELS)
    return label if role == CONTENT else f"{label}:{role}"


def meaning_of_part(label: str) -> tuple[str, Mapping[str, str], str]:
    """Kind, what is known, and role."""
    name, _colon, role = label.rpartition(":")
    if name and role in _OTHER_ROLES:
        return (*meaning_of(name), role)
    return (*meaning_of(label), CONTENT)


def unsaid(tag: Tag, allowed: re.Pattern[str] | None = LABELS) -> dict[str, str]:
    """What is known of a tag beside what its label says."""
    said = meaning_of(label_of(tag, allowed))[1]
    return {name: value for name, value in tag.known.items() if name not in said}


def trimmed(text: AnnotatedText, losses: Losses) -> AnnotatedText:
    """For formats of words: tags without blanks at their edges; one of blanks alone has no place."""
    tags: list[Tag] = []
    for tag in text.tags:
        parts = []
        for start, end, role in tag.parts:
            words = text.text[start:end]
            first = start + len(words) - len(words.lstrip())
            last = start + len(words.rstrip())
            if first < last:
                parts.append(Part(first, last, role))
        if not parts:
            losses.add("tag", tag.id)
            continue
        if tuple(parts) != tag.parts:
            losses.add("edges", tag.id)
            tag = tag._replace(parts=tuple(parts))
        tags.append(tag)
    return without_lost(replace(text, tags=tuple(sorted(tags, key=by_place))), losses)


def without_lost(text: AnnotatedText, losses: Losses) -> AnnotatedText:
    """Without the relations of tags that are gone."""
    names = {tag.id for tag in text.tags}
    links = tuple(link for link in text.links if link.subject in names and link.object in names)
    if len(links) != len(text.links):
        losses.add("links", times=len(text.links) - len(links))
    return replace(text, links=links)


# What a format has a place for


@dataclass(frozen=True, slots=True)
class Room:
    """What a format has a place for: the rest is taken off and counted."""

    html: bool = True
    #: What is known of the article, its language included.
    metadata: bool = True
    #: What is known of a tag, besides what its label says.
    attributes: bool = True
    #: Several spans in one tag.
    parts: bool = True
    #: Names of tags; without, they are numbered in the order of their places.
    ids: bool = True
    links: bool = True
    #: Which article a text is.
    text_id: bool = True
    #: What a label may be.
    labels: re.Pattern[str] | None = None
    #: What the numbers of tags begin with.
    number: str = ""

    def reduced(self, text: AnnotatedText, losses: Losses) -> AnnotatedText:
        """The text as this format can carry it."""
        tags, links = text.tags, text.links
        if not self.parts and any(len(tag[2]) > 1 for tag in tags):
            tags = tuple(self._apart(tags, losses))
        if not self.links and links:
            losses.add("links", f"{links[0].kind}: {links[0].subject} → {links[0].object}", times=len(links))
            links = ()
        if not self.ids and tags:
            losses.add("ids", tags[0].id, times=len(tags))
        if not self.attributes:
            # What is said of no tag names another, so without relations nobody asks for the old names.
            straight = not (self.ids or links)
            tags = tuple(self._bare(tags, losses, straight))
        if not self.ids and (links or self.attributes):
            tags, links = self._numbered(tags, links)
        if not self.html and text.html:
            losses.add("html", text.html)
        keeps_all = self.metadata or not (text.known or text.lang)
        if not keeps_all:
            losses.add("metadata", ", ".join([*text.known, *(["lang"] if text.lang else [])]))
        return replace(
            text,
            tags=tags,
            links=links,
            html=text.html if self.html else "",
            known=text.known if keeps_all else {},
            lang=text.lang if keeps_all else "",
        )

    def _apart(self, tags: tuple[Tag, ...], losses: Losses) -> list[Tag]:
        """Each part a tag of its own, in order; the first keeps the name."""
        apart: list[Tag] = []
        for tag in tags:
            if len(tag[2]) == 1:
                apart.append(tag)
                continue
            losses.add("parts", tag.id)
            for number, part in enumerate(tag[2], start=1):
                name = tag.id if number == 1 else f"{tag.id}.{number}"
                apart.append(Tag(name, tag[1], (part,), tag[3]))
        return sorted(apart, key=by_place)

    def _bare(self, tags: tuple[Tag, ...], losses: Losses, numbered: bool) -> list[Tag]:
        """Without what their labels do not say; `numbered`, in the order of their places."""
        bare: list[Tag] = []
        lost, example = 0, ""
        # Tags of one thing share what is known of it, in other texts as well: it is looked at once.
        seen = losses.said
        if len(seen) > MOST_SAID:
            seen.clear()
        for number, (name, kind, parts, known) in enumerate(tags, start=1):
            key = id(known), kind
            if key in seen:
                _known, said, is_less = seen[key]
            else:
                said = meaning_of(label_of(tags[number - 1], self.labels))[1] if known else known
                is_less = len(known) != len(said)
                seen[key] = known, said, is_less
            if is_less:
                lost += 1
                example = example or ", ".join(key for key in known if key not in said)
            bare.append(Tag(f"{self.number}{number}" if numbered else name, kind, parts, said))
        if lost:
            losses.add("attributes", example, times=lost)
        return bare

    def _numbered(
        self, tags: tuple[Tag, ...], links: tuple[Link, ...]
    ) -> tuple[tuple[Tag, ...], tuple[Link, ...]]:
        names = {tag[0]: f"{self.number}{number}" for number, tag in enumerate(tags, start=1)}
        numbered = []
        for name, kind, parts, known in tags:
            if "parent" in known and known["parent"] in names:
                known = {**known, "parent": names[known["parent"]]}
            numbered.append(Tag(names[name], kind, parts, known))
        return tuple(numbered), tuple(Link(kind, names[one], names[other]) for kind, one, other in links)


def in_line(number: int) -> str:
    """Where something stands in a file, for a person."""
    return gettext("Line %(number)s") % {"number": number}
