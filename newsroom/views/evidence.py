"""The evidence of a claim, on its review page: documents found or new, items added, changed, taken back."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from newsroom.actions import documents
from newsroom.actions import evidence as deeds
from newsroom.forms.evidence import EvidenceForm, EvidenceItemForm
from newsroom.forms.reviewing import WordsForm
from newsroom.forms.sections import typed_sections
from newsroom.models import Claim, Document, Evidence, User
from newsroom.presenters.finding import found_documents

from .access import desk_page, for_the_desk
from .review_page import EVIDENCE, MOST_TYPED, answer, attempt, done, posted, the_claim


@for_the_desk("add_evidence")
@posted
def evidence_add(request: HttpRequest, code: str) -> HttpResponse:
    """The evidence of a claim; a post adds an item, or finds documents for it (without JavaScript)."""
    claim = the_claim(code)
    if request.method != "POST":
        if request.htmx:
            return answer(request, claim, part=EVIDENCE, focus="evidence-heading")
        return HttpResponseRedirect(f"{reverse('desk:claim', args=[code])}#claim-evidence")
    words = request.POST.get("evidence-q", "")[:MOST_TYPED]
    if "find" in request.POST:
        return _again(request, claim, EvidenceForm.typed(request.POST), words, 200)
    form = EvidenceForm(request.POST)
    status = attempt(form, lambda: _add(claim, form, by=request.user, at=now()))
    if status != 200:
        return _again(request, claim, form, words, status)
    return done(
        request,
        claim,
        _("The evidence is added."),
        part=EVIDENCE,
        focus="evidence-heading",
        settled="evidence",
    )


@for_the_desk("add_evidence")
@require_safe
def evidence_find(request: HttpRequest, code: str) -> HttpResponse:
    """Documents to choose from, as somebody types."""
    claim, words = the_claim(code), request.GET.get("evidence-q", "")[:MOST_TYPED]
    if not request.htmx:
        return _again(request, claim, EvidenceForm(), words, 200)
    found = found_documents(words)
    return desk_page(request, "desk/_found_documents.html", found=found, q=words, claim=claim)


@for_the_desk("change_evidence")
@posted
def evidence_item(request: HttpRequest, code: str) -> HttpResponse:
    """One item in its form, where it stands in the list; without JavaScript on a page of its own."""
    item = _the_item(code)
    if request.method != "POST":
        return _item(request, item)
    form = EvidenceItemForm.of(item, request.POST)
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
        theirs = _the_item(code) if status == 409 else None
        if theirs is not None:
            form.look_again(theirs)
        return _item(request, item, status, form=form, theirs=theirs)
    return _done_to_it(
        request, item, _("The evidence is changed."), focus=f"evidence-{item.code}", settled=str(form.prefix)
    )


@for_the_desk("change_evidence")
@posted
def evidence_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    item = _the_item(code)
    if request.method != "POST":
        return redirect("desk:evidence-item", code)
    form = _withdrawal(item, request.POST)
    status = attempt(form, lambda: deeds.withdraw(item, by=request.user, at=now(), **form.cleaned_data))
    if status != 200:
        # As it is now: to send it again is to withdraw that.
        fresh = _the_item(code)
        form.look_again(fresh)
        return _item(request, fresh, status, withdrawal=form)
    words = _("Withdrawn: a rating that rested on it is to be checked again.")
    return _done_to_it(request, item, words, focus="evidence-heading", settled=str(form.prefix))


@transaction.atomic
def _add(claim: Claim, form: EvidenceForm, *, by: User, at: datetime) -> Evidence:
    """The item, with its document if that is new: both or neither. One that is here already is offered."""
    document, identity = form.cleaned_data["document"], form.uuid_for(by)
    if document is None and identity is not None:
        # Sent before: its document was new then.
        made = Evidence.objects.select_related("document").filter(uuid=identity).first()
        if made is not None and made.document.title == form.cleaned_data["title"]:
            document = made.document
    if document is None:
        try:
            document = documents.add(**form.new_document, by=by, at=at)
        except documents.Known as known:
            form.offer(known.document)
            raise
    return deeds.add(claim, document=document, **form.said, uuid=identity, by=by, at=at)


def _again(request: HttpRequest, claim: Claim, form: EvidenceForm, words: str, status: int) -> HttpResponse:
    """The form with what was typed, and the documents that were found."""
    chosen = Document.objects.filter(withdrawn_at=None).with_code(str(form["document"].value() or ""))
    return answer(
        request,
        claim,
        part=EVIDENCE,
        status=status,
        returned="evidence",
        focus="evidence-heading",
        evidence_form=form,
        found=found_documents(words, chosen=chosen),
        chosen=form["document"].value(),
        q=words,
    )


def _the_item(code: str) -> Evidence:
    return get_object_or_404(Evidence.objects.select_related("claim__claimant", "document").with_code(code))


def _withdrawal(item: Evidence, data: QueryDict | None = None) -> WordsForm:
    initial = {"row_version": item.row_version}
    return WordsForm(data, prefix=f"withdrawal-{item.code}", initial=initial, label=_("Why it is withdrawn"))


def _item(
    request: HttpRequest,
    item: Evidence,
    status: int = 200,
    *,
    form: EvidenceItemForm | None = None,
    withdrawal: WordsForm | None = None,
    theirs: Evidence | None = None,
    settled: str = "",
) -> HttpResponse:
    form, withdrawal = form or EvidenceItemForm.of(item), withdrawal or _withdrawal(theirs or item)
    if not request.htmx:
        typed = typed_sections(request.POST) - {settled}
        for section in (form, withdrawal):
            if section.prefix in typed and not section.is_bound:
                section.take(request.POST)
            section.stand_on_page()
    return desk_page(
        request,
        "desk/_evidence_item.html" if request.htmx else "desk/evidence.html",
        status=status,
        item=theirs or item,
        form=form,
        withdrawal=withdrawal,
        theirs=theirs,
        back=reverse("desk:evidence-add", args=[item.claim.code]),
        of_page=not request.htmx,
    )


def _done_to_it(
    request: HttpRequest, item: Evidence, words: str, *, focus: str, settled: str
) -> HttpResponse:
    if not request.htmx and typed_sections(request.POST) - {settled}:
        messages.success(request, words)
        return _item(request, _the_item(item.code), settled=settled)
    response = done(request, item.claim, words, part=EVIDENCE, focus=focus, settled=settled)
    if request.htmx:
        # It may stand elsewhere now, or nowhere: the whole section takes the place of its form.
        response["HX-Retarget"] = "#claim-evidence"
    return response
