"""The queues of the desk: passages that a new text altered or lost, to be accepted, moved or withdrawn."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsroom.actions import annotations
from newsroom.actions.annotations import Place
from newsroom.actions.refusals import Outdated
from newsroom.forms import MoveForm, WithdrawalForm
from newsroom.models import Annotation
from newsroom.presenters.annotated_article import annotated_article
from newsroom.presenters.checking import items, places_at, queue_page

from .access import desk_page, for_the_desk, way_back


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
    page = queue_page(name, number=request.GET.get("page", "1"), article=request.GET.get("article", ""))
    template = "desk/_queue.html" if request.htmx else "desk/queue.html"
    return desk_page(request, template, page=page, here=request.get_full_path())


@for_the_desk("change_annotation")
@require_safe
def annotation(request: HttpRequest, code: str) -> HttpResponse:
    """One annotation with the text of its article, to select the words where it is to stand."""
    return _annotation_page(request, _annotation(code))


@for_the_desk("change_annotation")
@require_POST
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    found = _annotation(code)
    try:
        annotations.confirm(found, by=request.user, at=now(), row_version=_number(request, "row_version"))
    except ValidationError as refusal:
        return _refused(request, found, refusal)
    return _done(request, _("Accepted: from here on it is carried along from these words."))


@for_the_desk("change_annotation")
@require_POST
def move(request: HttpRequest, code: str) -> HttpResponse:
    """To a place that the form names, or to words that are looked for: if they stand twice, it asks which."""
    found = _annotation(code)
    form = MoveForm(request.POST, revision=found.article.current_revision)
    if not form.is_valid():
        places = places_at(form.places, found.article.current_revision.text, found.article.lang)
        return _annotation_page(request, found, form=form, places=places, status=422)
    where = form.cleaned_data["where"]
    place = Place(
        where.start, where.end, form.cleaned_data["exact"] or where.exact, form.cleaned_data["role"]
    )
    try:
        annotations.move(
            found,
            places=[place],
            by=request.user,
            at=now(),
            row_version=form.cleaned_data["row_version"],
            based_on=form.cleaned_data["based_on"],
        )
    except ValidationError as refusal:
        return _refused(request, found, refusal, form=form)
    return _done(request, _("Moved: it stands on the words that you chose."))


@for_the_desk("change_annotation")
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    found = _annotation(code)
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        return _annotation_page(request, found, withdrawal=form, status=422)
    try:
        annotations.withdraw(found, by=request.user, at=now(), **form.cleaned_data)
    except ValidationError as refusal:
        return _refused(request, found, refusal, withdrawal=form)
    return _done(request, _("Withdrawn: earlier versions keep it as it stood."))


def _annotation(code: str) -> Annotation:
    found = Annotation.objects.select_related("article__current_revision")
    return get_object_or_404(found.with_code(code))


def _number(request: HttpRequest, name: str) -> int:
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() else 0


def _refused(
    request: HttpRequest, found: Annotation, refusal: ValidationError, **context: Any
) -> HttpResponse:
    """The page of the annotation as it is now, with what was refused: 409 if somebody else was faster."""
    faster = isinstance(refusal, Outdated) or getattr(refusal, "code", "") in ("outdated", "withdrawn")
    return _annotation_page(
        request, _annotation(found.code), refusal=refusal, status=409 if faster else 422, **context
    )


def _annotation_page(
    request: HttpRequest, found: Annotation, *, status: int = 200, **context: Any
) -> HttpResponse:
    [item] = items(Annotation.objects.filter(pk=found.pk))
    template = "desk/_check_item.html" if request.htmx else "desk/annotation.html"
    if not request.htmx:
        context["text"] = annotated_article(
            found.article, found.article.current_revision, layers=frozenset(), in_full=True
        )
    return desk_page(request, template, item=item, status=status, here=_back(request), **context)


def _done(request: HttpRequest, words: str) -> HttpResponse:
    """Back to the queue; to htmx, the line that takes the place of what was decided."""
    if request.htmx:
        return desk_page(
            request,
            "desk/_decided.html",
            words=words,
            to_check=Annotation.objects.to_check().count(),
            lost=Annotation.objects.lost().count(),
        )
    messages.success(request, words)
    return HttpResponseRedirect(_back(request))


def _back(request: HttpRequest) -> str:
    return way_back(request, reverse("desk:checks"))
