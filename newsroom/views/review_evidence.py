"""Evidence beside its claim: added, found among the documents that are known, changed where it stands."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from newsroom.actions import documents
from newsroom.actions import evidence as deeds
from newsroom.forms.evidence import EvidenceForm, EvidenceItemForm
from newsroom.models import Claim, Document, Evidence, User
from newsroom.presenters.finding import found_documents

from .access import desk_page, for_the_desk
from .review_page import answer, attempt, done, posted, the_claim

SECTION = "desk/_claim_evidence.html"
#: What is typed to find a document by; more of it would find nothing else.
MOST_TYPED = 300


@for_the_desk("add_evidence")
@posted
def evidence_add(request: HttpRequest, code: str) -> HttpResponse:
    """The evidence of a claim; a post adds an item, or finds documents for it (without JavaScript)."""
    claim = the_claim(code)
    if request.method != "POST":
        if request.htmx:
            return answer(request, claim, part=SECTION, focus="evidence-heading")
        return HttpResponseRedirect(f"{reverse('desk:claim', args=[code])}#claim-evidence")
    form, words = EvidenceForm(request.POST, auto_id="evidence-%s"), request.POST.get("q", "")[:MOST_TYPED]
    if "find" in request.POST:
        typed = EvidenceForm(initial=request.POST.dict(), auto_id="evidence-%s")
        return _again(request, claim, typed, words, 200)
    status = attempt(form, lambda: _add(claim, form, by=request.user, at=now()))
    if status != 200:
        return _again(request, claim, form, words, status)
    return done(request, claim, _("The evidence is added."), part=SECTION, focus="evidence-heading")


@for_the_desk("add_evidence")
@require_safe
def evidence_find(request: HttpRequest, code: str) -> HttpResponse:
    """Documents to choose from, as somebody types."""
    words = request.GET.get("q", "")[:MOST_TYPED]
    if not request.htmx:
        claim = the_claim(code)
        return _again(request, claim, EvidenceForm(auto_id="evidence-%s"), words, 200)
    return desk_page(request, "desk/_found_documents.html", found=found_documents(words), q=words)


@for_the_desk("change_evidence")
@posted
def evidence_item(request: HttpRequest, code: str) -> HttpResponse:
    """One item in its form, where it stands in the list; without JavaScript on a page of its own."""
    found = Evidence.objects.select_related("claim__claimant", "document")
    item = get_object_or_404(found.with_code(code))
    if request.method != "POST":
        return _item(request, item, EvidenceItemForm.of(item))
    form = EvidenceItemForm(request.POST, auto_id=f"evidence-{item.code}-%s")
    status = attempt(
        form,
        lambda: deeds.change(
            item,
            changes={name: form.said[name] for name in form.changed_from(item)},
            row_version=form.cleaned_data["row_version"] or 0,
            by=request.user,
            at=now(),
        ),
    )
    if status != 200:
        theirs = found.get(pk=item.pk) if status == 409 else None
        if theirs is not None:
            form.look_again(theirs)
        return _item(request, item, form, status, theirs=theirs)
    response = done(
        request, item.claim, _("The evidence is changed."), part=SECTION, focus=f"evidence-{item.code}"
    )
    if request.htmx:
        # The item may stand under another stance now: the whole section takes the place of its form.
        response["HX-Retarget"] = "#claim-evidence"
    return response


@transaction.atomic
def _add(claim: Claim, form: EvidenceForm, *, by: User, at: datetime) -> Evidence:
    """The item, with its document if that is new: both or neither. One that is here already is offered."""
    document = form.cleaned_data["document"]
    if document is None:
        try:
            document = documents.add(**form.new_document, by=by, at=at)
        except documents.Known as known:
            form.offer(known.document)
            raise
    return deeds.add(claim, document=document, **form.said, by=by, at=at)


def _again(request: HttpRequest, claim: Claim, form: EvidenceForm, words: str, status: int) -> HttpResponse:
    """The form with what was typed, and the documents that were found."""
    chosen = Document.objects.filter(withdrawn_at=None).with_code(str(form["document"].value() or ""))
    return answer(
        request,
        claim,
        part=SECTION,
        status=status,
        returned="evidence",
        focus="evidence-heading",
        evidence_form=form,
        found=found_documents(words, chosen=chosen),
        chosen=form["document"].value(),
        q=words,
    )


def _item(
    request: HttpRequest,
    item: Evidence,
    form: EvidenceItemForm,
    status: int = 200,
    *,
    theirs: Evidence | None = None,
) -> HttpResponse:
    template = "desk/_evidence_item.html" if request.htmx else "desk/evidence.html"
    back = reverse("desk:evidence-add", args=[item.claim.code])
    return desk_page(request, template, item=item, form=form, theirs=theirs, back=back, status=status)
