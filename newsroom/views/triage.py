"""Triage of a text that somebody pasted: nothing of it is kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from newsroom.forms import TriageForm
from newsroom.models import Newsroom
from newsroom.presenters.triage import triage_page

from .access import desk_page, for_the_desk
from .intake import not_too_large


@for_the_desk("view_claim")
@require_http_methods(["GET", "HEAD", "POST"])
@not_too_large
def triage(request: HttpRequest) -> HttpResponse:
    """What of a text was checked here already, what is worth a call, and the rest."""
    if request.method != "POST":
        return desk_page(request, "desk/triage.html", form=TriageForm())
    form = TriageForm(request.POST)
    if not form.is_valid():
        return desk_page(request, "desk/triage.html", form=form, status=422)
    newsroom = Newsroom.objects.current()
    page = triage_page(
        form.words,
        form.lang_of_words or newsroom.lang,
        newsroom=newsroom.name,
        address=newsroom.address or request.build_absolute_uri("/").rstrip("/"),
        at=now(),
    )
    return desk_page(request, "desk/triage.html", form=form, page=page)
