"""Who asks what is held on them: a copy of it, and its deletion (docs/privacy.md)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from newsroom.actions import retention
from newsroom.forms import ReaderForm
from newsroom.presenters.held_data import held_on_colleague, held_on_reader

from .access import desk_page, for_the_desk


def copy_of(held: dict[str, Any]) -> HttpResponse:
    """A file to be saved, that people and programs can read."""
    answer = JsonResponse(held, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = 'attachment; filename="personal-data.json"'
    answer["Cache-Control"] = "no-store"
    return answer


@for_the_desk()
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """What is held on who asks, who works here."""
    return copy_of(held_on_colleague(request.user))


@sensitive_post_parameters("address")
@for_the_desk("redact")
@require_http_methods(["GET", "HEAD", "POST"])
def personal_data(request: HttpRequest) -> HttpResponse:
    """A reader asks by the address that they left: looked for, copied, deleted. The address is in no URL."""
    if request.method != "POST":
        return desk_page(request, "desk/personal_data.html", form=ReaderForm())
    form = ReaderForm(request.POST, deletes="delete" in request.POST)
    asked = form.is_valid()
    address, held = form.cleaned_data.get("address"), None
    if address:
        held = held_on_reader(address, at=now())
        if asked and "copy" in request.POST:
            return copy_of(held)
        if asked and form.deletes:
            retention.forget_reader(address, by=request.user, at=now())
            messages.success(
                request, _("All that was kept on this reader is deleted, but for what was published.")
            )
            return redirect("desk:personal-data")
    status = 200 if asked else 422
    return desk_page(request, "desk/personal_data.html", form=form, held=held, status=status)
