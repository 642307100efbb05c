"""The deed: words are taken out of all that is kept, in one transaction."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from newsroom.actions.deeds import record
from newsroom.actions.learning import forget
from newsroom.actions.refusals import Overtaken, Refused, require
from newsroom.models import ConfidentialSource, Erasure, ErasurePass, User
from newsroom.models.search_entries import ENTRIES
from newsroom.models.searchable import pay_debts
from newsroom.outside import erasures
from newsroom.text.redaction import Forms, digest, redacted

from .changes import Change, Changes, Unseen, apply
from .columns import models_with_words

#: Among the shapes of words in what is kept of an erasure: a file.
FILE = "file"
#: For how many seconds the tables are asked for.
_PATIENCE = 20
#: How often one of them is, a fiftieth of a second apart, while others are in hand.
_ATTEMPTS = 50


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an erasure would change, what it would leave to a person's eyes, and what stands against it."""

    changes: tuple[Change, ...]
    unseen: tuple[Unseen, ...]
    held: tuple[Change, ...]

    @property
    def seal(self) -> str:
        return seal(self.changes)


def foresee(words: Iterable[str], *, by: User) -> Foreseen:
    """Every place that an erasure of these words would change, none of them written."""
    require(by, "redact")
    changes = Changes(forms(words))
    return Foreseen(tuple(changes), tuple(changes.unseen), tuple(changes.held()))


def seal(changes: Iterable[Change]) -> str:
    """What a preview showed, in short: another seal is another preview.

    Keyed: who knows what was shown does not find out by it what was not.
    """
    said = sorted(f"{change.kind} {change.pk} {sorted(change.shown.items())}" for change in changes)
    return hmac.new(key(), "\n".join(said).encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def redact(
    words: Iterable[str],
    *,
    reason: str,
    by: User,
    at: datetime,
    seen: str | None = None,
    files: Iterable[str] = (),
) -> Erasure:
    """Replaces the words wherever they are kept, and writes down who did it, when and why, not what.

    `seen` is the seal of the preview that was looked at: if something else would change by now, `Overtaken`
    is raised and nothing is written. `files` are the hashes (SHA-256) of files that no program reads and a
    person marked: they go with the words. What could be done by halves alone is refused. It cannot be undone.
    """
    require(by, "redact")
    wanted = forms(words)
    if not reason.strip():
        raise Refused(_("Say why they are erased."), code="reason")
    keep_others_waiting()
    if any(Changes(wanted).held()):
        raise Refused(
            _("These words stand in a rating scale that is or was in force, and nothing was erased."),
            code="scale",
        )
    # Nobody else writes any more: what is looked at here is what is done. The preview knew of no marks.
    marked = frozenset(files)
    changes = list(Changes(wanted, marked))
    if seen is not None and seal(Changes(wanted) if marked else changes) != seen:
        raise Overtaken(_("Something has been written meanwhile: look at all places again."), code="outdated")
    erasure = Erasure.objects.create(
        by=by,
        at=at,
        reason=redacted(reason.strip(), wanted),
        hashes=wanted.hashed(key()) + hashed_files(marked),
    )
    places: Counter[str] = Counter()
    with files_kept_whole() as written:
        with passing():
            for change in changes:
                written += apply(change)
                if change.model is not ConfidentialSource:  # that a name was one is in no log
                    places.update(f"{change.kind}.{name}" for name in change.shown)
                forget_files(change)
        tidy_search()
        erasure.places = dict(sorted(places.items()))
        erasure.save(update_fields=["places"])
        after = {"reason": erasure.reason, "places": erasure.places}
        record("erasure.redact", by=by, at=at, objects=[erasure], after=after)
        forget(by=by, at=at)
    transaction.on_commit(write_list)
    return erasure


def forms(words: Iterable[str]) -> Forms:
    try:
        wanted = Forms.of(words)
    except ValueError as odd:
        raise Refused(
            _("“%(word)s” cannot be erased: a form has two characters at least, one a letter or a digit."),
            params={"word": str(odd)},
            code="words",
        ) from None
    if not wanted.words:
        raise Refused(_("Write the words that are to go, each form on a line."), code="words")
    return wanted


def hashed_files(marked: Iterable[str]) -> list[list[Any]]:
    """What may be kept of files that were marked: by it they are known in a backup that is restored."""
    return [[FILE, 0, digest(key(), FILE, sha256)] for sha256 in sorted(marked)]


class MarkedFiles:
    """Files of which keyed hashes of their hashes are known."""

    def __init__(self, kept: Iterable[str]) -> None:
        self._kept = frozenset(kept)

    def __contains__(self, sha256: object) -> bool:
        return bool(self._kept) and digest(key(), FILE, str(sha256)) in self._kept


def key() -> bytes:
    return settings.ERASURE_KEY.encode()


def key_name() -> str:
    """By what the list says which key its hashes were made with, and does not tell the key."""
    return hmac.new(key(), b"erasures", hashlib.sha256).hexdigest()[:16]


def entry(erasure: Erasure) -> dict[str, Any]:
    """What the list outside the database has of an erasure."""
    return {
        "uuid": str(erasure.uuid),
        "at": erasure.at.isoformat(),
        "by": erasure.by.get_username(),
        "reason": erasure.reason,
        "key": key_name(),
        "hashes": erasure.hashes,
    }


def write_list() -> int:
    """Brings the list outside the database up to what the database knows."""
    known = Erasure.objects.select_related("by").order_by("at", "pk")
    return erasures.add(settings.ERASURES_FILE, map(entry, known))


def keep_others_waiting() -> None:
    """Until the transaction ends nobody else writes: else a row could come in behind the one that looks.

    On SQLite there is one writer at a time anyway; there what is replaced is overwritten in the file at once.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA secure_delete = ON")
            return
    tables = [f'"{model._meta.db_table}"' for model, _fields in models_with_words()]
    end = monotonic() + _PATIENCE
    while monotonic() < end:
        try:
            # All or none: who holds some and waits for others meets somebody who does it the other way round.
            with transaction.atomic():
                for table in tables:
                    _take(table)
            return
        except _Held as held:
            _wait_for(held.table)
    raise Overtaken(_("Others are writing just now: try again in a moment."), code="busy")


class _Held(Exception):
    """Somebody else has this table."""

    def __init__(self, table: str) -> None:
        self.table = table


def _take(table: str) -> None:
    """Asks, and asks again for a moment, without queueing for it."""
    with connection.cursor() as cursor:
        for _attempt in range(_ATTEMPTS):
            try:
                with transaction.atomic():
                    cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE NOWAIT")
            except OperationalError:
                cursor.execute("SELECT pg_sleep(0.02)")
            else:
                return
    raise _Held(table)


def _wait_for(table: str) -> None:
    """Queues for one table with nothing in hand, and lets it go at once.

    An autovacuum gives way to who has queued longer than the server's `deadlock_timeout`, and to nobody else.
    """
    with suppress(OperationalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', '3s', true)")
        cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
        transaction.set_rollback(True)


@contextmanager
def passing() -> Iterator[None]:
    """Within it the triggers let words of revisions and deeds be replaced."""
    made = ErasurePass.objects.create(never_id=0)
    yield
    made.delete()


@contextmanager
def files_kept_whole() -> Iterator[list[str]]:
    """The names of files that are written go into the list that it gives: if anything fails, they go."""
    written: list[str] = []
    try:
        yield written
    except BaseException:
        for name in written:
            default_storage.delete(name)
        raise


def forget_files(change: Change) -> None:
    for name in change.gone:
        transaction.on_commit(partial(default_storage.delete, name))


def tidy_search() -> None:
    """The index of the search is made anew, since what it has forgotten may still lie in it."""
    pay_debts()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for kind in ENTRIES:
                index = f"{kind._meta.db_table}_index"
                cursor.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")
