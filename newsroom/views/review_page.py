"""The review page, and how what is done on it is answered: whole, or the part of it that a form stands in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_safe

from newsroom.actions.refusals import Overtaken
from newsroom.forms import DossierForm
from newsroom.forms.evidence import EvidenceForm
from newsroom.forms.reviewing import (
    AccusationForm,
    AnswerForm,
    AssignmentForm,
    RatingForm,
    RequestForm,
    moment_now,
    show_refusal,
)
from newsroom.models import Claim, Document
from newsroom.presenters.claim_url import claim_url
from newsroom.presenters.finding import found_documents
from newsroom.presenters.reviewing import ReviewPage, review_page
from newsroom.presenters.threads import subject_threads

from .access import desk_page, for_the_desk, way_back

WHOLE, EVIDENCE = "desk/_claim.html", "desk/_claim_evidence.html"
#: A form is posted. Who comes to its address otherwise, back from signing in, is shown the page.
posted = require_http_methods(["GET", "HEAD", "POST"])


@for_the_desk("view_review")
@require_safe
def claim(request: HttpRequest, code: str) -> HttpResponse:
    """A claim in its context, what was judged of it, and what may be decided.

    `document` is one that was just added for it, or turned out to be here: chosen as further evidence.
    """
    named = request.GET.get("document", "")
    chosen = list(Document.objects.filter(withdrawn_at=None).with_code(named)) if named else []
    if not chosen:
        return answer(request, the_claim(code))
    return answer(
        request,
        the_claim(code),
        returned="evidence",
        evidence_form=EvidenceForm(initial={"document": chosen[0].code}),
        found=found_documents("", chosen=chosen),
        chosen=chosen[0].code,
    )


def the_claim(code: str) -> Claim:
    return get_object_or_404(Claim.objects.select_related("claimant").with_code(code))


def answer(
    request: HttpRequest,
    claim: Claim,
    *,
    part: str = WHOLE,
    status: int = 200,
    focus: str = "",
    said: str = "",
    returned: str = "",
    **context: Any,
) -> HttpResponse:
    """The page, or to htmx its `part`. `focus` is the id that gets the focus, `said` what is spoken of it.

    `returned` is the form that came back: the context has it with what was typed, and it is not folded.
    """
    at = now()
    page = review_page(claim, request.user, request.GET, at=at)
    context = _forms(page, returned, context) | {"page": page, "focus": focus, "returned": returned}
    context |= {"said": said} if said else {}
    if request.htmx:
        if part == WHOLE:
            context["threads"] = subject_threads(claim, request.user, here=claim_url(claim))
        return desk_page(request, "desk/_swapped.html", part=part, status=status, **context)
    context["threads"] = subject_threads(claim, request.user, here=claim_url(claim))
    return desk_page(request, "desk/claim.html", status=status, **context)


def _forms(page: ReviewPage, returned: str, given: dict[str, Any]) -> dict[str, Any]:
    """Every form of the page, as it begins; those that are given as they are."""
    task, accusation, latest = page.task, page.accusation, page.latest
    answered = given.pop("answer_form", None)
    return {
        "rating_form": given.get("rating_form") or RatingForm(claim=page.claim, initial={"seen": latest}),
        "evidence_form": EvidenceForm(),
        "dossier_form": DossierForm(initial={"date": localdate()}),
        "may_sign": settings.SIGNING_KEY is not None,
        "assignment_form": AssignmentForm(
            initial={"to": task.username, "due": task.due, "instead_of": task.code}
            if task
            else {"to": page.me}
        ),
        "accusation_form": AccusationForm(
            initial={"accuses": accusation.accuses, "accused": accusation.accused}
        ),
        "request_form": RequestForm(initial={"asked": accusation.accused, "asked_at": moment_now(now())}),
        "requests": [
            (
                row,
                (answered if row.code == returned else _answer_form(row.code))
                if row.is_open and "ask" in page.may
                else None,
            )
            for row in accusation.requests
        ],
    } | given


def _answer_form(code: str, data: Any = None) -> AnswerForm:
    return AnswerForm(data, auto_id=f"answer-{code}-%s", initial={"answered_at": moment_now(now())})


def done(
    request: HttpRequest, claim: Claim, words: str, *, part: str = WHOLE, focus: str = "claim-title"
) -> HttpResponse:
    """Back to the page, or to the one that asked; to htmx the part that changed, with the words spoken."""
    if request.htmx:
        return answer(request, the_claim(claim.code), part=part, focus=focus, said=words)
    messages.success(request, words)
    return HttpResponseRedirect(way_back(request, f"{claim_url(claim)}#{focus}"))


def attempt(form: forms.Form, deed: Callable[[], Any]) -> int:
    """Does what a valid form asks. 200 if it was done; else 422, or 409 if somebody else was faster, and the
    form says why."""
    if not form.is_valid():
        return 422
    try:
        deed()
    except ValidationError as refusal:
        show_refusal(form, refusal)
        return 409 if isinstance(refusal, Overtaken) else 422
    return 200
