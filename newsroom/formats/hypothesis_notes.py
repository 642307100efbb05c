"""Annotations of Hypothesis (https://h.readthedocs.io/en/latest/api/), as its API answers a search.

    {"total": 2, "rows": [
        {"id": …, "uri": …, "user": "acct:anna@hypothes.is", "text": "Markdown", "tags": […], "created": …,
         "group": "__world__", "permissions": {"read": ["group:__world__"], …}, "references": […],
         "target": [{"source": …, "selector": [
            {"type": "TextQuoteSelector", "exact": …, "prefix": …, "suffix": …},
            {"type": "TextPositionSelector", "start": …, "end": …}, {"type": "RangeSelector", …}]}]}]}

Answers stand among the rows, or apart under `replies`. What is not for everyone there does not come. Places
are those of its page, so of them the quotation is taken, and the position as a hint.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from newsroom.text.web_annotations import Note

from . import json_text
from .annotated import BadFile, Losses

_WORLD = "__world__"
MOST_TAGS = 100


def read(file: BinaryIO, losses: Losses) -> Iterator[Note]:
    """The notes in the order of the file. Raises BadFile."""
    data = json_text.whole(file, _("The file"))
    if type(data) is dict:
        if "rows" not in data:
            raise BadFile(where=_("The file"), why=_("This is no answer of Hypothesis: it has no “rows”."))
        rows = [
            row
            for name in ("rows", "replies")
            for row in json_text.array(data.get(name), name, _("The file"))
        ]
    else:
        rows = json_text.array(data, "rows", _("The file"))
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        where = _("Annotation %(number)s") % {"number": number}
        row = json_text.obj(row, where)
        name = json_text.words(row.get("id"), "id", where)
        if name in seen:
            raise BadFile(where=where, why=_("Two annotations are called “%(name)s”.") % {"name": name[:80]})
        seen.add(name)
        note = _note(row, name, where)
        if any(
            "\0" in words for words in (note.id, note.exact, note.said, note.who, *note.tags, *note.addresses)
        ):
            raise BadFile(where=where, why=_("It holds a NUL, which no text does."))
        if not _is_public(row, where):
            losses.add("closed", note.said or note.exact)
        elif not note.exact and not note.answers:
            losses.add("unquoted", note.said)
        else:
            yield note


def _note(row: Mapping[str, Any], name: str, where: str) -> Note:
    addresses = [_said(row, "uri", where)]
    selectors: dict[str, dict[str, Any]] = {}
    for target in json_text.array(row.get("target"), "target", where):
        target = json_text.obj(target, where)
        addresses.append(_said(target, "source", where))
        for selector in json_text.array(target.get("selector"), "selector", where):
            selector = json_text.obj(selector, where)
            selectors.setdefault(_said(selector, "type", where), selector)
    quote, position = selectors.get("TextQuoteSelector", {}), selectors.get("TextPositionSelector")
    start = None
    if position is not None:
        start, end = (json_text.offset(position.get(key), where) for key in ("start", "end"))
        if not 0 <= start <= end:
            why = _("A place cannot be %(start)s–%(end)s.") % {"start": start, "end": end}
            raise BadFile(where=where, why=why)
    references = json_text.array(row.get("references"), "references", where)
    tags = json_text.array(row.get("tags"), "tags", where)
    if len(tags) > MOST_TAGS:
        raise BadFile(where=where, why=_("It has more than %(most)s tags.") % {"most": MOST_TAGS})
    info = json_text.obj(row.get("user_info") or {}, where)
    return Note(
        id=name,
        addresses=list(dict.fromkeys(filter(None, addresses))),
        exact=_said(quote, "exact", where),
        prefix=_said(quote, "prefix", where),
        suffix=_said(quote, "suffix", where),
        start=start,
        said=_said(row, "text", where).strip(),
        tags=[json_text.words(tag, "tags", where) for tag in tags],
        who=_said(info, "display_name", where) or _said(row, "user", where).removeprefix("acct:"),
        day=_said(row, "created", where)[:10],
        answers=json_text.words(references[0], "references", where) if references else "",
    )


def _is_public(row: Mapping[str, Any], where: str) -> bool:
    """Whether everyone can read it there. What does not say so is for some."""
    permissions = json_text.obj(row.get("permissions") or {}, where)
    readers = json_text.array(permissions.get("read"), "read", where)
    return row.get("group") == _WORLD and f"group:{_WORLD}" in readers and not row.get("hidden")


def _said(data: Mapping[str, Any], name: str, where: str) -> str:
    """Words; "" if there are none."""
    value = data.get(name)
    return "" if value is None else json_text.words(value, name, where)
