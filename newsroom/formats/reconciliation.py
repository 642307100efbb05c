"""The Reconciliation Service API, 0.2 and 1.0-draft: what OpenRefine and its like ask, and are answered.

<https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/> and
<https://reconciliation-api.github.io/specs/1.0-draft/>. The two say the same in other shapes: in 0.2 queries
have names and an entity has a query and properties; in 1.0 they stand in a row and have conditions. What of
a question is not understood filters nothing; what is no question at all raises BadQuestion.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from newsroom.text.reconciling import Asked, Candidate, Value, Wanted

Json = dict[str, Any]

#: Of one batch, of one answer, and of one name.
MOST_QUERIES, MOST_CANDIDATES, LONGEST = 50, 50, 1000
#: Entities of an extension, and properties for each.
MOST_IDS, MOST_PROPERTIES = 100, 20
PREVIEW = {"width": 400, "height": 200}


class BadQuestion(Exception):
    """What was sent is no question, and why, for the developer of who asks. Too many: `too_many`."""

    def __init__(self, why: str, *, too_many: bool = False) -> None:
        super().__init__(why)
        self.too_many = too_many


# What is asked


def read_queries(sent: str) -> dict[str, Asked]:
    """A batch of 0.2: queries by the names that their answers are to have."""
    given = _object(sent)
    _not_too_many(given, MOST_QUERIES, "queries")
    return {key: _asked(query, key) for key, query in given.items()}


def _asked(query: Any, key: str) -> Asked:
    if not isinstance(query, dict):
        raise BadQuestion(f"The query “{key[:40]}” is no object.")
    name = query.get("query", "")
    kinds = query.get("type") or ()
    if isinstance(kinds, str | dict):
        kinds = [kinds]
    wanted = []
    for given in _list(query.get("properties", ()), "properties"):
        if not isinstance(given, dict) or not isinstance(given.get("pid"), str) or "v" not in given:
            raise BadQuestion("A property has a pid and a value v.")
        wanted.append(Wanted(given["pid"], _values(given["v"])))
    if not isinstance(name, str) or not (name.strip() or wanted):
        raise BadQuestion(f"The query “{key[:40]}” has neither words nor properties.")
    return Asked(
        names=(name[:LONGEST],) if name.strip() else (),
        kinds=tuple(_id_of(kind) for kind in _list(kinds, "type")),
        limit=_limit(query.get("limit")),
        wanted=tuple(wanted),
    )


def read_batch(sent: str) -> list[Asked]:
    """A batch of 1.0-draft: queries in the order that their answers are to have."""
    given = _object(sent)
    queries = given.get("queries")
    if not isinstance(queries, list):
        raise BadQuestion("There are no queries.")
    _not_too_many(queries, MOST_QUERIES, "queries")
    return [_asked_by_conditions(query) for query in queries]


def _asked_by_conditions(query: Any) -> Asked:
    conditions = query.get("conditions") if isinstance(query, dict) else None
    if not isinstance(conditions, list) or not conditions:
        raise BadQuestion("A query has conditions, one at least.")
    kind = query.get("type", "")
    if not isinstance(kind, str):
        raise BadQuestion("The type of a query is one identifier.")
    names: list[str] = []
    wanted = []
    for condition in conditions:
        # The draft has called them one thing and the other.
        value = _first_of(condition, "v", "propertyValue")
        name = _first_of(condition, "pid", "propertyId")
        if value is None:
            raise BadQuestion("A condition has a value.")
        values = _values(value)
        match condition.get("matchType"):
            case "name":
                names += values
            case "property" if isinstance(name, str):
                wanted.append(Wanted(name, values, needed=condition.get("required") is True))
            case _:
                raise BadQuestion("The matchType of a condition is “name”, or “property” with its pid.")
    return Asked(
        names=tuple(name[:LONGEST] for name in names if name.strip())[:4],
        kinds=(kind,) if kind else (),
        limit=_limit(query.get("limit")),
        wanted=tuple(wanted),
    )


def read_extension(sent: str) -> tuple[list[str], list[str]]:
    """Of which ids which properties are wanted, in both versions."""
    given = _object(sent)
    ids, properties = given.get("ids"), given.get("properties")
    if not isinstance(ids, list) or not isinstance(properties, list):
        raise BadQuestion("An extension has ids and properties.")
    _not_too_many(ids, MOST_IDS, "ids")
    _not_too_many(properties, MOST_PROPERTIES, "properties")
    named = [each.get("id") if isinstance(each, dict) else None for each in properties]
    if not all(isinstance(each, str) for each in [*ids, *named]):
        raise BadQuestion("An id is a word.")
    return list(dict.fromkeys(ids)), list(dict.fromkeys(named))


def _first_of(given: Any, *names: str) -> Any:
    return next((given[name] for name in names if name in given), None) if isinstance(given, dict) else None


def _object(sent: str) -> Json:
    try:
        given = json.loads(sent)
    except (ValueError, RecursionError):
        raise BadQuestion("This is no JSON.") from None
    if not isinstance(given, dict):
        raise BadQuestion("This is no JSON object.")
    return given


def _list(given: Any, what: str) -> list[Any]:
    if not isinstance(given, list | tuple):
        raise BadQuestion(f"“{what}” is no list.")
    _not_too_many(given, MOST_PROPERTIES, what)
    return list(given)


def _not_too_many(given: Any, most: int, what: str) -> None:
    if len(given) > most:
        raise BadQuestion(f"There are more than {most} {what}.", too_many=True)


def _limit(given: Any) -> int | None:
    if isinstance(given, bool) or not isinstance(given, int | float) or given != given:
        return None
    return int(min(max(given, 0), MOST_CANDIDATES))


def _values(given: Any) -> tuple[str, ...]:
    """One value or several, as words; of a thing that was reconciled before, its id."""
    several = given if isinstance(given, list) else [given]
    return tuple(_id_of(value)[:LONGEST] for value in several[:MOST_PROPERTIES])


def _id_of(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("id", "")
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else ""


# What is answered


def results(candidates: Mapping[str, Sequence[Candidate]], kinds: Mapping[str, str]) -> Json:
    """0.2. `kinds` are the names of kinds by their id."""
    return {
        key: {"result": [_candidate(each, kinds, old=True) for each in found]}
        for key, found in candidates.items()
    }


def batch(candidates: Iterable[Sequence[Candidate]], kinds: Mapping[str, str]) -> Json:
    """1.0-draft."""
    return {
        "results": [
            {"candidates": [_candidate(each, kinds, old=False) for each in found]} for found in candidates
        ]
    }


def _candidate(candidate: Candidate, kinds: Mapping[str, str], *, old: bool) -> Json:
    return {
        "id": candidate.id,
        "name": candidate.name,
        **({"description": candidate.description} if candidate.description else {}),
        "score": round(candidate.score, 1),
        "match": candidate.match,
        "type": [{"id": candidate.kind, "name": kinds[candidate.kind]}],
        "features": [
            {"id": name, **({} if old else {"name": name}), "value": round(value, 1)}
            for name, value in candidate.features
        ],
    }


def suggestions(found: Iterable[Candidate], kinds: Mapping[str, str]) -> Json:
    """Entities as one types, in both versions."""
    return {
        "result": [
            {
                "id": each.id,
                "name": each.name,
                "lang": each.lang,
                **({"description": each.description} if each.description else {}),
                "notable": [{"id": each.kind, "name": kinds[each.kind]}],
            }
            for each in found
        ]
    }


def named(found: Mapping[str, str]) -> Json:
    """Types or properties as one types, in both versions."""
    return {"result": [{"id": key, "name": name} for key, name in found.items()]}


def proposals(kind: str, found: Mapping[str, str]) -> Json:
    """Properties that can be fetched, in both versions."""
    properties = [{"id": key, "name": name} for key, name in found.items()]
    return {"type": kind, "properties": properties} if kind else {"properties": properties}


def extension(
    values: Mapping[str, Mapping[str, Sequence[Value]]], properties: Mapping[str, str], *, old: bool
) -> Json:
    """Values by id and property: 0.2 has an object of them, 1.0-draft a row."""
    meta = [{"id": key, "name": name} for key, name in properties.items()]
    if old:
        return {
            "meta": meta,
            "rows": {
                id: {key: [_value(each, old=True) for each in found.get(key, ())] for key in properties}
                for id, found in values.items()
            },
        }
    return {
        "meta": meta,
        "rows": [
            {
                "id": id,
                "properties": [
                    {"id": key, "values": [_value(each, old=False) for each in found.get(key, ())]}
                    for key in properties
                ],
            }
            for id, found in values.items()
        ],
    }


def _value(value: Value, *, old: bool) -> Json:
    said = {"id": value.id, "name": value.words} if value.id else {"str": value.words}
    return said if old or not value.lang else said | {"lang": value.lang}


# What the service says of itself


def manifest(name: str, *, home: str, at: str, kinds: Mapping[str, str]) -> Json:
    """0.2. `home` is the address of the newsroom and `at` that of the service, neither with a slash."""
    return _said_of_both(name, home, kinds, version="0.2") | {
        "identifierSpace": f"{home}/",
        "schemaSpace": f"{home}/method/#",
        "view": {"url": f"{home}/{{{{id}}}}/"},
        "preview": {"url": f"{at}/preview?id={{{{id}}}}", **PREVIEW},
        "suggest": {
            what: {"service_url": at, "service_path": f"/suggest/{what}"}
            for what in ("entity", "type", "property")
        },
        "extend": {
            "propose_properties": {"service_url": at, "service_path": "/extend/propose"},
            "property_settings": [],
        },
    }


def manifest_of_draft(name: str, *, home: str, kinds: Mapping[str, str], lang: str) -> Json:
    """1.0-draft, in which everything stands under the address of the manifest."""
    return _said_of_both(name, home, kinds, version="1.0-draft") | {
        "view": {"url": f"{home}/{{+id}}/"},
        "preview": PREVIEW,
        "suggest": {"entity": True, "type": True, "property": True},
        "extend": {"proposeProperties": True, "propertySettings": []},
        "batchSize": MOST_QUERIES,
        "standardizedScore": True,
        "lang": lang,
    }


def _said_of_both(name: str, home: str, kinds: Mapping[str, str], *, version: str) -> Json:
    return {
        "versions": [version],
        "name": _("%(newsroom)s: names, sources, claims") % {"newsroom": name},
        "documentation": f"{home}/method/",
        "defaultTypes": [{"id": key, "name": word} for key, word in kinds.items()],
    }
