"""The deed: everything goes out into one archive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import orjson
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.db import connection, models, transaction

from newsroom.actions.deeds import record
from newsroom.actions.erasure.redacting import entry
from newsroom.actions.refusals import require
from newsroom.models import Erasure, Newsroom, User
from newsroom.outside import erasures

from .kinds import Kind, kinds, known_by, permission_name, schema
from .secrets import Secrets

#: Rows that are read at a time, for a row may be a whole text or name hundreds of tags; and bytes of a file.
PORTION, PIECE = 50, 1024 * 1024

Progress = Callable[[str, int, int], None]
Row = dict[str, Any]


class Writing(Protocol):
    """Where it goes: `formats/newsroom_archive.py`."""

    def add(self, name: str, pieces: Iterable[bytes]) -> int: ...

    def finish(self, about: Row) -> None: ...


@dataclass
class Exported:
    """What went out: rows of each model, files, files that rows name and that are not there.

    `gone` counts what earlier states of rows led to and is no more; `left` names texts that readers can read
    and that have the name of a confidential source in them.
    """

    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    missing: list[str] = field(default_factory=list)
    gone: int = 0
    left: list[str] = field(default_factory=list)
    pseudonyms: dict[str, str] = field(default_factory=dict)


def export(
    writing: Writing,
    *,
    by: User,
    at: datetime,
    confidential: bool = False,
    progress: Progress = lambda _name, _number, _of: None,
) -> Exported:
    """Writes all rows and files of one moment. `confidential` says that the archive is encrypted, on purpose.

    Others work on meanwhile. Its record is written afterwards, and is the one thing that is not in it.
    """
    require(by, "export_newsroom")
    if confidential:
        require(by, "export_confidential")
    done = Exported()
    with snapshot():
        secrets = None if confidential else Secrets(at=at)
        files: dict[str, None] = {}
        for number, kind in enumerate(kinds(), start=1):
            progress(kind.name, number, len(kinds()))
            lines = map(_line, _hidden(_rows(kind, done), kind, files, secrets))
            done.rows[kind.name] = writing.add(f"rows/{kind.name}.jsonl", lines)
        for number, name in enumerate(files, start=1):
            progress("files", number, len(files))
            _add_file(writing, name, secrets, done)
        writing.add("erasures.jsonl", map(_line, _erasures()))
        if secrets:
            done.pseudonyms, done.left = secrets.pseudonyms, sorted(secrets.left)
        newsroom = Newsroom.objects.current()
        writing.finish(
            {
                "schema": schema(),
                "kind": "confidential" if confidential else "plain",
                "made_at": at,
                "newsroom": newsroom.name,
                "rows": done.rows,
                "missing": done.missing,
                "pseudonyms": done.pseudonyms,
            }
        )
    with transaction.atomic():
        after = {
            "kind": "confidential" if confidential else "plain",
            "rows": done.rows,
            "files": done.files,
            "pseudonyms": len(done.pseudonyms),
        }
        record("newsroom.export", by=by, at=at, objects=[newsroom] if newsroom.pk else [], after=after)
    return done


@contextmanager
def snapshot() -> Iterator[None]:
    """One moment for all that is read in it, and nobody who writes has to wait.

    Inside another transaction it is that one's moment.
    """
    if connection.in_atomic_block:
        yield
        return
    mode = getattr(connection, "transaction_mode", None)
    if connection.vendor == "sqlite":
        # Immediate, as the site's transactions are, it would hold up every writer.
        connection.transaction_mode = "DEFERRED"
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = mode


def _rows(kind: Kind, done: Exported) -> Iterator[Row]:
    """The rows in the order in which they came: it decides between those of one moment. People by name."""
    paths = [column.path for column in kind.columns]
    loose = [(number, column.field.attname) for number, column in enumerate(kind.columns) if column.loose]
    found = kind.model._base_manager.order_by("pk")
    values = found.values_list("pk", *paths, *(attname for _number, attname in loose))
    rows = values.iterator(chunk_size=PORTION)
    if kind.is_named:
        rows = iter(sorted(rows, key=lambda row: row[1 + paths.index(known_by(kind.model))]))
    names = [column.name for column in kind.columns]
    for some in _portions(rows):
        many = {field.name: _many(field, [row[0] for row in some]) for field in kind.many}
        for row in some:
            for place, (number, _attname) in enumerate(loose):
                done.gone += row[1 + number] is None and row[1 + len(names) + place] is not None
            said = dict(zip(names, row[1:], strict=False))
            for name, led_to in many.items():
                said[name] = led_to[row[0]]
            yield said


def _many(field: models.ManyToManyField, keys: list[int]) -> dict[int, list[str]]:
    through = field.remote_field.through
    owner, to = field.m2m_column_name(), field.m2m_reverse_field_name()
    there = through._base_manager.filter(**{f"{owner}__in": keys}).order_by("pk")
    led_to: dict[int, list[str]] = defaultdict(list)
    if field.related_model is Permission:
        parts = (f"{to}__content_type__app_label", f"{to}__content_type__model", f"{to}__codename")
        for key, *named in there.values_list(owner, *parts):
            led_to[key].append(permission_name(*named))
    else:
        for key, name in there.values_list(owner, f"{to}__{known_by(field.related_model)}"):
            led_to[key].append(str(name))
    if field.related_model is Permission or field.related_model._meta.app_label == "auth":
        for names in led_to.values():
            names.sort()
    return led_to


def _hidden(
    rows: Iterator[Row], kind: Kind, files: dict[str, None], secrets: Secrets | None
) -> Iterator[Row]:
    for row in rows:
        for name in kind.files:
            if row[name]:
                files[row[name]] = None
        if secrets is not None:
            row = secrets.hidden(kind.name, row)
        yield row


def _line(row: Row) -> bytes:
    return orjson.dumps(row, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def _add_file(writing: Writing, name: str, secrets: Secrets | None, done: Exported) -> None:
    try:
        opened = default_storage.open(name)
    except FileNotFoundError:
        done.missing.append(name)
        return
    with opened as file:
        if secrets is not None and secrets.any:
            secrets.see_file(name, file.read())
            file.seek(0)
        writing.add(f"files/{name}", iter(lambda: file.read(PIECE), b""))
        done.files += 1


def _erasures() -> Iterator[Row]:
    """The list that is kept outside, and what the database knows beside it."""
    listed = erasures.listed(settings.ERASURES_FILE)
    yield from listed
    known = {one["uuid"] for one in listed}
    for erasure in Erasure.objects.select_related("by").order_by("at", "pk"):
        if str(erasure.uuid) not in known:
            yield entry(erasure)


def _portions(rows: Iterator[Any]) -> Iterator[list[Any]]:
    some: list[Any] = []
    for row in rows:
        some.append(row)
        if len(some) == PORTION:
            yield some
            some = []
    if some:
        yield some
