"""The record that every deed leaves, in its own transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from newsroom.models import Article, Deed, User
from newsroom.models.identity import Identified


def record_all(
    verbs: Iterable[str], objects: Iterable[Identified], *, by: User, at: datetime, article: Article | None
) -> None:
    """Writes down one deed for each object, in one query."""
    Deed.objects.bulk_create(
        Deed(verb=verb, actor=by, at=at, article=article, objects_touched=[_name(row)])
        for verb, row in zip(verbs, objects, strict=True)
    )


def record(
    verb: str,
    *,
    by: User,
    at: datetime,
    article: Article | None = None,
    objects: Iterable[Identified] = (),
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Deed:
    """Writes down one deed. `before` and `after` are JSON and must hold no confidential field."""
    return Deed.objects.create(
        verb=verb,
        actor=by,
        at=at,
        article=article,
        objects_touched=[_name(row) for row in objects],
        before=before or {},
        after=after or {},
    )


def _name(row: Identified) -> list[str]:
    return [row._meta.model_name, str(row.uuid)]
