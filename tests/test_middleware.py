"""What happens to every request: its language is that of its address, and there is no character 0 in it."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from newsroom.middleware import LanguageFromPath, QueryWithoutNul


def language_of(path: str, **headers: str) -> tuple[str, str]:
    """The language that a view sees at this path, and the one that its answer declares."""

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(translation.get_language())

    response = LanguageFromPath(view)(RequestFactory().get(path, headers=headers))
    return response.content.decode(), response.headers["Content-Language"]


@pytest.mark.parametrize("path", ["/", "/articles/enigma/", "/english/", "/articles/en/"])
def test_a_bare_path_is_italian(path: str) -> None:
    assert language_of(path) == ("it", "it")


@pytest.mark.parametrize("path", ["/en", "/en/", "/en/articles/enigma/"])
def test_a_path_under_en_is_english(path: str) -> None:
    assert language_of(path) == ("en", "en")


def test_neither_header_nor_cookie_chooses_the_language() -> None:
    assert language_of("/", accept_language="en", cookie="django_language=en") == ("it", "it")


def test_the_language_does_not_outlive_the_request() -> None:
    with translation.override("it"):
        language_of("/en/")
        assert translation.get_language() == "it"


def test_the_character_that_no_database_takes_is_no_part_of_a_query() -> None:
    asked = []
    view = QueryWithoutNul(lambda request: HttpResponse(asked.append(request.GET.dict())))
    view(RequestFactory().get("/", {"q": "ponte\0", "\0": "a\0b"}))
    view(RequestFactory().get("/"))
    assert asked == [{"q": "ponte", "": "ab"}, {}]
