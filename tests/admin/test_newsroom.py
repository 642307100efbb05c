"""The newsroom says who may embed its cards."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from newsroom.models import Newsroom, User
from tests.admin.filling import save

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]


def address() -> str:
    return reverse("admin:newsroom_newsroom_change", args=[Newsroom.objects.get().pk])


@pytest.mark.parametrize(
    ("typed", "ancestors"),
    [
        ("*", ["*"]),
        ("", []),
        ("https://example.org", ["https://example.org"]),
        (
            "https://*.example.org\nhttp://localhost:8000",
            ["https://*.example.org", "http://localhost:8000"],
        ),
    ],
)
def test_the_admin_names_who_may_embed(
    typed: str, ancestors: list[str], editor: User, signed_in: SignedIn
) -> None:
    assert save(signed_in(editor), address(), embedders=typed).status_code == 302
    assert Newsroom.objects.get().frame_ancestors == ancestors


@pytest.mark.parametrize(
    "typed",
    [
        "example.org",
        "https://example.org/page",
        "https:",
        "'self'",
        "https://example.org; script-src *",
        "https://*",
        "data:",
    ],
)
def test_what_is_no_origin_is_refused(typed: str, editor: User, signed_in: SignedIn) -> None:
    answer = save(signed_in(editor), address(), embedders=typed)
    assert answer.status_code == 422
    assert "non è un indirizzo come https://example.org" in answer.content.decode()
    assert Newsroom.objects.get().embedders == "*"
