"""Somebody leaves: in one deed they come in nowhere, and what was theirs to do is anybody's."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from newsroom.actions import people
from newsroom.actions.refusals import Refused
from newsroom.models import ApiToken, Assignment, Deed, Presence, User
from newsroom.presenters.desk import in_words
from tests.making import LATER, make_article, make_assignment, make_claim, make_token, make_user

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
SECRET = "ctl_" + "l" * 43
PASSWORD = "Una-parola-lunga-7"


@pytest.fixture
def chief(editor: User) -> User:
    """An editor who decides on people as well."""
    editor.user_permissions.add(Permission.objects.get(codename="change_user"))
    editor.user_permissions.add(Permission.objects.get(codename="view_user"))
    return User.objects.get(pk=editor.pk)


@pytest.fixture
def leaver(checker: User) -> User:
    checker.set_password(PASSWORD)
    checker.save()
    return checker


def comes_in(client: Client) -> bool:
    return client.get("/desk/").status_code == 200


def opens(client: Client, leaver: User) -> bool:
    """Whether the password does, on the page where one signs in."""
    client.post("/admin/login/", {"username": leaver.username, "password": PASSWORD})
    return comes_in(client)


def test_every_session_of_the_person_ends_and_no_other(
    signed_in: SignedIn, chief: User, leaver: User, reporter: User
) -> None:
    theirs, other = [signed_in(leaver), signed_in(leaver)], signed_in(reporter)
    left = people.end_access(leaver, by=chief, at=LATER)
    assert left.sessions == 2
    assert [comes_in(client) for client in (*theirs, other)] == [False, False, True]
    assert Session.objects.count() == 1


def test_neither_password_nor_token_opens_anything(client: Client, chief: User, leaver: User) -> None:
    make_token(SECRET, user=leaver, name="Importatore")
    other = make_token(user=chief)
    left = people.end_access(leaver, by=chief, at=LATER)
    assert not opens(client, leaver)
    bearer = {"Authorization": f"Bearer {SECRET}"}
    assert client.get("/api/v1/claims", headers=bearer).status_code == 401
    assert [token.name for token in left.revoked] == ["Importatore"]
    assert ApiToken.objects.get(user=leaver).revoked_by == chief
    assert ApiToken.objects.get(pk=other.pk).revoked_at is None


def test_tokens_whose_secret_they_saw_are_named_and_go_on(chief: User, leaver: User) -> None:
    token = make_token(user=make_user(is_staff=True), created_by=leaver)
    assert people.end_access(leaver, by=chief, at=LATER).known == [token]
    assert ApiToken.objects.get(pk=token.pk).revoked_at is None


def test_claims_that_were_theirs_to_check_are_free_and_told(chief: User, leaver: User) -> None:
    mine, others = make_assignment(assignee=leaver), make_assignment()
    left = people.end_access(leaver, by=chief, at=LATER)
    assert left.released == [mine.claim]
    assert list(Assignment.objects.open()) == [others]
    released = Deed.objects.get(verb="claim.release")
    assert released.before == {"to": leaver.username}
    after = Deed.objects.get(verb="person.leave").after
    assert (after["person"], after["released"]) == (leaver.username, [mine.claim.code])
    assert in_words("person.leave") != "person.leave"


def test_they_are_in_no_article_any_more(chief: User, leaver: User) -> None:
    Presence.objects.note(leaver, make_article(), at=LATER)
    people.end_access(leaver, by=chief, at=LATER)
    assert not Presence.objects.exists()


def test_what_is_taken_back_gives_the_account_and_neither_sessions_nor_tokens(
    client: Client, signed_in: SignedIn, chief: User, leaver: User
) -> None:
    before, kept = signed_in(leaver), dict(signed_in(leaver).cookies)
    make_token(SECRET, user=leaver)
    people.end_access(leaver, by=chief, at=LATER)
    people.give_back_access(leaver, by=chief, at=LATER)
    leaver = User.objects.get(pk=leaver.pk)
    assert leaver.is_active and leaver.has_perm("newsroom.add_review")
    assert not comes_in(before)
    assert client.get("/api/v1/claims", headers={"Authorization": f"Bearer {SECRET}"}).status_code == 401
    assert not opens(client, leaver)
    assert kept
    assert comes_in(signed_in(leaver))


def test_a_session_that_is_kept_elsewhere_opens_nothing_even_after_that(
    signed_in: SignedIn, chief: User, leaver: User
) -> None:
    """As if it were in a cache: the row comes back as it was."""
    client = signed_in(leaver)
    rows = list(Session.objects.all())
    people.end_access(leaver, by=chief, at=LATER)
    people.give_back_access(leaver, by=chief, at=LATER)
    Session.objects.bulk_create(rows)
    assert not comes_in(client)


def test_nobody_ends_their_own_access_nor_that_of_who_may_more(chief: User) -> None:
    with pytest.raises(Refused):
        people.end_access(chief, by=chief, at=LATER)
    root = make_user(is_superuser=True, is_staff=True)
    with pytest.raises(PermissionDenied):
        people.end_access(root, by=chief, at=LATER)
    root.is_active = False
    root.save()
    with pytest.raises(PermissionDenied):
        people.give_back_access(root, by=chief, at=LATER)
    assert User.objects.filter(pk=chief.pk, is_active=True).exists()


def test_twice_is_refused(chief: User, leaver: User) -> None:
    people.end_access(leaver, by=chief, at=LATER)
    with pytest.raises(Refused, match="più"):
        people.end_access(leaver, by=chief, at=LATER)
    people.give_back_access(leaver, by=chief, at=LATER)
    with pytest.raises(Refused, match="ha accesso"):
        people.give_back_access(leaver, by=chief, at=LATER)


# The admin and the command


def act(client: Client, action: str, person: User) -> str:
    there = reverse("admin:newsroom_user_changelist")
    sent = {"action": action, "_selected_action": person.pk}
    return client.post(there, sent, follow=True).content.decode()


def test_the_admin_ends_access_and_says_which_claims_are_free(
    signed_in: SignedIn, chief: User, leaver: User
) -> None:
    claim = make_claim(text="Il ponte è lungo un chilometro.")
    make_assignment(claim=claim, assignee=leaver)
    client = signed_in(chief)
    page = act(client, "end_access_selected", leaver)
    assert reverse("desk:claim", args=[claim.code]) in page and claim.text in page
    assert not User.objects.get(pk=leaver.pk).is_active
    act(client, "give_back_access_selected", leaver)
    assert User.objects.get(pk=leaver.pk).is_active


def test_a_form_of_the_admin_makes_nobody_inactive_by_halves(
    signed_in: SignedIn, chief: User, leaver: User
) -> None:
    page = signed_in(chief).get(reverse("admin:newsroom_user_change", args=[leaver.pk])).content.decode()
    assert 'name="is_active"' not in page and 'name="is_staff"' in page


@pytest.mark.parametrize("who", ["reporter", "checker", "editor"])
def test_no_role_alone_ends_anybodys_access(
    who: str, signed_in: SignedIn, request: pytest.FixtureRequest
) -> None:
    person = make_user(is_staff=True)
    user = request.getfixturevalue(who)
    act(signed_in(user), "end_access_selected", person)
    assert User.objects.get(pk=person.pk).is_active


def test_the_command_does_it_where_nobody_can_sign_in(chief: User, leaver: User) -> None:
    claim = make_assignment(assignee=leaver).claim
    token = make_token(user=make_user(is_staff=True), created_by=leaver)
    said = StringIO()
    call_command("end_access", leaver.username, "--as", chief.username, stdout=said)
    assert claim.code in said.getvalue() and token.name in said.getvalue()
    assert not User.objects.get(pk=leaver.pk).is_active
    call_command("end_access", leaver.username, "--as", chief.username, "--undo", stdout=said)
    assert User.objects.get(pk=leaver.pk).is_active
    for username, by in (("nessuno", chief.username), (leaver.username, "nessuno"), (chief.username,) * 2):
        with pytest.raises(CommandError):
            call_command("end_access", username, "--as", by)
    with pytest.raises(CommandError):
        call_command("end_access", chief.username, "--as", leaver.username)
