"""Cards on other people's pages: a claim, or the words of an article that make it, as they stand today.

They answer in place, whatever the words in their address: a frame is no place to be sent elsewhere from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from urllib.parse import urlencode

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from newsroom.formats import oembed
from newsroom.models import Annotation, Article, Claim, Newsroom
from newsroom.presenters.claim import ClaimPage
from newsroom.presenters.embed import (
    WIDTH,
    Card,
    card_of_page,
    claim_card,
    claims_tagged,
    passage_card,
    with_passage,
)

from .pages import code_of, site_address
from .sharing import VersionOf, of_claim, of_passage, shared

View = Callable[[HttpRequest, str, Newsroom], HttpResponse]
Framed = Callable[..., HttpResponseBase]


def _in_frames_of_others(version_of: VersionOf) -> Callable[[View], Framed]:
    """With a policy of its own: framed by whom the newsroom lets, and without a script even of ours."""
    return partial(_framed_by_others, version_of)


def _framed_by_others(version_of: VersionOf, view: View) -> Framed:
    shown = shared(version_of)(view)

    @require_safe
    @wraps(view)
    def framed(request: HttpRequest, address: str) -> HttpResponseBase:
        newsroom = Newsroom.objects.current()
        ancestors = newsroom.frame_ancestors
        policy = dict.fromkeys(("script-src", "connect-src", "font-src", "form-action"), [NONE])
        answered: Framed = csp_replace({**policy, "frame-ancestors": ancestors or [NONE]})(shown)
        if ancestors:
            # The older header knows no list; every browser that obeys it knows the newer one.
            answered = xframe_options_exempt(answered)
        return answered(request, address, newsroom)

    return framed


@_in_frames_of_others(of_claim)
def claim(request: HttpRequest, address: str, newsroom: Newsroom) -> HttpResponse:
    at, code = now(), code_of(address)
    found = Claim.objects.shown(at=at).with_code(code).select_related("claimant").first()
    if found is None:
        return _gone(request, newsroom)
    if found.withdrawn_at:
        return _gone(request, newsroom, found)
    return _card(request, newsroom, claim_card(found, version=request.GET.get("v", "")))


@_in_frames_of_others(of_passage)
def passage(request: HttpRequest, address: str, newsroom: Newsroom) -> HttpResponse:
    at, code = now(), code_of(address)
    found = claims_tagged(at=at).with_code(code).first()
    if found is None:
        return _gone(request, newsroom, _withdrawn_round(code))
    card = passage_card(found, at=at, version=request.GET.get("v", ""))
    if card is None:
        return _gone(request, newsroom)
    return _card(request, newsroom, card)


def _withdrawn_round(code: str) -> Article | Claim | None:
    """What was withdrawn, if that is why the passage is not there: its article or its claim."""
    annotations = Annotation.objects.public().with_code(code).filter(kind=Annotation.Kind.CLAIM)
    found = annotations.select_related("article", "appearance__claim").first()
    if found is None or not found.article.has_had_readers(at=now()):
        return None
    claim = found.appearance.claim
    return found.article if found.article.is_withdrawn else claim if claim.withdrawn_at else None


def _card(request: HttpRequest, newsroom: Newsroom, card: Card) -> HttpResponse:
    there = card.passage.article_url if card.passage else card.url
    return _framed(request, newsroom, card=card, canonical_url=site_address(newsroom, request) + there)


def _gone(request: HttpRequest, newsroom: Newsroom, withdrawn: Article | Claim | None = None) -> HttpResponse:
    """What is not for everybody is as little there as what never was."""
    return _framed(request, newsroom, withdrawn=withdrawn, status=410 if withdrawn else 404)


def _framed(
    request: HttpRequest, newsroom: Newsroom, *, status: int = 200, **context: object
) -> HttpResponse:
    # A frame follows the system of who reads. That the page round it is always dark, only its address tells.
    scheme = request.GET.get("scheme", "")
    context |= {
        "newsroom": newsroom,
        "demo": settings.DEMO,
        "scheme": scheme if scheme in ("light", "dark") else "",
    }
    return render(request, "reader/embed.html", context, status=status)


# What the pages of readers offer


@dataclass(frozen=True, slots=True)
class Offered:
    """Code to copy, and what it shows."""

    id: str
    label: str
    code: str
    address: str


def offered(page: ClaimPage, newsroom: Newsroom, request: HttpRequest) -> list[Offered]:
    """The card of a claim, and of each passage on its page that may leave; none if nobody may embed them."""
    if not newsroom.frame_ancestors:
        return []
    card, home = card_of_page(page), site_address(newsroom, request)
    embeds = [Offered("embed-claim", _("Embed this claim"), frame_of(card, home), card.address)]
    for line in page.appearances:
        if line.passage.in_full:
            quoted = with_passage(card, line.passage)
            embeds.append(
                Offered(
                    f"embed-{line.passage.code}",
                    _("Embed the passage in “%(title)s”") % {"title": line.passage.article_title},
                    frame_of(quoted, home),
                    quoted.address,
                )
            )
    return embeds


def frame_of(card: Card, home: str, *, width: int = WIDTH, height: int | None = None) -> str:
    return oembed.frame(
        home + card.address, title=card.title, width=width, height=height or card.height(width)
    )


def discovered(path: str, newsroom: Newsroom, request: HttpRequest) -> dict[str, str]:
    """Kind -> where to ask how the page at this path is embedded; nowhere if nobody may embed it."""
    if not newsroom.frame_ancestors:
        return {}
    home = site_address(newsroom, request)
    ask = home + reverse("data:oembed")
    return {
        kind: f"{ask}?{urlencode({'url': home + path, 'format': name})}"
        for name, kind in oembed.DISCOVERED.items()
    }
