"""Readers follow an article, a claim, a source or an entity by mail, and see and end what they follow.

As with flags there is no session and no cookie: a form is proved by a token of its own (ADR 133), a private
page by the secret in its address (ADR 134). Whether an address is known here is told to nobody who asks.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from newsroom.actions import following as deeds
from newsroom.forms.following import AddressForm, FollowForm, HowForm
from newsroom.forms.proved import issue_token
from newsroom.models import Article, Capability, Claim, Entity, Source, Subscriber
from newsroom.presenters.digests import following_page
from newsroom.presenters.flagging import flag_form_page
from newsroom.presenters.following import Subject, thing_feed_url
from newsroom.tasks.digests import send_follower_mail

from . import pacing
from .flagging import hour_to_wait, kept_nowhere, of_a_reader, require_own_origin
from .pages import code_of, public_page


@pacing.keeps_own_pace
@csrf_exempt
@kept_nowhere
@of_a_reader
def follow_article(request: HttpRequest, slug: str) -> HttpResponse:
    return _follow(request, get_object_or_404(Article.objects.published(at=now()), slug=slug))


@pacing.keeps_own_pace
@csrf_exempt
@kept_nowhere
@of_a_reader
def follow_claim(request: HttpRequest, address: str) -> HttpResponse:
    return _follow(request, get_object_or_404(Claim.objects.public(at=now()).with_code(code_of(address))))


@pacing.keeps_own_pace
@csrf_exempt
@kept_nowhere
@of_a_reader
def follow_source(request: HttpRequest, address: str) -> HttpResponse:
    return _follow(request, get_object_or_404(Source.objects.public().with_code(code_of(address))))


@pacing.keeps_own_pace
@csrf_exempt
@kept_nowhere
@of_a_reader
def follow_entity(request: HttpRequest, address: str) -> HttpResponse:
    return _follow(request, get_object_or_404(Entity.objects.public().with_code(code_of(address))))


def _follow(request: HttpRequest, subject: Subject) -> HttpResponse:
    _require_mail()
    name = f"follow {subject._meta.model_name}:{subject.code}"
    context = {"page": flag_form_page(subject, url=""), "feed_url": thing_feed_url(subject)}
    if request.method != "POST":
        form = FollowForm(initial={"token": issue_token(name), "lang": get_language()}, subject=name)
        return _form_page(request, form, **context)
    require_own_origin(request)
    form = FollowForm(request.POST, subject=name)
    if refused := _refused(request, form, **context):
        return refused
    assert form.identity
    chosen = {key: form.cleaned_data[key] for key in ("address", "rhythm", "lang")}
    deeds.ask(subject, uuid=form.identity, at=now(), **chosen)
    send_follower_mail.enqueue(str(form.identity))
    return _form_page(request, form, sent=True, **context)


@pacing.keeps_own_pace
@csrf_exempt
@kept_nowhere
@of_a_reader
def following(request: HttpRequest) -> HttpResponse:
    """Who follows something already asks for the address of their private page: it comes by mail."""
    _require_mail()
    name = "following"
    if request.method != "POST":
        return _form_page(request, AddressForm(initial={"token": issue_token(name)}, subject=name))
    require_own_origin(request)
    form = AddressForm(request.POST, subject=name)
    if refused := _refused(request, form):
        return refused
    assert form.identity
    deeds.ask_for_address(address=form.cleaned_data["address"], uuid=form.identity, at=now())
    # Without a worker it waits for the next `send_digests`: the time a mail takes would tell who is known.
    if settings.HAS_WORKER or settings.LOCAL:
        send_follower_mail.enqueue(str(form.identity))
    return _form_page(request, form, sent=True)


def _require_mail() -> None:
    if not settings.SENDS_MAIL:
        raise Http404


def _refused(request: HttpRequest, form: AddressForm, **context: object) -> HttpResponse | None:
    """The form again if it was sent too often or wrong."""
    if wait := pacing.seconds_to_wait(request, "stranger"):
        return _form_page(request, form, status=429, wait=wait, **context)
    if not form.is_valid():
        return _form_page(request, form, status=422, **context)
    limit = (f"follows by {pacing.network_of(request)}", settings.FOLLOWS_PER_HOUR)
    if wait := hour_to_wait([limit]):
        return _form_page(request, form, status=429, wait=wait, **context)
    return None


def _form_page(
    request: HttpRequest, form: AddressForm, *, status: int = 200, wait: int = 0, **context: object
) -> HttpResponse:
    answer = public_page(
        request,
        "reader/follow_form.html",
        form=form,
        wait=-(-wait // 60),
        days=settings.KEEP_DAYS["follow"],
        status=status,
        unlisted=True,
        **context,
    )
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


@csrf_exempt
@kept_nowhere
@of_a_reader
def following_confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """Said by a button, for programs follow links of a mail before people do. It leads to their page."""
    if request.method != "POST":
        opening = Capability.objects.opening(secret, purpose=Capability.Purpose.SUBSCRIBE, at=now())
        return _asked(request, "reader/follow_confirm.html", works=opening.exists())
    require_own_origin(request)
    try:
        own = deeds.confirm(secret, at=now())
    except ValidationError as refusal:
        return _asked(request, "reader/follow_confirm.html", works=False, refusal=refusal.messages[0])
    return HttpResponseRedirect(reverse("reader:following-own", args=[own]))


@csrf_exempt
@kept_nowhere
@of_a_reader
def following_own(request: HttpRequest, secret: str) -> HttpResponse:
    """What somebody follows, for who holds its address: they change it, end it, or delete all of it."""
    at = now()
    opening = Capability.objects.opening(secret, purpose=Capability.Purpose.MANAGE, at=at)
    if request.method == "POST":
        require_own_origin(request)
        return _changed(request, secret)
    capability = opening.select_related("subscriber").first()
    if capability is None:
        return _asked(request, "reader/follow_off.html", works=False)
    reader = capability.subscriber
    form = HowForm(initial={"rhythm": reader.rhythm, "lang": reader.lang})
    return _own_page(request, reader, form, at=at, saved="saved" in request.GET)


def _own_page(
    request: HttpRequest,
    reader: Subscriber,
    form: HowForm,
    *,
    at: datetime,
    status: int = 200,
    saved: bool = False,
) -> HttpResponse:
    page = following_page(reader, at=at)
    template = "reader/following.html"
    return public_page(request, template, page=page, form=form, saved=saved, status=status, unlisted=True)


def _changed(request: HttpRequest, secret: str) -> HttpResponse:
    at, there = now(), reverse("reader:following-own", args=[secret])
    try:
        if "delete" in request.POST:
            deeds.end(secret, purpose=Capability.Purpose.MANAGE, at=at)
            return _asked(request, "reader/follow_off.html", works=True, done=True)
        if code := request.POST.get("drop", ""):
            if not deeds.drop(secret, code=code, at=at):
                return _asked(request, "reader/follow_off.html", works=True, done=True)
        elif (form := HowForm(request.POST)).is_valid():
            deeds.choose(secret, at=at, **form.cleaned_data)
        elif holds := Capability.objects.opening(secret, purpose=Capability.Purpose.MANAGE, at=at).first():
            return _own_page(request, holds.subscriber, form, at=at, status=422)
    except ValidationError:
        return _asked(request, "reader/follow_off.html", works=False)
    return HttpResponseRedirect(f"{there}?saved")


#: Mail programs send it from few addresses for very many readers, and nobody guesses a secret.
@pacing.keeps_own_pace
@csrf_exempt
@kept_nowhere
@of_a_reader
def following_off(request: HttpRequest, secret: str) -> HttpResponse:
    """Ends all of it: by a button, or by one request of a mail program that says nothing else (RFC 8058)."""
    purpose = Capability.Purpose.OFF
    if request.method != "POST":
        opening = Capability.objects.opening(secret, purpose=purpose, at=now())
        return _asked(request, "reader/follow_off.html", works=opening.exists())
    try:
        deeds.end(secret, purpose=purpose, at=now())
    except ValidationError:
        return _asked(request, "reader/follow_off.html", works=False)
    return _asked(request, "reader/follow_off.html", works=True, done=True)


def _asked(
    request: HttpRequest, template: str, *, works: bool, done: bool = False, refusal: str = ""
) -> HttpResponse:
    """A question, or what came of it; 410 if the link is used up or too old."""
    status = 200 if works else 410
    context = {"works": works, "done": done, "refusal": refusal}
    return public_page(request, template, status=status, unlisted=True, **context)
