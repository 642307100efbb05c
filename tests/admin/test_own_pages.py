"""The newsroom's own pages in the admin: a save is a version, and who comes second is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from newsroom.models import Deed, Page, User
from tests.admin.filling import filled, save
from tests.making import make_page

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
ADD = reverse("admin:newsroom_page_add")
NEW = {
    "slug": "chi-siamo", "lang": "it", "place": "method", "title": "Chi siamo", "text": "Una.",
    "note": "La prima.", "based_on": "",
}  # fmt: skip


def change(page: Page) -> str:
    return reverse("admin:newsroom_page_change", args=[page.pk])


def test_an_editor_writes_a_page_and_the_next_version_of_it(signed_in: SignedIn, editor: User) -> None:
    client = signed_in(editor)
    assert client.post(ADD, NEW).status_code == 302
    page = Page.objects.get(slug="chi-siamo")
    again = {"text": "Due.", "note": "Sono due."}
    assert save(client, change(page), **again).status_code == 302
    assert [(one.number, one.text, one.by) for one in page.versions.newest_first()] == [
        (2, "Due.", editor),
        (1, "Una.", editor),
    ]
    assert [deed.verb for deed in Deed.objects.order_by("-pk")[:2]] == ["page.revise", "page.create"]
    shown = client.get(change(page)).content.decode()
    assert "Due.</textarea>" in shown
    assert "La prima." in shown
    assert 'href="/about/chi-siamo/"' in shown


def test_who_comes_second_keeps_the_words_and_may_save_again(signed_in: SignedIn, editor: User) -> None:
    client, page = signed_in(editor), make_page()
    mine = filled(client.get(change(page)), title="Mia", text="Mia.", note="Mia.")
    save(client, change(page), title="Sua", text="Sua.", note="Sua.")
    answer = client.post(change(page), mine)
    assert answer.status_code == 409
    assert "Nel frattempo" in answer.content.decode()
    again = filled(answer)
    assert (again["text"], again["based_on"]) == (["Mia."], ["2"])
    assert client.post(change(page), again).status_code == 302
    assert page.versions.newest_first().first().title == "Mia"


def test_a_change_without_a_note_comes_back(signed_in: SignedIn, editor: User) -> None:
    client, page = signed_in(editor), make_page()
    answer = save(client, change(page), text="Mia.")
    assert answer.status_code == 422
    assert "Di’ che cos’è questa versione" in answer.content.decode()
    assert page.versions.count() == 1


def test_the_rest_of_the_desk_only_looks(signed_in: SignedIn, checker: User) -> None:
    client, page = signed_in(checker), make_page()
    assert client.get(change(page)).status_code == 200
    assert client.post(change(page), NEW).status_code == 403
    assert client.get(ADD).status_code == 403
