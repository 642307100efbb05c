"""Entities in the admin: merged and protected by the deeds of the desk, whose refusals are shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from newsroom.actions import entities
from newsroom.models import Deed, Entity, Source, User
from tests.admin.filling import messages, save
from tests.making import LATER, make_entity, make_source

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
LIST = reverse("admin:newsroom_entity_changelist")


@pytest.fixture
def desk(signed_in: SignedIn, editor: User) -> Client:
    return signed_in(editor)


def chosen(action: str, *rows: Entity, **given: str) -> dict[str, object]:
    return {"action": action, "_selected_action": [row.pk for row in rows], **given}


def fresh(entity: Entity) -> Entity:
    return Entity.objects.get(pk=entity.pk)


def test_several_are_merged_into_the_one_that_is_chosen(desk: Client) -> None:
    one, other, third = make_entity(), make_entity(), make_entity()
    asked = desk.post(LIST, chosen("merge_selected", one, other, third))
    assert 'name="into"' in asked.content.decode()
    desk.post(LIST, chosen("merge_selected", one, other, third, into=str(one.pk)))
    assert [fresh(row).merged_into for row in (one, other, third)] == [None, one, one]
    assert Deed.objects.filter(verb="entity.merge").count() == 2


def test_what_is_refused_is_said_and_the_others_are_done(desk: Client) -> None:
    one, other, hidden = make_entity(), make_entity(), make_entity(pseudonymous=True)
    answer = desk.post(LIST, chosen("merge_selected", one, other, hidden, into=str(one.pk)), follow=True)
    assert fresh(other).merged_into == one
    assert fresh(hidden).merged_into is None
    assert any("pseudonimo" in message for message in messages(answer))


def test_a_name_is_protected_with_its_reason_and_freed(desk: Client) -> None:
    one = make_entity()
    assert desk.post(LIST, chosen("protect_selected", one)).status_code == 200
    assert desk.post(LIST, chosen("protect_selected", one, reason="", privacy="minor")).status_code == 422
    desk.post(LIST, chosen("protect_selected", one, reason="Ha dodici anni.", privacy="minor"))
    assert (fresh(one).privacy, fresh(one).protection_reason) == ("minor", "Ha dodici anni.")
    desk.post(LIST, chosen("unprotect_selected", one, reason="Ora ne ha venti."))
    assert fresh(one).privacy == ""


def test_who_may_not_is_not_offered_it(signed_in: SignedIn, reporter: User) -> None:
    make_entity()
    page = signed_in(reporter).get(LIST).content.decode()
    assert "protect_selected" in page
    assert 'value="merge_selected"' not in page and 'value="unprotect_selected"' not in page


def test_no_form_writes_a_protection_or_a_merging(desk: Client) -> None:
    one, other = make_entity(), make_entity()
    address = reverse("admin:newsroom_entity_change", args=[one.pk])
    save(desk, address, privacy="minor", protection_reason="Sì.", merged_into=str(other.pk), name="Ida")
    assert (fresh(one).name, fresh(one).privacy, fresh(one).merged_into) == ("Ida", "", None)


def test_a_source_of_a_name_that_was_merged_meanwhile_is_the_other_ones(desk: Client, editor: User) -> None:
    one, other, source = make_entity(), make_entity(), make_source()
    entities.merge(other, into=one, by=editor, at=LATER)
    address = reverse("admin:newsroom_source_change", args=[source.pk])
    save(desk, address, entity=str(other.pk))
    assert Source.objects.get(pk=source.pk).entity == one


def test_one_that_became_another_is_not_offered_for_anything(desk: Client, editor: User) -> None:
    one, other = make_entity(name="Nerissima"), make_entity(name="Nerissima")
    entities.merge(other, into=one, by=editor, at=LATER)
    found = desk.get(
        reverse("admin:autocomplete"),
        {"app_label": "newsroom", "model_name": "source", "field_name": "entity", "term": "nerissima"},
    ).json()
    assert [row["id"] for row in found["results"]] == [str(one.pk)]
