"""What is written to the log, as lines of JSON: which request, which page, how long; nobody's name or words.

A message is logged as it stands in the code, without what was filled into it, and an error by its kind and by
the lines of code that it came through: the words of an error may be those of a row, and a log is read by
people, and kept by services, who may not read the rows.
"""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

#: The request that is being answered, here and in whatever is called for it.
request_id: ContextVar[str] = ContextVar("request_id", default="")

_FIELDS = ("route", "method", "status", "ms", "bytes", "queries", "sql", "status_code")
_SOUND = re.compile(r"[A-Za-z0-9._-]{8,64}")
#: What the database is asked, as far as it is shown: its parameters never are.
_LONGEST = 2_000

slow = logging.getLogger("newsroom.slow")


def sound_id(given: str) -> str:
    """The id that a proxy gave, if it looks like one; else one of our own."""
    return given if _SOUND.fullmatch(given) else uuid4().hex


#: Addresses that open something by themselves (ADR 134): up to what is secret.
_PRIVATE = re.compile(r"(/(?:flags|replies|following)/)[^/\s]+")


class WithRequest(logging.Filter):
    """Gives each line the id of its request, and masks what is secret in an address."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get() or "-"
        if isinstance(record.args, tuple):
            record.args = tuple(_masked(value) for value in record.args)
        return True


def _masked(value: object) -> object:
    return _PRIVATE.sub(r"\1…", value) if isinstance(value, str) else value


class JsonLines(logging.Formatter):
    """A line of JSON for each record."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": str(record.msg),
        }
        if asked := request_id.get():
            line["request_id"] = asked
        line |= {name: record.__dict__[name] for name in _FIELDS if name in record.__dict__}
        if record.exc_info and (kind := record.exc_info[0]):
            frames = traceback.extract_tb(record.exc_info[2])
            line["error"] = f"{kind.__module__}.{kind.__qualname__}"
            line["through"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line, ensure_ascii=False, default=str)


class SlowQueries:
    """Around every query of a connection: those that take longer than so many milliseconds are logged."""

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took = round((time.perf_counter() - begun) * 1000)
            if took >= self.milliseconds:
                slow.warning("slow query", extra={"ms": took, "sql": str(sql)[:_LONGEST]})
