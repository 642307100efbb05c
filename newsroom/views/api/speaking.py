"""How the API speaks: who asks, in which language, errors as problems, headers for browsers and caches.

Wrapped round every address of the API, outside of what django-ninja does: so what it refuses by itself (a
method, a body) is told in the same way. No session is looked at and no cookie is set.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as Invalid
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.timezone import now
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer

from newsroom.actions.refusals import Outdated, Overtaken
from newsroom.models import ApiToken
from newsroom.presenters.api import Seen
from newsroom.views.pacing import keeps_own_pace, seconds_to_wait
from newsroom.views.repeating import once
from newsroom.views.tokens import BadToken, bearer, no_token, problem

View = Callable[..., HttpResponse]

SAFE = ("GET", "HEAD", "OPTIONS")
#: Seconds for which what is public may be kept by a cache.
KEPT = 60
TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    412: "Precondition Failed",
    422: "Unprocessable Content",
    428: "Precondition Required",
    429: "Too Many Requests",
    503: "Service Unavailable",
}
#: A header of our own, which no answer keeps: the version of the row that it says.
VERSION = "X-Row-Version"
_VERSION = re.compile(r'(?:W/)?"([0-9]{1,10})\.')


class Token(HttpBearer):
    """What a write endpoint asks for: a token with this scope. Its person's permissions hold besides."""

    def __init__(self, scope: ApiToken.Scope) -> None:
        self.scope = scope
        super().__init__()

    def __call__(self, request: HttpRequest) -> ApiToken:
        return self.authenticate(request, "")

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        if request.token is None:
            raise HttpError(401, "A valid token is needed: Authorization: Bearer …")
        if not request.token.may(self.scope):
            raise HttpError(403, f"The token lacks the scope “{self.scope}”.")
        return request.token


def seen_by(request: HttpRequest) -> Seen:
    """A reader; or, with a token of scope `read` of somebody who may see articles, the desk."""
    token = request.token
    at_the_desk = token is not None and token.may("read") and token.user.has_perm("newsroom.view_article")
    return Seen(at=now(), demo=settings.DEMO, for_the_desk=at_the_desk)


def version_named(request: HttpRequest) -> int:
    """The `row_version` that `If-Match` names, by the ETag of what was read."""
    given = request.headers.get("If-Match")
    if given is None:
        raise HttpError(428, "Send If-Match with the ETag of what you have read.")
    named = _VERSION.match(given.strip())
    if named is None or int(named[1]) > 2**31 - 1:
        raise HttpError(412, "If-Match names no version of this.")
    return int(named[1])


def spoken(view: View) -> View:
    """A view of the API, as programs and the browsers of other sites can talk with it."""

    @csrf_exempt
    @keeps_own_pace
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(language_of(request)):
            answer = _answer(request, view, args, kwargs)
            answer.headers["Content-Language"] = translation.get_language()
        patch_vary_headers(answer, ("Authorization", "Accept-Language"))
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Access-Control-Expose-Headers"] = (
            "ETag, Idempotency-Replayed, Link, Location, Retry-After, WWW-Authenticate"
        )
        return answer

    return answered


def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    """An address under the API's that leads nowhere."""
    return problem(404, TITLES[404])


def _answer(request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse:
    try:
        request.token, is_bad = bearer(request), False
    except BadToken:
        request.token, is_bad = None, True
    # Preflights are the browser's; whoever guesses at tokens is counted by the address.
    pace = "api_token" if request.token else "api"
    if request.method != "OPTIONS" and (seconds := seconds_to_wait(request, pace, token=request.token)):
        return _too_often(seconds)
    if is_bad:
        return no_token(request)
    request.user = request.token.user if request.token else AnonymousUser()
    if request.method == "OPTIONS":
        return _options(view(request, *args, **kwargs))
    method = request.method
    if method == "HEAD":
        request.method = "GET"
    answer = once(request, request.token, lambda: view(request, *args, **kwargs))
    request.method = method
    if answer.status_code == 405:
        allowed = _allowed(answer)
        answer = problem(405, TITLES[405])
        answer.headers["Allow"] = allowed
    if answer.status_code == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if method in ("GET", "HEAD") and answer.status_code == 200:
        return _kept(request, answer)
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


def _too_often(seconds: int) -> HttpResponse:
    answer = problem(429, TITLES[429], f"Ask again in {seconds} seconds.")
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _kept(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """With an ETag, or 304. A row that may be changed has its version at the head of it."""
    version = answer.headers.get(VERSION, "")
    del answer.headers[VERSION]
    etag = f'"{version + "." if version else ""}{hashlib.sha256(answer.content).hexdigest()[:32]}"'
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = (
        f"public, max-age={KEPT}" if request.token is None else "private, no-cache"
    )
    return get_conditional_response(request, etag=etag, response=answer)


def _options(refused: HttpResponse) -> HttpResponse:
    allowed = _allowed(refused)
    answer = HttpResponse(status=204, headers={"Allow": allowed, "Cache-Control": "no-store"})
    answer.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
    answer.headers["Access-Control-Allow-Headers"] = "Authorization, If-None-Match"
    answer.headers["Access-Control-Max-Age"] = "86400"
    return answer


def _allowed(refused: HttpResponse) -> str:
    methods = {word.strip() for word in refused.headers.get("Allow", "GET").split(",")} | {"OPTIONS"}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def language_of(request: HttpRequest) -> str:
    """Labels and refusals in Italian for who asks for it, else in English."""
    known = dict(settings.LANGUAGES)
    for tag, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:500]):
        if (language := tag.partition("-")[0]) in known:
            return language
    return "en"


# What went wrong


def refusal(error: Invalid) -> HttpResponse:
    """What a rule of the newsroom stands against, or who was faster."""
    status = 409 if isinstance(error, Outdated) else 412 if isinstance(error, Overtaken) else 422
    code = {"code": error.code} if getattr(error, "code", None) else {}
    return problem(status, TITLES[status], " ".join(error.messages), **code)


def speak_of_errors(api: NinjaAPI) -> None:
    """Each error of the house and of django-ninja as the problem that it is."""

    def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(404, TITLES[404])

    def http(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, TITLES[error.status_code], str(error))

    def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = [{"where": list(each["loc"]), "what": str(each["msg"])} for each in error.errors]
        return problem(422, TITLES[422], "This is not as documented.", errors=errors)

    def denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return problem(403, TITLES[403], str(error) or "You may not do this.")

    def invalid(request: HttpRequest, error: Invalid) -> HttpResponse:
        return refusal(error)

    api.add_exception_handler(Http404, not_found)
    api.add_exception_handler(HttpError, http)
    api.add_exception_handler(ValidationError, malformed)
    api.add_exception_handler(PermissionDenied, denied)
    api.add_exception_handler(Invalid, invalid)
