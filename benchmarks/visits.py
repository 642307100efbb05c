"""Visits through the WSGI door, in this process: what a server would call, and nothing around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from importlib import import_module
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory

from newsroom.models import User

_handler = WSGIHandler()


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def get(address: str, *, compressed: bool = False) -> Answer:
    """The answer to a reader without a cookie."""
    return of(address, compressed=compressed)()


def of(
    address: str, *, compressed: bool = False, headers: dict[str, str] | None = None
) -> Callable[[], Answer]:
    """A visit that can be repeated, each time whole: the response is read and closed as a server does.

    With `compressed` the answer is asked for as a browser asks for it.
    """
    accepted = {"HTTP_ACCEPT_ENCODING": "gzip"} if compressed else {}
    environ = RequestFactory(SERVER_NAME="127.0.0.1").get(address, **accepted, **(headers or {})).environ

    return lambda: _send(dict(environ))


def sent(environ: dict[str, Any]) -> Callable[[], Answer]:
    """A form that is sent again and again."""
    body = environ["wsgi.input"].read()

    def send() -> Answer:
        return _send(environ | {"wsgi.input": BytesIO(body)})

    return send


class Desk:
    """Somebody who is signed in, with the cookies of a browser and the headers of htmx."""

    def __init__(self, user: User) -> None:
        self.user = user
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        token = "0" * 32
        cookies = {settings.SESSION_COOKIE_NAME: session.session_key, settings.CSRF_COOKIE_NAME: token}
        self._requests = RequestFactory(
            SERVER_NAME="127.0.0.1",
            HTTP_COOKIE="; ".join(f"{name}={value}" for name, value in cookies.items()),
            HTTP_X_CSRFTOKEN=token,
        )

    def visit(self, address: str) -> Callable[[], Answer]:
        """A page for this person, as `of` makes one for readers."""
        environ = self._requests.get(address).environ
        return lambda: _send(dict(environ))

    def post(self, address: str, data: dict[str, Any]) -> Answer:
        """The answer to a form; one that is not taken is an error of the benchmark."""
        answer = _send(self._requests.post(address, data, HTTP_HX_REQUEST="true").environ)
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"{address} answered {answer.status}: {answer.body.decode()[:500]}")
        return answer


def _send(environ: dict[str, Any]) -> Answer:
    started: list[tuple[str, list[tuple[str, str]]]] = []
    response = _handler(environ, lambda status, headers, *_: started.append((status, headers)))
    body = b"".join(response)
    response.close()
    status, headers = started[0]
    return Answer(int(status.split()[0]), dict(headers), body)


def queries_of(work: Callable[[], object]) -> int:
    """How many statements it sends to the database."""
    sent: list[str] = []

    def count(execute, sql, params, many, context):
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        work()
    return len(sent)
