"""What search engines are told of: the maps, and which of them there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from newsroom.formats import sitemaps as written
from newsroom.presenters import sitemaps

from .for_machines import answer_for_all, newsroom_with_address
from .sharing import of_everything, shared


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    if settings.DEMO:
        rules = "Disallow: /\n"
    else:
        home = newsroom_with_address(request).address
        maps = (reverse(f"data:{name}") for name in ("sitemap", "sitemap-news"))
        rules = "Disallow: /desk/\nDisallow: /en/desk/\nDisallow: /admin/\nDisallow: /en/admin/\n\n"
        rules += "".join(f"Sitemap: {home}{path}\n" for path in maps)
    return HttpResponse(f"User-agent: *\n{rules}", content_type="text/plain; charset=utf-8")


@require_safe
@shared(of_everything, for_all=True)
def index(request: HttpRequest) -> HttpResponseBase:
    home = newsroom_with_address(request).address
    paths = [reverse("data:sitemap-pages")]
    paths += [reverse("data:sitemap-rows", args=[kind, number]) for kind, number in sitemaps.maps(at=now())]
    return answer_for_all(request, written.index(home + path for path in paths), written.CONTENT_TYPE)


@require_safe
@shared(of_everything, for_all=True)
def pages(request: HttpRequest) -> HttpResponseBase:
    home = newsroom_with_address(request).address
    body = b"".join(written.pages(_places(sitemaps.standing_pages(), home)))
    return answer_for_all(request, body, written.CONTENT_TYPE)


@require_safe
@shared(of_everything, for_all=True)
def rows(request: HttpRequest, kind: str, number: int) -> HttpResponseBase:
    """A map without a page would be none: it is not there."""
    home = newsroom_with_address(request).address
    places = _places(sitemaps.mapped(kind, number, at=now()), home)
    first = next(places, None)
    if first is None:
        raise Http404
    pieces = written.pages(_again(first, places))
    return StreamingHttpResponse(pieces, content_type=written.CONTENT_TYPE)


@require_safe
def news(request: HttpRequest) -> HttpResponseBase:
    newsroom = newsroom_with_address(request)
    fresh = [
        written.Fresh(
            address=newsroom.address + sitemaps.address_in(article.lang, article),
            lang=article.lang,
            title=article.headline,
            published=article.published_at,
        )
        for article in sitemaps.newest_articles(at=now(), most=written.IN_NEWS)
    ]
    return answer_for_all(request, written.news(fresh, publication=newsroom.name), written.CONTENT_TYPE)


def _places(found: Iterable[tuple[dict[str, str], datetime | None]], home: str) -> Iterator[written.Place]:
    for addresses, changed in found:
        yield written.Place({lang: home + path for lang, path in addresses.items()}, changed)


def _again(first: written.Place, others: Iterator[written.Place]) -> Iterator[written.Place]:
    yield first
    yield from others
