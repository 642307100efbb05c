"""What an article was made of is shown beside it in the admin, and is had as it came."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from newsroom.models import User
from tests.making import make_article, make_original, make_picture
from tests.reading import tree

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]


def test_an_article_shows_what_it_was_made_of(signed_in: SignedIn, editor: User) -> None:
    article = make_article()
    make_original(state="used", article=article, file_name="ponte.docx")
    answer = signed_in(editor).get(reverse("admin:newsroom_article_change", args=[article.pk]))
    assert "ponte.docx" in tree(answer).xpath("string(//*[@id='originals-group'])")


def test_an_original_leads_to_its_file_and_shows_its_pictures(signed_in: SignedIn, editor: User) -> None:
    original = make_original()
    make_picture(original, address="https://a.example/ponte.png")
    answer = signed_in(editor).get(reverse("admin:newsroom_original_change", args=[original.pk]))
    assert reverse("desk:original-file", args=[original.code]) in tree(answer).xpath("//a/@href")
    assert "https://a.example/ponte.png" in tree(answer).xpath("string(//*[@id='pictures-group'])")


def test_an_original_without_a_file_leads_nowhere(signed_in: SignedIn, editor: User) -> None:
    original = make_original(kind="address", state="failed", address="https://a.example/", message="No.")
    original.file.delete()
    answer = signed_in(editor).get(reverse("admin:newsroom_original_change", args=[original.pk]))
    assert answer.status_code == 200
    assert "original-file" not in answer.content.decode()
