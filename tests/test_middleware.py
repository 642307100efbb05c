"""What happens to every request: its language is that of its address, and there is no character 0 in it."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.test import Client, RequestFactory
from django.utils import translation

from newsroom.middleware import BodyAsTold, LanguageFromPath, QueryWithoutNul


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


@pytest.mark.parametrize("told", ["many", "-1", "1e3", "٣", "9" * 30])
def test_a_length_that_is_none_is_a_bad_request(client: Client, told: str) -> None:
    for there in ("/", "/reconcile", "/desk/articles/new/"):
        assert client.post(there, {"a": "b"}, CONTENT_LENGTH=told).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"]
)
@pytest.mark.parametrize("there", ["/reconcile", "/api/v1/claims", "/policy-reports"])
def test_who_hangs_up_in_the_middle_has_sent_nothing(client: Client, there: str, kind: str) -> None:
    """The length says that more was to come than came."""
    parts = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nIl ponte'
    body = {"m": parts, "j": b'{"text": "Il ponte"}'}.get(kind[:1], b"text=Il+ponte&username=a")
    request = RequestFactory().generic("POST", there, body, content_type=kind)
    short = {"CONTENT_LENGTH": str(len(body) + 9)}
    request.META |= short | {"wsgi.input": BytesIO(body)}
    told: list[bytes] = []

    def view(request: HttpRequest) -> HttpResponse:
        told.append(request.body)
        return HttpResponse()

    with pytest.raises(UnreadablePostError):
        BodyAsTold(view)(request)
    assert told == []
    answer = client.generic("POST", there, body, kind, **short, **{"wsgi.input": BytesIO(body)})
    assert 400 <= answer.status_code < 500


def test_a_form_that_cannot_be_read_is_a_bad_request_and_no_fault(reader: Client) -> None:
    """The page that says so must not read it again."""
    client = Client(enforce_csrf_checks=True)
    client.get("/admin/login/")
    token = client.cookies["csrftoken"].value
    many = "&".join(f"a{number}=b" for number in range(1_500))
    for kind, body in (("; charset=utf-16", "a=b"), ("", many)):
        answer = client.generic(
            "POST",
            "/admin/login/",
            body,
            f"application/x-www-form-urlencoded{kind}",
            headers={"X-CSRFToken": token},
        )
        assert answer.status_code == 400
