"""A picture is public with the article that it came for, where readers see that one whole."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from newsroom.models import Article, Picture, Rights, User
from tests.making import THEN, make_article, make_original, make_picture

pytestmark = pytest.mark.django_db


def picture_of(article: Article | None) -> Picture:
    original = make_original(state="used", article=article) if article else make_original()
    return make_picture(original)


def test_readers_see_the_picture_of_an_article_that_they_see_whole(reader: Client) -> None:
    for rights in (Rights.OURS, Rights.LICENSED, Rights.DEMO):
        picture = picture_of(make_article(rights=rights))
        answer = reader.get(picture.get_absolute_url())
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        assert answer.content == picture.file.open().read()
        assert "public" in answer["Cache-Control"]
        assert not answer.cookies and "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize(
    "article",
    [
        lambda: None,
        lambda: make_article(published_at=None),
        lambda: make_article(rights=Rights.QUOTATION),
        lambda: make_article(withdrawn_at=THEN, withdrawal_reason="Era falso."),
    ],
    ids=["no article", "a draft", "quoted only", "withdrawn"],
)
def test_another_is_for_the_desk_alone(
    reader: Client,
    signed_in: Callable[[User], Client],
    reporter: User,
    article: Callable[[], Article | None],
) -> None:
    address = picture_of(article()).get_absolute_url()
    assert reader.get(address).status_code == 404
    answer = signed_in(reporter).get(address)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"


def test_the_demonstrations_pictures_are_its_own(reader: Client, settings: Settings) -> None:
    address = picture_of(make_article(rights=Rights.DEMO)).get_absolute_url()
    settings.DEMO = False
    assert reader.get(address).status_code == 404
