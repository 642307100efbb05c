"""A database that was away for a moment, restarted or replaced by its standby, is no verdict on a task."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from inspect import unwrap
from time import sleep
from typing import ParamSpec

from django.db import InterfaceError, InternalError, OperationalError, connection
from django_tasks.base import Task

#: Seconds after which it is looked for again, each time.
PAUSES = (1, 5, 15, 30, 60)
#: What a database that goes away, or is not there, is known by. One that refuses something says so as well.
AWAY = (OperationalError, InterfaceError, InternalError)
#: What a server says that stops, starts, lost the connection or ends it, or was the primary until now
#: (PostgreSQL, appendix A: classes 08 and 57P, idle_in_transaction_session_timeout, transaction_timeout,
#: read_only_sql_transaction).
_GONE = ("08", "57P", "25P03", "25P04", "25006")

P = ParamSpec("P")
logger = logging.getLogger(__name__)


def is_away(fault: Exception) -> bool:
    """Whether a fault just now was that of a connection that is broken, or to a server that was replaced."""
    if not isinstance(fault, AWAY):
        return False
    if connection.vendor == "postgresql":
        # By what it said, and nothing if it was not there: who handled it on the way may have connected anew.
        said = getattr(fault.__cause__, "sqlstate", None)
        return said is None or said.startswith(_GONE)
    return connection.connection is None


def at_once(task: Task) -> Callable[..., None]:
    """What it does, without waiting for a database that is away: somebody waits for an answer."""
    return unwrap(task.func)


def tried_again(task: Callable[P, None]) -> Callable[P, None]:
    """Does the task anew once the database is there again. It must go on where it was, as all of ours do."""

    @wraps(task)
    def trying(*given: P.args, **named: P.kwargs) -> None:
        for pause in PAUSES:
            try:
                return task(*given, **named)
            except AWAY as fault:
                if not is_away(fault):
                    raise
                logger.warning("The database was away: %s. Once more in %s s.", type(fault).__name__, pause)
            connection.close()
            sleep(pause)
        return task(*given, **named)

    return trying
