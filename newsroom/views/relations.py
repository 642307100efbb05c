"""Relations of a claim at the desk: added, changed, removed, put back.

Every answer to htmx is the part of one claim with all its relations (`desk/_relations.html`), which other
pages include. Without htmx a form leads back to the page it stood on.
"""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsroom.actions import relations as deeds
from newsroom.actions.refusals import Overtaken
from newsroom.forms import ChangedRelationForm, NewRelationForm
from newsroom.models import Claim, ClaimRelation, Deed
from newsroom.presenters.finding import found_claims
from newsroom.presenters.relations import claim_relations, relation_id, relations_url, said_of

from .access import desk_page, for_the_desk, way_back


@for_the_desk("view_claimrelation")
@require_http_methods(["GET", "HEAD", "POST"])
def relations(request: HttpRequest, code: str) -> HttpResponse:
    """All relations of one claim; a post adds another, or looks for the other claim."""
    claim = _claim(code)
    if request.method != "POST":
        form = NewRelationForm(initial={"other": request.GET.get("other", "")})
        looked_for = request.GET.get("q", "")
        removal = _removal(request, request.GET.get("removed", ""))
        focus = request.GET.get("focus", "")
        return _page(request, claim, form, looked_for=looked_for, removal=removal, focus=focus)
    looked_for = request.POST.get("q", "")
    if "find" in request.POST:
        return _page(request, claim, _as_typed(request), looked_for=looked_for, focus="found")
    form = NewRelationForm(request.POST)
    if not form.is_valid():
        return _page(request, claim, form, looked_for=looked_for, status=422)
    said = form.cleaned_data
    source, target = (claim, said["other"]) if said["outward"] else (said["other"], claim)
    try:
        related = deeds.relate(
            source,
            to=target,
            kind=said["kind"],
            strength=said["strength"],
            note=said["note"],
            by=request.user,
            at=now(),
        )
    except ValidationError as refusal:
        return _refused(request, claim, form, refusal, looked_for=looked_for)
    return _done(request, claim, related)


@for_the_desk("view_claimrelation")
@require_safe
def find(request: HttpRequest, code: str) -> HttpResponse:
    """The claims that the words `q` find, to choose from, as somebody types."""
    claim, words = _claim(code), request.GET.get("q", "")[:300]
    found = [one for one in found_claims(words) if one.code != claim.code]
    return desk_page(
        request, "desk/_relations_found.html", id=f"relations-{claim.code}", found=found, q=words
    )


@for_the_desk("change_claimrelation")
@require_http_methods(["GET", "HEAD", "POST"])
def relation(request: HttpRequest, code: str, relation: str) -> HttpResponse:
    """A relation in a form, where it stands; and its change."""
    claim = _claim(code)
    found = _relation(claim, relation)
    if request.method != "POST":
        form = ChangedRelationForm(
            initial={
                "said": said_of(found, claim),
                "strength": found.strength,
                "note": found.note,
                "version": found.version,
            }
        )
        return _page(request, claim, form, editing=found.code)
    form = ChangedRelationForm(request.POST)
    if not form.is_valid():
        return _page(request, claim, form, editing=found.code, status=422)
    said = form.cleaned_data
    try:
        changed = deeds.change(
            found,
            version=said["version"],
            kind=said["kind"],
            turned=said["outward"] != (found.source_id == claim.pk),
            strength=said["strength"],
            note=said["note"],
            by=request.user,
            at=now(),
        )
    except ValidationError as refusal:
        return _refused(request, claim, form, refusal, editing=found.code)
    return _done(request, claim, changed)


@for_the_desk("delete_claimrelation")
@require_POST
def remove(request: HttpRequest, code: str, relation: str) -> HttpResponse:
    """A relation is taken away; the answer offers to put it back. If somebody else was faster, it is gone."""
    claim = _claim(code)
    found = ClaimRelation.objects.of(claim).with_code(relation).first()
    if found is None:
        return _page(request, claim, NewRelationForm())
    try:
        removal = deeds.unrelate(found, by=request.user, at=now())
    except ValidationError as refusal:
        return _refused(request, claim, NewRelationForm(), refusal)
    if request.htmx:
        return _page(request, claim, NewRelationForm(), removal=removal, focus="removed")
    return HttpResponseRedirect(f"{relations_url(claim)}?removed={removal.uuid}#relations-{claim.code}")


@for_the_desk("add_claimrelation")
@require_POST
def undo(request: HttpRequest, code: str) -> HttpResponse:
    """What this person removed is put back."""
    claim = _claim(code)
    removal = _removal(request, request.POST.get("removed", ""))
    if removal is None:
        return _page(request, claim, NewRelationForm(), status=422)
    try:
        back = deeds.restore(removal, by=request.user, at=now())
    except ValidationError as refusal:
        return _refused(request, claim, NewRelationForm(), refusal)
    return _done(request, claim, back)


def _claim(code: str) -> Claim:
    return get_object_or_404(Claim.objects.with_code(code))


def _relation(claim: Claim, code: str) -> ClaimRelation:
    return get_object_or_404(ClaimRelation.objects.of(claim).with_code(code))


def _removal(request: HttpRequest, uuid: str) -> Deed | None:
    """What this person removed, by the record of it."""
    try:
        return Deed.objects.filter(uuid=UUID(uuid), verb="relation.remove", actor=request.user).first()
    except ValueError:
        return None


def _as_typed(request: HttpRequest) -> NewRelationForm:
    """The form, not judged yet: it begins with all that was typed."""
    return NewRelationForm(initial=request.POST.dict())


def _refused(
    request: HttpRequest,
    claim: Claim,
    form: NewRelationForm | ChangedRelationForm,
    refusal: ValidationError,
    *,
    looked_for: str = "",
    editing: str = "",
) -> HttpResponse:
    """What was typed is still there. Who was overtaken sees how the relation is now, and may save again."""
    if editing:
        there = ClaimRelation.objects.of(claim).with_code(editing).first()
        if there is None:
            editing, form = "", NewRelationForm()
        else:
            form = ChangedRelationForm(initial=request.POST.dict() | {"version": there.version})
    return _page(
        request,
        claim,
        form,
        looked_for=looked_for,
        editing=editing,
        refusal=refusal.messages,
        status=409 if isinstance(refusal, Overtaken) else 422,
    )


def _done(request: HttpRequest, claim: Claim, related: ClaimRelation) -> HttpResponse:
    focus = relation_id(related)
    if request.htmx:
        return _page(request, claim, NewRelationForm(), focus=focus)
    there, _hash, _old = way_back(request, relations_url(claim)).partition("#")
    return HttpResponseRedirect(f"{there}#{focus}")


def _page(
    request: HttpRequest,
    claim: Claim,
    form: NewRelationForm | ChangedRelationForm,
    *,
    looked_for: str = "",
    editing: str = "",
    refusal: list[str] | None = None,
    removal: Deed | None = None,
    focus: str = "",
    status: int = 200,
) -> HttpResponse:
    """The part, or a page of its own around it."""
    part = claim_relations(
        claim,
        form=form,
        here=way_back(request, relations_url(claim)),
        editing=editing,
        looked_for=looked_for[:300],
        refusal=refusal or (),
        removal=removal,
        focus=focus,
    )
    template = "desk/_relations.html" if request.htmx else "desk/relations.html"
    return desk_page(request, template, part=part, status=status)
