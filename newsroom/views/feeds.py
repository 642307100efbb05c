"""Feeds: what is new, for whoever follows it. The address says in which language the labels are.

The query string is the one of the page: so the language stands in the name of the file.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from newsroom.formats import atom
from newsroom.presenters import feeds
from newsroom.text.news import Channel

from .for_machines import answer_for_all, newsroom_with_address
from .sharing import of_everything, shared

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


def _feed(request: HttpRequest, arranged: Callable[..., Channel]) -> HttpResponseBase:
    at: datetime = now()
    newsroom = newsroom_with_address(request)
    channel = arranged(request.GET, at=at)
    subtitle = _("Demonstration data") if settings.DEMO else ""
    body = atom.feed(channel, lang=translation.get_language(), newsroom=newsroom, subtitle=subtitle)
    return answer_for_all(request, body, atom.CONTENT_TYPE)
