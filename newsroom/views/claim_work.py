"""What is settled about a claim beside its rating: who checks it, whom it accuses, who was asked."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from newsroom.actions import assignments, claims, requests
from newsroom.forms.reviewing import AccusationForm, AssignmentForm, RequestForm
from newsroom.models import Assignment, Claim, RequestForComment

from .access import for_the_desk
from .review_page import answer, answer_form, attempt, done, posted, the_claim

ASSIGNMENT, ACCUSATION = "desk/_assignment.html", "desk/_accusation.html"


@for_the_desk("add_assignment")
@posted
def claim_assign(request: HttpRequest, code: str) -> HttpResponse:
    if request.method != "POST":
        return redirect("desk:claim", code)
    claim, form = the_claim(code), AssignmentForm(request.POST)

    def assign() -> Assignment:
        shown = claim.assignments.with_code(form.cleaned_data["instead_of"]).first()
        to, due = form.cleaned_data["to"], form.cleaned_data["due"]
        return assignments.assign(claim, to=to, due=due, instead_of=shown, by=request.user, at=now())

    status = attempt(form, assign)
    if status == 409:
        form.look_again(_open_code(claim))
    if status != 200:
        return answer(
            request, claim, part=ASSIGNMENT, status=status, returned="assignment", assignment_form=form
        )
    words = _("Assigned to %(who)s.") % {"who": form.cleaned_data["to"].desk_name}
    return done(request, claim, words, part=ASSIGNMENT, focus="assignment-title", settled="assign")


@for_the_desk("add_assignment")
@posted
def claim_release(request: HttpRequest, code: str) -> HttpResponse:
    if request.method != "POST":
        return redirect("desk:claim", code)
    claim, form = the_claim(code), forms.Form(request.POST)
    status = attempt(form, lambda: assignments.release(claim, by=request.user, at=now()))
    if status != 200:
        return answer(
            request, claim, part=ASSIGNMENT, status=status, assignment_errors=form.non_field_errors()
        )
    return done(
        request, claim, _("Given back: nobody is to check it."), part=ASSIGNMENT, focus="assignment-title"
    )


@for_the_desk("change_claim")
@posted
def claim_accusation(request: HttpRequest, code: str) -> HttpResponse:
    """Whether it accuses or discredits somebody; publishing asks more of a claim that does."""
    if request.method != "POST":
        return redirect("desk:claim", code)
    claim, form = the_claim(code), AccusationForm(request.POST)
    status = attempt(form, lambda: claims.weigh(claim, **form.cleaned_data, by=request.user, at=now()))
    if status != 200:
        return answer(
            request, claim, part=ACCUSATION, status=status, returned="accusation", accusation_form=form
        )
    return done(request, claim, _("Saved."), part=ACCUSATION, focus="accusation-title", settled="accusation")


@for_the_desk("add_requestforcomment")
@posted
def claim_request(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody was asked what they say to it."""
    if request.method != "POST":
        return redirect("desk:claim", code)
    claim, form = the_claim(code), RequestForm(request.POST)

    def ask() -> RequestForComment:
        identity = form.uuid_for(request.user)
        return requests.ask_for_comment(claim, **form.cleaned_data, uuid=identity, by=request.user, at=now())

    status = attempt(form, ask)
    if status != 200:
        return answer(request, claim, part=ACCUSATION, status=status, returned="request", request_form=form)
    words = _("The request is noted.")
    return done(request, claim, words, part=ACCUSATION, focus="accusation-title", settled="request")


@for_the_desk("change_requestforcomment")
@posted
def request_answer(request: HttpRequest, code: str) -> HttpResponse:
    """What they answered, or that no answer came."""
    found = RequestForComment.objects.select_related("claim__claimant")
    asked = get_object_or_404(found.with_code(code))
    if request.method != "POST":
        return redirect("desk:claim", asked.claim.code)
    form = answer_form(asked.code, request.POST)
    status = attempt(
        form, lambda: requests.note_answer(asked, **form.cleaned_data, by=request.user, at=now())
    )
    if status != 200:
        return answer(
            request, asked.claim, part=ACCUSATION, status=status, returned=asked.code, answer_form=form
        )
    words, settled = _("The answer is noted."), str(form.prefix)
    return done(request, asked.claim, words, part=ACCUSATION, focus="accusation-title", settled=settled)


def _open_code(claim: Claim) -> str:
    found = claim.assignments.open().first()
    return found.code if found else ""
