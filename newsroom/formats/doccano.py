"""doccano (https://doccano.github.io/doccano/): one JSON object a line, an article each.

Sequence labelling: `{"id": …, "text": …, "label": [[start, end, "person"], …]}`. With relations:
`{"id": …, "text": …, "entities": [{"id": 1, "start_offset": …, "end_offset": …, "label": …}], "relations":
[{"id": 1, "from_id": 1, "to_id": 2, "type": …}]}`. Offsets are code points. What else is in the object
doccano keeps with the text: the article's headline and the like travel there.

A part that is not the content of its tag has its role behind the label: `attribution:source`. With relations,
the parts of a tag hang on its first one by relations of the type `part`. Both ways are read by either name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from . import json_text
from .annotated import (
    ABOUT,
    LABELS,
    MOST_SAID,
    AnnotatedText,
    BadFile,
    Link,
    Losses,
    Part,
    Room,
    Tag,
    checked,
    in_line,
    label_of_part,
    meaning_of_part,
)
from .parts import PART, joined

SPANS = Room(html=False, attributes=False, parts=False, ids=False, links=False, labels=LABELS)
RELATIONS = Room(html=False, attributes=False, ids=False, labels=LABELS)


def write(texts: Iterable[AnnotatedText], losses: Losses) -> Iterator[bytes]:
    """Sequence labelling."""
    # What is known is held beside what it is called: so nothing else has its identity meanwhile.
    names: dict[tuple[int, str, str], tuple[Mapping[str, str], str]] = {}
    for text in texts:
        reduced = SPANS.reduced(text, losses)
        if len(names) > MOST_SAID:
            names.clear()
        label = []
        for _id, kind, ((start, end, role),), known in reduced.tags:
            # Tags of one thing share what is known of it: so they are called the same.
            called = names.get((id(known), kind, role))
            if called is None:
                words = label_of_part(Tag("", kind, (), known), role)
                called = names[id(known), kind, role] = known, words
            label.append((start, end, called[1]))
        yield _line(reduced, {"label": label})


def write_relations(texts: Iterable[AnnotatedText], losses: Losses) -> Iterator[bytes]:
    for text in texts:
        yield _line(reduced := RELATIONS.reduced(text, losses), _related(reduced))


def read(file: BinaryIO, losses: Losses) -> Iterator[AnnotatedText]:
    for number, line in json_text.lines(file):
        where = in_line(number)
        data = json_text.obj(json_text.value(line, where), where)
        text = json_text.words(data.get("text"), "text", where)
        if "entities" in data:
            tags, links = _read_related(data, losses, where)
        else:
            tags, links = _read_spans(data, where), ()
        yield checked(
            AnnotatedText(
                id=json_text.name(data.get("id", number), "id", where),
                text=text,
                lang=json_text.words(data.get("lang") or "", "lang", where),
                known={name: json_text.words(data[name], name, where) for name in ABOUT if data.get(name)},
                tags=tags,
                links=links,
            ),
            where,
        )


def _line(text: AnnotatedText, tagged: Mapping[str, Any]) -> bytes:
    about: dict[str, Any] = {"id": text.id, "text": text.text, **tagged, **text.known}
    if text.lang:
        about["lang"] = text.lang
    return json_text.dumps(about) + b"\n"


def _read_spans(data: Mapping[str, Any], where: str) -> tuple[Tag, ...]:
    spans = json_text.array(data.get("label", data.get("labels")), "label", where)
    for span in spans:
        if (
            type(span) is not list
            or len(span) != 3
            or type(span[0]) is not int
            or type(span[1]) is not int
            or type(span[2]) is not str
        ):
            raise BadFile(where=where, why=_("A label must be [start, end, name], with whole numbers."))
    spans.sort(key=lambda span: (span[0], -span[1]))
    meanings: dict[str, tuple[str, Mapping[str, str], str]] = {}
    tags = []
    for number, (start, end, label) in enumerate(spans, start=1):
        meaning = meanings.get(label)
        if meaning is None:
            meaning = meanings[label] = meaning_of_part(label)
        kind, known, role = meaning
        tags.append(Tag(str(number), kind, (Part(start, end, role),), known))
    return tuple(tags)


def _related(text: AnnotatedText) -> dict[str, Any]:
    """The first parts are numbered as their tags are, the others go on from there."""
    entities, others, relations = [], [], []
    count = len(text.tags)
    for tag in text.tags:
        first, *more = tag.parts
        entities.append(_entity(int(tag.id), tag, first))
        for part in more:
            count += 1
            others.append(_entity(count, tag, part))
            relations.append((int(tag.id), count, PART))
    relations += [(int(link.subject), int(link.object), link.kind) for link in text.links]
    return {
        "entities": entities + others,
        "relations": [
            {"id": number, "from_id": one, "to_id": other, "type": kind}
            for number, (one, other, kind) in enumerate(relations, start=1)
        ],
    }


def _entity(number: int, tag: Tag, part: Part) -> dict[str, Any]:
    label = label_of_part(tag, part.role)
    return {"id": number, "start_offset": part.start, "end_offset": part.end, "label": label}


def _read_related(
    data: Mapping[str, Any], losses: Losses, where: str
) -> tuple[tuple[Tag, ...], tuple[Link, ...]]:
    tags: dict[str, Tag] = {}
    for item in json_text.array(data["entities"], "entities", where):
        entity = json_text.obj(item, where)
        name = json_text.name(entity.get("id"), "id", where)
        if name in tags:
            raise BadFile(where=where, why=_("Two tags are called “%(tag)s”.") % {"tag": name})
        kind, known, role = meaning_of_part(json_text.words(entity.get("label"), "label", where))
        start, end = (json_text.offset(entity.get(key), where) for key in ("start_offset", "end_offset"))
        tags[name] = Tag(name, kind, (Part(start, end, role),), known)
    relations = []
    for item in json_text.array(data.get("relations"), "relations", where):
        relation = json_text.obj(item, where)
        one, other = (json_text.name(relation.get(key), key, where) for key in ("from_id", "to_id"))
        relations.append((one, other, json_text.words(relation.get("type"), "type", where)))
    return joined(tags, relations, losses, where)
