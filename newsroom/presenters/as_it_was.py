"""Rows as they stood at a moment, by their history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from newsroom.models import Claim, Document, Evidence, Review

Row = TypeVar("Row", Claim, Document, Evidence, Review)


def as_it_was(rows: Iterable[Row], at: datetime) -> list[Row]:
    """Rows of one kind as they were; those that were not there yet are left out. One query.

    Those that no history tells of are taken as they are.
    """
    rows = list(rows)
    if not rows:
        return []
    states: dict[int, list[Any]] = defaultdict(list)
    history = type(rows[0]).history.filter(id__in=[row.pk for row in rows])
    for state in history.order_by("history_date", "history_id"):
        states[state.id].append(state)
    then = []
    for row in rows:
        earlier = [state for state in states[row.pk] if state.history_date <= at]
        if earlier:
            then.append(earlier[-1].instance)
        elif not any(state.history_type == "+" for state in states[row.pk]):
            then.append(row)
    return then


def evidence_then(claim: int, at: datetime) -> list[tuple[Evidence, Document]]:
    """What stood under a claim, each item with its document, both as they were; in its order. Four queries.

    Also items that have been put under another claim since, and none that were under another one then.
    """
    now = Evidence.objects.order_by().filter(claim=claim).values("pk")
    ever = Evidence.history.order_by().filter(claim=claim).values("id")
    items = [
        item
        for item in as_it_was(Evidence.objects.filter(pk__in=now.union(ever)), at)
        if item.claim_id == claim and stood(item, at)
    ]
    cited = Document.objects.filter(pk__in={item.document_id for item in items})
    documents = {document.pk: document for document in as_it_was(cited, at) if stood(document, at)}
    items.sort(key=lambda item: (item.ordinal, item.pk))
    return [(item, documents[item.document_id]) for item in items if item.document_id in documents]


def stood(row: Evidence | Document, at: datetime) -> bool:
    """Whether it was not withdrawn yet."""
    return row.withdrawn_at is None or row.withdrawn_at > at
