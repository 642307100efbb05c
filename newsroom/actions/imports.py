"""Imports: a file is received, read, confirmed, and stored in portions; cleared when nobody needs it.

Nothing is read here. Whoever reads the file comes back with what was found, or with the reason why it cannot
be read; and brings the texts, portion by portion, each in a transaction of its own. So what was interrupted
goes on behind the last portion that is whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.models import Article, Import, Rights, User
from newsroom.text.annotated import AnnotatedText
from newsroom.text.web_annotations import Note

from . import importing
from .deeds import record
from .refusals import Refused, require
from .with_files import keep, whole

#: Texts that are stored in one transaction.
PORTION = 100


def receive(
    *, body: bytes, file_name: str, by: User, at: datetime, exchange: str = "", rights: str = Rights.QUOTATION
) -> Import:
    """A file as it came, to be read. Without `exchange` its format is to be guessed."""
    require(by, "add_import")
    row = Import(exchange=exchange, rights=rights, file_name=file_name, by=by, at=at, moved_at=at)
    with whole() as written:
        keep(row, body, written)
        row.full_clean()
        row.save()
        after = {"file_name": file_name, "sha256": row.sha256, "size": row.size}
        record("import.receive", by=by, at=at, objects=[row], after=after)
    return row


@transaction.atomic
def read_done(
    row: Import,
    *,
    exchange: str,
    total: int,
    found: dict[str, Any],
    losses: Sequence[Sequence[Any]],
    by: User,
    at: datetime,
) -> Import:
    """It was read: `found` says what is in it and what storing it would do."""
    require(by, "add_import")
    row = _in_state(row, Import.State.WAITING)
    row.state, row.moved_at = Import.State.READ, at
    row.exchange, row.total, row.found, row.losses = exchange, total, found, [list(loss) for loss in losses]
    row.save()
    record("import.read", by=by, at=at, objects=[row], after={"format": exchange, "texts": total})
    return row


@transaction.atomic
def failed(row: Import, *, message: str, by: User, at: datetime) -> Import:
    """It cannot be read, or not be stored further; `message` says why, to the person who brought it."""
    require(by, "add_import")
    row = _in_state(row, Import.State.WAITING, Import.State.STORING)
    row.state, row.message, row.moved_at = Import.State.FAILED, message, at
    row.save()
    record("import.fail", by=by, at=at, objects=[row], after={"done": row.done})
    return row


@transaction.atomic
def read_again(row: Import, *, exchange: str, rights: str, by: User, at: datetime) -> Import:
    """The same file, to be read as another format, or with other rights; what is stored already stays."""
    require(by, "add_import")
    row = _in_state(row, Import.State.READ, Import.State.FAILED)
    if not row.file:
        raise Refused(_("The file was cleared: bring it again."), code="file")
    row.state, row.message, row.exchange, row.rights = Import.State.WAITING, "", exchange, rights
    row.total, row.done, row.found, row.losses, row.moved_at = 0, 0, {}, [], at
    row.full_clean()
    row.save()
    record("import.again", by=by, at=at, objects=[row], after={"format": exchange, "rights": rights})
    return row


@transaction.atomic
def confirm(row: Import, *, by: User, at: datetime) -> Import:
    """What was shown may be stored."""
    require(by, "add_import")
    row = _in_state(row, Import.State.READ)
    row.state, row.stored_by, row.moved_at = Import.State.STORING, by, at
    row.report = {}
    row.save()
    record("import.confirm", by=by, at=at, objects=[row], after={"texts": row.total})
    return row


@transaction.atomic
def store_portion(
    row: Import, *, texts: Sequence[AnnotatedText], start: int, by: User, at: datetime
) -> Import:
    """Stores the texts that stand in the file from `start` on; with the last of them it is done.

    Refused if somebody else has stored them meanwhile, and as `importing.store` refuses.
    """
    require(by, "add_import")
    row = _in_state(row, Import.State.STORING)
    if row.done != start:
        raise Refused(_("This portion was stored already."), code="state")
    stored = importing.store(texts, by=by, at=at, rights=row.rights)
    row.report = _added(row.report, stored)
    return _further(row, start + len(texts), by=by, at=at)


@transaction.atomic
def store_notes(
    row: Import,
    *,
    beside: Sequence[tuple[Article | None, Sequence[Note]]],
    start: int,
    by: User,
    at: datetime,
) -> Import:
    """Stores the notes beside these articles, which were found from `start` on; with the last it is done.

    None stands for an article that is not there any more, which is told. Refused as `store_portion`.
    """
    require(by, "add_import")
    row = _in_state(row, Import.State.STORING)
    if row.done != start:
        raise Refused(_("This portion was stored already."), code="state")
    stored, noted, gone = importing.NotesReport(), list[str](), 0
    for article, notes in beside:
        if article is None:
            gone += 1
            continue
        noted.append(str(article.uuid))
        stored.add(importing.note(article, notes=notes, by=by, at=at))
    before = row.report
    row.report = {
        "noted": [*before.get("noted", []), *noted],
        "annotations": before.get("annotations", 0) + stored.annotations,
        "comments": before.get("comments", 0) + stored.comments,
        "same": before.get("same", 0) + stored.unchanged,
        "left": dict(Counter(before.get("left", {})) + stored.left + Counter(gone=gone)),
        "examples": stored.examples | before.get("examples", {}),
    }
    return _further(row, start + len(beside), by=by, at=at)


@transaction.atomic
def clear(row: Import, *, by: User, at: datetime) -> None:
    """The file goes; and the row if nothing of it was stored, else it stays as the report."""
    require(by, "delete_import")
    row = _in_state(row, Import.State.WAITING, Import.State.READ, Import.State.STORED, Import.State.FAILED)
    before = {"state": row.state, "done": row.done, "size": row.size}
    record("import.clear", by=by, at=at, objects=[row], before=before)
    if row.file:
        transaction.on_commit(partial(default_storage.delete, row.file.name))
    if row.done:
        row.file = ""
        row.save()
    else:
        row.delete()


def _in_state(row: Import, *states: str) -> Import:
    """The row, locked. Raises Refused if it is elsewhere by now: somebody else was quicker."""
    found = Import.objects.select_for_update().filter(pk=row.pk).first()
    if found is None or found.state not in states:
        raise Refused(_("Somebody else has gone on with this file meanwhile: look again."), code="state")
    return found


def _further(row: Import, done: int, *, by: User, at: datetime) -> Import:
    start, row.done, row.moved_at = row.done, done, at
    if row.done >= row.total:
        row.state = Import.State.STORED
    row.save()
    record("import.store", by=by, at=at, objects=[row], after={"from": start, "to": row.done})
    return row


def _added(report: dict[str, Any], stored: importing.Report) -> dict[str, Any]:
    """Articles by their UUIDs: what they are called is theirs to say."""
    uuids = {
        name: [*report.get(name, []), *(str(article.uuid) for article in articles)]
        for name, articles in (
            ("made", stored.made),
            ("tagged", stored.tagged),
            ("unchanged", stored.unchanged),
        )
    }
    return {
        **uuids,
        "annotations": report.get("annotations", 0) + stored.annotations,
        "named": dict(Counter(report.get("named", {})) + stored.named),
        "left": dict(Counter(report.get("left", {})) + stored.left),
    }
