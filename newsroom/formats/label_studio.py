"""Label Studio (https://labelstud.io): a JSON list of tasks, an article each.

    [{"data": {"text": …}, "annotations": [{"result": [
        {"id": …, "from_name": "label", "to_name": "text", "type": "labels",
         "value": {"start": …, "end": …, "text": …, "labels": ["person"]}},
        {"type": "relation", "from_id": …, "to_id": …, "direction": "right", "labels": ["repeats"]}]}]}]

Offsets are code points since 1.5 (heartexlabs/label-studio-frontend#308); before, they were the browser's
UTF-16 units. Each region quotes its words, so a file says by itself which of the two it counts.

What is known of a tag hangs on its region: `choices` where there is a list to choose from, else `textarea`.
Further parts of a tag are regions of their own, led to by a relation `part`. What is known of the article
stands in `data`, which Label Studio keeps as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from newsroom.text.offsets import Utf16Offsets

from . import json_text
from .annotated import (
    ABOUT,
    ABOUT_TAGS,
    LABELS,
    AnnotatedText,
    BadFile,
    Link,
    Losses,
    Part,
    Room,
    Tag,
    checked,
    label_of_part,
    meaning_of_part,
    unsaid,
)
from .parts import PART, joined

ROOM = Room(labels=LABELS)
#: What is chosen from a list there.
_CHOICES = {"rating", "claim_kind", "form", "entity_kind", "source_kind", "quote_type"}


def write(texts: Iterable[AnnotatedText], losses: Losses) -> Iterator[bytes]:
    before = b"["
    for text in texts:
        text = ROOM.reduced(text, losses)
        data = {"text": text.text, "id": text.id, **text.known}
        for name, value in (("lang", text.lang), ("html", text.html)):
            if value:
                data[name] = value
        yield before + json_text.dumps({"data": data, "annotations": [{"result": list(_result(text))}]})
        before = b",\n"
    yield b"]\n" if before != b"[" else b"[]\n"


def read(file: BinaryIO, losses: Losses) -> Iterator[AnnotatedText]:
    tasks = json_text.array(json_text.whole(file, _("The file")), _("tasks"), _("The file"))
    for number, item in enumerate(tasks, start=1):
        where = _("Task %(number)s") % {"number": number}
        task = json_text.obj(item, where)
        data = json_text.obj(task.get("data"), where)
        text = json_text.words(data.get("text"), "text", where)
        tags, links = _read_result(_results(task, where), text, losses, where)
        yield checked(
            AnnotatedText(
                id=json_text.name(data.get("id", task.get("id", number)), "id", where),
                text=text,
                lang=json_text.words(data.get("lang") or "", "lang", where),
                html=json_text.words(data.get("html") or "", "html", where),
                known={name: json_text.words(data[name], name, where) for name in ABOUT if data.get(name)},
                tags=tags,
                links=links,
            ),
            where,
        )


def _result(text: AnnotatedText) -> Iterator[dict[str, Any]]:
    for tag in text.tags:
        for number, part in enumerate(tag.parts, start=1):
            name = tag.id if number == 1 else f"{tag.id}/{number}"
            place = {"start": part.start, "end": part.end}
            words = text.text[part.start : part.end]
            on = {"id": name, "to_name": "text"}
            labels = [label_of_part(tag, part.role)]
            value = {**place, "text": words, "labels": labels}
            yield {**on, "from_name": "label", "type": "labels", "value": value}
            if number > 1:
                yield _relation(tag.id, name, PART)
                continue
            for key, said in unsaid(tag).items():
                if key in _CHOICES:
                    value = {**place, "text": words, "choices": [said]}
                    yield {**on, "from_name": key, "type": "choices", "value": value}
                else:
                    value = {**place, "text": [said]}
                    yield {**on, "from_name": key, "type": "textarea", "value": value}
    for link in text.links:
        yield _relation(link.subject, link.object, link.kind)


def _relation(one: str, other: str, kind: str) -> dict[str, Any]:
    return {"type": "relation", "from_id": one, "to_id": other, "direction": "right", "labels": [kind]}


def _results(task: Mapping[str, Any], where: str) -> list[dict[str, Any]]:
    """Of the annotations, which are one a person, the first that was not cancelled; else a prediction."""
    for name in ("annotations", "completions", "predictions"):
        for item in json_text.array(task.get(name), name, where):
            annotation = json_text.obj(item, where)
            if not annotation.get("was_cancelled"):
                result = json_text.array(annotation.get("result"), "result", where)
                return [json_text.obj(region, where) for region in result]
    return []


def _read_result(
    result: list[dict[str, Any]], text: str, losses: Losses, where: str
) -> tuple[tuple[Tag, ...], tuple[Link, ...]]:
    tags: dict[str, Tag] = {}
    known: dict[str, dict[str, str]] = {}
    relations: list[tuple[str, str, str]] = []
    count = _counting(result, text, where)
    for region in result:
        kind = region.get("type")
        if kind == "relation":
            one, other = (json_text.name(region.get(key), key, where) for key in ("from_id", "to_id"))
            labels = json_text.array(region.get("labels"), "labels", where) or [""]
            relations.append((one, other, json_text.words(labels[0], "labels", where)))
            continue
        name = json_text.name(region.get("id"), "id", where)
        value = json_text.obj(region.get("value"), where)
        if kind == "labels":
            if name in tags:
                raise BadFile(where=where, why=_("Two tags are called “%(tag)s”.") % {"tag": name[:80]})
            labels = json_text.array(value.get("labels"), "labels", where)
            if not labels:
                losses.add("tag", name)
                continue
            if len(labels) > 1:
                losses.add("attributes", str(labels[1])[:80])
            start, end = (count(json_text.offset(value.get(key), where)) for key in ("start", "end"))
            of, said, role = meaning_of_part(json_text.words(labels[0], "labels", where))
            tags[name] = Tag(name, of, (Part(start, end, role),), said)
        elif kind in ("choices", "textarea"):
            key = json_text.words(region.get("from_name"), "from_name", where)
            said = value.get("choices" if kind == "choices" else "text")
            said = [said] if type(said) is str else json_text.array(said, key, where)
            if key in ABOUT_TAGS and said and said[0]:
                known.setdefault(name, {})[key] = json_text.words(said[0], key, where)
            else:
                losses.add("attributes", key)
        else:
            losses.add("tag", str(kind))
    for name, said in known.items():
        if name in tags:
            tags[name] = tags[name]._replace(known={**tags[name].known, **said})
        else:
            losses.add("attributes", name)
    return joined(tags, relations, losses, where)


def _counting(result: list[dict[str, Any]], text: str, where: str) -> Any:
    """How offsets are counted: as code points, unless a region's own words say that it is UTF-16."""
    for region in result:
        value = region.get("value")
        if region.get("type") == "labels" and type(value) is dict and type(value.get("text")) is str:
            start, end = value.get("start"), value.get("end")
            if type(start) is not int or type(end) is not int or start < 0:
                continue
            words = value["text"]
            if text[start:end] != words:
                units = Utf16Offsets(text)
                try:
                    if text[units.from_utf16(start) : units.from_utf16(end)] == words:
                        return _from_utf16(units, where)
                except ValueError:
                    continue
    return lambda offset: offset


def _from_utf16(units: Utf16Offsets, where: str) -> Any:
    def convert(offset: int) -> int:
        try:
            return units.from_utf16(offset)
        except ValueError:
            why = _("The place %(offset)s is outside the text or inside a character.")
            raise BadFile(where=where, why=why % {"offset": offset}) from None

    return convert
