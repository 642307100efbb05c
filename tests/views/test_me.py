"""What each person keeps for themselves: the signature, notices, their language, views of the articles."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from newsroom.models import SavedView, User
from tests.making import make_article, make_user
from tests.reading import faults, tree

SignedIn = Callable[[User], Client]


@pytest.fixture
def client(signed_in: SignedIn, reporter: User) -> Client:
    return signed_in(reporter)


def view(user: User, name: str = "Bozze", query: str = "state=drafts") -> SavedView:
    return SavedView.objects.create(user=user, name=name, query=query)


# Settings


@pytest.mark.parametrize("who", ["reporter", "checker", "editor"])
def test_everybody_of_the_desk_chooses_for_themselves(signed_in: SignedIn, rows: None, who: str) -> None:
    user = User.objects.get(username=who)
    client = signed_in(user)
    page = client.get(reverse("desk:me"))
    assert faults(page) == []
    assert f"{who}@redazione.example" in page.content.decode()
    answer = client.post(reverse("desk:me"), {"signature": "name", "language": "en"})
    assert answer.url == reverse("desk:me")
    user.refresh_from_db()
    assert (user.signature, user.notices, user.language) == ("name", False, "en")
    client.post(reverse("desk:me"), {"signature": "newsroom", "language": "it", "notices": "on"})
    user.refresh_from_db()
    assert (user.signature, user.notices, user.language) == ("newsroom", True, "it")


def test_a_signature_is_shown_as_readers_will_read_it(client: Client) -> None:
    labels = [label.text_content().strip() for label in tree(client.get(reverse("desk:me"))).xpath("//label")]
    assert labels[:3] == ["Dario Brugnoli", "redattore", "la redazione"]


@pytest.mark.parametrize(
    "posted", [{}, {"signature": "boss", "language": "it"}, {"signature": "name", "language": "fr"}]
)
def test_nonsense_is_refused_and_changes_nothing(
    client: Client, reporter: User, posted: dict[str, str]
) -> None:
    answer = client.post(reverse("desk:me"), posted)
    assert answer.status_code == 422
    assert faults(answer) == []
    assert User.objects.get(pk=reporter.pk).signature == "newsroom"


def test_nothing_else_of_a_person_is_in_the_form(client: Client, reporter: User) -> None:
    posted = {"signature": "role", "language": "it", "role_title": "direttore", "is_superuser": "on"}
    client.post(reverse("desk:me"), posted | {"email": "altra@example.org", "username": "editor"})
    user = User.objects.get(pk=reporter.pk)
    assert (user.role_title, user.is_superuser, user.username) == ("redattore", False, "reporter")
    assert user.email == "reporter@redazione.example"


def test_who_has_no_address_is_told(client: Client, reporter: User) -> None:
    User.objects.filter(pk=reporter.pk).update(email="")
    assert "Non hai ancora un indirizzo" in client.get(reverse("desk:me")).content.decode()


def test_settings_are_for_the_desk(reader: Client, signed_in: SignedIn) -> None:
    assert reader.get(reverse("desk:me")).status_code == 302
    assert signed_in(make_user()).get(reverse("desk:me")).status_code == 302


# Saved views


def test_a_filter_is_kept_under_a_name_and_listed(client: Client, reporter: User) -> None:
    make_article(headline="Il ponte", published_at=None)
    page = client.get(reverse("desk:home"), {"state": "drafts", "q": "ponte"})
    [form] = tree(page).xpath("//form[@class='view-form']")
    assert form.get("action") == "/desk/views/?state=drafts&q=ponte"
    assert faults(page) == []

    answer = client.post(form.get("action"), {"name": " Ponti "})
    assert answer.url == "/desk/?state=drafts&q=ponte"
    assert reporter.saved_views.values_list("name", "query").get() == ("Ponti", "state=drafts&q=ponte")
    shown = client.get(answer.url)
    [link] = tree(shown).xpath("//ul[@class='views']//a")
    assert (link.text, link.get("href"), link.get("aria-current")) == ("Ponti", answer.url, "page")
    assert faults(shown) == []


def test_without_a_filter_there_is_nothing_to_keep(client: Client) -> None:
    assert not tree(client.get(reverse("desk:home"))).xpath("//form[@class='view-form']")
    for query in ("", "?state=odd&q=%20", "?page=2"):
        assert client.post(reverse("desk:views") + query, {"name": "Tutto"}).url == "/desk/"
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "a" * 61, "Bozze"])
def test_a_name_that_is_none_too_long_or_taken_is_refused_with_the_filter_still_there(
    client: Client, reporter: User, name: str
) -> None:
    view(reporter, query="state=public")
    answer = client.post("/desk/views/?state=drafts&q=ponte", {"name": name})
    assert answer.status_code == 422
    [field] = tree(answer).xpath("//input[@id='view-name']")
    assert (field.get("value"), field.get("aria-invalid")) == (name, "true")
    assert tree(answer).xpath("//input[@name='state']")[0].get("value") == "drafts"
    assert tree(answer).xpath("//input[@id='find-words']")[0].get("value") == "ponte"
    assert faults(answer) == []
    assert SavedView.objects.get().query == "state=public"


def test_what_stands_on_the_refused_page_leads_to_the_desk(client: Client) -> None:
    assert client.get("/desk/views/?state=drafts&page=2").url == "/desk/?state=drafts"


def test_the_same_name_belongs_to_each_person(client: Client, reporter: User, editor: User) -> None:
    view(editor)
    client.post("/desk/views/?state=drafts", {"name": "Bozze"})
    assert SavedView.objects.filter(name="Bozze").count() == 2
    assert len(tree(client.get(reverse("desk:home"))).xpath("//ul[@class='views']/li")) == 1


def test_a_view_is_dropped_by_whose_it_is(client: Client, reporter: User, editor: User) -> None:
    mine, theirs = view(reporter), view(editor)
    assert client.post(reverse("desk:view-drop", args=[mine.code])).url == "/desk/"
    assert client.post(reverse("desk:view-drop", args=[theirs.code])).status_code == 404
    assert client.get(reverse("desk:view-drop", args=[theirs.code])).status_code == 405
    assert SavedView.objects.get() == theirs


def test_views_are_for_the_desk(reader: Client, editor: User) -> None:
    kept = view(editor)
    assert reader.post("/desk/views/?state=drafts", {"name": "a"}).status_code == 302
    assert reader.post(reverse("desk:view-drop", args=[kept.code])).status_code == 302
    assert SavedView.objects.get() == kept
