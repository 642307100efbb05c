"""The imprint: written in the admin, shown to everybody, and linked from the foot of every page."""

from __future__ import annotations

import json
from collections.abc import Callable

import lxml.html
import pytest
from django.test import Client
from django.urls import reverse

from newsroom.models import Deed, Imprint, Newsroom, User
from tests.admin.filling import save
from tests.making import make_article, make_imprint

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
THERE = "/imprint/"


def said(reader: Client, address: str = THERE) -> str:
    answer = reader.get(address)
    assert answer.status_code == 200
    return " ".join(lxml.html.fromstring(answer.content.decode()).find(".//main").text_content().split())


def test_it_says_who_publishes_and_who_answers_for_it(reader: Client) -> None:
    make_imprint()
    words = said(reader)
    for told in (
        "Il Ponte Società Cooperativa",
        "00185 Roma",
        "Ada Neri",
        "Tribunale di Roma",
        "pec.example",
    ):
        assert told in words
    # A title that stands in no register says nothing of it.
    assert "ROC" not in words


def test_while_nobody_wrote_it_it_says_so(reader: Client) -> None:
    assert "non l’ha ancora scritta" in said(reader)
    assert "has not written it yet" in said(reader, f"/en{THERE}")


def test_every_foot_leads_to_it(reader: Client, signed_in: SignedIn, reporter: User) -> None:
    desk = signed_in(reporter)
    for client, address in (
        (reader, "/"),
        (reader, make_article().get_absolute_url()),
        (reader, "/articles/non-esiste/"),
        (desk, reverse("desk:home")),
    ):
        page = lxml.html.fromstring(client.get(address).content.decode())
        assert page.xpath(f"//footer//a[@href='{THERE}']"), address


def test_an_editor_writes_it_once_and_changes_it_and_a_page_that_was_kept_is_made_anew(
    reader: Client, signed_in: SignedIn, editor: User, reporter: User
) -> None:
    first = reader.get(THERE)
    form = {"publisher": "Il Ponte", "office": "Roma", "contact": "redazione@ilponte.example"}
    adding = reverse("admin:newsroom_imprint_add")
    assert signed_in(reporter).post(adding, form).status_code == 403
    desk = signed_in(editor)
    assert desk.post(adding, form).status_code == 302
    assert Deed.objects.latest("pk").verb == "admin.add"
    again = reader.get(THERE, headers={"If-None-Match": first["ETag"]})
    assert "Il Ponte" in again.content.decode()
    assert desk.get(adding).status_code == 403
    changing = reverse("admin:newsroom_imprint_change", args=[Imprint.objects.get().pk])
    assert save(desk, changing, director="Ada Neri").status_code == 302
    assert "Ada Neri" in said(reader)


def test_programs_are_told_where_it_is(reader: Client) -> None:
    Newsroom.objects.update_or_create(pk=1, defaults={"address": "https://controluce.example"})
    page = lxml.html.fromstring(reader.get(make_article().get_absolute_url()).content.decode())
    [script] = page.xpath("//script[@type='application/ld+json']")
    assert json.loads(script.text)["publisher"]["masthead"] == f"https://controluce.example{THERE}"
