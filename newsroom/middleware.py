"""What happens to every request."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import resolve
from django.utils import translation

from newsroom.outside import logs

requests = logging.getLogger("newsroom.requests")

#: What other programs ask to know whether this one is well: no language, session, host or redirection.
PROBES = {"/health/live", "/health/ready", "/metrics"}


class LanguageFromPath:
    """The language of a page is in its address: English under /en/, Italian elsewhere.

    Unlike Django's LocaleMiddleware it asks neither a header nor a cookie: a page is one for all who open it,
    so it can be cached, shared and quoted. `i18n_patterns` reads the language that is active here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = "en" if request.path_info == "/en" or request.path_info.startswith("/en/") else "it"
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class QueryWithoutNul:
    """No character 0 reaches a view by the address: PostgreSQL's texts have none, and nobody types one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", "")
        return self.get_response(request)


class Probes:
    """The first of all: who asks whether the site is well is answered before anything else can fail."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info in PROBES:
            answer: HttpResponseBase = resolve(request.path_info).func(request)
            return answer
        return self.get_response(request)


class Observed:
    """Each request has an id, in each line of the log that it leaves; a line and figures if they are wanted.

    A visitor's own id counts only if our proxy is there to set it. An answer that failed tells its id, so
    that whoever got it can say which it was; others do not, for they are cached and shared.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.answered: Callable[..., None] | None = None
        if settings.METRICS:
            from newsroom.outside import metrics

            self.answered = metrics.answered

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "") if settings.BEHIND_PROXY else ""
        token = logs.request_id.set(logs.sound_id(given))
        begun = time.perf_counter()
        try:
            response = self.get_response(request)
            if response.status_code >= 500:
                response.headers["X-Request-ID"] = logs.request_id.get()
            self.tell(request, response, time.perf_counter() - begun)
            return response
        finally:
            logs.request_id.reset(token)

    def tell(self, request: HttpRequest, response: Any, seconds: float) -> None:
        """By the name of the page, never by its address: an address may hold somebody's name."""
        logged = requests.isEnabledFor(logging.INFO)
        if not (logged or self.answered):
            return
        match = request.resolver_match
        about = {
            "route": match.view_name if match else "none",
            "method": request.method,
            "status": response.status_code,
        }
        if self.answered:
            self.answered(**about, seconds=seconds)
        if logged:
            size = None if response.streaming else len(response.content)
            requests.info("answered", extra={**about, "ms": round(seconds * 1000, 1), "bytes": size})
