"""A database that was away for a moment, restarted or replaced by its standby, is no verdict on a task."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from time import sleep
from typing import ParamSpec

from django.db import InterfaceError, OperationalError, close_old_connections, connection

#: Seconds after which it is looked for again, each time.
PAUSES = (1, 5, 15, 30, 60)
#: What a database that goes away, or is not there, is known by. One that refuses something says so as well.
AWAY = (OperationalError, InterfaceError)

P = ParamSpec("P")
logger = logging.getLogger(__name__)


def is_away() -> bool:
    """Whether a fault just now was that of a connection that is broken. It is asked within the handler."""
    return connection.connection is None or not connection.is_usable()


def tried_again(task: Callable[P, None]) -> Callable[P, None]:
    """Does the task anew once the database is there again. It must go on where it was, as all of ours do."""

    @wraps(task)
    def trying(*given: P.args, **named: P.kwargs) -> None:
        for pause in PAUSES:
            try:
                return task(*given, **named)
            except AWAY as fault:
                if not is_away():
                    raise
                logger.warning("The database was away: %s. Once more in %s s.", type(fault).__name__, pause)
            close_old_connections()
            sleep(pause)
        return task(*given, **named)

    return trying
