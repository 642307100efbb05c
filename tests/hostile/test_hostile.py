"""Ten thousand requests that nobody who means well sends: no page breaks, nothing inside is told.

They go through the whole stack as a server calls it, signed in and not. `make test` sends one portion of
them, `make test-long` all.
"""

from __future__ import annotations

import logging
import re
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from newsroom.models import User
from tests.hostile.requests import Chance, Sent
from tests.samples import sampled
from tests.test_canaries import CANARY, addresses, plant, planted

pytestmark = [pytest.mark.once, pytest.mark.django_db]

SignedIn = Callable[[User], Client]

#: Portions, and requests in each.
PORTIONS, NUMBER = range(20), 500
#: Seconds of this thread that one may take; waiting for others on a busy machine is not among them.
LONGEST = 20
#: What only a page of errors for developers says, or a database.
INSIDE = re.compile(
    rb"Traceback \(most recent|DJANGO_SETTINGS_MODULE|site-packages|psycopg|sqlite3\.|OperationalError"
    rb"|SELECT .{1,80} FROM \"?newsroom_|You're seeing this error because"
)
SECRETS = re.compile("|".join(sorted(planted()["confidential"])).encode())
FOR_THE_DESK = re.compile(CANARY.pattern.encode())


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


@pytest.fixture
def site() -> WSGIHandler:
    """The stack as a server calls it."""
    return WSGIHandler()


def answer(site: WSGIHandler, sent: Sent) -> Answer:
    """The connection stays the test's own, as with Django's client."""
    told: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        told.update(status=int(status.split()[0]), headers=headers)

    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        response = site(sent.environ(), start)
        try:
            body = b"".join(response)
        finally:
            response.close()
    finally:
        for signal in signals:
            signal.connect(close_old_connections)
    return Answer(told["status"], told["headers"], body)


def somewhere(namespaces: tuple[str, ...]) -> list[str]:
    """An address of each kind, in both languages where there are two."""
    found = [address for namespace in namespaces for address in addresses(namespace, "hostile")]
    return found + [f"/en{address}" for address in found[::7]]


@pytest.mark.parametrize("portion", sampled(PORTIONS, 1, of="hostile"))
def test_nothing_hostile_breaks_a_page_or_tells_what_is_inside(
    portion: int,
    site: WSGIHandler,
    signed_in: SignedIn,
    editor: User,
    checker: User,
    reporter: User,
    caplog: pytest.LogCaptureFixture,
) -> None:
    plant(signed_in(editor))
    places = somewhere(("reader", "data", "", "desk", "admin"))
    chance = Chance(portion, places)
    people = {
        "nobody": (None, ""),
        **{user.username: _cookies(signed_in(user)) for user in (reporter, checker)},
    }
    people["editor"] = _cookies(signed_in(editor))
    faults: list[str] = []
    statuses: dict[int, int] = {}
    caplog.set_level(logging.ERROR)
    for number in range(NUMBER):
        who = chance.random.choice(["nobody", "nobody", *people])
        cookies, token = people[who]
        sent = chance.request(number, cookies, token)
        caplog.clear()
        begun = time.thread_time()
        try:
            got = answer(site, sent)
        except Exception as error:
            faults.append(f"{who} {sent}: {''.join(traceback.format_exception(error))[-600:]}")
            continue
        statuses[got.status] = statuses.get(got.status, 0) + 1
        faults += [f"{who} {sent}: {fault}" for fault in wrong(who, sent, got, time.thread_time() - begun)]
        faults += [f"{who} {sent}: logged {record.getMessage()}" for record in caplog.records if ours(record)]
    assert not faults, "\n".join([f"{len(faults)} of {NUMBER}, {statuses}", *told(faults)])
    # They reach what they are sent to: they are not all turned away at the door.
    assert statuses.get(200, 0) > NUMBER / 50 and len(statuses) > 6


def told(faults: list[str]) -> list[str]:
    return [f"{fault[:300]} … {fault[-700:]}" for fault in faults]


def ours(record: logging.LogRecord) -> bool:
    """Django logs as an error what it refuses with 400, a host that is not ours; and oEmbed's 501."""
    return not record.name.startswith("django.security.") and getattr(record, "status_code", 0) != 501


def wrong(who: str, sent: Sent, got: Answer, seconds: float) -> Iterator[str]:
    # 501 is oEmbed's answer to a format that is not ours.
    if got.status >= 500 and (got.status, sent.path.strip(b"/")[:6]) != (501, b"oembed"):
        yield f"status {got.status}"
    if INSIDE.search(got.body):
        yield f"tells {INSIDE.search(got.body)!r}"
    if any("\r" in value or "\n" in value for _name, value in got.headers):
        yield "a header with an end of line"
    if who == "nobody" and FOR_THE_DESK.search(got.body):
        yield "tells a reader what is the desk's"
    if who in ("reporter", "checker") and SECRETS.search(got.body):
        yield "tells a confidential source"
    if seconds > LONGEST:
        yield f"took {seconds:.0f} s"


def _cookies(client: Client) -> tuple[str, str]:
    client.get("/desk/me/")
    token = client.cookies["csrftoken"].value
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()), token


def test_the_same_seed_makes_the_same_requests() -> None:
    made = [[Chance(7, ["/", "/claims/"]).request(number) for number in range(30)] for _each in range(2)]
    assert made[0] == made[1]
    assert made[0] != [Chance(8, ["/", "/claims/"]).request(number) for number in range(30)]


def test_a_fault_is_seen(site: WSGIHandler) -> None:
    """What is looked for would be found."""
    sent = Chance(1, ["/"]).request(0)
    secret = next(iter(planted()["confidential"])).encode()
    got = Answer(500, [("A", "b\r\nc")], b"Traceback (most recent call last)" + secret)
    assert len(list(wrong("nobody", sent, got, 99))) == 5
    assert "tells a confidential source" in list(wrong("checker", sent, got, 0))
