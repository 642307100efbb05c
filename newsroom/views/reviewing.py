"""Reviews as they are decided on: proposed and changed by one person, answered and published by another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from newsroom.actions import reviews
from newsroom.actions.refusals import Overtaken
from newsroom.forms.reviewing import RatingForm
from newsroom.models import Claim, Review
from newsroom.presenters.reviewing import as_seen

from .access import for_the_desk
from .review_page import answer, attempt, decision_form, done, posted, the_claim


@for_the_desk("add_review")
@posted
def claim_propose(request: HttpRequest, code: str) -> HttpResponse:
    if request.method != "POST":
        return redirect("desk:claim", code)
    claim = the_claim(code)
    form = RatingForm(request.POST, claim=claim)

    def propose() -> Review:
        latest = _latest(claim)
        if as_seen(latest) != form.cleaned_data["seen"]:
            raise Overtaken(
                _("Somebody else worked on the reviews of this claim in the meantime: look at them first."),
                code="outdated",
            )
        return reviews.propose(claim, by=request.user, at=now(), **form.rating)

    status = attempt(form, propose)
    if status != 200:
        return _rating_again(request, claim, form, status)
    return done(request, claim, _("Proposed: somebody else decides on it."), settled="rate")


@for_the_desk("change_review")
@posted
def review_amend(request: HttpRequest, code: str) -> HttpResponse:
    """An own proposal, changed before anybody has read it in public."""
    review = _review(code)
    claim = review.claim
    if request.method != "POST":
        form = RatingForm(instance=review, claim=claim, initial={"row_version": review.row_version})
        return answer(request, claim, rating_form=form, amended=review, focus="rating-title")
    form = RatingForm(request.POST, instance=review, claim=claim)

    def amend() -> Review:
        version = form.cleaned_data["row_version"] or 0
        return reviews.amend(review, row_version=version, by=request.user, at=now(), **form.rating)

    status = attempt(form, amend)
    if status != 200:
        return _rating_again(request, claim, form, status, amended=review)
    words = _("Proposed again with your changes.")
    return done(request, claim, words, focus=f"review-{review.code}", settled="rate")


@for_the_desk("publish_review")
@posted
def review_approve(request: HttpRequest, code: str) -> HttpResponse:
    return _decision(request, code, "approve", reviews.approve, _("Approved: it can be published."))


@for_the_desk("publish_review")
@posted
def review_publish(request: HttpRequest, code: str) -> HttpResponse:
    """Of one that nobody approved yet it approves as well."""
    return _decision(request, code, "approve", reviews.publish, _("Published: readers see it."))


@for_the_desk("publish_review")
@posted
def review_changes(request: HttpRequest, code: str) -> HttpResponse:
    return _decision(
        request, code, "changes", reviews.request_changes, _("Sent back: its author is asked to change it.")
    )


@for_the_desk("add_review")
@posted
def review_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """An own one before anybody read it, or by an editor."""
    return _decision(
        request, code, "withdraw", reviews.withdraw, _("Withdrawn: readers see why, if it was public.")
    )


@for_the_desk("change_review")
@posted
def review_stale(request: HttpRequest, code: str) -> HttpResponse:
    return _decision(request, code, "stale", reviews.mark_stale, _("To be checked again: readers see that."))


@for_the_desk("publish_review")
@posted
def review_hold(request: HttpRequest, code: str) -> HttpResponse:
    """Although a document changed that it rests on."""
    return _decision(request, code, "hold", reviews.hold, _("The rating holds."))


def _latest(claim: Claim) -> Review | None:
    return claim.reviews.order_by("-pk").first()


def _review(code: str) -> Review:
    found = Review.objects.select_related("claim__claimant", "level", "appearance")
    return get_object_or_404(found.with_code(code))


def _decision(
    request: HttpRequest, code: str, name: str, deed: Callable[..., Any], words: str
) -> HttpResponse:
    """A deed done to one review as it was shown. What is refused stands beside it, with what was typed."""
    review = _review(code)
    if request.method != "POST":
        return redirect("desk:claim", review.claim.code)
    form = decision_form(name, review, request.POST)
    status = attempt(form, lambda: deed(review, **form.cleaned_data, by=request.user, at=now()))
    if status == 200:
        return done(request, review.claim, words, settled=str(form.prefix))
    if status == 409:
        # As it is now: to send it again, with that before one's eyes, is a decision.
        form.look_again(_review(code))
    return answer(
        request,
        review.claim,
        status=status,
        decided=review.code,
        decision_form=form,
        decision_errors=[error for errors in form.errors.values() for error in errors],
    )


def _rating_again(
    request: HttpRequest, claim: Claim, form: RatingForm, status: int, **context: Any
) -> HttpResponse:
    """The form with what was typed. After a conflict it knows what is there now, and can be sent again."""
    if status == 409:
        amended = context.get("amended")
        version = Review.objects.get(pk=amended.pk).row_version if amended else None
        form.look_again(as_seen(_latest(claim)), version)
    return answer(request, claim, status=status, rating_form=form, returned="rating", **context)
