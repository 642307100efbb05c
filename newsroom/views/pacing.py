"""How often somebody may ask for what writes or is costly: one rule, before every view.

Each kind of work has a pace of its own, so many a minute of the clock: of a member of staff by their name,
else of the address. All processes of this machine count together (`outside/counters.py`). It keeps a program
or a finger that runs wild from the others' time, and passwords from being tried; it is no defence against
many addresses at once, which is the server's in front.

Every request that is not safe has a pace by its method alone, so a new view has one too; which reading is
costly stands in `COSTLY`. Who is told to wait loses nothing: the page shows what was typed, to send again.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import AddressValueError, IPv6Address
from time import time
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from newsroom.models import ApiToken
from newsroom.outside.counters import Counters

from .pages import public_page
from .tokens import problem
from .typed import CARRIED, Typed, carried_in, session_ended, typed_in, typed_page

View = Callable[..., HttpResponse]

WINDOW = 60
#: Of an address of IPv6: a house has as many as it likes behind these.
NETWORK = 64
SAFE = {"GET", "HEAD", "OPTIONS"}

#: What is costly: name of an address -> the pace that it keeps, however it is asked.
COSTLY = {
    "reader:search": "search",
    "data:feed-search": "search",
    "data:feed-search-en": "search",
    "desk:find": "search",
    "desk:relations-find": "search",
    "desk:evidence-find": "search",
    "reader:article-pdf": "export",
    "desk:export": "export",
    "desk:claim-dossier": "export",
    "data:claims-table": "export",
    "data:claims-table-en": "export",
    "data:reconcile": "reconcile",
    "data:suggest-entity": "reconcile",
    "data:reconcile-preview": "reconcile",
    "data:draft-reconcile": "reconcile",
    "data:draft-match": "reconcile",
    "data:draft-suggest-entity": "reconcile",
    "data:draft-extend": "reconcile",
    "data:draft-preview": "reconcile",
    "desk:presence": "presence",
    "policy-reports": "report",
    # Another house is asked.
    "provider_sign_in": "stranger",
    "provider_again": "stranger",
    "provider_callback": "stranger",
}
#: What is costly when something is sent there: a file or a page is read, another site is asked.
COSTLY_TO_SEND = {
    "desk:imports": "import",
    "desk:import": "import",
    "desk:new-article": "fetch",
    "desk:new-document": "fetch",
    "desk:document-change": "fetch",
    "desk:document-copy": "fetch",
    "desk:document-check": "fetch",
    "desk:entity-look-up": "fetch",
}
#: Paces that are an address's, whoever is signed in there: their pages know no session.
OF_ADDRESSES = {"reconcile", "report", "program", "stranger"}

counters = Counters(settings.VAR_DIR / "counters", key=settings.SECRET_KEY)


def keeps_own_pace(view: View) -> View:
    """This view asks `seconds_to_wait` itself, since it answers in a way of its own."""
    view.__dict__["keeps_own_pace"] = True
    return view


class Paced:
    """Middleware: asked once it is known which view it is, after who is signed in."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        if getattr(view, "keeps_own_pace", False):
            return None
        pace = pace_of(request)
        if not pace:
            return None
        seconds = seconds_to_wait(request, pace)
        return too_often(request, seconds) if seconds else None


def pace_of(request: HttpRequest) -> str:
    """The kind of work that this is; empty if it is neither costly nor writes."""
    found = request.resolver_match
    name, is_sent = found.view_name, request.method not in SAFE
    pace = COSTLY.get(name) or (COSTLY_TO_SEND.get(name) if is_sent else "")
    if pace:
        return pace
    if found.namespace.startswith("data"):
        return "program" if is_sent else ""
    if found.namespace == "admin" and not is_sent:
        return "search" if request.GET.get("q") else ""
    if not is_sent:
        return ""
    return "write" if request.user.is_authenticated else "stranger"


def seconds_to_wait(request: HttpRequest, pace: str, *, token: ApiToken | None = None) -> int:
    """0 if this may be answered, which counts; else the seconds until the next may be."""
    most = settings.PACES[pace]
    if not most:
        return 0
    second = int(time())
    asked = counters.add(f"{pace} {_who(request, pace, token)}", window=second // WINDOW)
    return WINDOW - second % WINDOW if asked > most else 0


def _who(request: HttpRequest, pace: str, token: ApiToken | None) -> str:
    if token is not None:
        return f"token {token.pk}"
    found = request.resolver_match
    # A public page looks at no session: there it is the address, of whoever asks.
    if pace not in OF_ADDRESSES and found is not None and found.namespace in {"desk", "admin"}:
        user = getattr(request, "user", None) or AnonymousUser()
        if user.is_authenticated:
            return f"person {user.pk}"
    return network_of(request)


def network_of(request: HttpRequest) -> str:
    """What counts as one visitor."""
    return _network(address_of(request))


def address_of(request: HttpRequest) -> str:
    """Who asks. What they write into `X-Forwarded-For` themselves stands before what our proxy adds."""
    if settings.BEHIND_PROXY:
        told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if told:
            return told[:64]
    return request.META.get("REMOTE_ADDR", "")


def _network(address: str) -> str:
    try:
        found = IPv6Address(address)
    except AddressValueError:
        return address
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return f"{int(found) >> (128 - NETWORK):x}"


def _typed(request: HttpRequest) -> Typed | None:
    """What was sent to the desk, or what the pages to sign in on carry for who comes back there."""
    return typed_in(request) or (carried_in(request) if request.POST.get(CARRIED) else None)


def too_often(request: HttpRequest, seconds: int) -> HttpResponse:
    """429, in the language of the page: with what was typed, beside a page that stays, or to a program."""
    found = request.resolver_match
    inside = found.namespace in {"desk", "admin"} and request.user.is_active and request.user.is_staff
    if found.view_name in ("policy-reports", "desk:presence"):
        answer = HttpResponse(status=429)
    elif found.namespace.startswith("data"):
        answer = problem(429, "Too Many Requests", f"Ask again in {seconds} seconds.")
    elif found.namespace in {"desk", "admin"} and request.htmx:
        # Whether or not the session has ended meanwhile: that is told to who sends it again.
        answer = render(request, "desk/_wait.html", {"wait": seconds}, status=429)
        # static/js/session.js shows it beside the page, which stays as it is.
        answer.headers["X-Session"] = "wait"
    elif (typed := _typed(request)) and (typed.fields or typed.files):
        if inside:
            answer = typed_page(request, typed, status=429, wait=seconds)
        else:
            answer = session_ended(request, typed, status=429, wait=seconds)
    else:
        again = request.get_full_path() if request.method in SAFE else ""
        answer = public_page(request, "reader/wait.html", status=429, wait=seconds, again=again)
    answer.headers["Retry-After"] = str(seconds)
    answer.headers["Cache-Control"] = "no-store"
    return answer
