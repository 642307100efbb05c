"""After a backup was restored: what had been erased since is erased again, from keyed hashes alone.

Each step is a transaction of its own, and what is done already is found to be so: it can be interrupted at
any moment and started again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime

from newsroom.actions.deeds import record
from newsroom.actions.learning import forget
from newsroom.actions.refusals import require
from newsroom.models import ConfidentialSource, Erasure, User
from newsroom.text.redaction import Hashed

from .changes import Changes, apply
from .redacting import (
    FILE,
    MarkedFiles,
    files_kept_whole,
    forget_files,
    keep_others_waiting,
    key,
    passing,
    tidy_search,
    write_list,
)


def replay(
    entries: Iterable[dict[str, Any]],
    *,
    by: User,
    at: datetime,
    progress: Callable[[str, int, int], None] = lambda _name, _number, _of: None,
) -> Counter[str]:
    """Erases again what the entries of the list say; answers with how many places changed.

    `progress` is told the name of each step, which it is and of how many.
    """
    require(by, "redact")
    entries = list(entries)
    places: Counter[str] = Counter()
    hashes = [one for entry in entries for one in entry["hashes"]]
    wanted = Hashed(key(), (one for one in hashes if one[0] != FILE))
    steps = list(Changes(wanted, MarkedFiles(one[2] for one in hashes if one[0] == FILE)).steps())
    for number, (name, step) in enumerate(steps, start=1):
        with transaction.atomic(), files_kept_whole() as written, passing():
            keep_others_waiting()
            for change in step():
                written += apply(change)
                if change.model is not ConfidentialSource:  # that a name was one is in no log
                    places.update(f"{change.kind}.{field}" for field in change.shown)
                forget_files(change)
        progress(name, number, len(steps))
    with transaction.atomic():
        tidy_search()
        erasures = [_restored(entry, by=by) for entry in entries]
        after = {"places": dict(sorted(places.items()))}
        record("erasure.replay", by=by, at=at, objects=erasures, after=after)
        forget(by=by, at=at)
    write_list()
    return places


def _restored(entry: dict[str, Any], *, by: User) -> Erasure:
    """The record of an erasure that the backup does not know."""
    erased_by = User.objects.filter(username=entry["by"]).first() or by
    erasure, _created = Erasure.objects.get_or_create(
        uuid=entry["uuid"],
        defaults={
            "by": erased_by,
            "at": parse_datetime(entry["at"]),
            "reason": entry["reason"],
            "hashes": entry["hashes"],
        },
    )
    return erasure
