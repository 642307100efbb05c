"""Deeds done to many rows, one by one: where one is refused, the others are still done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.timezone import now
from django.utils.translation import gettext as _

from newsroom.tasks.notices import send_notices


def do(
    page: admin.ModelAdmin,
    request: HttpRequest,
    rows: Iterable[Model],
    deed: Callable[..., Any],
    *,
    done: str,
    at_the_desk: Callable[[Any], str] | None = None,
) -> None:
    """Says of each row what became of it, and sends the mail that the deeds left.

    A page that showed a `row_version` sends it along. `at_the_desk` is where a row that was refused can be
    decided on with all that the desk asks; the refusal leads there.
    """
    for row in rows:
        shown = request.POST.get(f"row_version-{row.pk}", "")
        version = {"row_version": int(shown)} if shown.isdecimal() else {}
        try:
            deed(row, by=request.user, at=now(), **version)
        except ValidationError as refusal:
            for message in refusal.messages:
                page.message_user(request, _refused(row, message, at_the_desk), messages.ERROR)
        else:
            page.message_user(request, done % row, messages.SUCCESS)
    send_notices.enqueue()


def _refused(row: Model, message: str, at_the_desk: Callable[[Any], str] | None) -> str:
    if at_the_desk is None:
        return f"{row}: {message}"
    return format_html(
        '{}: {} <a href="{}">{}</a>', row, message, at_the_desk(row), _("Decide on it at the desk")
    )
