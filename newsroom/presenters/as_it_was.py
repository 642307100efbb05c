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


def stood(row: Evidence | Document, at: datetime) -> bool:
    """Whether it was not withdrawn yet."""
    return row.withdrawn_at is None or row.withdrawn_at > at
