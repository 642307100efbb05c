"""brat standoff (https://brat.nlplab.org/standoff.html): a zip with a .txt and an .ann for each article.

Offsets are code points of the .txt, line feeds included. A `T` is a tag or, where a tag has parts of several
roles, those of one role; then an `E` is the tag: `E1	attribution:T1 source:T2 cue:T3`. A `T` has
no line feed in it: it is parted there, as brat does, and joined again when it is read. `R` are relations,
`A` what is chosen from a list, `N` the UUIDs here and the address of a thing, `#` notes: the desk's own as
`AnnotatorNotes`, the rest under its name. `annotation.conf` lets brat show it all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from django.utils.translation import gettext as _

from . import archives
from .annotated import (
    ABOUT_TAGS,
    CONTENT,
    LINKS,
    PLAIN_LABELS,
    ROLES,
    AnnotatedText,
    BadFile,
    Link,
    Losses,
    Part,
    Room,
    Tag,
    by_place,
    checked,
    in_line,
    label_of,
    meaning_of,
    unsaid,
    without_lost,
)

ROOM = Room(html=False, metadata=False, labels=PLAIN_LABELS)

#: What is chosen from a list, and is an attribute if it is one word.
_CHOSEN = ("claim_kind", "rating", "entity_kind", "form", "source_kind", "quote_type")
_WORD = re.compile(r"[A-Za-z0-9_.-]+")
_ADDRESS = re.compile(r"[^\s]+")
#: What a normalisation refers to: rows here, by their UUID, and pages of the thing elsewhere.
_HERE, _PAGE = "Controluce", "sameAs"
_REFERRED = ("entity", "source", "claim")
_NOTE = "AnnotatorNotes"
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_ESCAPED = re.compile(r"\\([\\ntr])")
_PLAIN = {"\\": "\\", "n": "\n", "t": "\t", "r": "\r"}


def write(texts: Iterable[AnnotatedText], losses: Losses) -> Iterator[bytes]:
    return archives.zipped(_files(texts, losses))


def read(file: BinaryIO, losses: Losses) -> Iterator[AnnotatedText]:
    """Each .txt with the .ann of the same name; a text without one has no tags."""
    waiting: dict[str, dict[str, bytes]] = {}
    for name, body in archives.members(file, _("The file")):
        stem, _dot, ending = name.rpartition(".")
        if ending in ("txt", "ann"):
            pair = waiting.setdefault(stem, {})
            pair[ending] = body
            if len(pair) == 2:
                yield _text(stem, waiting.pop(stem), losses)
    for stem, pair in waiting.items():
        if "txt" not in pair:
            raise BadFile(where=f"{stem[:80]}.ann", why=_("The text that it belongs to is not there."))
        yield _text(stem, pair, losses)


def _files(texts: Iterable[AnnotatedText], losses: Losses) -> Iterator[tuple[str, bytes]]:
    labels: dict[str, None] = {}
    for text in texts:
        reduced = _reduced(text, losses)
        name = archives.file_name(text.id)
        yield f"{name}.txt", reduced.text.encode()
        yield f"{name}.ann", "".join(f"{line}\n" for line in _lines(reduced, labels)).encode()
    yield "annotation.conf", _configuration(labels).encode()


def _reduced(text: AnnotatedText, losses: Losses) -> AnnotatedText:
    """Spans neither begin nor end with a line feed, and those of one role are parted by more than that."""
    text = ROOM.reduced(text, losses)
    tags = []
    for tag in text.tags:
        parts: list[Part] = []
        for start, end, role in tag.parts:
            words = text.text[start:end]
            first = start + len(words) - len(words.lstrip("\n"))
            last = start + len(words.rstrip("\n"))
            if first < last:
                parts.append(Part(first, last, role))
        if not parts:
            losses.add("tag", tag.id)
            continue
        if tuple(parts) != tag.parts:
            losses.add("edges", tag.id)
        joined = tuple(sorted(_joined(text.text, parts)))
        if len(joined) != len(parts):
            losses.add("parts", tag.id)
        tags.append(tag._replace(parts=joined))
    return without_lost(replace(text, tags=tuple(sorted(tags, key=by_place))), losses)


def _joined(text: str, parts: Iterable[Part]) -> Iterator[Part]:
    """Spans of one role between which there are line feeds and nothing else are one."""
    last: dict[str, Part] = {}
    for part in sorted(parts):
        before = last.get(part.role)
        if before is not None and not text[before.end : part.start].strip("\n"):
            last[part.role] = Part(before.start, part.end, part.role)
        else:
            if before is not None:
                yield before
            last[part.role] = part
    yield from last.values()


def _lines(text: AnnotatedText, labels: dict[str, None]) -> Iterator[str]:
    spans = events = attributes = notes = normalisations = 0
    ids: dict[str, str] = {}
    for tag in text.tags:
        roles: dict[str, list[Part]] = {}
        for part in tag.parts:
            roles.setdefault(part.role, []).append(part)
        trigger = CONTENT if CONTENT in roles else tag.parts[0].role
        label = label_of(tag, PLAIN_LABELS)
        labels[label] = None
        name_of: dict[str, str] = {}
        for role in [trigger, *(role for role in roles if role != trigger)]:
            spans += 1
            name_of[role] = f"T{spans}"
            yield _span(name_of[role], label if role == trigger else role, text.text, roles[role])
        name = name_of[trigger]
        if len(roles) > 1:
            events += 1
            name = f"E{events}"
            others = " ".join(f"{role}:{name_of[role]}" for role in roles if role != trigger)
            yield f"{name}\t{label}:{name_of[trigger]} {others}"
        ids[tag.id] = name
        if trigger != CONTENT:
            attributes += 1
            yield f"A{attributes}\trole {name} {trigger}"
        said = unsaid(tag, PLAIN_LABELS)
        if tag.id != name:
            said = {"id": tag.id, **said}
        for key, value in said.items():
            if key in _CHOSEN and _WORD.fullmatch(value):
                attributes += 1
                yield f"A{attributes}\t{key} {name} {value}"
            elif (key in _REFERRED or key == "same_as") and _ADDRESS.fullmatch(value):
                normalisations += 1
                to = f"{_PAGE}:{value}" if key == "same_as" else f"{_HERE}:{key}/{value}"
                words = _in_one_line(tag.known.get("name") or text.text[tag.start : tag.end])
                yield f"N{normalisations}\tReference {name} {to}\t{words}"
            else:
                notes += 1
                kind = _NOTE if key == "note" and _escaped(value) == value == value.strip() else key
                yield f"#{notes}\t{kind} {name}\t{_escaped(value)}"
    for number, link in enumerate(text.links, start=1):
        yield f"R{number}\t{link.kind} Arg1:{ids[link.subject]} Arg2:{ids[link.object]}"


def _span(name: str, label: str, text: str, parts: Iterable[Part]) -> str:
    fragments = [
        (found.start() + part.start, found.end() + part.start)
        for part in parts
        for found in re.finditer(r"[^\n]+", text[part.start : part.end])
    ]
    places = ";".join(f"{start} {end}" for start, end in fragments)
    words = _in_one_line(" ".join(text[start:end] for start, end in fragments))
    return f"{name}\t{label} {places}\t{words}"


def _in_one_line(words: str) -> str:
    return re.sub(r"[\t\n\r]", " ", words)


def _escaped(value: str) -> str:
    return re.sub(r"[\\\n\t\r]", lambda found: _ESCAPES[found[0]], value)


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda found: _PLAIN[found[1]], value)


def _configuration(labels: Mapping[str, None]) -> str:
    """What brat has to know to show the files, and to let somebody go on with them."""
    names = list(dict.fromkeys([*labels, *ROLES]))
    lists = {
        "claim_kind": "fact|statistic|allegation|prediction|opinion",
        "form": "name|nested|coreference",
        "quote_type": "direct|indirect|mixed",
        "source_kind": "person|organisation|publication|document",
    }
    return "\n".join(
        [
            "[entities]",
            *names,
            "[relations]",
            *(f"{kind}\tArg1:<ANY>, Arg2:<ANY>" for kind in LINKS),
            "[events]",
            *(f"{label}\t" + ", ".join(f"{role}?:{role}" for role in ROLES) for label in labels),
            "[attributes]",
            *(f"{name}\tArg:<ANY>, Value:{values}" for name, values in lists.items()),
            "",
        ]
    )


@dataclass(slots=True)
class _Read:
    """What the lines of one .ann say, before it is put together."""

    spans: dict[str, tuple[str, list[Part]]] = field(default_factory=dict)
    events: dict[str, tuple[str, str, list[tuple[str, str]]]] = field(default_factory=dict)
    relations: list[tuple[str, str, str]] = field(default_factory=list)
    said: dict[str, dict[str, str]] = field(default_factory=dict)


def _text(stem: str, pair: Mapping[str, bytes], losses: Losses) -> AnnotatedText:
    text = archives.decoded(pair["txt"], f"{stem[:80]}.txt")
    found = _Read()
    body = archives.decoded(pair.get("ann", b""), f"{stem[:80]}.ann")
    for number, line in enumerate(body.split("\n"), start=1):
        if line := line.rstrip("\r"):
            _read_line(line, found, losses, f"{stem[:80]}.ann, {in_line(number)}")
    where = f"{stem[:80]}.ann"
    tags: dict[str, Tag] = {}
    taken = set()
    for name, (label, trigger, arguments) in found.events.items():
        if trigger not in found.spans:
            raise BadFile(where=where, why=_("“%(name)s” is not there.") % {"name": trigger[:40]})
        taken.add(trigger)
        role = found.said.get(name, {}).pop("role", CONTENT)
        parts = [part._replace(role=role) for part in found.spans[trigger][1]]
        for argument, at in arguments:
            if at not in found.spans and at not in found.events:
                raise BadFile(where=where, why=_("“%(name)s” is not there.") % {"name": at[:40]})
            if argument in ROLES and at in found.spans:
                taken.add(at)
                parts += [part._replace(role=argument) for part in found.spans[at][1]]
            else:
                losses.add("links", argument)
        tags[name] = _tag(name, label, parts, text, found)
    for name, (label, parts) in found.spans.items():
        if name not in taken:
            role = found.said.get(name, {}).pop("role", CONTENT)
            tags[name] = _tag(name, label, [part._replace(role=role) for part in parts], text, found)
    links = []
    for kind, one, other in found.relations:
        for at in (one, other):
            if at not in found.spans and at not in found.events:
                raise BadFile(where=where, why=_("“%(name)s” is not there.") % {"name": at[:40]})
        if kind in LINKS and one in tags and other in tags:
            links.append(Link(kind, tags[one].id, tags[other].id))
        else:
            losses.add("links", kind)
    # In the order in which they were written: an event stands behind its trigger.
    ordered = sorted(tags, key=lambda name: _number(found.events[name][1] if name in found.events else name))
    return checked(
        AnnotatedText(
            archives.id_of(f"{stem}.txt"),
            text,
            tags=tuple(tags[name] for name in ordered),
            links=tuple(links),
        ),
        where,
    )


def _number(name: str) -> int:
    digits = name[1:]
    return int(digits) if digits.isdecimal() and len(digits) < 12 else 0


def _tag(name: str, label: str, parts: list[Part], text: str, found: _Read) -> Tag:
    kind, known = meaning_of(label)
    said = {**known, **found.said.get(name, {})}
    own = said.pop("id", name)
    ordered = sorted(parts)
    fits = all(0 <= part.start < part.end <= len(text) for part in ordered)
    return Tag(own, kind, tuple(sorted(_joined(text, ordered)) if fits else ordered), said)


def _read_line(line: str, found: _Read, losses: Losses, where: str) -> None:
    name, _tab, rest = line.partition("\t")
    first, _tab, words = rest.partition("\t")
    kind = name[:1]
    fields = first.split(" ")
    if kind not in "TERAMN#*" or not rest:
        raise BadFile(where=where, why=_("This is no line of brat."))
    if kind in "TE" and (name in found.spans or name in found.events):
        raise BadFile(where=where, why=_("Two tags are called “%(tag)s”.") % {"tag": name[:40]})
    if kind == "T":
        label, _blank, places = first.partition(" ")
        found.spans[name] = (label, [_fragment(place, where) for place in places.split(";")])
    elif kind == "E":
        label, _colon, trigger = fields[0].partition(":")
        pairs = [field.partition(":") for field in fields[1:] if field]
        arguments = [(re.sub(r"\d+$", "", argument), at) for argument, _colon, at in pairs]
        found.events[name] = (label, trigger, arguments)
    elif kind == "R":
        ends = [field.partition(":")[2] for field in fields[1:] if field]
        if len(ends) != 2:
            raise BadFile(where=where, why=_("A relation has two ends."))
        found.relations.append((fields[0], *ends))
    elif kind == "*":
        losses.add("links", fields[0])
    elif len(fields) < 2:
        raise BadFile(where=where, why=_("This is no line of brat."))
    elif kind in "AM":
        value = " ".join(fields[2:])
        if (fields[0] in ABOUT_TAGS or fields[0] == "role") and value:
            found.said.setdefault(fields[1], {})[fields[0]] = value
        else:
            losses.add("attributes", fields[0])
    elif kind == "N":
        _normalised(fields, found, losses)
    elif fields[0] == _NOTE:
        found.said.setdefault(fields[1], {})["note"] = words
    elif (fields[0] in ABOUT_TAGS or fields[0] == "id") and words:
        found.said.setdefault(fields[1], {})[fields[0]] = _unescaped(words)
    else:
        losses.add("attributes", fields[0])


def _normalised(fields: list[str], found: _Read, losses: Losses) -> None:
    catalogue, _colon, entry = (fields[2] if len(fields) > 2 else "").partition(":")
    said = found.said.setdefault(fields[1], {})
    row, _slash, uuid = entry.partition("/")
    if catalogue == _HERE and row in _REFERRED and uuid:
        said[row] = uuid
    elif catalogue == _PAGE and entry:
        said["same_as"] = entry
    elif catalogue == "Wikidata" and entry:
        said["same_as"] = f"https://www.wikidata.org/wiki/{entry}"
    else:
        losses.add("attributes", catalogue)


def _fragment(place: str, where: str) -> Part:
    ends = place.split()
    if len(ends) != 2 or not all(re.fullmatch(r"-?\d{1,12}", end, re.ASCII) for end in ends):
        raise BadFile(where=where, why=_("The place of a tag must be two whole numbers."))
    return Part(int(ends[0]), int(ends[1]))
