"""Was this checked already? A reader brings a sentence or a short text; one address, to share as it is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from newsroom.presenters.checked import CheckedPage, checked_page

from .pacing import keeps_own_pace, seconds_to_wait
from .pages import public_page


@keeps_own_pace
@require_safe
def checked(request: HttpRequest) -> HttpResponse:
    typed = request.GET.get("q", "")
    # To compare with the claims costs more than any other page; the page itself says to wait, with the words.
    wait = seconds_to_wait(request, "checked") if typed.strip() else 0
    page = CheckedPage(typed.strip()) if wait else checked_page(typed, at=now())
    status = 429 if wait else 503 if page.broken else 422 if page.refusal else 200
    response = public_page(request, "reader/checked.html", status=status, page=page, wait=wait)
    if wait:
        response["Retry-After"] = str(wait)
    if status != 200:
        response["Cache-Control"] = "no-store"
    return response
