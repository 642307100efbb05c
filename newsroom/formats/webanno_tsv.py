"""WebAnno TSV 3.3 (https://webanno.github.io/webanno, appendix): a zip with a .tsv for each article.

A word a line, with its UTF-16 offsets; a line of the text is a sentence, so that no blank between
sentences has to be guessed. Tags are a span layer `webanno.custom.Tag`, a part a span, relations a layer
over it. A span has a disambiguation id, `[n]`, by which its words belong together, and its features at
each of them. INCEpTION and WebAnno read it into a project that has these layers.

Read are layers of this name, `NamedEntity`, and the custom span layers of others; what else is annotated
there (lemmas, trees, slots, chains) has no place here and is counted.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from django.utils.translation import gettext as _

from newsroom.text.offsets import Utf16Offsets

from . import archives
from .annotated import (
    ABOUT_TAGS,
    LINKS,
    AnnotatedText,
    BadFile,
    Link,
    Losses,
    OutsideTheText,
    Part,
    Room,
    Tag,
    checked,
    in_line,
    meaning_of,
    trimmed,
)
from .json_text import LONGEST_LINE, too_long
from .tokens import tokens

ROOM = Room(html=False, metadata=False)

_FORMAT = "#FORMAT=WebAnno TSV 3"
_TAG, _LINK = "webanno.custom.Tag", "webanno.custom.Link"
_NAMED = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
_CUSTOM = "webanno.custom."
_SPAN, _RELATION = "#T_SP=", "#T_RL="
_SIGNS = re.compile(r"->|[\\\[\]|_;*\n\t\r]")
_NAMES = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}
_ESCAPED = re.compile(r"\\(->|.)", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r"}
_WITH_ID = re.compile(r"((?:[^\\\[]|\\.)*)\[(\d{1,9})(?:_(\d{1,9}))?\]", re.DOTALL | re.ASCII)
_UNIT = re.compile(r"\d{1,9}-\d{1,9}(\.\d{1,9})?", re.ASCII)
_PLACE = re.compile(r"(\d{1,10})-(\d{1,10})", re.ASCII)


def write(texts: Iterable[AnnotatedText], losses: Losses) -> Iterator[bytes]:
    return archives.zipped(
        (archives.file_name(text.id) + ".tsv", "".join(_lines(_reduced(text, losses))).encode())
        for text in texts
    )


def read(file: BinaryIO, losses: Losses) -> Iterator[AnnotatedText]:
    """A zip of .tsv, or one .tsv."""
    if not archives.is_zip(file):
        where = _("The file")
        body = file.read(LONGEST_LINE + 1)
        if len(body) > LONGEST_LINE:
            raise BadFile(where=where, why=too_long(LONGEST_LINE))
        yield _text(archives.decoded(body, where), "1", losses, where)
        return
    for name, body in archives.members(file, _("The file")):
        if name.endswith(".tsv"):
            yield _text(archives.decoded(body, name), archives.id_of(name), losses, name)


def _reduced(text: AnnotatedText, losses: Losses) -> AnnotatedText:
    text = trimmed(ROOM.reduced(text, losses), losses)
    lines = [line if line.strip() else "\n" * len(line) for line in text.text.split("\n")]
    words = "\n".join(lines).rstrip("\n")
    if words != text.text:
        losses.add("blanks", text.text)
    return replace(text, text=words)


def _lines(text: AnnotatedText) -> Iterator[str]:
    units = Utf16Offsets(text.text)
    places = tokens(text)
    begins = [start for start, _end in places]
    features = [
        "tag",
        "role",
        "kind",
        *(name for name in ABOUT_TAGS if any(name in t.known for t in text.tags)),
    ]
    cells: dict[int, list[list[str]]] = {}
    first_of: dict[str, tuple[int, int]] = {}
    number = 0
    for tag in text.tags:
        for part in tag.parts:
            number += 1
            first = bisect_left(begins, part.start)
            values = [tag.id, part.role]
            if tag.id not in first_of:
                first_of[tag.id] = (first, number)
                values += [tag.kind, *(tag.known.get(name, "") for name in features[3:])]
            values += [""] * (len(features) - len(values))
            cell = [f"{_escaped(value) if value else '*'}[{number}]" for value in values]
            for index in range(first, bisect_left(begins, part.end)):
                cells.setdefault(index, []).append(cell)
    names = _unit_names(text.text, begins)
    relations: dict[int, list[tuple[str, str]]] = {}
    for link in text.links:
        (one, own), (other, others) = first_of[link.subject], first_of[link.object]
        relations.setdefault(other, []).append((link.kind, f"{names[one]}[{own}_{others}]"))
    yield f"{_FORMAT}.3\n{_SPAN}{_TAG}|{'|'.join(features)}\n"
    if relations:
        yield f"{_RELATION}{_LINK}|kind|BT_{_TAG}\n"
    yield "\n"
    start = index = 0
    for line in text.text.split("\n"):
        end = start + len(line)
        if line.strip():
            yield f"\n#Text={_escaped_text(line)}\n"
        while index < len(places) and places[index][0] < end:
            begin, stop = places[index]
            stacked = cells.get(index)
            row = (
                ["|".join(column) for column in zip(*stacked, strict=True)]
                if stacked
                else ["_"] * len(features)
            )
            if relations:
                here = relations.get(index)
                row += (
                    ["|".join(kind for kind, _at in here), "|".join(at for _kind, at in here)]
                    if here
                    else ["_", "_"]
                )
            yield "\t".join(
                [
                    names[index],
                    f"{units.to_utf16(begin)}-{units.to_utf16(stop)}",
                    text.text[begin:stop],
                    *row,
                    "\n",
                ]
            )
            index += 1
        start = end + 1


def _unit_names(text: str, begins: list[int]) -> list[str]:
    names = []
    sentence = count = last = 0
    for begin in begins:
        if not count or "\n" in text[last:begin]:
            sentence, count = sentence + 1, 0
        count += 1
        last = begin
        names.append(f"{sentence}-{count}")
    return names


def _escaped(value: str) -> str:
    return _SIGNS.sub(lambda found: _NAMES.get(found[0]) or f"\\{found[0]}", value)


def _escaped_text(line: str) -> str:
    return re.sub(r"[\\\t\r]", lambda found: _NAMES.get(found[0], "\\\\"), line)


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda found: _PLAIN.get(found[1], found[1]), value)


@dataclass(slots=True)
class _Layer:
    kind: str
    name: str
    columns: list[str]


@dataclass(slots=True)
class _Span:
    layer: _Layer
    begin: int
    end: int
    values: dict[str, str]
    unit: str


@dataclass(slots=True)
class _Reading:
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    #: Lines of the sentence that begins, until its first word says where.
    sentence: list[str] = field(default_factory=list)
    layers: list[_Layer] = field(default_factory=list)
    spans: dict[tuple[int, str], _Span] = field(default_factory=dict)
    relations: list[tuple[_Layer, str, str, str, str]] = field(default_factory=list)
    words: list[tuple[int, int, str, str]] = field(default_factory=list)


def _text(body: str, name: str, losses: Losses, where: str) -> AnnotatedText:
    if not body.startswith(_FORMAT):
        raise BadFile(where=where, why=_("It does not begin as a WebAnno TSV 3 does."))
    reading = _Reading()
    for number, line in enumerate(body.split("\n"), start=1):
        here = f"{where}, {in_line(number)}"
        line = line.removesuffix("\r")
        if line.startswith("#Text="):
            reading.sentence.append(_unescaped(line.removeprefix("#Text=")))
        elif line.startswith("#T_"):
            kind, _is, rest = line.partition("=")
            layer, *columns = rest.split("|")
            reading.layers.append(_Layer(f"{kind}=", layer, columns or [""]))
        elif line and not line.startswith("#"):
            _read_word(line, reading, losses, here)
    text = "".join(reading.pieces)
    units = Utf16Offsets(text)
    for begin, end, form, here in reading.words:
        start, stop = _place(units, begin, end, here)
        if text[start:stop] not in (form, _unescaped(form)):
            raise BadFile(
                where=here, why=_("The word “%(word)s” does not stand there.") % {"word": form[:40]}
            )
    tags = _tags(reading, units, losses, where)
    by_span = {key: tag_id for key, (tag_id, _tag) in tags.items()}
    found: dict[str, Tag] = {}
    for tag_id, tag in tags.values():
        before = found.get(tag_id)
        found[tag_id] = (
            tag
            if before is None
            else Tag(
                tag_id,
                before.kind if before.known or "kind" not in tag.known else tag.kind,
                before.parts + tag.parts,
                {**before.known, **tag.known},
            )
        )
    cleaned = tuple(
        tag._replace(
            kind=tag.known.get("kind", tag.kind),
            known={key: value for key, value in tag.known.items() if key != "kind"},
        )
        for tag in found.values()
    )
    links = tuple(_links(reading, by_span, losses, where))
    return checked(AnnotatedText(name, text, tags=cleaned, links=links), where)


def _read_word(line: str, reading: _Reading, losses: Losses, where: str) -> None:
    columns = line.split("\t")
    place = _PLACE.fullmatch(columns[1]) if len(columns) > 2 else None
    if place is None or not _UNIT.fullmatch(columns[0]):
        raise BadFile(where=where, why=_("This is no word of a WebAnno TSV."))
    unit, begin, end = columns[0], int(place[1]), int(place[2])
    if reading.sentence:
        _begin_sentence(reading, begin, where)
    reading.words.append((begin, end, columns[2], where))
    at = 3
    for number, layer in enumerate(reading.layers):
        cells = [_split(cell) for cell in columns[at : at + len(layer.columns)]]
        at += len(layer.columns)
        if len(cells) < len(layer.columns):
            raise BadFile(where=where, why=_("There are columns missing."))
        if layer.kind == _SPAN:
            _read_spans(cells, number, layer, reading, unit, begin, end)
        elif layer.kind == _RELATION:
            for index, cell in enumerate(cells[-1]):
                if cell != "_":
                    found = _WITH_ID.fullmatch(cell)
                    other, one, own = found.groups() if found else (cell, "0", "0")
                    kind = cells[0][index] if len(cells) > 1 and index < len(cells[0]) else ""
                    reading.relations.append(
                        (layer, _unescaped(kind), f"{other}#{one or 0}", f"{unit}#{own or 0}", where)
                    )
        elif any(cell not in ("_", "*") for cell in cells[0]):
            losses.add("tag", layer.name)


def _begin_sentence(reading: _Reading, begin: int, where: str) -> None:
    """The sentence's first word stands at `begin`; before it there may be blanks of its own."""
    words = "\n".join(reading.sentence)
    reading.sentence = []
    start = begin - (len(words) - len(words.lstrip()))
    if not 0 <= start - reading.length <= LONGEST_LINE:
        raise BadFile(where=where, why=_("The sentence begins before the one before it ends."))
    reading.pieces += ("\n" * (start - reading.length), words)
    reading.length = start + len(words) + sum(character > "\uffff" for character in words)


def _read_spans(
    cells: list[list[str]],
    number: int,
    layer: _Layer,
    reading: _Reading,
    unit: str,
    begin: int,
    end: int,
) -> None:
    for index in range(max(len(cell) for cell in cells)):
        values: dict[str, str] = {}
        key = f"{unit}#0"
        there = False
        for column, cell in zip(layer.columns, cells, strict=True):
            value = cell[index] if index < len(cell) else "_"
            if value == "_":
                continue
            there = True
            if found := _WITH_ID.fullmatch(value):
                value, key = found[1], found[2]
            if value not in ("*", ""):
                values[column] = _unescaped(value)
        if not there:
            continue
        span = reading.spans.get((number, key))
        if span is None:
            reading.spans[number, key] = _Span(layer, begin, end, values, unit)
        else:
            span.begin, span.end = min(span.begin, begin), max(span.end, end)


def _split(cell: str) -> list[str]:
    """At each bar that is not escaped."""
    if "\\" not in cell:
        return cell.split("|")
    return [found[0] for found in re.finditer(r"(?:[^|\\]|\\.)+", cell, re.DOTALL)] or [cell]


def _place(units: Utf16Offsets, begin: int, end: int, where: str) -> tuple[int, int]:
    try:
        return units.from_utf16(begin), units.from_utf16(end)
    except ValueError:
        raise OutsideTheText(where=where, start=begin, end=end, length=units.length) from None


def _tags(
    reading: _Reading, units: Utf16Offsets, losses: Losses, where: str
) -> dict[tuple[int, str], tuple[str, Tag]]:
    """A tag for each span that has a place here; those of one `tag` are put together later."""
    tags: dict[tuple[int, str], tuple[str, Tag]] = {}
    for count, (key, span) in enumerate(reading.spans.items(), start=1):
        start, end = _place(units, span.begin, span.end, where)
        values = span.values
        if span.layer.name == _TAG and "tag" in values:
            known = {name: values[name] for name in ("kind", *ABOUT_TAGS) if name in values}
            own, kind = values["tag"], values.get("kind", "mention")
            tags[key] = (own, Tag(own, kind, (Part(start, end, values.get("role", "content")),), known))
            continue
        slots = [name for name in span.layer.columns if name.startswith("ROLE_")]
        if not (span.layer.name == _NAMED or span.layer.name.startswith(_CUSTOM)) or start == end:
            losses.add("tag", span.layer.name)
            continue
        if slots:
            losses.add("links", slots[0])
        own = str(count)
        tags[key] = (own, _strange_tag(own, span, Part(start, end), losses))
    return tags


def _strange_tag(name: str, span: _Span, part: Part, losses: Losses) -> Tag:
    values = {column: value for column, value in span.values.items() if not column.startswith("ROLE_")}
    identifier = values.pop("identifier", "")
    column = "value" if "value" in values else next(iter(values), "")
    kind, said = meaning_of(values.pop(column)) if column else ("mention", {})
    known = dict(said)
    if identifier.startswith(("https://", "http://")):
        known["same_as"] = identifier
    if values:
        losses.add("attributes", next(iter(values)))
    return Tag(name, kind, (part,), known)


def _links(
    reading: _Reading, by_span: Mapping[tuple[int, str], str], losses: Losses, where: str
) -> Iterator[Link]:
    by_name: dict[str, str] = {}
    for (number, key), own in by_span.items():
        by_name.setdefault(key, own)
        by_name.setdefault(f"{reading.spans[number, key].unit}#0", own)
    for layer, kind, one, other, here in reading.relations:
        ends = []
        for end in (one, other):
            unit, _hash, number = end.partition("#")
            found = by_name.get(number if number != "0" else f"{unit}#0")
            if found is None and layer.name == _LINK:
                raise BadFile(where=here, why=_("A relation leads to no tag."))
            ends.append(found)
        if kind in LINKS and None not in ends:
            yield Link(kind, str(ends[0]), str(ends[1]))
        else:
            losses.add("links", layer.name)
