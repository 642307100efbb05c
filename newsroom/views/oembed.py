"""oEmbed: who has the address of a page asks how to show it. Errors are those of its section 2.3.4."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from newsroom.formats import oembed as told
from newsroom.models import Article, ArticleAddress, Claim, Newsroom
from newsroom.presenters.embed import (
    WIDTH,
    Card,
    annotation_at,
    claim_card,
    claims_tagged,
    passage_card,
)

from .embedding import frame_of
from .for_machines import answer_for_all, newsroom_with_address
from .pages import code_of

#: Characters of an address; of one that leads to words in an article the most are those words.
LONGEST = 4000
_PIXELS = re.compile(r"[1-9][0-9]{0,4}")


class _Refused(Exception):
    """`status` is 404 of what is not there, 401 of what is and may not be embedded."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@require_safe
def answer(request: HttpRequest) -> HttpResponseBase:
    write = told.WRITERS.get(request.GET.get("format", "json"))
    if write is None:
        return _refused(501, "The formats are json and xml.")
    newsroom = newsroom_with_address(request)
    try:
        path, fragment, lang = _place(request, newsroom)
        with translation.override(lang):
            body = write(_embedded(request, newsroom, path, fragment))
    except _Refused as refused:
        return _refused(refused.status, str(refused))
    found = answer_for_all(request, body, told.CONTENT_TYPES[request.GET.get("format", "json")])
    found.headers["Content-Language"] = lang
    return found


def _refused(status: int, why: str) -> HttpResponse:
    headers = {"Access-Control-Allow-Origin": "*"}
    return HttpResponse(f"{why}\n", "text/plain; charset=utf-8", status, headers=headers)


def _place(request: HttpRequest, newsroom: Newsroom) -> tuple[str, str, str]:
    """Path, fragment and language of the page that is asked for, if it is one of this site's."""
    asked = request.GET.get("url", "")
    try:
        parts = urlsplit(asked[:LONGEST])
    except ValueError:
        raise _Refused(404, "This is no address.") from None
    ours = {urlsplit(newsroom.address).netloc.lower(), request.get_host().lower()}
    if parts.scheme not in ("http", "https") or parts.netloc.lower() not in ours:
        raise _Refused(404, "This is no address of this site.")
    path = unquote(parts.path)
    return path, parts.fragment, "en" if path.startswith("/en/") else "it"


def _embedded(request: HttpRequest, newsroom: Newsroom, path: str, fragment: str) -> told.Told:
    try:
        match = resolve(path)
    except Resolver404:
        raise _Refused(404, "There is no such page.") from None
    at = now()
    card: Card | None
    if match.view_name in ("reader:claim", "reader:embed-claim"):
        claims = Claim.objects.public(at=at).with_code(code_of(match.kwargs["address"]))
        claim = claims.select_related("claimant").first()
        if claim is None:
            raise _Refused(404, "There is no such page.")
        card = claim_card(claim)
    elif match.view_name == "reader:embed-passage":
        annotation = claims_tagged(at=at).with_code(code_of(match.kwargs["address"])).first()
        if annotation is None:
            raise _Refused(404, "There is no such page.")
        card = passage_card(annotation, at=at)
    elif match.view_name == "reader:article":
        article = _article(match.kwargs["slug"])
        annotation = annotation_at(article, fragment, at=at) if fragment else None
        if annotation is None:
            return told.link(
                title=article.headline,
                author=article.byline,
                provider=newsroom.name,
                home=newsroom.address,
            )
        card = passage_card(annotation, at=at)
    else:
        raise _Refused(404, "Pages of this kind are not embedded.")
    if card is None:
        raise _Refused(401, "These words are not ours to let out.")
    if not newsroom.frame_ancestors:
        raise _Refused(401, "This site lets nobody embed its cards.")
    return _card(request, newsroom, card)


def _article(slug: str) -> Article:
    """By the slug that it has, or had."""
    public = Article.objects.published(at=now())
    found = public.filter(slug=slug).first()
    if found is None:
        moved = ArticleAddress.objects.filter(slug=slug).values("article")
        found = public.filter(pk__in=moved).first()
    if found is None:
        raise _Refused(404, "There is no such page.")
    return found


def _card(request: HttpRequest, newsroom: Newsroom, card: Card) -> dict[str, Any]:
    width = min(WIDTH, _pixels(request, "maxwidth") or WIDTH)
    fitting = card.height(width)
    height = min(fitting, _pixels(request, "maxheight") or fitting)
    return told.rich(
        title=card.title,
        html=frame_of(card, newsroom.address, width=width, height=height),
        width=width,
        height=height,
        provider=newsroom.name,
        home=newsroom.address,
    )


def _pixels(request: HttpRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    return int(given) if _PIXELS.fullmatch(given) else None
