"""Long lists a page at a time, by where the last page ended: the thousandth page is as quick as the first.

A page is named by the row that it comes after or before, by its public code, and that row's values are where
the database begins to read. Nothing is counted, and a row that is added or taken away moves no other to
another page. A code that leads nowhere shows the first page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet

ON_A_PAGE = 30

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Pages:
    """Where the list goes on; "" where it does not."""

    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class Turn(Generic[Row]):
    """One page of rows, and the codes to go on from in either direction."""

    rows: tuple[Row, ...]
    before: str
    after: str

    def pages(self, address: str, query: Mapping[str, str]) -> Pages:
        """The addresses of the pages beside this one, under the same filter."""
        return Pages(
            address_with(address, query, before=self.before) if self.before else "",
            address_with(address, query, after=self.after) if self.after else "",
        )


def address_with(address: str, query: Mapping[str, str], **more: str) -> str:
    """The address with what of the query says something."""
    said = urlencode({name: value for name, value in {**query, **more}.items() if value})
    return f"{address}?{said}" if said else address


def turn(
    rows: QuerySet[Row], order: tuple[str, ...], *, after: str = "", before: str = "", size: int = ON_A_PAGE
) -> Turn[Row]:
    """The page after, or before, the row with that code; the first one without.

    `order` names one field or two, of which the last tells all rows apart, all upwards or all downwards.
    """
    backwards = bool(before) and not after
    start = _values(rows, order, after or before)
    backwards = backwards and start is not None
    if start is not None:
        rows = rows.filter(_beyond(order, start, backwards=backwards))
    found = list(rows.order_by(*(_turned(order) if backwards else order))[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    came_from = start is not None
    has_previous, has_next = (more, came_from) if backwards else (came_from, more)
    return Turn(
        tuple(found),
        before=found[0].code if found and has_previous else "",
        after=found[-1].code if found and has_next else "",
    )


def _values(rows: QuerySet, order: tuple[str, ...], code: str) -> tuple[Any, ...] | None:
    names = [name.removeprefix("-") for name in order]
    return rows.model._default_manager.with_code(code).values_list(*names).first() if code else None


def _turned(order: tuple[str, ...]) -> list[str]:
    return [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in order]


def _beyond(order: tuple[str, ...], values: tuple[Any, ...], *, backwards: bool) -> Q:
    """Written so that an index of the first field is entered at the right place."""
    further = "lt" if order[0].startswith("-") != backwards else "gt"
    (first, *rest), (value, *rest_values) = [name.removeprefix("-") for name in order], values
    if not rest:
        return Q((f"{first}__{further}", value))
    return Q((f"{first}__{further}e", value)) & (
        Q((f"{first}__{further}", value)) | Q((f"{rest[0]}__{further}", rest_values[0]))
    )
