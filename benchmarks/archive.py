"""A newsroom of a thousand articles with a hundred thousand annotations, out into one archive and in again.

The articles are those of `exchange.py`. Time is the processor's, of one core; out is from the first query to
the last byte of the zip, in is from proving it to the record of the import, the search made. Memory is what
Python has allocated at its peak above what was there before, at a hundred articles and at a thousand. What
comes in comes into a SQLite of its own that is empty.
"""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils.timezone import now

from newsroom.actions import archiving, importing
from newsroom.formats.newsroom_archive import Archive, Writer
from newsroom.models import User

from . import exchange

FEW = 100


def measure() -> dict[str, Any]:
    was = connection.settings_dict["NAME"]
    with TemporaryDirectory() as folder:
        try:
            return _measured(Path(folder))
        finally:
            connection.close()
            connection.settings_dict["NAME"] = was


def _measured(folder: Path) -> dict[str, Any]:
    few, many = folder / "few.zip", folder / "many.zip"
    user = _empty(folder / "full.sqlite3")
    _fill(user, 0, FEW)
    peaks_out = [_peak_out(user, few)]
    _fill(user, FEW, exchange.ARTICLES)
    begin = process_time()
    done = _export(user, many)
    out = process_time() - begin
    peaks_out.append(_peak_out(user, many))
    peaks_in = []
    for file in (few, many):
        user = _empty(folder / f"{file.stem}.sqlite3")
        tracemalloc.start()
        _restore(user, file)
        peaks_in.append(tracemalloc.get_traced_memory()[1] // 1024)
        tracemalloc.stop()
    user = _empty(folder / "in.sqlite3")
    begin = process_time()
    _restore(user, many)
    back = process_time() - begin
    rows = sum(done.rows.values())
    return {
        "rows": rows,
        "bytes": many.stat().st_size,
        "seconds": {"out": round(out, 2), "in": round(back, 2)},
        "rows_a_second": {"out": round(rows / out), "in": round(rows / back)},
        "peak_kib": {"out": peaks_out, "in": peaks_in},
    }


def _empty(database: Path) -> User:
    connection.close()
    connection.settings_dict["NAME"] = str(database)
    call_command("migrate", verbosity=0)
    call_command("sync_roles", verbosity=0)
    return User.objects.create_superuser(username="editor")


def _fill(user: User, first: int, last: int) -> None:
    importing.store(map(exchange._text, range(first, last)), by=user, at=now(), rights="ours")


def _export(user: User, file: Path) -> Any:
    with file.open("wb") as writing:
        return archiving.export(Writer(writing), by=user, at=now())


def _peak_out(user: User, file: Path) -> int:
    tracemalloc.start()
    _export(user, file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak // 1024


def _restore(user: User, file: Path) -> None:
    with file.open("rb") as reading:
        archiving.restore(Archive(reading, file.name), by=user, at=now())
