"""Erasure at the desk: the words, every place that has them, a confirmation, the deed; all of it posted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from newsroom.actions.erasure import redact
from newsroom.actions.erasure.redacting import foresee, forms
from newsroom.actions.refusals import Overtaken, Refused
from newsroom.forms import ErasureForm
from newsroom.presenters.erasing import erasure_preview, latest_erasures

from .access import desk_page, for_the_desk


@sensitive_post_parameters("words", "reason")
@for_the_desk("redact")
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, ErasureForm())
    form = ErasureForm(request.POST, erases="erase" in request.POST)
    if not form.is_valid():
        return _page(request, form, looked="words" in form.cleaned_data, status=422)
    if not form.erases:
        return _page(request, form, looked=True)
    data = form.cleaned_data
    try:
        done = redact(
            data["words"],
            reason=data["reason"],
            seen=data["seen"],
            files=data["files"],
            by=request.user,
            at=now(),
        )
    except Refused as refusal:
        form.add_error(None, refusal)
        return _page(request, form, looked=True, status=409 if isinstance(refusal, Overtaken) else 422)
    number = sum(done.places.values())
    words = ngettext("Erased in %(number)d place.", "Erased in %(number)d places.", number)
    messages.success(request, words % {"number": number})
    return redirect("desk:erase")


def _page(
    request: HttpRequest, form: ErasureForm, *, looked: bool = False, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "erasures": latest_erasures()}
    if looked:
        words = form.cleaned_data.get("words", [])
        try:
            foreseen = foresee(words, by=request.user)
        except Refused as refusal:
            if not form.errors:
                form.add_error("words", refusal)
            return desk_page(request, "desk/erase.html", status=422, **context)
        form.look_again(foreseen.seal)
        context["foreseen"] = erasure_preview(
            foreseen, forms(words), user=request.user, marked=form.cleaned_data.get("files", ())
        )
    return desk_page(request, "desk/erase.html", status=status, **context)
