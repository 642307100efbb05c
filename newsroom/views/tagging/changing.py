"""Tags that are there: changed, taken back, split, joined, undone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap

from newsroom.actions import annotations
from newsroom.actions.refusals import Outdated, Overtaken, Refused
from newsroom.forms import WithdrawalForm
from newsroom.models import Annotation
from newsroom.presenters import tag_form
from newsroom.presenters.tagging import standing, stood, tag_line
from newsroom.views.access import desk_page, for_the_desk

from .answers import as_typed, done, form_page, outdated, overtaken, refused
from .asked import FORMS, annotation_at, article_at, number, revision_of
from .known import claim_of, entities_of, said_of


@for_the_desk("change_annotation")
@require_http_methods(["GET", "HEAD", "POST"])
def retag(request: HttpRequest, code: str) -> HttpResponse:
    """The form of a tag: other words, another claim, another name."""
    annotation = annotation_at(code)
    article, kind = annotation.article, annotation.kind
    if request.method != "POST":
        initial = tag_form.state_of(annotation) | {"based_on": article.current_revision.number}
        initial["q"] = request.GET.get("q", "")
        form = FORMS[kind](initial=initial, revision=article.current_revision)
        return form_page(request, article, kind, form, annotation=annotation)
    form = FORMS[kind](request.POST, revision=revision_of(article, request.POST.get("based_on", "")))
    if "find" in request.POST:
        return form_page(request, article, kind, as_typed(form), annotation=annotation)
    if not form.is_valid():
        return form_page(request, article, kind, form, annotation=annotation, status=422)
    before = standing([annotation])
    try:
        with transaction.atomic():
            changed = _change(request, annotation, form.cleaned_data)
    except Outdated as refusal:
        return outdated(request, article, kind, form, refusal, annotation=annotation)
    except Overtaken as refusal:
        return overtaken(request, annotation, form, refusal)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return form_page(request, article, kind, form, annotation=annotation, status=422)
    return done(
        request, article, [changed], _("Changed: “%s”.") % form.cleaned_data["where"].exact[:60], before
    )


def _change(request: HttpRequest, annotation: Annotation, data: dict[str, Any]) -> Annotation:
    who = {"by": request.user, "at": now()}
    here = who | {"based_on": data["based_on"], "row_version": data["row_version"] or 0}
    article = annotation.article
    match annotation.kind:
        case Annotation.Kind.CLAIM:
            claim = claim_of(article, data, who)
            return annotations.retag_claim(annotation, claim=claim, places=data["places"], **here)
        case Annotation.Kind.MENTION:
            return annotations.retag_mention(
                annotation,
                entities=entities_of(article, data, who),
                form=data["form"],
                places=data["places"],
                **here,
            )
        case _:
            said = said_of(article, data, who)
            return annotations.retag_attribution(annotation, places=data["places"], **said, **here)


@for_the_desk("change_annotation")
@require_http_methods(["GET", "HEAD", "POST"])
def untag(request: HttpRequest, code: str) -> HttpResponse:
    """A tag is taken back, with its reason."""
    annotation = annotation_at(code)
    initial = {"reason": _("Tagged by mistake."), "row_version": annotation.row_version}
    form = WithdrawalForm(request.POST or None, initial=initial)
    refusal, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            before = standing([annotation])
            try:
                annotations.withdraw(annotation, by=request.user, at=now(), **form.cleaned_data)
            except Overtaken as error:
                refusal, status = error, 409
            else:
                return done(request, annotation.article, [annotation], _("Tag taken back."), before)
    template = "desk/_untag.html" if request.htmx else "desk/untag.html"
    return desk_page(
        request,
        template,
        status=status,
        annotation=annotation,
        article=annotation.article,
        tag=tag_line(annotation),
        form=form,
        refusal=refusal,
    )


@for_the_desk("change_annotation")
@require_POST
def split(request: HttpRequest, code: str) -> HttpResponse:
    """A tag is cut in two before the words of the form, or at its code point `where`."""
    annotation = annotation_at(code)
    before = standing([annotation])
    where = _where_to_cut(annotation, request.POST)
    try:
        other = annotations.split(
            annotation,
            where=where,
            by=request.user,
            at=now(),
            row_version=number(request.POST.get("row_version")),
            based_on=number(request.POST.get("based_on")),
        )
    except ValidationError as refusal:
        return refused(request, annotation, refusal)
    return done(request, annotation.article, [annotation, other], _("Cut in two."), before)


@for_the_desk("change_annotation")
@require_POST
def merge(request: HttpRequest, code: str) -> HttpResponse:
    """Two tags of one kind become one."""
    annotation = annotation_at(code)
    other = get_object_or_404(annotation.article.annotations.with_code(request.POST.get("other", "")))
    before = standing([annotation, other])
    try:
        annotations.merge(
            annotation,
            other=other,
            by=request.user,
            at=now(),
            row_version=number(request.POST.get("row_version")),
            other_version=number(request.POST.get("other_version")) or other.row_version,
        )
    except ValidationError as refusal:
        return refused(request, annotation, refusal)
    return done(request, annotation.article, [annotation, other], _("Made one."), before)


@for_the_desk("change_annotation")
@require_POST
def undo(request: HttpRequest, slug: str) -> HttpResponse:
    """The last change of tags by this person in this article is taken back."""
    article = article_at(slug)
    try:
        deed = annotations.undo(article, by=request.user, at=now())
    except Refused as refusal:
        if request.htmx:
            said = desk_page(request, "desk/_said.html", said=" ".join(refusal.messages), status=422)
            return reswap(said, "none")
        messages.error(request, " ".join(refusal.messages))
        return HttpResponseRedirect(reverse("desk:tags", args=[slug]))
    uuids = deed.before["annotations"].keys()
    found = list(Annotation.objects.filter(uuid__in=uuids).select_related("article"))
    return done(request, article, found, _("Taken back."), stood(found, deed.before["annotations"]))


def _where_to_cut(annotation: Annotation, data: Any) -> int:
    """The code point before which a tag is cut: named, or where the words stand in it."""
    words = data.get("words", "").strip()
    if words:
        for start, end in standing([annotation]).spans:
            found = annotation.article.current_revision.text.find(words, start, end)
            if found >= 0:
                return found
    return number(data.get("where"))
