"""Tokens in the admin: an editor issues one, sees its secret once, and revokes it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from newsroom.models import ApiToken, Deed, User
from newsroom.models.token import digest_of
from tests.making import make_token, make_user

from .filling import filled, save

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]

ADD = "admin:newsroom_apitoken_add"
LIST = "admin:newsroom_apitoken_changelist"


def issued(client: Client, user: User, **given: object):
    page = reverse(ADD)
    fields = {"name": "Importatore", "user": str(user.pk), "scopes": ["read", "annotate"]} | given
    return client.post(page, filled(client.get(page)) | fields)


def test_the_secret_is_shown_once(editor: User, reporter: User, signed_in: SignedIn) -> None:
    client = signed_in(editor)
    answer = issued(client, reporter)
    [secret] = re.findall(r"ctl_[\w-]{43}", answer.content.decode())
    assert "no-store" in answer.headers["Cache-Control"]
    token = ApiToken.objects.with_secret(secret).get()
    assert (token.user, token.created_by, token.scopes) == (reporter, editor, ["read", "annotate"])
    pages = [reverse(LIST), reverse("admin:newsroom_apitoken_change", args=[token.pk]), reverse(ADD)]
    pages += [reverse("admin:index"), reverse("admin:newsroom_deed_changelist")]
    for page in pages:
        told = client.get(page).content.decode()
        assert secret not in told
        assert token.digest not in told
    deed = Deed.objects.get(verb="token.issue")
    assert secret not in f"{deed.before}{deed.after}{deed.objects_touched}"
    assert digest_of(secret) not in f"{deed.before}{deed.after}"


def test_a_token_may_no_more_than_who_issues_it(editor: User, signed_in: SignedIn) -> None:
    mighty = make_user(is_staff=True, is_superuser=True)
    answer = issued(signed_in(editor), mighty)
    assert answer.status_code == 422
    assert ApiToken.objects.count() == 0


def test_nor_acts_as_somebody_who_is_not_at_the_desk(editor: User, signed_in: SignedIn) -> None:
    assert issued(signed_in(editor), make_user()).status_code == 422
    assert issued(signed_in(editor), make_user(is_staff=True, is_active=False)).status_code == 422


@pytest.mark.parametrize(
    "given", [{"name": " "}, {"scopes": []}, {"expires_at_0": "2020-01-01", "expires_at_1": "12:00:00"}]
)
def test_a_token_without_name_or_scope_or_of_the_past_is_refused(
    editor: User, signed_in: SignedIn, given: dict[str, object]
) -> None:
    answer = issued(signed_in(editor), editor, **given)
    assert answer.status_code == 422
    assert b"errorlist" in answer.content
    assert ApiToken.objects.count() == 0


def test_it_is_revoked_once_and_never_changed(editor: User, signed_in: SignedIn) -> None:
    client, token = signed_in(editor), make_token()
    act = {"action": "revoke_selected", "_selected_action": token.pk}
    client.post(reverse(LIST), act)
    token.refresh_from_db()
    assert token.revoked_by == editor
    again = client.post(reverse(LIST), act, follow=True)
    assert "già stato revocato" in again.content.decode()
    change = reverse("admin:newsroom_apitoken_change", args=[token.pk])
    assert client.post(change, {"name": "Altro"}).status_code == 403


@pytest.mark.parametrize("who", ["reporter", "checker"])
def test_tokens_are_for_editors(who: str, request: pytest.FixtureRequest, signed_in: SignedIn) -> None:
    client = signed_in(request.getfixturevalue(who))
    assert client.get(reverse(LIST)).status_code == 403
    assert client.get(reverse(ADD)).status_code == 403


def test_a_form_that_is_incomplete_keeps_what_was_typed(editor: User, signed_in: SignedIn) -> None:
    answer = save(signed_in(editor), reverse(ADD), name="Importatore")
    assert answer.status_code == 422
    assert "Importatore" in answer.content.decode()
