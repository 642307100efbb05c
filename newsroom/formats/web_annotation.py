"""W3C Web Annotation: annotations, collections and their pages as JSON-LD.

Data Model and Vocabulary: https://www.w3.org/TR/annotation-model/, https://www.w3.org/TR/annotation-vocab/.
What it has no word for stands in a context of our own behind the standard one: the role of a target's words,
what else is known to be the same as a body, and how sure the program was that proposed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from newsroom.text.web_annotations import Quoted, Thing, WebAnnotation, Words

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
CONTENT_TYPE = f'application/ld+json; profile="{CONTEXT}"'
#: Who writes it down, where no other program proposed it.
SOFTWARE = "Controluce"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Home:
    """Whose annotations these are: the address that paths are below, its name, and that of its own terms."""

    address: str
    name: str
    vocabulary: str

    def whole(self, address: str) -> str:
        return self.address + address if address.startswith("/") else address

    @property
    def context(self) -> list[Any]:
        own = {
            "role": f"{self.vocabulary}role",
            "sameAs": {"@id": "schema:sameAs", "@type": "@id"},
            "confidence": f"{self.vocabulary}confidence",
        }
        return [CONTEXT, own]


def dumps(data: Json) -> bytes:
    return orjson.dumps(data)


def annotation(told: WebAnnotation, home: Home) -> Json:
    data: Json = {
        "@context": home.context,
        "id": home.whole(told.address),
        "type": "Annotation",
        "motivation": told.motivation,
        "creator": _creator(told, home),
        "generator": {"type": "Software", "name": told.generator or SOFTWARE},
        "confidence": told.confidence,
        "created": _moment(told.created),
        "modified": _moment(told.modified),
        "canonical": told.canonical,
        "via": list(told.via),
        "body": _one_or_many([_body(body, home) for body in told.bodies]),
        "target": _one_or_many([target(each, home) for each in told.targets]),
    }
    return _filled(data)


def collection(
    address: str,
    home: Home,
    *,
    label: str,
    total: int | None,
    first: Json | str,
    last: str,
) -> Json:
    """`first` is the address of the first page, or that page. A `total` that is not known is not said."""
    if isinstance(first, dict):
        first = {key: value for key, value in first.items() if key != "@context"}
    return {
        "@context": [CONTEXT, {"BasicContainer": "http://www.w3.org/ns/ldp#BasicContainer"}],
        "id": home.whole(address),
        "type": ["BasicContainer", "AnnotationCollection"],
        "label": label,
        **({} if total is None else {"total": total}),
        "first": first if isinstance(first, dict) else home.whole(first),
        "last": home.whole(last),
    }


def page(
    address: str,
    home: Home,
    *,
    part_of: str,
    items: Iterable[WebAnnotation],
    only_addresses: bool,
    following: str,
    preceding: str,
) -> Json:
    """`following` and `preceding` are the addresses of the pages beside it; "" where there is none."""
    data: Json = {
        "@context": CONTEXT,
        "id": home.whole(address),
        "type": "AnnotationPage",
        "partOf": home.whole(part_of),
        "next": home.whole(following) if following else "",
        "prev": home.whole(preceding) if preceding else "",
    }
    told = [home.whole(each.address) if only_addresses else annotation(each, home) for each in items]
    return _filled(data) | {"items": told}


def _creator(told: WebAnnotation, home: Home) -> Json:
    if told.creator:
        return {"type": "Person", "name": told.creator}
    return {"id": f"{home.address}/", "type": "Organization", "name": home.name}


def _body(body: Words | Thing, home: Home) -> Json:
    if isinstance(body, Words):
        return _filled(
            {
                "type": "TextualBody",
                "purpose": body.purpose,
                "value": body.value,
                "format": "text/plain",
                "language": body.lang,
            }
        )
    source = _filled(
        {"id": home.whole(body.address), "label": body.label, "sameAs": _one_or_many(body.same_as)}
    )
    selector = {"type": "TextQuoteSelector", "exact": body.exact} if body.exact else None
    return _filled(
        {"type": "SpecificResource", "purpose": body.purpose, "source": source, "selector": selector}
    )


def target(told: Quoted | str, home: Home) -> Json | str:
    if isinstance(told, str):
        return home.whole(told)
    quotation = {"type": "TextQuoteSelector", "exact": told.exact}
    quotation |= _filled({"prefix": told.prefix, "suffix": told.suffix})
    place = {"type": "TextPositionSelector", "start": told.start, "end": told.end}
    state = {"type": "TimeState", "sourceDate": _moment(told.dated), "cached": home.whole(told.cached)}
    return {
        "type": "SpecificResource",
        "role": told.role,
        "source": home.whole(told.source),
        "state": state,
        "selector": [quotation, place],
    }


def _one_or_many(values: Sequence[Any]) -> Any:
    return values[0] if len(values) == 1 else list(values)


def _filled(data: Json) -> Json:
    return {key: value for key, value in data.items() if value not in ("", None, [])}


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z") if at else ""
