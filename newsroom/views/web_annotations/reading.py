"""Annotations and containers as everybody may read them."""

from __future__ import annotations

import re
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from newsroom.formats import web_annotation
from newsroom.formats.web_annotation import Home, Json
from newsroom.models import Annotation, Article, ArticleAddress
from newsroom.presenters.web_annotation import Container, Page, is_gone, member, told
from newsroom.views.tokens import problem

from .speaking import LDP, PROTOCOL, home, said

MINIMAL, IRIS, DESCRIPTIONS = (
    f"{LDP}PreferMinimalContainer",
    "http://www.w3.org/ns/oa#PreferContainedIRIs",
    "http://www.w3.org/ns/oa#PreferContainedDescriptions",
)
_INCLUDE = re.compile(r'\binclude="([^"]*)"|\binclude=([^\s;,"]+)')
#: Methods for an annotation that only the desk changes: a rating, an item of evidence.
FOR_READING = "GET, HEAD, OPTIONS"


def container(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The annotations of all articles, or of one; `?page=` is a page of them."""
    article = None
    if slug:
        article = Article.objects.published(at=now()).filter(slug=slug).first()
        if article is None:
            return _elsewhere(request, slug)
    address = request.path
    within, at_home = Container(now(), article), home(request)
    if "page" in request.GET:
        iris = request.GET.get("iris") == "1"
        page = within.page(request.GET["page"])
        if page is None:
            return problem(404, "Not Found", "There is no such page.")
        data = _page(page, request.GET["page"], address, at_home, within, iris=iris)
        return said(request, data, links=[(f"{LDP}Resource", "type")])
    wanted = _wanted(request)
    where = address if wanted == MINIMAL else _with(address, iris=int(wanted == IRIS))
    data = _collection(where, address, at_home, within, wanted)
    links = [
        (f"{LDP}BasicContainer", "type"),
        ("http://www.w3.org/ns/oa#AnnotationCollection", "type"),
        (PROTOCOL, f"{LDP}constrainedBy"),
    ]
    answer = said(request, data, links=links)
    answer.headers["Content-Location"] = data["id"]
    if "Prefer" in request.headers:
        answer.headers["Preference-Applied"] = "return=representation"
    return answer


def annotation(request: HttpRequest, uuid: UUID) -> HttpResponse:
    at = now()
    row = member(uuid, at=at)
    if row is None:
        return gone_or_unknown(uuid)
    [one] = told([row], at=at, demo=settings.DEMO)
    data = web_annotation.annotation(one, home(request))
    links = [(f"{LDP}Resource", "type"), ("http://www.w3.org/ns/oa#Annotation", "type")]
    if isinstance(row, Annotation):
        return said(request, data, links=links, version=row.row_version)
    answer = said(request, data, links=links)
    answer.headers["Allow"] = FOR_READING
    return answer


def gone_or_unknown(uuid: UUID) -> HttpResponse:
    if is_gone(uuid, at=now()):
        return problem(410, "Gone", "This annotation was withdrawn.")
    return problem(404, "Not Found")


def _elsewhere(request: HttpRequest, slug: str) -> HttpResponse:
    """From a slug that an article had before to its container; of a withdrawn one there is none."""
    if Article.objects.withdrawn().filter(slug=slug).exists():
        return problem(410, "Gone", "This article was withdrawn.")
    public = Article.objects.published(at=now())
    old = ArticleAddress.objects.filter(article__in=public, slug=slug).select_related("article").first()
    if old is None:
        return problem(404, "Not Found")
    return HttpResponsePermanentRedirect(reverse("data:article-annotations", args=[old.article.slug]))


def _wanted(request: HttpRequest) -> str:
    """What `Prefer` asks to be in a container; descriptions if it asks for nothing, as the protocol has it.

    The address of a container with descriptions or addresses says so, and gives the same again.
    """
    found = _INCLUDE.search(request.headers.get("Prefer", ""))
    asked = (found[1] or found[2] or "").split() if found else []
    for wanted in (MINIMAL, IRIS, DESCRIPTIONS):
        if wanted in asked:
            return wanted
    return IRIS if request.GET.get("iris") == "1" else DESCRIPTIONS


def _collection(where: str, address: str, home: Home, within: Container, wanted: str) -> Json:
    iris = int(wanted == IRIS)
    first: Json | str = _with(address, iris=iris, page="first")
    if wanted != MINIMAL:
        page = within.page("first")
        first = _page(page, "first", address, home, within, iris=bool(iris))
    label = _("Annotations: %(what)s") % {"what": within.article or home.name}
    return web_annotation.collection(
        where,
        home,
        label=label,
        total=within.total(),
        first=first,
        last=_with(address, iris=iris, page="last"),
    )


def _page(page: Page, name: str, address: str, home: Home, within: Container, *, iris: bool) -> Json:
    return web_annotation.page(
        _with(address, iris=int(iris), page=name),
        home,
        part_of=address,
        items=told(page.rows, at=within.at, demo=settings.DEMO),
        only_addresses=iris,
        following=_with(address, iris=int(iris), page=page.next) if page.next else "",
        preceding=_with(address, iris=int(iris), page=page.previous) if page.previous else "",
    )


def _with(address: str, **query: str | int) -> str:
    return f"{address}?{urlencode(query)}"
