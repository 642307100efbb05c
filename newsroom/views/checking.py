"""The queues of the desk: passages that a new text altered or lost, to be accepted, moved or withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from newsroom.actions import annotations
from newsroom.actions.refusals import Outdated, Overtaken, Refused
from newsroom.forms import DecisionForm, MoveForm, WithdrawalForm
from newsroom.models import Annotation, Article
from newsroom.presenters.annotated_article import annotated_article
from newsroom.presenters.checking import Place, counts, items, places_at, queue_page

from .access import desk_page, for_the_desk, way_back

#: A decision is posted. Who comes to its address otherwise, back from signing in, is shown the annotation.
decided = require_http_methods(["GET", "HEAD", "POST"])


@for_the_desk("change_annotation")
@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    """What a program placed on other words, side by side with what it was."""
    return _queue(request, "checks")


@for_the_desk("change_annotation")
@require_safe
def orphans(request: HttpRequest) -> HttpResponse:
    """What has no place in the text any more, with the places that it might have."""
    return _queue(request, "orphans")


def _queue(request: HttpRequest, name: str) -> HttpResponse:
    slug = request.GET.get("article", "")
    article = get_object_or_404(Article, slug=slug) if slug else None
    after = Annotation.objects.with_code(request.GET.get("after", "")).first()
    page = queue_page(name, article, after=after)
    return desk_page(request, "desk/queue.html", page=page, here=request.get_full_path())


@for_the_desk("change_annotation")
@require_safe
def annotation(request: HttpRequest, code: str) -> HttpResponse:
    """One annotation with the text of its article, to select the words where it is to stand."""
    return _annotation_page(request, _annotation(code))


@for_the_desk("change_annotation")
@decided
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    if request.method != "POST":
        return redirect("desk:annotation", code)
    found = _annotation(code)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _annotation_page(request, found, status=422, errors=_what_is_missing(form))
    try:
        annotations.confirm(found, by=request.user, at=now(), **form.cleaned_data)
    except Refused as refusal:
        return _refused(request, found, refusal)
    return _done(request, _("Accepted: from here on it is carried along from these words."))


@for_the_desk("change_annotation")
@decided
def move(request: HttpRequest, code: str) -> HttpResponse:
    """To a place that the form names, or to words that are looked for: if they stand twice, it asks which."""
    if request.method != "POST":
        return redirect("desk:annotation", code)
    found = _annotation(code)
    revision = found.article.current_revision
    form = MoveForm(request.POST, revision=revision)
    valid = form.is_valid()
    asked = Asked(form, places_at(form.places, revision.text, found.article.lang))
    if form.cleaned_data.get("based_on", revision.number) != revision.number:
        # Nothing that was chosen in another text means anything in this one.
        return _refused(request, found, Outdated(revision), asked=asked)
    if not valid:
        return _annotation_page(request, found, status=422, asked=asked, errors=_what_is_missing(form))
    try:
        annotations.move(
            found,
            places=[form.cleaned_data["where"]],
            by=request.user,
            at=now(),
            row_version=form.cleaned_data["row_version"],
            based_on=form.cleaned_data["based_on"],
        )
    except Refused as refusal:
        return _refused(request, found, refusal, asked=asked)
    return _done(request, _("Moved: it stands on the words that you chose."))


@for_the_desk("change_annotation")
@decided
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    if request.method != "POST":
        return redirect("desk:annotation", code)
    found = _annotation(code)
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        return _annotation_page(request, found, status=422, withdrawal=form, errors=_what_is_missing(form))
    try:
        annotations.withdraw(found, by=request.user, at=now(), **form.cleaned_data)
    except Refused as refusal:
        return _refused(request, found, refusal, withdrawal=form)
    return _done(request, _("Withdrawn: earlier versions keep it as it stood."))


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of one part of an annotation and not done, with the places where its words stand."""

    form: MoveForm
    places: tuple[Place, ...]


def _annotation(code: str) -> Annotation:
    found = Annotation.objects.select_related("article__current_revision")
    return get_object_or_404(found.with_code(code))


def _what_is_missing(form: DecisionForm) -> list[str]:
    """What is wrong with the fields that nobody sees: the page is shown anew, and can be sent again."""
    unseen = ("row_version", "based_on", "part")
    return [_("Something was missing: try again.")] if any(name in form.errors for name in unseen) else []


def _refused(request: HttpRequest, found: Annotation, refusal: Refused, **context: Any) -> HttpResponse:
    """The annotation as it is now, with what was refused: 409 if somebody else was faster."""
    status = 409 if isinstance(refusal, Overtaken) else 422
    fresh = _annotation(found.code)
    return _annotation_page(request, fresh, errors=refusal.messages, status=status, **context)


def _annotation_page(
    request: HttpRequest, found: Annotation, *, status: int = 200, **context: Any
) -> HttpResponse:
    [item] = items([found])
    context |= {"item": item, "here": _back(request)}
    if request.htmx:
        return desk_page(request, "desk/_check_item.html", status=status, **context)
    text = annotated_article(found.article, found.article.current_revision, layers=frozenset(), in_full=True)
    return desk_page(request, "desk/annotation.html", status=status, text=text, **context)


def _done(request: HttpRequest, words: str) -> HttpResponse:
    """Back to the queue; to htmx, the line that takes the place of what was decided, and the counts."""
    there = _back(request)
    if request.htmx:
        slug = QueryDict(there.partition("?")[2]).get("article", "")
        article = Article.objects.filter(slug=slug).first()
        return desk_page(request, "desk/_decided.html", words=words, counts=counts(article))
    messages.success(request, words)
    return HttpResponseRedirect(there)


def _back(request: HttpRequest) -> str:
    return way_back(request, reverse("desk:checks"))
