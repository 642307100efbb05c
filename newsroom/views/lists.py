"""Lists of what is public: each one address, for the page and for the part that a filter changes."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from newsroom.formats import claims_csv
from newsroom.presenters.claim_list import HITS, all_listed, claim_list
from newsroom.presenters.claim_table import claim_rows
from newsroom.presenters.corrections import corrections_page
from newsroom.presenters.feeds import feed_url
from newsroom.presenters.name_list import entity_list, source_list
from newsroom.presenters.paging import address_with

from .for_machines import newsroom_with_address
from .pages import public_page
from .sharing import of_everything, shared


@require_safe
@vary_on_headers("HX-Request")
@shared(of_everything)
def claims(request: HttpRequest) -> HttpResponse:
    template = "reader/_claims.html" if request.htmx else "reader/claims.html"
    page = claim_list(request.GET, at=now())
    return public_page(
        request,
        template,
        page=page,
        feed_url=feed_url("claims", page.query),
        table_url=address_with(reverse(_table_name()), page.query),
    )


@require_safe
@shared(of_everything, for_all=True)
def claims_table(request: HttpRequest, lang: str) -> StreamingHttpResponse:
    """All claims of the list under its filters, for a spreadsheet: made while it is sent.

    Of what words find the first HITS, which the name of the file says.
    """
    at = now()
    home = newsroom_with_address(request).address
    with translation.override(lang):
        keys, query = all_listed(request.GET, at=at)
    pieces = claims_csv.write(claim_rows(keys, home=home, at=at), lang=lang)
    first = f"-first-{HITS}" if "q" in query and len(keys) == HITS else ""
    name = f"claims-{localdate(at).isoformat()}{first}.csv"
    return StreamingHttpResponse(
        _spoken(pieces, lang),
        content_type=claims_csv.CONTENT_TYPE,
        headers={
            "Access-Control-Allow-Origin": "*",
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Language": lang,
        },
    )


def _spoken(pieces: Iterator[bytes], lang: str) -> Iterator[bytes]:
    """Each piece is made in this language, whatever is active where it is sent."""
    while True:
        with translation.override(lang):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def _table_name() -> str:
    """The table with its labels in the active language."""
    lang = translation.get_language()
    return "data:claims-table" if lang == settings.LANGUAGE_CODE else f"data:claims-table-{lang}"


@require_safe
@vary_on_headers("HX-Request")
@shared(of_everything)
def sources(request: HttpRequest) -> HttpResponse:
    template = "reader/_names.html" if request.htmx else "reader/sources.html"
    return public_page(request, template, page=source_list(request.GET, at=now()))


@require_safe
@vary_on_headers("HX-Request")
@shared(of_everything)
def entities(request: HttpRequest) -> HttpResponse:
    template = "reader/_names.html" if request.htmx else "reader/entities.html"
    return public_page(request, template, page=entity_list(request.GET, at=now()))


@require_safe
@shared(of_everything)
def corrections(request: HttpRequest) -> HttpResponse:
    page = corrections_page(request.GET, at=now())
    return public_page(request, "reader/corrections.html", page=page, feed_url=feed_url("corrections"))
