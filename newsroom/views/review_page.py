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
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from newsroom.actions.refusals import Overtaken, Sent
from newsroom.forms import DossierForm
from newsroom.forms.evidence import EvidenceForm
from newsroom.forms.reviewing import (
    AccusationForm,
    AnswerForm,
    ApprovalForm,
    AssignmentForm,
    NoteForm,
    RatingForm,
    RequestForm,
    WordsForm,
    moment_now,
    show_refusal,
)
from newsroom.forms.sections import PAGE, Section, typed_sections, words_of
from newsroom.models import Claim, Document, Review
from newsroom.presenters.claim_url import claim_url
from newsroom.presenters.finding import found_documents
from newsroom.presenters.reviewing import ReviewPage, ReviewView, review_page
from newsroom.presenters.threads import Draft, subject_threads

from .access import desk_page, for_the_desk, way_back

WHOLE, EVIDENCE = "desk/_claim.html", "desk/_claim_evidence.html"
#: A form is posted. Who comes to its address otherwise, back from signing in, is shown the page.
posted = require_http_methods(["GET", "HEAD", "POST"])
#: What is typed to find a document by: an address may be long, more than that would find nothing else.
MOST_TYPED = 1000


@for_the_desk("view_review")
@posted
def claim(request: HttpRequest, code: str) -> HttpResponse:
    """A claim in its context, what was judged of it, and what may be decided.

    `document` is one that was just added for it, or turned out to be here: chosen as further evidence. A post
    does no deed: who pressed Enter in a field has not said which part of the page is to be sent.
    """
    if request.method == "POST":
        messages.info(request, _("Nothing was sent yet: press the button of the part that you mean."))
        return answer(request, the_claim(code))
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
    settled: str = "",
    draft: Draft | None = None,
    **context: Any,
) -> HttpResponse:
    """The page, or to htmx its `part`. `focus` is the id that gets the focus, `said` what is spoken of it.

    `returned` is the form that came back: the context has it with what was typed, and it is not folded.
    `settled` is the prefix of the one that was sent and done. What stands in the others, if the whole page
    was sent, stands there again.
    """
    at = now()
    page = review_page(claim, request.user, request.GET, at=at)
    if not request.htmx and settled != "rate" and "rating_form" not in context:
        context |= _amended(page, request.POST.get("amends", ""))
    context = _forms(page, returned, context) | {"page": page, "focus": focus, "returned": returned}
    context |= {"said": said} if said else {}
    if request.htmx:
        if part == WHOLE:
            context["threads"] = subject_threads(claim, request.user, here=claim_url(claim))
        return desk_page(request, "desk/_swapped.html", part=part, status=status, **context)
    shown = _sections(context)
    homeless = []
    for prefix in sorted(typed_sections(request.POST) - {settled}):
        form = shown.get(prefix)
        if form is None:
            homeless += words_of(request.POST, prefix)
        elif not form.is_bound and not form.has_words:
            form.take(request.POST)
    wrong = [form.point_at_fault() for form in shown.values() if form.is_bound]
    for form in shown.values():
        form.stand_on_page()
    if any(wrong):
        context["focus"] = ""
    elif status != 200:
        context["focus"] = _heading_of(part, context)
    if context["evidence_form"].has_words and "found" not in context:
        context |= _looked_for(context["evidence_form"])
    unsent = unsent_comments(request, but=settled)
    context["threads"] = subject_threads(
        claim, request.user, here=claim_url(claim), draft=draft, unsent=unsent, focus=focus
    )
    return desk_page(request, "desk/claim.html", status=status, of_page=True, homeless=homeless, **context)


def _amended(page: ReviewPage, code: str) -> dict[str, Any]:
    """The own proposal that was being changed on the page that was sent, if it can be changed still."""
    for view in page.waiting:
        if view.review.code == code and "amend" in view.may:
            initial = {"row_version": view.review.row_version}
            form = RatingForm(instance=view.review, claim=page.claim, initial=initial)
            return {"amended": view.review, "rating_form": form}
    return {}


def _heading_of(part: str, context: dict[str, Any]) -> str:
    """The id of the heading over what was refused."""
    headings = {
        EVIDENCE: "evidence-heading",
        "desk/_assignment.html": "assignment-title",
        "desk/_accusation.html": "accusation-title",
    }
    decided = context.get("decided", "")
    if part in headings or not decided:
        return headings.get(part, "rating-title" if context["returned"] == "rating" else "")
    waits = any(view.review.code == decided for view, _made in context["waiting"])
    return f"review-{decided}" if waits else "current-title"


def _forms(page: ReviewPage, returned: str, given: dict[str, Any]) -> dict[str, Any]:
    """Every form of the page, as it begins; those that are given as they are."""
    task, accusation, latest = page.task, page.accusation, page.latest
    answered, decision = given.pop("answer_form", None), given.get("decision_form")
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
                (answered if row.code == returned else answer_form(row.code))
                if row.is_open and "ask" in page.may
                else None,
            )
            for row in accusation.requests
        ],
        "waiting": [(view, _decisions(view, decision)) for view in page.waiting],
        "current_decisions": _decisions(page.current, decision) if page.current else {},
    } | given


def answer_form(code: str, data: Any = None) -> AnswerForm:
    return AnswerForm(data, prefix=f"answer-{code}", initial={"answered_at": moment_now(now())})


def decision_form(name: str, review: Review, data: Any = None) -> Section:
    """The form of one deed done to one review; what is sent of the row is the version that its reader saw."""
    given: dict[str, Any] = {
        "prefix": f"{name}-{review.code}",
        "initial": {"row_version": review.row_version},
    }
    if name == "approve":
        return ApprovalForm(data, **given)
    if name == "changes":
        return NoteForm(data, **given)
    labels = {
        "stale": _("Why it needs a new look"),
        "withdraw": _("Why it is withdrawn"),
        "hold": _("Why it still holds"),
    }
    return WordsForm(data, label=labels[name], **given)


#: The deeds that a person is offered on a review -> the form that they are done by.
_OFFERED = {
    "approve": "approve",
    "publish": "approve",
    "request_changes": "changes",
    "mark_stale": "stale",
    "withdraw": "withdraw",
    "hold": "hold",
}


def _decisions(view: ReviewView, came_back: Section | None) -> dict[str, Section]:
    """The forms of what may be done to a review, by their names; with the one that came back."""
    made = {name: decision_form(name, view.review) for may, name in _OFFERED.items() if may in view.may}
    return {
        name: came_back if came_back is not None and came_back.prefix == form.prefix else form
        for name, form in made.items()
    }


def _sections(context: dict[str, Any]) -> dict[str, Section]:
    """The forms that the page shows to this person, by their prefix."""
    may = context["page"].may
    named = {
        "propose": ["rating_form"],
        "evidence": ["evidence_form"],
        "assign": ["assignment_form"],
        "accuse": ["accusation_form"],
        "ask": ["request_form"],
    }
    forms_shown = [context[name] for right, names in named.items() if right in may for name in names]
    forms_shown += [context["dossier_form"]]
    forms_shown += [form for _request, form in context["requests"] if form is not None]
    forms_shown += [form for _view, made in context["waiting"] for form in made.values()]
    forms_shown += context["current_decisions"].values()
    return {str(form.prefix): form for form in forms_shown}


def _looked_for(form: EvidenceForm) -> dict[str, Any]:
    """The documents that were found for evidence that is not sent yet, with the one that was chosen."""
    words, code = str(form["q"].value() or "")[:MOST_TYPED], str(form["document"].value() or "")
    chosen = Document.objects.filter(withdrawn_at=None).with_code(code)
    return {"found": found_documents(words, chosen=chosen), "chosen": code, "q": words}


def unsent_comments(request: HttpRequest, *, but: str = "") -> dict[str, str]:
    """Comments that stand in their forms on a page that was sent whole: place -> words."""
    if PAGE not in request.POST:
        return {}
    found = (
        (name, value) for name, value in request.POST.items() if name.startswith("body-") and name != but
    )
    places = {name.removeprefix("body-"): value for name, value in found if value.strip()}
    return {"" if place == "new" else place: value for place, value in places.items()}


def done(
    request: HttpRequest,
    claim: Claim,
    words: str,
    *,
    part: str = WHOLE,
    focus: str = "claim-title",
    settled: str = "",
) -> HttpResponse:
    """Back to the page, or to the one that asked; to htmx the part that changed, with the words spoken.

    If something stands in other forms of a page that was sent whole, the answer is the page itself: a
    redirect would have to keep it somewhere. `settled` is the prefix of the form that was done, or the name
    of its field.
    """
    if request.htmx:
        return answer(request, the_claim(claim.code), part=part, focus=focus, said=words)
    if words:
        messages.success(request, words)
    if typed_sections(request.POST) - {settled} or unsent_comments(request, but=settled):
        return answer(request, the_claim(claim.code), focus=focus, settled=settled)
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
        if isinstance(refusal, Sent):
            form.renew_key()
        return 409 if isinstance(refusal, Overtaken) else 422
    return 200
