"""Takes every table and every stored file as they are at one moment, while others write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from newsroom.actions.archiving.exporting import snapshot

from .tables import files, lines, tables

PIECE = 1024 * 1024

Progress = Callable[[str, int, int], None]


class Writing(Protocol):
    """Where it goes: `formats/newsroom_archive.py`."""

    def add(self, name: str, pieces: Iterable[bytes]) -> int: ...

    def finish(self, about: dict[str, Any]) -> None: ...


@dataclass
class Taken:
    """What was taken: rows of each table, files, and files that rows lead to and that are not there."""

    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    missing: list[str] = field(default_factory=list)


def take(writing: Writing, *, at: datetime, progress: Progress = lambda _name, _number, _of: None) -> Taken:
    """Writes it all, with a hash of each table and each file. Whoever writes meanwhile does not wait.

    It must not be called within a transaction, whose own moment it would take.
    """
    done = Taken()
    with snapshot():
        every = tables()
        for number, (name, model) in enumerate(every.items(), start=1):
            progress(name, number, len(every))
            done.rows[name] = writing.add(f"rows/{name}.jsonl", lines(model))
        stored = list(files())
        applied = sorted(MigrationRecorder.Migration.objects.values_list("app", "name"))
    for number, name in enumerate(stored, start=1):
        progress("files", number, len(stored))
        # A file never changes; it may go, with its row or without.
        try:
            opened = default_storage.open(name)
        except FileNotFoundError:
            done.missing.append(name)
            continue
        with opened as file:
            writing.add(f"files/{name}", _pieces(file))
            done.files += 1
    writing.finish(
        {
            "made_at": at,
            "database": connection.vendor,
            "migrations": [list(one) for one in applied],
            "rows": done.rows,
            "missing": done.missing,
        }
    )
    return done


def _pieces(file: Any) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece
