"""Who asks the API too often is told to wait, by address or by token, and nobody else is."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from newsroom.models import User
from newsroom.outside.counters import Counters
from newsroom.views import pacing
from newsroom.views.api.describing import description
from tests.making import make_token

pytestmark = pytest.mark.django_db

SECRET = "ctl_" + "p" * 43
PAGE = "/api/v1/claims"


@pytest.fixture(autouse=True)
def three_a_minute(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And the clock stands: at the twentieth second of a minute."""
    settings.PACES = settings.PACES | {"api": 3, "api_token": 5}
    monkeypatch.setattr(pacing, "time", lambda: 60_020.5)
    monkeypatch.setattr(pacing, "counters", Counters(tmp_path / "counters", key="tests"))


def asked(client: Client, **more: str) -> list[int]:
    return [client.get(PAGE, **more).status_code for _ in range(6)]


def test_the_fourth_in_a_minute_is_told_when_to_ask_again(client: Client) -> None:
    assert asked(client) == [200, 200, 200, 429, 429, 429]
    answer = client.get(PAGE)
    assert answer.headers["Retry-After"] == "40"
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]
    assert answer.json() == {
        "type": "about:blank",
        "title": "Too Many Requests",
        "status": 429,
        "detail": "Ask again in 40 seconds.",
    }


def test_with_the_next_minute_it_is_answered_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(client)
    monkeypatch.setattr(pacing, "time", lambda: 60_060.0)
    assert asked(client)[0] == 200


def test_another_address_and_a_browsers_question_beforehand_are_not_held_up(client: Client) -> None:
    asked(client)
    assert client.get(PAGE, REMOTE_ADDR="192.0.2.7").status_code == 200
    assert client.options(PAGE).status_code == 204


def test_a_token_is_counted_by_itself_wherever_it_is_used(client: Client, editor: User) -> None:
    make_token(SECRET, user=editor)
    asked(client)
    sent = {"HTTP_AUTHORIZATION": f"Bearer {SECRET}"}
    assert asked(client, **sent) == [200] * 5 + [429]
    assert client.get(PAGE, REMOTE_ADDR="192.0.2.7", **sent).status_code == 429


def test_a_wrong_token_counts_for_the_address(client: Client) -> None:
    assert asked(client, HTTP_AUTHORIZATION="Bearer ctl_no") == [401, 401, 401, 429, 429, 429]


def test_a_network_of_ipv6_is_one_address(client: Client) -> None:
    for number in range(3):
        client.get(PAGE, REMOTE_ADDR=f"2001:db8:1:2::{number}")
    assert client.get(PAGE, REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 429
    assert client.get(PAGE, REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


def test_behind_a_proxy_the_address_is_what_it_adds_and_not_what_is_claimed(
    client: Client, settings: Settings
) -> None:
    claimed = [{"HTTP_X_FORWARDED_FOR": f"10.0.0.{number}, 192.0.2.9"} for number in range(4)]
    settings.BEHIND_PROXY = True
    assert [client.get(PAGE, **one).status_code for one in claimed] == [200, 200, 200, 429]
    settings.BEHIND_PROXY = False
    assert [client.get(PAGE, **one).status_code for one in claimed] == [200, 200, 200, 429]


@pytest.mark.parametrize("address", ["", "not an address", "1.2.3.4\tx", "[::1]:80", "è" * 90])
def test_no_address_is_an_error(address: str, client: Client, settings: Settings) -> None:
    settings.BEHIND_PROXY = True
    assert client.get(PAGE, REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=address).status_code == 200


def test_none_is_as_often_as_one_likes(client: Client, settings: Settings) -> None:
    settings.PACES = settings.PACES | {"api": 0}
    assert asked(client) == [200] * 6


def test_every_operation_says_that_it_may_be_too_often() -> None:
    for operations in description()["paths"].values():
        for operation in operations.values():
            assert "Retry-After" in operation["responses"]["429"]["headers"]
