"""Feeds: what is new, for whoever follows it. The address says in which language the labels are.

The query string is the one of the page: so the language stands in the name of the file.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from newsroom.formats import atom
from newsroom.models import Article, ArticleAddress, Claim, Entity, Source
from newsroom.presenters import feeds
from newsroom.presenters.following import Subject, thing_channel, thing_feed_url
from newsroom.text.news import Channel

from .for_machines import answer_for_all, newsroom_with_address
from .pages import code_of
from .sharing import of_article, of_claim, of_everything, shared

View = Callable[..., HttpResponseBase]


def _in_the_language_of_the_address(view: View) -> View:
    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, lang: str, **kwargs: Any) -> HttpResponseBase:
        with translation.override(lang):
            answer = view(request, *args, **kwargs)
        answer.headers["Content-Language"] = lang
        return answer

    return spoken


@require_safe
@_in_the_language_of_the_address
@shared(of_everything, for_all=True)
def articles(request: HttpRequest) -> HttpResponseBase:
    return _feed(request, feeds.articles_channel)


@require_safe
@_in_the_language_of_the_address
@shared(of_everything, for_all=True)
def reviews(request: HttpRequest) -> HttpResponseBase:
    return _feed(request, feeds.reviews_channel)


@require_safe
@_in_the_language_of_the_address
@shared(of_everything, for_all=True)
def claims(request: HttpRequest) -> HttpResponseBase:
    return _feed(request, feeds.claims_channel)


@require_safe
@_in_the_language_of_the_address
@shared(of_everything, for_all=True)
def corrections(request: HttpRequest) -> HttpResponseBase:
    return _feed(request, feeds.corrections_channel)


@require_safe
@_in_the_language_of_the_address
@shared(of_everything, for_all=True)
def search(request: HttpRequest) -> HttpResponseBase:
    """Of what has no moment there is no news."""
    if request.GET.get("kind", "") not in ("", *feeds.SEARCHED):
        raise Http404
    return _feed(request, feeds.search_channel)


# -- of one thing: who follows it is told no more than its page tells ---------------------------------------


@require_safe
@_in_the_language_of_the_address
@shared(of_article, for_all=True)
def article(request: HttpRequest, slug: str) -> HttpResponseBase:
    found = Article.objects.published(at=now()).filter(slug=slug).first()
    if found is not None:
        return _of_thing(request, found)
    if Article.objects.withdrawn().filter(slug=slug).exists():
        return HttpResponse(status=410)
    moved = get_object_or_404(ArticleAddress.objects.select_related("article"), slug=slug).article
    if moved.published_at is None or moved.published_at > now():
        raise Http404
    return HttpResponsePermanentRedirect(thing_feed_url(moved))


@require_safe
@_in_the_language_of_the_address
@shared(of_claim, for_all=True)
def claim(request: HttpRequest, address: str) -> HttpResponseBase:
    found = get_object_or_404(Claim.objects.shown(at=now()).with_code(code_of(address)))
    return HttpResponse(status=410) if found.withdrawn_at else _of_thing(request, found)


@require_safe
@_in_the_language_of_the_address
@shared(of_everything, for_all=True)
def source(request: HttpRequest, address: str) -> HttpResponseBase:
    return _of_thing(request, get_object_or_404(Source.objects.public().with_code(code_of(address))))


@require_safe
@_in_the_language_of_the_address
@shared(of_everything, for_all=True)
def entity(request: HttpRequest, address: str) -> HttpResponseBase:
    found = Entity.objects.public().with_code(code_of(address)).first()
    if found is not None:
        return _of_thing(request, found)
    # To the one that it was merged into. No program keeps the way: it may be undone.
    merged = get_object_or_404(
        Entity.objects.filter(merged_into__isnull=False, privacy="").with_code(code_of(address))
    ).standing()
    if not merged.has_page:
        raise Http404
    answer = HttpResponsePermanentRedirect(thing_feed_url(merged))
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _of_thing(request: HttpRequest, subject: Subject) -> HttpResponseBase:
    if request.path != (there := thing_feed_url(subject)):
        return HttpResponsePermanentRedirect(there)
    return _answer(request, thing_channel(subject, at=now()))


def _feed(request: HttpRequest, arranged: Callable[..., Channel]) -> HttpResponseBase:
    return _answer(request, arranged(request.GET, at=now()))


def _answer(request: HttpRequest, channel: Channel) -> HttpResponseBase:
    newsroom = newsroom_with_address(request)
    subtitle = _("Demonstration data") if settings.DEMO else ""
    body = atom.feed(channel, lang=translation.get_language(), newsroom=newsroom, subtitle=subtitle)
    return answer_for_all(request, body, atom.CONTENT_TYPE)
