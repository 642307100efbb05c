"""Visits through the WSGI door, in this process: what a server would call, and nothing around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory

_handler = WSGIHandler()


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def get(address: str, *, compressed: bool = False) -> Answer:
    """The answer to a reader without a cookie."""
    return of(address, compressed=compressed)()


def of(address: str, *, compressed: bool = False) -> Callable[[], Answer]:
    """A visit that can be repeated, each time whole: the response is read and closed as a server does.

    With `compressed` the answer is asked for as a browser asks for it.
    """
    accepted = {"HTTP_ACCEPT_ENCODING": "gzip"} if compressed else {}
    environ = RequestFactory(SERVER_NAME="127.0.0.1").get(address, **accepted).environ

    def send() -> Answer:
        started: list[tuple[str, list[tuple[str, str]]]] = []
        response = _handler(dict(environ), lambda status, headers, *_: started.append((status, headers)))
        body = b"".join(response)
        response.close()
        status, headers = started[0]
        return Answer(int(status.split()[0]), dict(headers), body)

    return send


def queries_of(work: Callable[[], object]) -> int:
    """How many statements it sends to the database."""
    sent: list[str] = []

    def count(execute, sql, params, many, context):
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        work()
    return len(sent)
