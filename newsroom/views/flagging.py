"""Readers flag a passage or a thing, and see on a private page what came of it.

No session, no cookie: a form is proved by a token of its own (ADR 133), a private page by the secret in its
address (ADR 134). Whoever sends too many waits; and, if very many write about one thing, everybody but those
who ask for a rectification or to reply.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from time import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from newsroom.actions import flags
from newsroom.forms.flagging import FlagForm
from newsroom.forms.proved import issue_token
from newsroom.forms.reviewing import show_refusal
from newsroom.models import Article, Capability, Claim, Entity, Flag, Source
from newsroom.outside.counters import Counters
from newsroom.presenters.flagging import (
    Subject,
    flag_form_page,
    flag_url,
    follow_page,
    place_lines,
    place_of_note,
    place_of_words,
)
from newsroom.presenters.held_data import held_of_flag
from newsroom.tasks.notices import send_notices
from newsroom.tasks.reader_mail import send_reader_mail

from . import pacing
from .pages import code_of, public_page
from .personal_data import copy_of

HOUR = 3600
#: Apart from what is counted by the minute: in one table the shorter windows would push the longer ones out.
hourly = Counters(settings.VAR_DIR / "counters-hours", key=settings.SECRET_KEY)
View = Callable[..., HttpResponse]


def kept_nowhere(view: View) -> View:
    """No cache keeps the answer, no search engine lists it, and no other page is told its address."""

    @wraps(view)
    def private(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return private


#: A form of a reader's: it has a token of its own, so Django's, which wants a cookie, is not asked.
of_a_reader = require_http_methods(["GET", "HEAD", "POST"])


@pacing.keeps_own_pace
@csrf_exempt
@kept_nowhere
@of_a_reader
def flag_article(request: HttpRequest, slug: str) -> HttpResponse:
    articles = Article.objects.published(at=now()).select_related("current_revision")
    return _flag(request, get_object_or_404(articles, slug=slug))


@pacing.keeps_own_pace
@csrf_exempt
@kept_nowhere
@of_a_reader
def flag_claim(request: HttpRequest, address: str) -> HttpResponse:
    return _flag(request, get_object_or_404(Claim.objects.public(at=now()).with_code(code_of(address))))


@pacing.keeps_own_pace
@csrf_exempt
@kept_nowhere
@of_a_reader
def flag_source(request: HttpRequest, address: str) -> HttpResponse:
    return _flag(request, get_object_or_404(Source.objects.public().with_code(code_of(address))))


@pacing.keeps_own_pace
@csrf_exempt
@kept_nowhere
@of_a_reader
def flag_entity(request: HttpRequest, address: str) -> HttpResponse:
    return _flag(request, get_object_or_404(Entity.objects.public().with_code(code_of(address))))


def _flag(request: HttpRequest, subject: Subject) -> HttpResponse:
    """The form, which may begin with words of the text; sent, it leads to the reader's private page."""
    in_full = isinstance(subject, Article) and subject.shows_in_full(demo=settings.DEMO)
    name = f"{subject._meta.model_name}:{subject.code}"
    # Of a text that is not shown whole, no words are looked for: who guesses would learn what it says.
    revision = subject.current_revision if isinstance(subject, Article) and in_full else None
    about: dict[str, Any] = {"subject": name, "revision": revision, "by_mail": settings.SENDS_MAIL}
    if request.method != "POST":
        initial = {
            "token": issue_token(name),
            "kind": request.GET.get("kind", ""),
            **_words(request, subject, revision),
        }
        return _page(request, subject, FlagForm(initial=initial, **about), in_full=in_full)
    require_own_origin(request)
    form = FlagForm(request.POST, **about)
    wait = pacing.seconds_to_wait(request, "stranger")
    if wait:
        return _page(request, subject, form, in_full=in_full, status=429, wait=wait)
    if not form.is_valid():
        return _page(request, subject, form, in_full=in_full, status=422)
    wait = _hour_to_wait(request, name, is_signed=form.cleaned_data["kind"] in Flag.SIGNED)
    if wait:
        return _page(request, subject, form, in_full=in_full, status=429, wait=wait)
    try:
        received = flags.receive(
            subject,
            kind=form.cleaned_data["kind"],
            message=form.cleaned_data["message"],
            name=form.cleaned_data["name"],
            address=form.cleaned_data.get("address", ""),
            place=form.where,
            lang=get_language() or "it",
            uuid=form.identity,
            at=now(),
        )
    except ValidationError as refusal:
        show_refusal(form, refusal)
        form.renew()
        return _page(request, subject, form, in_full=in_full, status=422)
    send_reader_mail.enqueue()
    # Without a worker the timer sends what the desk is told: no reader waits for that.
    if settings.HAS_WORKER:
        send_notices.enqueue()
    return HttpResponseRedirect(reverse("reader:flag", args=[received.secret]))


def _words(request: HttpRequest, subject: Subject, revision: Any) -> dict[str, Any]:
    """The words with which the form begins: those that the address names."""
    if revision is None:
        return {}
    span = place_of_words(revision, request.GET.get("start", ""), request.GET.get("end", ""))
    if span is None and isinstance(subject, Article) and request.GET.get("note"):
        span = place_of_note(subject, request.GET["note"])
    initial = {"based_on": revision.number}
    if span is None:
        return initial
    return initial | {"start": span[0], "end": span[1], "words": revision.text[slice(*span)]}


def _page(
    request: HttpRequest, subject: Subject, form: FlagForm, *, in_full: bool, status: int = 200, wait: int = 0
) -> HttpResponse:
    page = flag_form_page(subject, url=flag_url(subject), in_full=in_full)
    places = place_lines(form.revision, form.places) if form.revision else ()
    answer = public_page(
        request,
        "reader/flag_form.html",
        page=page,
        form=form,
        places=places,
        wait=-(-wait // 60),
        status=status,
        unlisted=True,
    )
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


def require_own_origin(request: HttpRequest) -> None:
    """A browser says which page sent a form: another site's may not, though it would gain nothing by it.

    Who asks without a browser says nothing, and is let through: what they send carries no authority.
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin", "null")
    # These pages tell no other their address, and so neither does a browser: its `Origin` is "null" then.
    is_own = site in ("same-origin", "none") if site else origin == "null"
    if not (is_own or urlsplit(origin).netloc == request.get_host()):
        raise PermissionDenied


@kept_nowhere
@require_safe
def flag(request: HttpRequest, secret: str) -> HttpResponse:
    """What came of a flag, for who holds its address."""
    page = follow_page(_followed(secret), at=now())
    data, delete = (reverse(f"reader:{name}", args=[secret]) for name in ("flag-data", "flag-delete"))
    return public_page(
        request, "reader/flag.html", page=page, data_url=data, delete_url=delete, unlisted=True
    )


@kept_nowhere
@require_safe
def flag_data(request: HttpRequest, secret: str) -> HttpResponse:
    """A copy of all that is kept of what they wrote, for who holds its address."""
    return copy_of(held_of_flag(_followed(secret), at=now()))


@csrf_exempt
@kept_nowhere
@of_a_reader
def flag_delete(request: HttpRequest, secret: str) -> HttpResponse:
    """Deletes what they wrote, for who holds its address: asked first, since it cannot be undone."""
    if request.method != "POST":
        return public_page(request, "reader/flag_delete.html", page=_followed(secret), unlisted=True)
    require_own_origin(request)
    try:
        flags.take_back(secret, at=now())
    except ValidationError:
        raise Http404 from None
    return public_page(request, "reader/flag_delete.html", unlisted=True)


_THINGS = ("article", "claim", "source", "entity")


def _followed(secret: str) -> Flag:
    """The flag that this private address opens, with what it is about."""
    opening = Capability.objects.opening(secret, purpose=Capability.Purpose.FOLLOW, at=now())
    related = opening.select_related(*(f"flag__{thing}" for thing in (*_THINGS, "merged_into")))
    return get_object_or_404(related).flag


@csrf_exempt
@kept_nowhere
@of_a_reader
def flag_confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """An address is the reader's: said by a button, for programs follow links of a mail before people do."""
    if request.method != "POST":
        opening = Capability.objects.opening(secret, purpose=Capability.Purpose.CONFIRM, at=now())
        return _asked(request, works=opening.exists())
    require_own_origin(request)
    try:
        flags.confirm_address(secret, at=now())
    except ValidationError:
        return _asked(request, works=False)
    send_reader_mail.enqueue()
    return _asked(request, works=True, confirmed=True)


def _asked(request: HttpRequest, *, works: bool, confirmed: bool = False) -> HttpResponse:
    """The question whether an address is theirs; 410 if the link is used up or too old."""
    status = 200 if works else 410
    return public_page(
        request, "reader/flag_confirm.html", status=status, works=works, confirmed=confirmed, unlisted=True
    )


def _hour_to_wait(request: HttpRequest, subject: str, *, is_signed: bool) -> int:
    """0 if one more may come in this hour, which counts; else the seconds until the next may.

    Who sends is asked first, and what they were refused never counts for the thing: many from one network
    keep nobody else out. Who speaks in their own name, with a term to keep, is held back by nobody else.
    """
    limits = [(f"flags by {pacing.network_of(request)}", settings.FLAGS_PER_HOUR)]
    if not is_signed:
        limits.append((f"flags on {subject}", settings.FLAGS_PER_HOUR_BY_THING))
    return hour_to_wait(limits)


def hour_to_wait(limits: list[tuple[str, int]]) -> int:
    """What counts, and how often it may come in an hour: the seconds until the next may; 0 if it may now."""
    second = int(time())
    for what, most in limits:
        if most and hourly.add(what, window=second // HOUR) > most:
            return HOUR - second % HOUR
    return 0
