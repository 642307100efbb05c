"""How well the assistant does, for editors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from newsroom.presenters.assistant import assistant_page

from .access import desk_page, for_the_desk


@for_the_desk("change_trainedmodel")
@require_safe
def assistant(request: HttpRequest) -> HttpResponse:
    """What became of its proposals, its training, and what it cannot do."""
    return desk_page(request, "desk/assistant.html", page=assistant_page(at=now()))
