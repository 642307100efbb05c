"""The record that every deed leaves, in its own transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from newsroom.models import Article, Deed, User
from newsroom.models.identity import Identified


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
        objects_touched=[[row._meta.model_name, str(row.uuid)] for row in objects],
        before=before or {},
        after=after or {},
    )
