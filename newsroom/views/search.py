"""The public search: one address for the page and for what stands under the field while somebody types."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from newsroom.presenters.feeds import SEARCHED, feed_url
from newsroom.presenters.search import search_page

from .pages import public_page
from .sharing import of_everything, shared


@require_safe
@vary_on_headers("HX-Request")
@shared(of_everything)
def search(request: HttpRequest) -> HttpResponse:
    page = search_page(
        request.GET.get("q", ""),
        kind=request.GET.get("kind", ""),
        number=request.GET.get("page", "1"),
        as_you_type="typing" in request.GET,
        at=now(),
        demo=settings.DEMO,
    )
    template = "reader/_search_results.html" if request.htmx else "reader/search.html"
    followed = bool(page.sections) and page.kind in ("", *SEARCHED)
    feed = feed_url("search", {"q": page.typed, "kind": page.kind}) if followed else ""
    return public_page(request, template, page=page, feed_url=feed)
