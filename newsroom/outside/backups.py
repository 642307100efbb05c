"""The folder of backups: their names, one maker at a time, which ones are kept, and when one was last tried.

The folder itself is what is known of backups: a record elsewhere would go on saying that there is one after
somebody deleted it.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

_NAME = re.compile(r"controluce-(\d{8}T\d{6}Z)\.backup")
_MOMENT = "%Y%m%dT%H%M%SZ"
_DRILL = "drill.json"


class Busy(Exception):
    """Another one is being made."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup that is there, and when it was begun."""

    path: Path
    at: datetime

    @property
    def size(self) -> int:
        return self.path.stat().st_size


def kept(folder: Path) -> list[Kept]:
    """All that are there, the newest first."""
    found = []
    for path in folder.glob("controluce-*.backup"):
        if matched := _NAME.fullmatch(path.name):
            found.append(Kept(path, datetime.strptime(matched[1], _MOMENT).replace(tzinfo=UTC)))
    return sorted(found, key=lambda one: one.at, reverse=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else makes one meanwhile, nor after a crash is anybody kept waiting. Raises Busy."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        # What a killed one left is in nobody's hands now.
        for left in folder.glob(".making-*"):
            left.unlink()
        for left in folder.glob(".drill-*"):
            shutil.rmtree(left)
        yield


@contextmanager
def place_of_drill(folder: Path) -> Iterator[Path]:
    """A folder that nobody else reads, gone afterwards: what is in it is not encrypted."""
    place = Path(tempfile.mkdtemp(dir=folder, prefix=".drill-"))
    try:
        yield place
    finally:
        shutil.rmtree(place)


@contextmanager
def appearing(folder: Path, at: datetime) -> Iterator[BinaryIO]:
    """A file to write to, which stands in the folder under its name once all of it is on the disk."""
    place = folder / f"controluce-{at.astimezone(UTC).strftime(_MOMENT)}.backup"
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".making-", delete=False) as file:
        try:
            yield cast(BinaryIO, file)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            Path(file.name).unlink()
            raise
    os.replace(file.name, place)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def superfluous(there: list[Kept], *, days: int, weeks: int, months: int) -> list[Kept]:
    """Those that are none of the newest of the last so many days, weeks and months that have one.

    The newest of all always stays. `there` has the newest first.
    """
    stay = {one.path for one in there[:1]}
    periods: list[tuple[int, Callable[[datetime], Any]]] = [
        (days, datetime.date),
        (weeks, lambda at: at.isocalendar()[:2]),
        (months, lambda at: (at.year, at.month)),
    ]
    for number, period in periods:
        newest: dict[Any, Path] = {}
        for one in there:
            newest.setdefault(period(one.at), one.path)
        stay.update(list(newest.values())[:number])
    return [one for one in there if one.path not in stay]


def note_drill(folder: Path, about: dict[str, Any]) -> None:
    """Keeps when a backup was restored on trial, and what was found."""
    with tempfile.NamedTemporaryFile(
        "w", dir=folder, prefix=".making-", delete=False, encoding="utf-8"
    ) as file:
        json.dump(about, file)
    os.replace(file.name, folder / _DRILL)


def last_drill(folder: Path) -> dict[str, Any] | None:
    """`at` as a moment, `backup`, `rows`, `files`, `seconds`; None if there never was one."""
    try:
        about = json.loads((folder / _DRILL).read_text(encoding="utf-8"))
        return {**about, "at": datetime.fromisoformat(about["at"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None
