"""Originals: received, read, failed, cleared. An article is made of one by `articles.create`.

Nothing is fetched here. Whoever received an address fetches the page, without any transaction, and comes back
with what it was read into, or with the reason why it was not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.models import Original, Picture, User

from .deeds import record
from .refusals import Refused, require
from .with_files import keep, whole

Json = dict[str, Any]


def receive(
    *,
    kind: str,
    by: User,
    at: datetime,
    body: bytes | None = None,
    draft: Json | None = None,
    waits: bool = False,
    pictures: Sequence[Picture] = (),
    **fields: Any,
) -> Original:
    """What somebody brought. An address waits to be fetched; a paste or a file comes read, with its `draft`.

    With `waits` the draft is not complete yet, since pictures have to be fetched. `pictures` are unsaved and
    hold their file. `fields` are the original's.
    """
    require(by, "add_article")
    original = Original(kind=kind, draft=draft, by=by, at=at, **fields)
    if draft is not None and not waits:
        original.state = Original.State.READY
    with whole() as written:
        _keep(original, body, pictures, written)
        after = {"kind": kind, "address": original.address, "sha256": original.sha256}
        record("original.receive", by=by, at=at, objects=[original], after=after)
    return original


def read_done(
    original: Original,
    *,
    draft: Json,
    by: User,
    at: datetime,
    body: bytes | None = None,
    content_type: str = "",
    pictures: Sequence[Picture] = (),
) -> Original:
    """What was waited for has come: `body` as it came, if it had to be fetched, and what it was read into."""
    require(by, "add_article")
    with whole() as written:
        original = _waiting(original)
        original.state, original.draft = Original.State.READY, draft
        original.content_type = content_type or original.content_type
        _keep(original, body, pictures, written)
        record("original.read", by=by, at=at, objects=[original], after={"sha256": original.sha256})
    return original


@transaction.atomic
def failed(original: Original, *, message: str, by: User, at: datetime) -> Original:
    """What was waited for will not come; `message` says why, to the person who asked for it."""
    require(by, "add_article")
    original = _waiting(original)
    original.state, original.message = Original.State.FAILED, message
    original.save()
    record("original.fail", by=by, at=at, objects=[original], after={"message": message})
    return original


@transaction.atomic
def clear(original: Original, *, by: User, at: datetime) -> None:
    """One that never became an article goes, with its file and its pictures: no reader ever saw them."""
    require(by, "delete_original")
    original = Original.objects.select_for_update().filter(pk=original.pk).first()
    if original is None or original.state == Original.State.USED:
        raise Refused(_("An article was made of it, or it has gone already."), code="state")
    pictures = list(original.pictures.all())
    before = {"kind": original.kind, "state": original.state, "pictures": len(pictures)}
    record("original.clear", by=by, at=at, objects=[original], before=before)
    for row in (*pictures, original):
        if row.file:
            transaction.on_commit(partial(default_storage.delete, row.file.name))
        row.delete()


def _waiting(original: Original) -> Original:
    """The row, locked. Raises Refused if it does not wait any more: a second worker was quicker."""
    original = Original.objects.select_for_update().get(pk=original.pk)
    if original.state != Original.State.WAITING:
        raise Refused(_("This has been read already."), code="state")
    return original


def _keep(original: Original, body: bytes | None, pictures: Sequence[Picture], written: list[str]) -> None:
    if body is not None:
        keep(original, body, written)
    original.full_clean()
    original.save()
    for picture in pictures:
        picture.original = original
        picture.file.save("", picture.file.file, save=False)
        written.append(picture.file.name)
        picture.full_clean()
        picture.save()
