"""People in the admin: who was added or changed, by whom and in which fields, is in the log."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from newsroom.models import Deed, User
from newsroom.presenters.desk import in_words
from tests.admin.filling import save
from tests.making import make_user

SignedIn = Callable[[User], Client]
PASSWORD = {"password1": "Una-parola-lunga-7", "password2": "Una-parola-lunga-7"}


@pytest.fixture
def chief() -> User:
    """One who may do all that the admin offers of people."""
    user = make_user(is_staff=True)
    people = Permission.objects.filter(content_type__app_label="newsroom", codename__endswith="_user")
    user.user_permissions.set(people)
    return user


def latest() -> Deed:
    return Deed.objects.latest("id")


def test_a_changed_person_leaves_a_deed_with_the_names_of_its_fields(
    signed_in: SignedIn, chief: User, checker: User
) -> None:
    page = reverse("admin:newsroom_user_change", args=[checker.pk])
    group = Group.objects.create(name="Altri")
    save(signed_in(chief), page, role_title="Capocronista", groups=str(group.pk))
    deed = latest()
    assert (deed.verb, deed.actor) == ("person.change", chief)
    assert deed.after == {"person": checker.username, "fields": ["groups", "role_title"]}
    assert "Capocronista" not in str(deed.after)
    assert in_words(deed.verb) != deed.verb


def test_a_person_saved_as_they_were_leaves_none(signed_in: SignedIn, chief: User, checker: User) -> None:
    before = Deed.objects.count()
    save(signed_in(chief), reverse("admin:newsroom_user_change", args=[checker.pk]))
    assert Deed.objects.count() == before


def test_a_person_who_is_added_leaves_a_deed(signed_in: SignedIn, chief: User) -> None:
    save(signed_in(chief), reverse("admin:newsroom_user_add"), username="nuova", **PASSWORD)
    assert (latest().verb, latest().after["person"]) == ("person.add", "nuova")
    assert PASSWORD["password1"] not in str(latest().after)


def test_a_password_that_is_set_for_somebody_leaves_a_deed(
    signed_in: SignedIn, chief: User, checker: User
) -> None:
    client = signed_in(chief)
    page = reverse("admin:auth_user_password_change", args=[checker.pk])
    before = Deed.objects.count()
    assert client.post(page, PASSWORD | {"password2": "Altro"}).status_code == 200
    assert Deed.objects.count() == before
    assert client.post(page, PASSWORD).status_code == 302
    assert latest().after == {"person": checker.username, "fields": ["password"]}
