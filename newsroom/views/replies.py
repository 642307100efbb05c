"""The desk asks by a private link, looks through what came back, and decides on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from newsroom.actions import replies as deeds
from newsroom.forms.replying import AskForm, CloseForm, DecideReplyForm, RefuseReplyForm
from newsroom.models import Invitation, Newsroom, Reply, RequestForComment
from newsroom.presenters.replies import desk_reply_page, drafts_of, replies_page
from newsroom.tasks.invitations import send_invitations

from .access import desk_page, for_the_desk, way_back
from .pages import site_address
from .review_page import attempt, posted, the_claim


@for_the_desk("view_reply")
@require_safe
def replies(request: HttpRequest) -> HttpResponse:
    """Who was asked by a link: what waits for a decision, what was not answered, what was decided."""
    return desk_page(request, "desk/replies.html", page=replies_page(request.GET, request.user, at=now()))


@for_the_desk("view_reply")
@require_safe
def reply(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _the_reply(code))


@for_the_desk("add_requestforcomment")
@posted
def claim_ask(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody is asked by a private link, which is shown once, here, or goes by mail."""
    claim = the_claim(code)
    about: dict[str, Any] = {"claim": claim, "drafts": drafts_of(claim)}
    if request.method != "POST":
        drafts = about["drafts"]
        initial = {
            "asked": claim.accused,
            "review": drafts[0].code if drafts else "",
            "uuid": uuid4(),
        }
        return desk_page(request, "desk/ask.html", claim=claim, form=AskForm(initial=initial, **about))
    form = AskForm(request.POST, **about)
    asked: list[deeds.Invited] = []

    def ask() -> None:
        asked.append(deeds.invite(claim, **form.cleaned_data, by=request.user, at=now()))

    status = attempt(form, ask)
    if status != 200:
        return desk_page(request, "desk/ask.html", claim=claim, form=form, status=status)
    [(invitation, secret)] = asked
    if not secret:
        send_invitations.enqueue()
        messages.success(request, _("The link goes to them by mail."))
        return HttpResponseRedirect(reverse("desk:replies") + "?state=asked")
    with translation.override(invitation.lang):
        link = site_address(Newsroom.objects.current(), request) + reverse("reader:reply", args=[secret])
    return desk_page(request, "desk/asked.html", claim=claim, invitation=invitation, link=link)


@for_the_desk("change_requestforcomment")
@posted
def request_close(request: HttpRequest, code: str) -> HttpResponse:
    there = reverse("desk:replies") + "?state=asked"
    invitations = Invitation.objects.select_related("request__claim")
    invitation = get_object_or_404(invitations, request__in=RequestForComment.objects.with_code(code))
    if request.method != "POST":
        return HttpResponseRedirect(there)
    form = CloseForm(request.POST)
    if attempt(form, lambda: deeds.close(invitation, by=request.user, at=now())) == 200:
        messages.success(request, _("The link is closed: who opens it is told so."))
    else:
        for error in form.non_field_errors():
            messages.error(request, error)
    return HttpResponseRedirect(way_back(request, there))


def _the_reply(code: str) -> Reply:
    found = Reply.objects.select_related(
        "request__claim", "request__by", "review__level", "decided_by", "letter"
    )
    return get_object_or_404(found.with_code(code))


def _page(request: HttpRequest, found: Reply, *, status: int = 200, **returned: Any) -> HttpResponse:
    """The page with its forms; the one that came back as it was sent."""
    page = desk_reply_page(found, request.user)
    shown = {name: returned.get(name) or _form(name, found) for name in _FORMS if name in page.may}
    errors = [error for form in returned.values() for error in form.non_field_errors()]
    return desk_page(request, "desk/reply.html", page=page, forms=shown, errors=errors, status=status)


_FORMS: dict[str, type[forms.Form]] = {
    "accept": DecideReplyForm,
    "refuse": RefuseReplyForm,
    "keep": DecideReplyForm,
    "reopen": DecideReplyForm,
}


def _form(name: str, found: Reply, data: Any = None) -> forms.Form:
    return _FORMS[name](data, initial={"row_version": found.row_version}, auto_id=f"{name}-%s")


def _done(request: HttpRequest, code: str, name: str, deed: Callable[..., Any], words: str) -> HttpResponse:
    """Does a deed with what its form says; the page comes back with the form if it was refused."""
    found = _the_reply(code)
    there = reverse("desk:reply", args=[found.code])
    if request.method != "POST":
        return HttpResponseRedirect(there)
    form = _form(name, found, request.POST)
    status = attempt(form, lambda: deed(found, **form.cleaned_data, by=request.user, at=now()))
    if status != 200:
        return _page(request, _the_reply(code), status=status, **{name: form})
    send_invitations.enqueue()
    messages.success(request, words)
    return HttpResponseRedirect(there)


@for_the_desk("decide_reply")
@posted
def reply_accept(request: HttpRequest, code: str) -> HttpResponse:
    return _done(request, code, "accept", deeds.accept, _("Accepted: it stands beside the rating."))


@for_the_desk("decide_reply")
@posted
def reply_refuse(request: HttpRequest, code: str) -> HttpResponse:
    return _done(request, code, "refuse", deeds.refuse, _("Refused: who wrote it is told why."))


@for_the_desk("decide_reply")
@posted
def reply_keep(request: HttpRequest, code: str) -> HttpResponse:
    return _done(request, code, "keep", deeds.keep, _("The opinion stays with the desk."))


@for_the_desk("decide_reply")
@posted
def reply_reopen(request: HttpRequest, code: str) -> HttpResponse:
    return _done(request, code, "reopen", deeds.reopen, _("Reopened: nothing of it is public."))
