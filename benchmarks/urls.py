"""The project's addresses, and beside them a view that does nothing but answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as of_the_project


class BareView:
    """Answers `body` to everybody: what the same bytes cost without the work of making them."""

    def __init__(self) -> None:
        self.body = b"ok"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(self.body)


bare = BareView()

urlpatterns = [path("bare/", bare), *of_the_project]
