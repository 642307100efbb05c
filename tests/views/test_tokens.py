"""A program is who its token says, and an answer never tells how near a wrong one was."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils.timezone import localdate, now

from newsroom.models import ApiToken, User
from newsroom.views.tokens import BadToken, bearer, no_token
from tests.making import THEN, make_token, make_user

pytestmark = pytest.mark.django_db

SECRET = "ctl_" + "a" * 43


def asked(authorization: str = f"Bearer {SECRET}") -> HttpRequest:
    """A request without a session: whoever looked for one would fail."""
    headers = {"Authorization": authorization} if authorization else {}
    return RequestFactory().post("/", headers=headers)


def test_it_acts_as_its_person() -> None:
    token = make_token(SECRET)
    for sent in (f"Bearer {SECRET}", f"bearer  {SECRET} "):
        found = bearer(asked(sent))
        assert found == token and found.user == token.user


def test_without_a_token_there_is_no_body() -> None:
    answer = no_token(asked(""))
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert bearer(asked("")) is None


def bad() -> dict[str, tuple[str, dict]]:
    return {
        "unknown": ("Bearer ctl_" + "b" * 43, {}),
        "of another kind": ("Basic " + SECRET, {}),
        "empty": ("Bearer ", {}),
        "endless": ("Bearer " + "a" * 100_000, {}),
        "expired": ("", {"created_at": THEN, "expires_at": THEN + timedelta(days=1)}),
        "revoked": ("", {"revoked_at": THEN, "revoked_by": make_user()}),
        "of somebody who left": ("", {"user": make_user(is_staff=True, is_active=False)}),
        "of no member of staff": ("", {"user": make_user()}),
    }


@pytest.mark.parametrize(
    "name",
    ["unknown", "of another kind", "empty", "endless", "expired", "revoked", "of somebody who left",
     "of no member of staff"],
)  # fmt: skip
def test_a_bad_token_is_one_and_the_same_refusal(name: str) -> None:
    authorization, given = bad()[name]
    make_token(SECRET, **given)
    request = asked(authorization or f"Bearer {SECRET}")
    with pytest.raises(BadToken):
        bearer(request)
    answer = no_token(request)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')
    assert json.loads(answer.content)["detail"] == "A valid token is needed: Authorization: Bearer …"
    assert ApiToken.objects.get().last_used_on is None


def test_its_last_day_of_use_is_written_once_a_day(django_assert_num_queries) -> None:
    token = make_token(SECRET)
    with django_assert_num_queries(2):
        bearer(asked())
    token.refresh_from_db()
    assert token.last_used_on == localdate(now())
    with django_assert_num_queries(1):
        bearer(asked())


def test_a_token_that_expires_is_valid_until_then() -> None:
    at = datetime(2024, 6, 1, tzinfo=UTC)
    token = make_token(created_at=THEN, expires_at=at)
    assert ApiToken.objects.valid(at=at - timedelta(seconds=1)).get() == token
    assert not ApiToken.objects.valid(at=at).exists()


def test_a_token_tells_its_secret_to_nobody() -> None:
    token = make_token(SECRET)
    assert SECRET not in f"{token!r}{token}{token.digest}"
    assert not any(SECRET in str(value) for value in ApiToken.objects.values().get().values())
    assert isinstance(token.user, User)
