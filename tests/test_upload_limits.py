"""Whatever takes a file or a body has a limit, and one byte more is refused, wherever it is sent.

The addresses are walked, the forms found: one that is added tomorrow is asked the same.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO

import pytest
from django import forms
from django.contrib.admin import site
from django.core.exceptions import FieldError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client, RequestFactory
from pytest_django import Settings

from newsroom import forms as our_forms
from newsroom.forms.intake import TOO_LARGE
from newsroom.middleware import longest_body
from newsroom.models import User
from tests.test_access import make_rows
from tests.test_canaries import EVERYWHERE, addresses

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SignedIn = Callable[[User], Client]
MEMORY = 1000
KINDS = ("application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=b")
BODIES = {
    KINDS[0]: b"body=",
    KINDS[1]: b'{"body": "',
    KINDS[2]: b'--b\r\nContent-Disposition: form-data; name="body"\r\n\r\n',
}


class Watched(BytesIO):
    """What is sent, and how much of it anybody read."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        read = super().read(size)
        self.taken += len(read)
        return read


def sends(client: Client, method: str, there: str, body: bytes, kind: str) -> tuple[int, int]:
    """The status of the answer, and how many bytes were read."""
    stream = Watched(body)
    answer = client.generic(
        method,
        there,
        b"",
        content_type=kind,
        **{"wsgi.input": stream, "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": kind},
    )
    return answer.status_code, stream.taken


@pytest.fixture
def everywhere() -> list[str]:
    make_rows()
    return sorted({address for namespace in EVERYWHERE for address in addresses(namespace)})


def test_no_address_reads_a_byte_of_what_is_longer_than_anything_here_may_be(
    signed_in: SignedIn, editor: User, settings: Settings, everywhere: list[str]
) -> None:
    settings.UPLOAD_LIMIT, settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 30, 400
    assert longest_body() == 1000
    client = signed_in(editor)
    for there in everywhere:
        # What is asked without a session, before anything else, reads no body at all.
        if there not in ("/health/live", "/health/ready", "/metrics"):
            assert sends(client, "POST", there, b"x" * 1001, KINDS[2]) == (413, 0), there


@pytest.mark.parametrize("kind", KINDS)
def test_no_address_takes_more_words_than_memory_is_given_for(
    signed_in: SignedIn, editor: User, settings: Settings, everywhere: list[str], kind: str
) -> None:
    """Whoever reads what was sent at all, refuses it; and then nothing is done."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = MEMORY
    client = signed_in(editor)
    begun = BODIES[kind]
    body = begun + b"x" * (MEMORY + 1 - len(begun))
    if kind == KINDS[2]:
        body = begun + b"x" * (MEMORY + 1) + b"\r\n--b--\r\n"
    assert len(everywhere) > 250
    for there in everywhere:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            status, taken = sends(client, method, there, body, kind)
            assert taken == 0 or status in (400, 404, 413), (method, there, status, taken)


def forms_with_files(rf: RequestFactory) -> Iterator[type[forms.BaseForm]]:
    for module in pkgutil.iter_modules(our_forms.__path__, f"{our_forms.__name__}."):
        for _name, found in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(found, forms.BaseForm) and found.__module__ == module.name:
                yield found
    request = rf.get("/")
    request.user = User(is_superuser=True, is_active=True, is_staff=True)
    for admin in site._registry.values():
        for row in (None, admin.model._base_manager.first()):
            with suppress(Http404, FieldError):  # of one that makes no rows, or shows them alone
                yield admin.get_form(request, row)
        for inline in admin.get_inline_instances(request):
            yield inline.get_formset(request).form


def test_every_field_for_a_file_refuses_one_byte_more(rf: RequestFactory, settings: Settings) -> None:
    settings.UPLOAD_LIMIT = 1000
    asked = {}
    for form in forms_with_files(rf):
        for name, field in getattr(form, "base_fields", {}).items():
            if isinstance(field, forms.FileField):
                told = []
                for size in (1000, 1001):
                    file = SimpleUploadedFile("testo.txt", b"x" * size, content_type="text/plain")
                    sent = form({}, {name: file})
                    told.append(any(error.code == TOO_LARGE for error in sent.errors.as_data().get(name, [])))
                asked[f"{form.__name__}.{name}"] = told
    assert len(asked) >= 3
    assert {name: told for name, told in asked.items() if told != [False, True]} == {}
