"""The evidence of a claim: what documents say for or against it, and the dossier of it all."""

from __future__ import annotations

from datetime import datetime, time

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import get_current_timezone, localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from newsroom.actions import evidence as deeds
from newsroom.actions.refusals import Overtaken, Refused
from newsroom.formats import copies, dossier
from newsroom.forms import DossierForm, EvidenceForm, ShownReason
from newsroom.models import Claim, Document, Evidence, Newsroom
from newsroom.presenters.documents import evidence_page, found_documents
from newsroom.presenters.dossier import DossierPage, dossier_page

from .access import desk_page, for_the_desk, way_back
from .documents import done_there, refuse, take_over


@for_the_desk("view_evidence")
@require_http_methods(["GET", "HEAD", "POST"])
def claim_evidence(request: HttpRequest, code: str) -> HttpResponse:
    """What there is, and a form for one more: first its document, then what it says."""
    claim = get_object_or_404(Claim.objects.with_code(code))
    named = request.POST.get("document") or request.GET.get("document", "")
    document = Document.objects.filter(withdrawn_at=None).with_code(named).first()
    if request.method != "POST":
        form = EvidenceForm() if document else None
        return _claim_evidence_page(request, claim, document=document, form=form)
    form = EvidenceForm(request.POST)
    if document is None:
        return _claim_evidence_page(
            request, claim, status=422, errors=[_("Choose the document first.")], form=None
        )
    if form.is_valid():
        try:
            deeds.add(claim, document=document, by=request.user, at=now(), **form.given())
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The evidence is added."))
            return redirect("desk:claim-evidence", claim.code)
    return _claim_evidence_page(request, claim, status=422, document=document, form=form)


def _claim_evidence_page(request: HttpRequest, claim: Claim, *, status: int = 200, **context) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:1000]
    context = {
        "page": evidence_page(claim, request.user),
        "words": words,
        "found": found_documents(words),
        "dossier_form": DossierForm(initial={"date": localdate()}),
        "may_sign": settings.SIGNING_KEY is not None,
        "here": request.path,
    } | context
    return desk_page(request, "desk/claim_evidence.html", status=status, **context)


@for_the_desk("change_evidence")
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_change(request: HttpRequest, code: str) -> HttpResponse:
    item = _item(code)
    if request.method != "POST":
        return _evidence_page(request, item, form=EvidenceForm(instance=item))
    form, status, theirs = EvidenceForm(request.POST, instance=item), 422, None
    if form.is_valid():
        try:
            deeds.change(
                item,
                changes=form.given(),
                by=request.user,
                at=now(),
                row_version=form.cleaned_data["row_version"],
            )
        except Overtaken as refusal:
            status, theirs = 409, _item(code)
            refuse(form, refusal)
            take_over(form, theirs.row_version)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("desk:claim-evidence", item.claim.code)
    return _evidence_page(request, item, status=status, form=form, theirs=theirs)


@for_the_desk("change_evidence")
@done_there
def evidence_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    item = _item(code)
    if request.method != "POST":
        return redirect("desk:evidence-change", code)
    form = ShownReason(request.POST)
    if form.is_valid():
        try:
            deeds.withdraw(item, by=request.user, at=now(), **form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
            status = 409 if isinstance(refusal, Overtaken) else 422
            return _evidence_page(request, _item(code), status=status, withdrawal=form)
        messages.success(request, _("Withdrawn: a rating that rested on it is to be checked again."))
        return redirect(way_back(request, reverse("desk:claim-evidence", args=[item.claim.code])))
    return _evidence_page(request, item, status=422, withdrawal=form)


def _item(code: str) -> Evidence:
    return get_object_or_404(Evidence.objects.select_related("claim", "document").with_code(code))


def _evidence_page(request: HttpRequest, item: Evidence, *, status: int = 200, **context) -> HttpResponse:
    context = {
        "item": item,
        "form": EvidenceForm(instance=item),
        "withdrawal": ShownReason(initial={"row_version": item.row_version}),
    } | context
    return desk_page(request, "desk/evidence_change.html", status=status, **context)


@for_the_desk("view_evidence")
@require_safe
def claim_dossier(request: HttpRequest, code: str) -> HttpResponse:
    """The claim at the end of a day, or as it stands now, as one signed zip."""
    claim = get_object_or_404(Claim.objects.with_code(code))
    form = DossierForm({"date": request.GET.get("date", str(localdate()))})
    if not form.is_valid():
        return _claim_evidence_page(request, claim, status=422, dossier_form=form)
    if settings.SIGNING_KEY is None:
        form.add_error(None, _("No dossier can be signed: the administrator has to name a key first."))
        return _claim_evidence_page(request, claim, status=422, dossier_form=form)
    made_at = now()
    day = form.cleaned_data["date"]
    midnight = datetime.combine(day, time.max, tzinfo=get_current_timezone())
    page = dossier_page(
        claim, at=min(midnight, made_at), newsroom=Newsroom.objects.current(), ending=copies.ending
    )
    if page is None or day > localdate(made_at):
        form.add_error("date", _("This claim did not stand here on that day."))
        return _claim_evidence_page(request, claim, status=422, dossier_form=form)
    answer = HttpResponse(
        dossier.write(_dossier(page), settings.SIGNING_KEY, at=made_at), content_type="application/zip"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="dossier-{claim.code}-{day}.zip"'
    return answer


def _dossier(page: DossierPage) -> dossier.Dossier:
    files = {}
    for line in page.copies:
        with line.copy.file.open() as opened:
            files[line.name] = opened.read()
    return dossier.Dossier(
        title=page.claim.text,
        lang=get_language(),
        page=render_to_string("desk/_dossier.html", {"page": page}),
        about=page.about(),
        data=page.data(),
        copies=files,
    )
