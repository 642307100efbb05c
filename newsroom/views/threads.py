"""Threads of comments: on one annotation or claim, in an article, and those that call somebody by name.

Every answer to htmx is the part of one annotation or claim with all its threads (`desk/_threads.html`).
Without htmx a form leads back to the page it stood on.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsroom.actions import comments
from newsroom.actions.refusals import Overtaken
from newsroom.forms.sections import PAGE, row_identity
from newsroom.models import Annotation, Article, Claim, Comment, Thread, User
from newsroom.presenters.threads import (
    Draft,
    article_threads,
    comment_id,
    mentioning_threads,
    subject_threads,
    thread_id,
    threads_url,
)
from newsroom.tasks.notices import send_notices

from . import review_page
from .access import desk_page, for_the_desk, way_back


@for_the_desk("view_comment")
@require_safe
def threads(request: HttpRequest) -> HttpResponse:
    """Those that mention me, or whom `who` names."""
    name = request.GET.get("who", "")
    whom = get_object_or_404(User, username=name) if name else request.user
    page = mentioning_threads(whom, request.user, request.GET)
    return desk_page(request, "desk/threads.html", page=page)


@for_the_desk("view_comment")
@require_safe
def threads_article(request: HttpRequest, slug: str) -> HttpResponse:
    article = get_object_or_404(Article, slug=slug)
    page = article_threads(article, request.user, request.GET)
    return desk_page(request, "desk/threads.html", page=page)


@for_the_desk("view_comment")
@require_http_methods(["GET", "HEAD", "POST"])
def threads_annotation(request: HttpRequest, code: str) -> HttpResponse:
    return _on(request, get_object_or_404(Annotation.objects.select_related("article").with_code(code)))


@for_the_desk("view_comment")
@require_http_methods(["GET", "HEAD", "POST"])
def threads_claim(request: HttpRequest, code: str) -> HttpResponse:
    return _on(request, get_object_or_404(Claim.objects.with_code(code)))


def _on(request: HttpRequest, subject: Annotation | Claim) -> HttpResponse:
    """All threads on one thing; a post begins another."""
    if request.method != "POST":
        return _page(request, subject, focus=request.GET.get("focus", ""))
    identity = _identity(request, "")
    return _written(
        request,
        subject,
        lambda body: comments.comment(subject, body=body, uuid=identity, by=request.user, at=now()),
    )


@for_the_desk("add_comment")
@require_POST
def thread_answer(request: HttpRequest, code: str) -> HttpResponse:
    """An answer; if the thread was resolved meanwhile, it can be given by reopening it."""
    thread = _thread(code)
    place = thread_id(thread)
    reopening, identity = "reopen" in request.POST, _identity(request, place)
    return _written(
        request,
        thread.subject,
        lambda body: comments.comment(
            thread, body=body, by=request.user, at=now(), reopening=reopening, uuid=identity
        ),
        place=place,
    )


@for_the_desk("add_comment")
@require_POST
def thread_resolve(request: HttpRequest, code: str) -> HttpResponse:
    return _turned(request, _thread(code), comments.resolve)


@for_the_desk("add_comment")
@require_POST
def thread_reopen(request: HttpRequest, code: str) -> HttpResponse:
    return _turned(request, _thread(code), comments.reopen)


@for_the_desk("add_comment")
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: HttpRequest, code: str) -> HttpResponse:
    """My own comment, in a form where it stands."""
    found = Comment.objects.select_related("thread__annotation__article", "thread__claim")
    mine = get_object_or_404(found.with_code(code), by=request.user)
    subject = mine.thread.subject
    if request.method != "POST":
        return _page(request, subject, draft=Draft(comment_id(mine), mine.body))
    return _written(
        request,
        subject,
        lambda body: comments.edit(mine, body=body, by=request.user, at=now()),
        place=comment_id(mine),
    )


def _thread(code: str) -> Thread:
    return get_object_or_404(Thread.objects.select_related("annotation__article", "claim").with_code(code))


def _written(
    request: HttpRequest,
    subject: Annotation | Claim,
    deed: Callable[[str], Comment],
    *,
    place: str = "",
) -> HttpResponse:
    """What the deed made of the words; if it refused them, they are still in their form."""
    name = _field(request, "body", place)
    body = request.POST.get(name, "")
    try:
        written = deed(body)
    except ValidationError as refusal:
        resolved = getattr(refusal, "code", None) == "resolved"
        draft = Draft(place, body, tuple(refusal.messages), may_reopen=resolved)
        status = 409 if resolved or isinstance(refusal, Overtaken) else 422
        return _page(request, subject, draft=draft, status=status)
    send_notices.enqueue()
    return _done(request, subject, comment_id(written), settled=name)


def _field(request: HttpRequest, name: str, place: str) -> str:
    """How a field of the form at `place` is called: on a page with other forms it says where it stands."""
    placed = f"{name}-{place or 'new'}"
    return placed if placed in request.POST else name


def _identity(request: HttpRequest, place: str) -> UUID | None:
    """That of the comment that a form is to add: sent twice, it adds one."""
    key = request.POST.get(_field(request, "key", place), "")
    return row_identity(key, of=f"comment-{place}", user=request.user) if key else None


def _turned(request: HttpRequest, thread: Thread, deed: Callable[..., Thread]) -> HttpResponse:
    """Resolved or reopened. If somebody else was faster, it is what was wanted, and nothing more is to do."""
    with suppress(ValidationError):
        deed(thread, by=request.user, at=now())
    return _done(request, thread.subject, thread_id(thread))


def _done(
    request: HttpRequest, subject: Annotation | Claim, focus: str, *, settled: str = ""
) -> HttpResponse:
    if request.htmx:
        return _page(request, subject, focus=focus)
    if PAGE in request.POST and isinstance(subject, Claim):
        return review_page.done(request, subject, "", focus=focus, settled=settled)
    there, _hash, _old = way_back(request, threads_url(subject)).partition("#")
    return HttpResponseRedirect(f"{there}#{focus}")


def _page(
    request: HttpRequest,
    subject: Annotation | Claim,
    *,
    draft: Draft | None = None,
    focus: str = "",
    status: int = 200,
) -> HttpResponse:
    """The part, or a page of its own around it; or the review page, if that was sent whole."""
    if PAGE in request.POST and isinstance(subject, Claim) and not request.htmx:
        but = _field(request, "body", draft.place) if draft else ""
        claim = review_page.the_claim(subject.code)
        return review_page.answer(request, claim, status=status, draft=draft, settled=but, focus=focus)
    here = way_back(request, threads_url(subject))
    part = subject_threads(subject, request.user, here=here, draft=draft, focus=focus)
    template = "desk/_threads.html" if request.htmx else "desk/threads_on.html"
    return desk_page(request, template, part=part, status=status)
