"""The reconciliation service: which of our names, sources and claims a name in somebody’s table means.

Everybody may ask, from any site, without a session; nothing is written, and only whom readers meet is found.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.timezone import now
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt

from newsroom.formats import reconciliation as told
from newsroom.formats.reconciliation import BadQuestion
from newsroom.models import Newsroom
from newsroom.presenters import reconciling
from newsroom.text.folding import fold

from .api.speaking import language_of
from .pages import site_address
from .tokens import problem

View = Callable[[HttpRequest], HttpResponse]
#: Characters that are looked at of what somebody is typing, and bytes of a question.
LONGEST, LARGEST = 200, 256 * 1024


def _asked_of_all(*methods: str) -> Callable[[View], View]:
    """For programs and pages of any site, in the language they ask for; what is no question is told so."""

    def decorated(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest) -> HttpResponse:
            with translation.override(language_of(request)):
                answer = _answer(request, view, methods)
                answer.headers["Content-Language"] = translation.get_language()
            patch_vary_headers(answer, ("Accept-Language",))
            answer.headers["Access-Control-Allow-Origin"] = "*"
            return answer

        return answered

    return decorated


def _answer(request: HttpRequest, view: View, methods: tuple[str, ...]) -> HttpResponse:
    allowed = ", ".join(sorted({*methods, "OPTIONS"} | ({"HEAD"} if "GET" in methods else set())))
    if request.method == "OPTIONS":
        answer = HttpResponse(status=204, headers={"Allow": allowed})
        answer.headers["Access-Control-Allow-Methods"] = allowed
        answer.headers["Access-Control-Allow-Headers"] = "Content-Type, Accept-Language"
        answer.headers["Access-Control-Max-Age"] = "86400"
        return answer
    if (request.method if request.method != "HEAD" else "GET") not in methods:
        answer = problem(405, "Method Not Allowed")
        answer.headers["Allow"] = allowed
        return answer
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return problem(413, "Content Too Large")
    try:
        return view(request)
    except BadQuestion as bad:
        status, title = (413, "Content Too Large") if bad.too_many else (400, "Bad Request")
        return problem(status, title, str(bad))


# 0.2


@_asked_of_all("GET", "POST")
def service(request: HttpRequest) -> HttpResponse:
    """What the service is; with `queries` who is meant; with `extend` what is known of them."""
    given = request.POST if request.method == "POST" else request.GET
    if "queries" in given:
        asked = told.read_queries(given["queries"])
        found = reconciling.candidates(list(asked.values()), at=now(), home=_home(request))
        return JsonResponse(told.results(dict(zip(asked, found, strict=True)), reconciling.kinds()))
    if "extend" in given:
        return _extended(request, given["extend"], old=True)
    if request.method == "POST":
        raise BadQuestion("Send queries, or extend.")
    manifest = told.manifest(
        Newsroom.objects.current().name,
        home=_home(request),
        at=_home(request) + reverse("data:reconcile"),
        kinds=reconciling.kinds(),
    )
    return JsonResponse(manifest)


# 1.0-draft


@_asked_of_all("GET")
def draft(request: HttpRequest) -> HttpResponse:
    manifest = told.manifest_of_draft(
        Newsroom.objects.current().name,
        home=_home(request),
        kinds=reconciling.kinds(),
        lang=translation.get_language(),
    )
    return JsonResponse(manifest)


@_asked_of_all("POST")
def draft_match(request: HttpRequest) -> HttpResponse:
    asked = told.read_batch(_body(request))
    found = reconciling.candidates(asked, at=now(), home=_home(request))
    return JsonResponse(told.batch(found, reconciling.kinds()))


@_asked_of_all("POST")
def draft_extend(request: HttpRequest) -> HttpResponse:
    return _extended(request, _body(request), old=False)


# Both


def _extended(request: HttpRequest, sent: str, *, old: bool) -> HttpResponse:
    ids, wanted = told.read_extension(sent)
    names = reconciling.properties()
    known = {name: names[name] for name in wanted if name in names}
    values = reconciling.values(ids, list(known), at=now(), home=_home(request))
    return JsonResponse(told.extension(values, known, old=old))


@_asked_of_all("GET")
def suggest_entity(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("type", "")
    found = reconciling.suggested(_prefix(request), kind=kind, at=now())
    return JsonResponse(told.suggestions(found, reconciling.kinds()))


@_asked_of_all("GET")
def suggest_type(request: HttpRequest) -> HttpResponse:
    return _named(request, reconciling.kinds())


@_asked_of_all("GET")
def suggest_property(request: HttpRequest) -> HttpResponse:
    return _named(request, reconciling.properties(request.GET.get("type", "")))


def _named(request: HttpRequest, names: dict[str, str]) -> HttpResponse:
    prefix = fold(_prefix(request))
    return JsonResponse(
        told.named(
            {key: name for key, name in names.items() if fold(name).startswith(prefix) or key == prefix}
        )
    )


@_asked_of_all("GET")
def propose(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("type", "")
    return JsonResponse(told.proposals(kind, reconciling.properties(kind)))


@_asked_of_all("GET")
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def preview(request: HttpRequest) -> HttpResponse:
    """A few words on who it is, for a frame in somebody else’s page: it holds no form and sets no cookie."""
    id = request.GET.get("id", "")[:LONGEST]
    found = reconciling.values([id], list(reconciling.properties()), at=now(), home=_home(request))
    known = found.get(id)
    if not known:
        raise Http404
    names = reconciling.properties()
    shown = {
        names[key]: values
        for key, values in known.items()
        if key not in ("name", "description", "lang", "url")
    }
    context: dict[str, Any] = {
        "name": known["name"][0],
        "description": next(iter(known["description"]), None),
        "url": known["url"][0].words,
        "facts": {name: values for name, values in shown.items() if values},
    }
    return render(request, "reader/reconciled.html", context)


def _prefix(request: HttpRequest) -> str:
    return request.GET.get("prefix", "")[:LONGEST]


def _body(request: HttpRequest) -> str:
    try:
        return request.body.decode()
    except UnicodeDecodeError:
        raise BadQuestion("This is no UTF-8.") from None


def _home(request: HttpRequest) -> str:
    return site_address(Newsroom.objects.current(), request)
