"""A Web Annotation that a program sends, read strictly: what is not understood is refused, never dropped.

Of the model is taken what this newsroom can keep: words of an article (TextQuoteSelector and
TextPositionSelector, with or without a TimeState), bodies that are plain text or have an address, one
motivation. Who made it and when is for the server to say: what is sent of that is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from newsroom.text.annotated import ROLES
from newsroom.text.web_annotations import MOTIVATIONS, Quoted, Thing, WebAnnotation, Words

from .web_annotation import CONTEXT, SOFTWARE

#: Bytes of a body; targets and bodies of one annotation; characters of one text and of an address.
LONGEST = 1 << 20
MOST, LONGEST_TEXT, LONGEST_ADDRESS, LONGEST_NAME = 50, 10_000, 1000, 80

#: What the server says itself, whatever is sent; and what a body or target may be called besides.
_OURS = {"creator", "created", "modified", "generated"}
_ANNOTATION = {"@context", "id", "type", "motivation", "body", "bodyValue", "target", "canonical", "via"}
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")
_LANGUAGE = re.compile(r"(?=.{2,35}$)[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_NOT_TAKEN = {
    "assessing": "A rating is made at the desk, by a review.",
    "linking": "Evidence is added at the desk or by the API.",
    "commenting": "Comments stay inside the newsroom: none is taken here.",
    "questioning": "Reports of readers are not taken here.",
    "replying": "Comments stay inside the newsroom: none is taken here.",
}
_TAKEN = {MOTIVATIONS[kind]: kind for kind in ("claim", "mention", "attribution")}

Json = dict[str, Any]


class Unfit(ValueError):
    """What is wrong with what was sent, and where in it."""

    def __init__(self, where: str, why: str) -> None:
        self.where, self.why = where, why
        super().__init__(where, why)


def kind_of(sent: WebAnnotation) -> str:
    """Which kind of annotation of ours it makes."""
    return _TAKEN[sent.motivation]


def read(data: Any) -> WebAnnotation:
    """Its `address` is the one that it was sent with, or "". Raises Unfit."""
    data = _object(data, "", _ANNOTATION | _OURS | {"generator"})
    if CONTEXT not in _many(data.get("@context"), "@context"):
        raise Unfit("@context", f"“@context” must name {CONTEXT}.")
    if "Annotation" not in _many(data.get("type"), "type"):
        raise Unfit("type", "This is no annotation: “type” must be “Annotation”.")
    if "body" in data and "bodyValue" in data:
        raise Unfit("bodyValue", "An annotation has “body” or “bodyValue”, not both.")
    bodies = _many(data.get("body"), "body")
    if "bodyValue" in data:
        bodies = [{"type": "TextualBody", "value": data["bodyValue"]}]
    targets = _many(data.get("target"), "target")
    if not targets:
        raise Unfit("target", "An annotation needs a target.")
    return WebAnnotation(
        address=_one_address(data.get("id"), "id"),
        motivation=_motivation(data.get("motivation")),
        bodies=[_body(each, f"body[{number}]") for number, each in enumerate(bodies)],
        targets=[_target(each, f"target[{number}]") for number, each in enumerate(targets)],
        generator=_generator(data.get("generator")),
        canonical=_one_address(data.get("canonical"), "canonical"),
        via=tuple(_address(each, "via") for each in _many(data.get("via"), "via")),
    )


def _motivation(value: Any) -> str:
    named = [_text(each, "motivation") for each in _many(value, "motivation")]
    for name in named:
        if name not in _TAKEN:
            why = _NOT_TAKEN.get(name, f"The motivation “{name[:80]}” is not taken here.")
            raise Unfit("motivation", why)
    if len(set(named)) != 1:
        raise Unfit("motivation", f"Say one motivation: {', '.join(_TAKEN)}.")
    return named[0]


def _generator(value: Any) -> str:
    """The name of the program; ours is nobody's suggestion."""
    values = _many(value, "generator")
    if len(values) > 1:
        raise Unfit("generator", "“generator” must be one program.")
    if not values:
        return ""
    if isinstance(values[0], dict):
        name = _text(values[0].get("name", values[0].get("id", "")), "generator", LONGEST_NAME)
    else:
        name = _text(values[0], "generator", LONGEST_NAME)
    return "" if name == SOFTWARE else name


def _body(value: Any, where: str) -> Words | Thing:
    if isinstance(value, str):
        return Thing(_address(value, where), "")
    if isinstance(value, dict) and "value" in value:
        return _words(value, where)
    if isinstance(value, dict) and "source" in value:
        data = _object(value, where, {"id", "type", "purpose", "source", "selector"} | _OURS)
        _typed(data, where, "SpecificResource")
        if data.get("selector"):
            raise Unfit(f"{where}.selector", "A body with a selector is not taken here.")
        thing = _resource(data["source"], f"{where}.source")
        return Thing(thing.address, _purpose(data, where), thing.label, thing.same_as)
    return _resource(value, where)


def _words(value: Json, where: str) -> Words:
    known = {"id", "type", "purpose", "value", "format", "language", "processingLanguage", "textDirection"}
    data = _object(value, where, known | _OURS)
    _typed(data, where, "TextualBody")
    if data.get("format", "text/plain") != "text/plain":
        raise Unfit(f"{where}.format", "Only plain text is taken: “text/plain”.")
    lang = _text(data.get("language", ""), f"{where}.language")
    if lang and not _LANGUAGE.fullmatch(lang):
        raise Unfit(f"{where}.language", "“language” must be one language tag, as “it” or “en-GB”.")
    said = _text(data["value"], f"{where}.value").strip()
    if not said:
        raise Unfit(f"{where}.value", "This body says nothing.")
    return Words(said, _purpose(data, where), lang)


def _resource(value: Any, where: str) -> Thing:
    if isinstance(value, str):
        return Thing(_address(value, where), "")
    if not isinstance(value, dict) or "id" not in value:
        raise Unfit(where, "A body is text with a “value”, or has an address.")
    data = _object(value, where, {"id", "type", "label", "sameAs", "format", "language"} | _OURS)
    same_as = tuple(
        _address(each, f"{where}.sameAs") for each in _many(data.get("sameAs"), f"{where}.sameAs")
    )
    label = _text(data.get("label", ""), f"{where}.label")
    return Thing(_one_address(data["id"], f"{where}.id"), "", label, same_as)


def _purpose(data: Json, where: str) -> str:
    named = _many(data.get("purpose"), f"{where}.purpose")
    if len(named) > 1:
        raise Unfit(f"{where}.purpose", "A body has one purpose here.")
    return _text(named[0], f"{where}.purpose") if named else ""


def _target(value: Any, where: str) -> Quoted:
    if not isinstance(value, dict) or "source" not in value or not value.get("selector"):
        why = "A target is words: a source with a TextQuoteSelector, a TextPositionSelector or both."
        raise Unfit(where, why)
    data = _object(value, where, {"id", "type", "role", "source", "state", "selector"})
    _typed(data, where, "SpecificResource")
    role = data.get("role", "content")
    if role not in ROLES:
        raise Unfit(f"{where}.role", f"The role of a target is one of {', '.join(ROLES)}.")
    return Quoted(
        source=_resource(data["source"], f"{where}.source").address,
        role=role,
        **_selected(data["selector"], f"{where}.selector"),
        **_dated(data.get("state"), f"{where}.state"),
    )


def _selected(value: Any, where: str) -> Json:
    """What both selectors say of the same words. They may be given twice only if they say the same."""
    found: Json = {}
    said: Json
    for each in _many(value, where):
        kind = each.get("type") if isinstance(each, dict) else None
        if kind == "TextQuoteSelector":
            data = _object(each, where, {"id", "type", "exact", "prefix", "suffix"})
            said = {
                name: _text(data.get(name, ""), f"{where}.{name}") for name in ("exact", "prefix", "suffix")
            }
            if not said["exact"].strip():
                raise Unfit(f"{where}.exact", "A quotation needs its exact words.")
        elif kind == "TextPositionSelector":
            data = _object(each, where, {"id", "type", "start", "end"})
            said = {name: _offset(data.get(name), f"{where}.{name}") for name in ("start", "end")}
        else:
            why = "Words are selected by a TextQuoteSelector, a TextPositionSelector or both."
            raise Unfit(where, why)
        if any(found.get(name, value) != value for name, value in said.items()):
            raise Unfit(where, "Two selectors of one kind select different words.")
        found |= said
    return {"exact": ""} | found


def _dated(value: Any, where: str) -> Json:
    """The version of the source that is meant, as far as it is said."""
    states = _many(value, where)
    if not states:
        return {}
    if len(states) > 1:
        raise Unfit(where, "A target has one state here.")
    data = _object(states[0], where, {"id", "type", "sourceDate", "cached"})
    if data.get("type") != "TimeState":
        raise Unfit(where, "The state of a target is a TimeState here.")
    found: Json = {"cached": _one_address(data.get("cached"), f"{where}.cached")}
    if "sourceDate" in data:
        found["dated"] = _moment(data["sourceDate"], f"{where}.sourceDate")
    return found


# Values


def _object(value: Any, where: str, known: Iterable[str]) -> Json:
    if not isinstance(value, dict):
        raise Unfit(where, "A JSON object is expected here.")
    for name in value:
        if name not in known:
            there = f"{where}.{name[:80]}" if where else name[:80]
            raise Unfit(there, f"“{name[:80]}” is not taken here.")
    return value


def _typed(data: Json, where: str, name: str) -> None:
    if any(kind != name for kind in _many(data.get("type"), f"{where}.type")):
        raise Unfit(f"{where}.type", f"What stands here is a {name}.")


def _many(value: Any, where: str) -> list[Any]:
    """One value or a list of them, in JSON-LD the same; nothing is none."""
    values = [] if value is None else value if isinstance(value, list) else [value]
    if len(values) > MOST:
        raise Unfit(where, f"There are too many: at most {MOST}.")
    return values


def _text(value: Any, where: str, longest: int = LONGEST_TEXT) -> str:
    if not isinstance(value, str):
        raise Unfit(where, "This must be text.")
    if len(value) > longest:
        raise Unfit(where, f"This is too long: at most {longest} characters.")
    if "\0" in value:
        raise Unfit(where, "The character 0 stands in no text.")
    return value


def _address(value: Any, where: str) -> str:
    if not _ADDRESS.fullmatch(_text(value, where, LONGEST_ADDRESS)):
        raise Unfit(where, "This must be an address (IRI).")
    return value


def _one_address(value: Any, where: str) -> str:
    values = _many(value, where)
    if len(values) > 1:
        raise Unfit(where, "This must be one address.")
    return _address(values[0], where) if values else ""


def _offset(value: Any, where: str) -> int:
    if type(value) is not int or value < 0:
        raise Unfit(where, "A position is a whole number, from 0: code points of the text.")
    return value


def _moment(value: Any, where: str) -> datetime:
    try:
        at = datetime.fromisoformat(_text(value, where, 40))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        if isinstance(error, Unfit):
            raise
        raise Unfit(where, "This must be a moment, as 2024-05-06T09:00:00Z.") from None
