"""The record that every deed leaves, in its own transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from newsroom.models import Article, Deed, User
from newsroom.models.identity import Identified

from .announcing import announce


def record_all(
    verbs: Iterable[str],
    objects: Sequence[Identified],
    *,
    by: User,
    at: datetime,
    article: Article | None,
    after: Sequence[dict[str, Any]] = (),
) -> None:
    """Writes down one deed for each object, in one query."""
    deeds = Deed.objects.bulk_create(
        Deed(verb=verb, actor=by, at=at, article=article, objects_touched=[_name(row)], after=said)
        for verb, row, said in zip(verbs, objects, after or [{}] * len(objects), strict=True)
    )
    announce(deeds)


def record_imports(
    imported: Iterable[tuple[Article, Sequence[str], dict[str, Any]]], *, by: User, at: datetime
) -> None:
    """Writes down one deed for each article that was imported, with its annotations' UUIDs, in one query."""
    Deed.objects.bulk_create(
        Deed(
            verb="article.import",
            actor=by,
            at=at,
            article=article,
            objects_touched=[_name(article), *(["annotation", uuid] for uuid in annotations)],
            after=after,
        )
        for article, annotations, after in imported
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
    deed = Deed.objects.create(
        verb=verb,
        actor=by,
        at=at,
        article=article,
        objects_touched=[_name(row) for row in objects],
        before=before or {},
        after=after or {},
    )
    announce([deed])
    return deed


def _name(row: Identified) -> list[str]:
    return [row._meta.model_name, str(row.uuid)]
