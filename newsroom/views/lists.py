"""Lists of what is public: each one address, for the page and for the part that a filter changes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from newsroom.presenters.claim_list import claim_list
from newsroom.presenters.corrections import corrections_page
from newsroom.presenters.feeds import feed_url
from newsroom.presenters.name_list import entity_list, source_list

from .pages import public_page


@require_safe
@vary_on_headers("HX-Request")
def claims(request: HttpRequest) -> HttpResponse:
    template = "reader/_claims.html" if request.htmx else "reader/claims.html"
    page = claim_list(request.GET, at=now())
    return public_page(request, template, page=page, feed_url=feed_url("claims", page.query))


@require_safe
@vary_on_headers("HX-Request")
def sources(request: HttpRequest) -> HttpResponse:
    template = "reader/_names.html" if request.htmx else "reader/sources.html"
    return public_page(request, template, page=source_list(request.GET, at=now()))


@require_safe
@vary_on_headers("HX-Request")
def entities(request: HttpRequest) -> HttpResponse:
    template = "reader/_names.html" if request.htmx else "reader/entities.html"
    return public_page(request, template, page=entity_list(request.GET, at=now()))


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    page = corrections_page(request.GET, at=now())
    return public_page(request, "reader/corrections.html", page=page, feed_url=feed_url("corrections"))
