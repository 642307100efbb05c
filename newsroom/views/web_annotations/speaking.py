"""How the Web Annotation Protocol is spoken: methods, headers, preflights, conditions (W3C, 2017).

https://www.w3.org/TR/annotation-protocol/. What is read is one for all: no token is looked at, so that it
can be kept by any cache. No session is looked at and no cookie is set.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from newsroom.formats import web_annotation
from newsroom.models import Newsroom
from newsroom.views.pages import site_address
from newsroom.views.tokens import problem

View = Callable[..., HttpResponse]

LDP = "http://www.w3.org/ns/ldp#"
#: Under which a page names the container to which its annotations are sent.
SERVICE = "http://www.w3.org/ns/oa#annotationService"
PROTOCOL = "http://www.w3.org/TR/annotation-protocol/"
#: Seconds for which what is public may be kept by a cache.
KEPT = 60
#: What the pages of other sites may read of an answer, and send with a request.
EXPOSED = (
    "Accept-Post, Allow, Content-Location, ETag, Idempotency-Replayed, Link, Location, "
    "Preference-Applied, Vary"
)

SENT = "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Prefer, Slug"


def spoken(*methods: str) -> Callable[[View], View]:
    """A view that answers these methods, HEAD with GET and OPTIONS always."""
    allowed = [*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"]

    def with_view(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "OPTIONS":
                answer = _options(allowed)
            elif request.method not in allowed:
                answer = problem(405, "Method Not Allowed")
            else:
                answer = view(request, *args, **kwargs)
            # What one annotation allows may be less than what its address knows.
            answer.headers.setdefault("Allow", ", ".join(allowed))
            if "POST" in allowed:
                answer.headers["Accept-Post"] = web_annotation.CONTENT_TYPE
            patch_vary_headers(answer, ("Accept", "Prefer"))
            answer.headers["Access-Control-Allow-Origin"] = "*"
            answer.headers["Access-Control-Expose-Headers"] = EXPOSED
            return answer

        return answered

    return with_view


def _options(allowed: Iterable[str]) -> HttpResponse:
    """200 and not 204: the protocol's test suite asks for it."""
    answer = HttpResponse(headers={"Cache-Control": "no-store"}, content_type="text/plain")
    answer.headers["Access-Control-Allow-Methods"] = ", ".join(allowed)
    answer.headers["Access-Control-Allow-Headers"] = SENT
    answer.headers["Access-Control-Max-Age"] = "86400"
    return answer


def said(
    request: HttpRequest, data: web_annotation.Json, *, links: Iterable[tuple[str, str]], version: int = 0
) -> HttpResponse:
    """These data for everybody; 304 to who has them already.

    The ETag of what can be changed begins with its row version, which `If-Match` names.
    """
    body = web_annotation.dumps(data)
    answer = HttpResponse(body, content_type=web_annotation.CONTENT_TYPE)
    answer.headers["Link"] = ", ".join(f'<{target}>; rel="{rel}"' for target, rel in links)
    etag = etag_of(body, version)
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = f"public, max-age={KEPT}"
    if request.method not in ("GET", "HEAD"):
        answer.headers["Cache-Control"] = "no-store"
        return answer
    return get_conditional_response(request, etag=etag, response=answer)


def etag_of(body: bytes, version: int) -> str:
    return f'"{f"{version}." if version else ""}{hashlib.sha256(body).hexdigest()[:32]}"'


def home(request: HttpRequest) -> web_annotation.Home:
    newsroom = Newsroom.objects.current()
    address = site_address(newsroom, request)
    return web_annotation.Home(address, newsroom.name, f"{address}/method/#")
