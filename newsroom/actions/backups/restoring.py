"""Puts a backup into a database that is empty: all of it, proved afterwards, or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO, Protocol

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from newsroom.actions.erasure.redacting import key_name
from newsroom.actions.erasure.replaying import replay
from newsroom.actions.with_files import whole
from newsroom.models import SearchDebt, User
from newsroom.outside import erasures

from .tables import PORTION, WRITTEN_BY_MIGRATE, columns, lines, tables, write

PIECE = 1024 * 1024

Progress = Callable[[str, int, int], None]
Row = dict[str, Any]


class BadBackup(Exception):
    """Why it cannot be restored here, as a sentence."""


class Backup(Protocol):
    """Where it comes from, proved already: `formats/newsroom_archive.py`."""

    about: Row
    members: dict[str, tuple[str, int]]

    def rows(self, name: str) -> Iterator[tuple[int, Row]]: ...

    def opened_file(self, name: str) -> BinaryIO: ...

    @property
    def files(self) -> list[str]: ...


@dataclass
class Restored:
    """What was put back and compared; `replayed` counts the places that were erased again."""

    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    missing: list[str] = field(default_factory=list)
    erasures: int = 0
    replayed: int = 0


def in_the_way() -> dict[str, int]:
    """The tables that have rows which `migrate` did not write, with how many."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    counted = {
        name: model._base_manager.count()
        for name, model in tables().items()
        if name in there and name not in WRITTEN_BY_MIGRATE
    }
    return {name: number for name, number in counted.items() if number}


def forgotten(backup: Backup) -> list[Row]:
    """The erasures that the backup does not know of: their words are in it and have to go again."""
    known = {row["uuid"] for _number, row in backup.rows("newsroom_erasure")}
    return [entry for entry in erasures.listed(settings.ERASURES_FILE) if entry["uuid"] not in known]


def restore(
    backup: Backup,
    *,
    at: datetime,
    erased_by: str = "",
    progress: Progress = lambda _name, _number, _of: None,
) -> Restored:
    """Stores all rows and files in one transaction, compares them with the backup's own hashes, erases again.

    The database has its tables and nothing else. `erased_by` is the name of the account in the backup that
    erases again what was erased since; it is needed if anything was.
    """
    fits(backup)
    done = Restored(missing=backup.about.get("missing") or [])
    entries = forgotten(backup)
    if any(entry["key"] != key_name() for entry in entries):
        raise BadBackup("Words were erased since, with another key: set CONTROLUCE_ERASURE_KEY to that one.")
    if entries and not erased_by:
        raise BadBackup(
            f"{len(entries)} erasures are newer than it: name by --by the account that erases them again."
        )
    with whole() as written:
        if found := in_the_way():
            said = ", ".join(f"{name} ({number})" for name, number in found.items())
            raise BadBackup(f"This database is not empty: {said}.")
        _empty_what_migrate_wrote()
        every = tables()
        for number, (name, model) in enumerate(every.items(), start=1):
            progress(name, number, len(every))
            _store(backup, name, model)
        # Each row owed the search an entry, and the entries came along.
        SearchDebt.objects.all().delete()
        _count_on()
        for number, name in enumerate(backup.files, start=1):
            progress("files", number, len(backup.files))
            _put(backup, name, written)
        _compare(backup, done, progress)
        if entries:
            by = User.objects.filter(username=erased_by, is_active=True).first()
            if by is None:
                raise BadBackup(f"The backup has no account {erased_by}.")
            done.erasures, done.replayed = len(entries), replay(entries, by=by, at=at).total()
    return done


def fits(backup: Backup) -> None:
    """Refuses what another release made: to upgrade rows is what migrations are for."""
    made = {tuple(one) for one in backup.about.get("migrations") or []}
    ours = set(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)
    if newer := sorted(f"{app}.{name}" for app, name in made - ours):
        raise BadBackup(
            f"It was made by a newer release, which has {', '.join(newer[:3])}: restore it with that one."
        )
    if older := sorted(f"{app}.{name}" for app, name in ours - made):
        raise BadBackup(
            f"It was made by an older release, without {', '.join(older[:3])}: restore it with that one, "
            "then upgrade."
        )
    if odd := sorted(backup.about.get("rows", {}).keys() ^ tables().keys()):
        raise BadBackup(f"These tables are not both in it and in this release: {', '.join(odd)}.")


def _empty_what_migrate_wrote() -> None:
    with connection.cursor() as cursor:
        for name in WRITTEN_BY_MIGRATE:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")


def _store(backup: Backup, name: str, model: Any) -> None:
    expected = {field.attname for field in columns(model)}
    rows = backup.rows(name)
    while some := list(islice(rows, PORTION)):
        for number, row in some:
            if row.keys() != expected:
                odd = ", ".join(sorted(row.keys() ^ expected))
                raise BadBackup(f"{name}, line {number}: these columns are not those of this release: {odd}.")
        try:
            write(model, (row for _number, row in some))
        except (DatabaseError, ValueError, OverflowError) as refused:
            said = str(refused).splitlines()[0]
            raise BadBackup(f"{name}, lines {some[0][0]} to {some[-1][0]}: {said}") from refused


def _count_on() -> None:
    """New rows get numbers after those that are there; SQLite sees to it itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables().values())):
            cursor.execute(statement)


def _compare(backup: Backup, done: Restored, progress: Progress) -> None:
    """Reads again what was written: rows and hash of every table, hash of every file."""
    every = tables()
    for number, (name, model) in enumerate(every.items(), start=1):
        progress(f"comparing {name}", number, len(every))
        found, rows = hashlib.sha256(), 0
        for line in lines(model):
            found.update(line)
            rows += 1
        if rows != backup.about["rows"][name]:
            raise BadBackup(f"{name} has {rows} rows, and had {backup.about['rows'][name]}.")
        if found.hexdigest() != backup.members[f"rows/{name}.jsonl"][0]:
            raise BadBackup(f"{name} is not what it was: its hash is another.")
        done.rows[name] = rows
    for name in backup.files:
        if _hash_of_stored(name) != backup.members[f"files/{name}"][0]:
            raise BadBackup(f"{name} is not what it was: its hash is another.")
        done.files += 1


def _put(backup: Backup, name: str, written: list[str]) -> None:
    """A file that is there and the same was left by a run that was cut off; another one is somebody's."""
    if default_storage.exists(name):
        if _hash_of_stored(name) != backup.members[f"files/{name}"][0]:
            raise BadBackup(f"There is another file already: {name}. Restore into an empty folder.")
        return
    with backup.opened_file(name) as file:
        written.append(default_storage.save(name, File(file)))


def _hash_of_stored(name: str) -> str:
    with default_storage.open(name) as file:
        found = hashlib.sha256()
        while piece := file.read(PIECE):
            found.update(piece)
    return found.hexdigest()
