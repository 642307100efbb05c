"""What happens to every request."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.core.handlers.wsgi import LimitedStream
from django.db import InterfaceError, OperationalError, transaction
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    UnreadablePostError,
)
from django.urls import resolve
from django.utils import translation
from django.utils.timezone import now

from newsroom.outside import logs, replicas
from newsroom.tasks import purging

requests = logging.getLogger("newsroom.requests")

#: Where browsers report to; relative, so that it is the site's own under whatever name.
REPORTS = "/policy-reports"
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


class ReportedPolicy(CSPMiddleware):
    """The content security policy, and where browsers report what it kept out (`report-to csp`)."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Reporting-Endpoints", f'csp="{REPORTS}"')
        return super().process_response(request, response)


class WholeBody(LimitedStream):
    """What was sent, as long as it said it is. Whoever hung up in the middle of a form has sent no form.

    A server hands over what came, and without this the words that came would be stored as if they were all.
    """

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = self.limit - self._pos
        if size is not None and size >= 0:
            wanted = min(size, wanted)
        data = super().read(size)
        while len(data) < wanted:
            more = super().read(wanted - len(data))
            if not more:
                raise UnreadablePostError("The connection ended in the middle.")
            data += more
        return data


def longest_body() -> int:
    """Bytes of a request, whatever it is sent to. Whoever brings a file that is too large is told so by its
    page, which needs nginx to let it pass; beyond this nobody means a form, and nothing is read.
    """
    longest: int = 20 * settings.UPLOAD_LIMIT + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return longest


class BodyAsTold:
    """What is sent is as long as it says: 400 to a length that is none, and to what ended before it; 413 to
    what is longer than anything here may be.

    Django and we read the length as a number, which servers in front mostly refuse if it is none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        told = request.META.get("CONTENT_LENGTH") or "0"
        if not (told.isascii() and told.isdigit() and len(told) < 16):
            return HttpResponse(status=400)
        if int(told) > longest_body():
            return HttpResponse(status=413)
        request._stream = WholeBody(request.META["wsgi.input"], int(told))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return HttpResponse(status=400) if isinstance(exception, UnreadablePostError) else None


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


class ReadsFromReplicas:
    """Pages for everybody, asked by people without a session, are read from a replica if one is fit for it.

    Whoever writes without a session gets a cookie that says how far the log had come, and reads a replica
    that has come as far. The cookie lasts longer than any replica may be behind. Who has a session, or says
    a token, reads the primary.
    """

    COOKIE = "controluce-wrote"
    SAFE = ("GET", "HEAD")
    #: Whose pages; and the names of files that have no namespace.
    PUBLIC, FILES = ("reader", "data"), ("picture", "robots")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not replicas.aliases():
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.lasts = max(60, 6 * settings.REPLICA_LAG)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with replicas.reading() as reads:
            request.reads = reads
            response = self.get_response(request)
            if reads.wrote and request.method not in self.SAFE:
                response.set_signed_cookie(
                    self.COOKIE,
                    str(replicas.position()),
                    salt=self.COOKIE,
                    max_age=self.lasts,
                    secure=settings.SESSION_COOKIE_SECURE,
                    httponly=True,
                    samesite="Lax",
                )
            return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Once it is known which page is asked for."""
        match = request.resolver_match
        if match is None or request.method not in self.SAFE:
            return
        is_public = match.namespaces[0] in self.PUBLIC if match.namespaces else match.view_name in self.FILES
        is_known = request.COOKIES.get(settings.SESSION_COOKIE_NAME) or "Authorization" in request.headers
        if is_public and not is_known:
            wrote = request.get_signed_cookie(self.COOKIE, default="0", salt=self.COOKIE, max_age=self.lasts)
            request.reads.alias = replicas.fit(after=int(wrote))

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponseBase | None:
        """A replica that died, or cut a query off to keep up: the page is made anew from the primary."""
        reads: replicas.Reads = request.reads
        match = request.resolver_match
        if not (match and reads.alias and isinstance(fault, (OperationalError, InterfaceError))):
            return None
        replicas.lost(reads.alias)
        reads.alias = ""
        answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return answer


class CachesTold:
    """After whatever may have written: a cache on the way, if one is named, is told what it keeps no more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.PURGE_URL:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method not in ("GET", "HEAD", "OPTIONS") and response.status_code < 400:
            transaction.on_commit(self._tell)
        return response

    def _tell(self) -> None:
        if purging.waits(at=now()):
            purging.tell_caches.enqueue()
