"""What a program proposed: accepted as it is or corrected, or rejected, one by one or a name at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from newsroom.actions import suggestions
from newsroom.actions.refusals import Outdated, Overtaken
from newsroom.models import Annotation, Article, Claim, Entity, Source
from newsroom.presenters import suggested
from newsroom.presenters.tagging import NOWHERE, standing, tagging_page, touched
from newsroom.views.access import desk_page, for_the_desk, way_back

from .answers import as_typed, form_page, here, outdated, suggestions_of
from .asked import FORMS, annotation_at, article_at, number, revision_of
from .known import claim_of, entities_of, said_of


@for_the_desk("change_annotation")
@require_POST
def suggestion_accept(request: HttpRequest, code: str) -> HttpResponse:
    """As it was proposed, or for what the address names: an `entity`, a `source` or a `claim`."""
    annotation = annotation_at(code)
    chosen = _chosen(request, annotation)
    where = _start_of(annotation)
    offered_none = annotation.kind == Annotation.Kind.MENTION and not _has_offers(annotation)
    try:
        with transaction.atomic():
            accepted = suggestions.accept(
                annotation,
                by=request.user,
                at=now(),
                row_version=number(request.POST.get("row_version")),
                based_on=number(request.POST.get("based_on")) or None,
                **chosen,
            )
    except Overtaken as refusal:
        return _overtaken(request, annotation, refusal)
    except ValidationError as refusal:
        return _asked(request, annotation, refusal)
    said = _("Accepted: “%(words)s”.") % {"words": _words(accepted)}
    return decided(request, accepted.article, [accepted], said, start=where, others=offered_none)


@for_the_desk("change_annotation")
@require_POST
def suggestion_reject(request: HttpRequest, code: str) -> HttpResponse:
    annotation = annotation_at(code)
    where, words = _start_of(annotation), _words(annotation)
    try:
        suggestions.reject(
            annotation, by=request.user, at=now(), row_version=number(request.POST.get("row_version"))
        )
    except Overtaken as refusal:
        return _overtaken(request, annotation, refusal)
    said = _("Rejected: “%(words)s”.") % {"words": words}
    return decided(request, annotation.article, [annotation], said, start=where)


@for_the_desk("change_annotation")
@require_POST
def suggestions_accept(request: HttpRequest, slug: str) -> HttpResponse:
    """All names that most likely stand for the `entity` of the address."""
    article = article_at(slug)
    entity = get_object_or_404(Entity.objects.standing().with_code(request.GET.get("entity", "")))
    try:
        found = suggestions.accept_all(
            article,
            entity=entity,
            by=request.user,
            at=now(),
            based_on=number(request.POST.get("based_on")) or None,
        )
    except ValidationError as refusal:
        return _not_done(request, article, refusal)
    words = ngettext(
        "Accepted: %(name)s, in %(number)d place.", "Accepted: %(name)s, in %(number)d places.", len(found)
    )
    return decided(request, article, found, words % {"name": entity.name, "number": len(found)}, anew=True)


@for_the_desk("change_annotation")
@require_http_methods(["GET", "HEAD", "POST"])
def suggestion_correct(request: HttpRequest, code: str) -> HttpResponse:
    """The form of a tag, filled in with what was proposed: other words, somebody else, another claim.

    With `as` in the address it is that of another kind of tag, which takes the place of what was proposed.
    """
    annotation = annotation_at(code)
    article, kind = annotation.article, _kind_asked(request, annotation)
    if annotation.state != Annotation.State.SUGGESTED:
        if request.method == "POST":
            return _overtaken(request, annotation, Overtaken.on(annotation))
        return redirect("desk:retag", annotation.code)
    if request.method != "POST":
        if kind != annotation.kind:
            initial = suggested.beginning_as(annotation, kind)
            form = FORMS[kind](initial=initial, revision=article.current_revision)
            return form_page(request, article, kind, form, suggestion=annotation)
        return _form(request, annotation, suggested.beginning(annotation, request.GET.get("chosen", "")))
    form = FORMS[kind](request.POST, revision=revision_of(article, request.POST.get("based_on", "")))
    if "find" in request.POST:
        return form_page(request, article, kind, as_typed(form), suggestion=annotation)
    if not form.is_valid():
        return form_page(request, article, kind, form, suggestion=annotation, status=422)
    where = _start_of(annotation)
    offered_none = kind == Annotation.Kind.MENTION and not _has_offers(annotation)
    try:
        with transaction.atomic():
            accepted = _correct(request, annotation, form.cleaned_data)
    except Outdated as refusal:
        return outdated(request, article, kind, form, refusal, suggestion=annotation)
    except Overtaken as refusal:
        return _overtaken(request, annotation, refusal)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return form_page(request, article, kind, form, suggestion=annotation, status=422)
    said = _("Accepted, corrected: “%(words)s”.") % {"words": form.cleaned_data["where"].exact[:60]}
    return decided(
        request,
        article,
        [annotation],
        said,
        made=accepted,
        start=where,
        others=offered_none,
        form_is_done=True,
    )


def _kind_asked(request: HttpRequest, annotation: Annotation) -> str:
    asked = request.GET.get("as", "")
    return asked if asked in FORMS else annotation.kind


def _correct(request: HttpRequest, annotation: Annotation, data: dict[str, Any]) -> Annotation:
    """What is new is added, then the suggestion is accepted so: one transaction."""
    who = {"by": request.user, "at": now()}
    article, kind = annotation.article, _kind_asked(request, annotation)
    match kind:
        case Annotation.Kind.CLAIM:
            said: dict[str, Any] = {"claim": claim_of(article, data, who)}
        case Annotation.Kind.MENTION:
            said = {"entities": entities_of(article, data, who), "form": data["form"]}
        case _:
            said = said_of(article, data, who)
    seen = {"based_on": data["based_on"], "row_version": data["row_version"] or 0}
    if kind != annotation.kind:
        return suggestions.replace(annotation, kind=kind, places=data["places"], **seen, **said, **who)
    return suggestions.accept(annotation, places=data["places"], **seen, **said, **who)


def decided(
    request: HttpRequest,
    article: Article,
    changed: list[Annotation],
    said: str,
    *,
    start: int = 0,
    others: bool = False,
    anew: bool = False,
    form_is_done: bool = False,
    made: Annotation | None = None,
    status: int = 200,
) -> HttpResponse:
    """To htmx the blocks and the rows that changed; to a browser the page it came from, at the next one.

    `made` is the tag that came of it, if that is another one. With `others`, other suggestions may know since
    for whom they stand; `anew`, the list is drawn again.
    """
    article = article_at(article.slug)
    if not request.htmx:
        messages.success(request, said) if status == 200 else messages.error(request, said)
        there = way_back(request, reverse("desk:tags", args=[article.slug]))
        following = suggested.next_code(article, start)
        return HttpResponseRedirect(f"{there}#suggestion-{following}" if following else there)
    seen = number(request.headers.get("X-Revision"))
    older = bool(seen) and seen != article.current_revision.number
    response = desk_page(
        request,
        "desk/_suggestions_decided.html",
        status=status,
        said=said,
        article=article,
        change=touched(article, [*changed, made] if made and made not in changed else changed, NOWHERE),
        page=tagging_page(article) if older else None,
        suggested=suggestions_of(request, article) if older or anew else None,
        next_page=here(request, article),
        decided=[one.code for one in changed],
        rows=_rows_offered(article, changed) if others and not (older or anew) else [],
        groups=suggested.groups(article),
        number=suggested.waiting(article),
        form_is_done=form_is_done,
    )
    response["HX-Trigger-After-Settle"] = "tagging:saved"
    return response


def _rows_offered(article: Article, accepted: list[Annotation]) -> list[suggested.SuggestionLine]:
    """The rows of those that may stand, since now, for whom these were accepted as."""
    return suggested.suggestion_lines(
        article,
        only=Q(
            suggestion__offers__entity__in=Entity.objects.filter(mentions__annotation__in=accepted),
            state=Annotation.State.SUGGESTED,
        ),
    )


def _chosen(request: HttpRequest, annotation: Annotation) -> dict[str, Any]:
    given = request.GET
    match annotation.kind:
        case Annotation.Kind.MENTION if given.get("entity"):
            return {"entities": [get_object_or_404(Entity.objects.standing().with_code(given["entity"]))]}
        case Annotation.Kind.ATTRIBUTION if given.get("source"):
            standing_sources = Source.objects.filter(withdrawn_at=None)
            return {"source": get_object_or_404(standing_sources.with_code(given["source"]))}
        case Annotation.Kind.CLAIM if given.get("claim"):
            return {
                "claim": get_object_or_404(Claim.objects.filter(withdrawn_at=None).with_code(given["claim"]))
            }
        case _:
            return {}


def _has_offers(annotation: Annotation) -> bool:
    return Annotation.objects.filter(pk=annotation.pk, suggestion__offers__isnull=False).exists()


def _start_of(annotation: Annotation) -> int:
    return min((start for start, _end in standing([annotation]).spans), default=0)


def _words(annotation: Annotation) -> str:
    spans = standing([annotation]).spans
    text = annotation.article.current_revision.text
    return text[slice(*spans[0])][:60] if spans else ""


def _form(
    request: HttpRequest,
    annotation: Annotation,
    initial: dict[str, Any],
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    form = FORMS[annotation.kind](initial=initial, revision=annotation.article.current_revision)
    return form_page(
        request, annotation.article, annotation.kind, form, suggestion=annotation, status=status, **context
    )


def _asked(request: HttpRequest, annotation: Annotation, refusal: ValidationError) -> HttpResponse:
    """What was refused because something is not known: the form asks for it."""
    response = _form(request, annotation, suggested.beginning(annotation), status=422, refusal=refusal)
    return retarget(reswap(response, "outerHTML"), "#tag-form") if request.htmx else response


def _overtaken(request: HttpRequest, annotation: Annotation, refusal: Overtaken) -> HttpResponse:
    """Somebody decided before, or the text is another one: that is said, and the page shows what is now."""
    said = " ".join(refusal.messages)
    now_there = annotation_at(annotation.code)
    return decided(request, now_there.article, [now_there], said, anew=True, status=409)


def _not_done(request: HttpRequest, article: Article, refusal: ValidationError) -> HttpResponse:
    status = 409 if isinstance(refusal, Overtaken) else 422
    return decided(request, article, [], " ".join(refusal.messages), anew=True, status=status)
