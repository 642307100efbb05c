"""PostgreSQL replicas: which of them may be read, and who may read them.

A replica follows the primary a moment behind. Three things can go wrong with that. Somebody writes, reads,
and does not find what they wrote: so whoever wrote carries how far the primary's log had come by then (an
LSN), and reads a replica only if that has replayed as much; a number of seconds would be a guess. A replica
falls behind, or its connection to the primary is gone and it knows nothing of that: so the primary is asked
how far it is as well, by the first request of each second, and a replica that is behind by more than
`REPLICA_LAG` seconds is left alone. And one may die between that look and the query: then the view is asked
again, with the primary (`newsroom.middleware.ReadsFromReplicas`).

Nobody reads a replica unless a request was told to, and nothing within a transaction does: a deed reads what
it locks. What writes always goes to the primary, and from then on its request reads there too.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import count
from threading import Lock
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.utils.translation import gettext_noop

PRIMARY, PREFIX = "default", "replica-"
#: Seconds for which a look at a replica holds; for which one that did not answer is not asked again; and
#: after which nobody goes by what was seen last, while somebody still looks.
FRESH, AWAY, STUCK = 1.0, 10.0, 5.0

#: Why one is not read, in words for whoever runs the machine.
UNSEEN = gettext_noop("nobody looked yet")
SILENT = gettext_noop("it does not answer")
NO_REPLICA = gettext_noop("it follows no primary")
LATE = gettext_noop("it is too far behind")

logger = logging.getLogger("newsroom.replicas")


@dataclass(slots=True)
class Reads:
    """Where one request reads (the primary if `alias` is empty), and whether it wrote."""

    alias: str = ""
    wrote: bool = False


_reads: ContextVar[Reads | None] = ContextVar("reads", default=None)


@contextmanager
def reading() -> Iterator[Reads]:
    """What is read and written within this is of one request, which begins at the primary."""
    token = _reads.set(reads := Reads())
    try:
        yield reads
    finally:
        _reads.reset(token)


class Router:
    """Django's database router: see above."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        reads = _reads.get()
        if reads is None or not reads.alias or reads.wrote or connections[PRIMARY].in_atomic_block:
            return PRIMARY
        return reads.alias

    def db_for_write(self, model: Any, **hints: Any) -> str:
        if (reads := _reads.get()) is not None:
            reads.wrote = True
        return PRIMARY

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """They are all of one database, wherever they were read."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db.startswith(PREFIX) else None


# How far each has come


@dataclass(slots=True)
class Replica:
    alias: str
    looked_at: float = -AWAY
    #: How far it has replayed the log of the primary, and how many seconds it is behind; None is unknown.
    position: int = 0
    behind: float | None = None
    why_not: str = UNSEEN
    looking: Lock = field(default_factory=Lock)

    @property
    def is_usable(self) -> bool:
        return not self.why_not


_known: dict[str, Replica] = {}
_turns = count()


def aliases() -> list[str]:
    return [alias for alias in connections if alias.startswith(PREFIX)]


def fit(*, after: int = 0) -> str:
    """One of the replicas that may be read and have come at least so far, by turns; "" if there is none."""
    fit = [
        one.alias
        for one in looked_at()
        if one.is_usable and one.position >= after and monotonic() - one.looked_at < STUCK
    ]
    return fit[next(_turns) % len(fit)] if fit else ""


def looked_at() -> list[Replica]:
    """All of them, as they are or were a second ago."""
    replicas = [_known.setdefault(alias, Replica(alias)) for alias in aliases()]
    for replica in replicas:
        age = monotonic() - replica.looked_at
        if age < (FRESH if replica.is_usable or replica.behind is not None else AWAY):
            continue
        # One looks; meanwhile the others go by what is known, unless that takes too long.
        if replica.looking.acquire(blocking=False):
            try:
                _look(replica)
            finally:
                replica.looking.release()
    return replicas


def lost(alias: str) -> None:
    """It did not answer a query: its connection is given up, and the next to read looks at it anew."""
    connections[alias].close()
    if (replica := _known.get(alias)) is not None:
        replica.looked_at = -AWAY


def forget() -> None:
    """Nothing is known of any, as when the process began."""
    _known.clear()


def position() -> int:
    """How far the primary's log has come by now: what was committed before is in it."""
    return _number(_ask(PRIMARY, "SELECT pg_current_wal_insert_lsn()::text")[0])


def _look(replica: Replica) -> None:
    try:
        # The primary first: a replica that is as far as that is not behind.
        there, clock = _ask(
            PRIMARY, "SELECT pg_current_wal_flush_lsn()::text, extract(epoch FROM clock_timestamp())"
        )
        follows, here, committed = _ask(
            replica.alias,
            "SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn()::text, "
            "extract(epoch FROM pg_last_xact_replay_timestamp())",
        )
    except (DatabaseError, InterfaceError):
        # What the fault says is not repeated: its words name the place and the account.
        connections[replica.alias].close()
        replica.behind = None
        _say(replica, SILENT)
        return
    finally:
        replica.looked_at = monotonic()
    if not follows or here is None:
        replica.behind = None
        _say(replica, NO_REPLICA)
        return
    replica.position = _number(here)
    if replica.position >= _number(there):
        replica.behind = 0.0
    else:
        # Since what it showed last was committed, by the clock of the primary: at least as long as it is
        # behind, and much longer after a pause in which nobody wrote, which the next second shows.
        replica.behind = float("inf") if committed is None else max(0.0, float(clock) - float(committed))
    _say(replica, LATE if replica.behind > settings.REPLICA_LAG else "")


def _say(replica: Replica, why_not: str) -> None:
    """Once for each change, not for each request. That nobody looked yet is none."""
    before, replica.why_not = replica.why_not, why_not
    if why_not and why_not != before:
        logger.warning("Readers are given the primary instead of %s: %s.", replica.alias, why_not)
    elif before and not why_not and before != UNSEEN:
        logger.warning("Readers are given %s again.", replica.alias)


def _ask(alias: str, query: str) -> Any:
    with connections[alias].cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()


def _number(lsn: str) -> int:
    """A place in the log as a number; PostgreSQL writes its two halves in hexadecimal."""
    high, _, low = lsn.partition("/")
    return (int(high, 16) << 32) + int(low, 16)
