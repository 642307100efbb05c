"""The board of states."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from newsroom.presenters.board import board_page

from .access import desk_page, for_the_desk


@for_the_desk("view_review")
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """Claims by what they wait for, filtered by the address."""
    return desk_page(request, "desk/reviews.html", page=board_page(request.user, request.GET, at=now()))
