"""The list of erasures outside the database: what a backup that is restored does not know any more.

One line of JSON for each erasure: who, when, why and keyed hashes, never the words. It belongs beside the key
and not into the backup that it has to outlive.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Entry = dict[str, Any]


class BrokenList(ValueError):
    """A line of the list is none of ours."""


def listed(path: Path) -> list[Entry]:
    """All that the list has; nothing where there is none yet."""
    if not path.exists():
        return []
    entries = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            entry = json.loads(line)
            entry["uuid"], entry["hashes"], entry["key"]
        except (ValueError, KeyError, TypeError):
            raise BrokenList(f"{path}, line {number}") from None
        entries.append(entry)
    return entries


def add(path: Path, entries: Iterable[Entry]) -> int:
    """Writes down those that are not there yet, and waits until they are on the disk; says how many."""
    known = {entry["uuid"] for entry in listed(path)}
    fresh = [entry for entry in entries if entry["uuid"] not in known]
    if not fresh:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in fresh)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())
    return len(fresh)
