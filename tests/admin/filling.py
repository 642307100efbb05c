"""What a person does to a form of the admin: open it, change some fields, send it back."""

from __future__ import annotations

from typing import Any

import lxml.html
from django.http import HttpResponse
from django.test import Client


def filled(page: HttpResponse, **changes: str) -> dict[str, Any]:
    """All that the page's main form would post, with some fields changed; a value of None leaves one out."""
    forms = lxml.html.fromstring(page.content.decode()).forms
    (form,) = [form for form in forms if (form.get("id") or "").endswith("_form")]
    posted: dict[str, Any] = {}
    for name, value in form.form_values():
        # A browser drops the line end that Django writes at the beginning of a textarea.
        posted.setdefault(name, []).append(value.removeprefix("\n"))
    posted |= {name: [value] for name, value in changes.items()}
    return {name: values for name, values in posted.items() if values != [None]}


def save(client: Client, address: str, **changes: str) -> HttpResponse:
    """Opens the form at `address` and sends it with these changes; the answer is not followed."""
    return client.post(address, filled(client.get(address), **changes))


def messages(response: HttpResponse) -> list[str]:
    """What a followed answer says at its head."""
    return [str(message) for message in response.context["messages"]]
