"""Who is meant by a name, asked of another catalogue (Reconciliation Service API 0.2), fetched as a page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from .fetch import Policy, fetch
from .unfetchable import NotUnderstood

TYPES = ("application/json", "application/javascript", "text/json", "text/javascript", "text/plain")
#: Candidates of one answer, characters of what is shown of each, bytes of the whole.
MOST, LONGEST, LARGEST = 8, 300, 500_000


@dataclass(frozen=True, slots=True)
class Likely:
    """Who may be meant, as the catalogue says it: words of somebody else, to be shown as words."""

    id: str
    name: str
    description: str


def look_up(address: str, name: str, policy: Policy) -> list[Likely]:
    """The likeliest first. The name is sent to the service at this address. Raises Unfetchable, with why."""
    query = urlencode({"queries": json.dumps({"q": {"query": name, "limit": MOST}}, ensure_ascii=False)})
    policy = replace(policy, content_types=TYPES, size=min(policy.size, LARGEST))
    page = fetch(f"{address}{'&' if '?' in address else '?'}{query}", policy)
    try:
        return list(_likely(json.loads(page.body)["q"]["result"]))[:MOST]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise NotUnderstood from None


def _likely(result: list[Any]) -> Iterator[Likely]:
    for each in result:
        id, words = each["id"], each["name"]
        if isinstance(id, str) and isinstance(words, str) and id.strip():
            description = each.get("description")
            kinds = ", ".join(_names(each.get("type")))
            told = description if isinstance(description, str) and description else kinds
            yield Likely(id.strip()[:LONGEST], words[:LONGEST], told[:LONGEST])


def _names(kinds: Any) -> Iterator[str]:
    for kind in kinds if isinstance(kinds, list) else ():
        name = kind.get("name") if isinstance(kind, dict) else None
        if isinstance(name, str):
            yield name
