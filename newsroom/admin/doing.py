"""Deeds done to many rows, one by one: where one is refused, the others are still done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.utils.timezone import now

from newsroom.tasks.notices import send_notices


def do(
    page: admin.ModelAdmin,
    request: HttpRequest,
    rows: Iterable[Model],
    deed: Callable[..., Any],
    *,
    done: str,
) -> None:
    """Says of each row what became of it, and sends the mail that the deeds left.

    A page that showed a `row_version` sends it along.
    """
    for row in rows:
        shown = request.POST.get(f"row_version-{row.pk}", "")
        version = {"row_version": int(shown)} if shown.isdecimal() else {}
        try:
            deed(row, by=request.user, at=now(), **version)
        except ValidationError as refusal:
            for message in refusal.messages:
                page.message_user(request, f"{row}: {message}", messages.ERROR)
        else:
            page.message_user(request, done % row, messages.SUCCESS)
    send_notices.enqueue()
