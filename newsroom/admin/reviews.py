"""Reviews: proposed from the page of their claim, then shown, published and withdrawn by deeds alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.actions import reviews
from newsroom.forms import ReviewForm
from newsroom.models import Claim, Review

from .doing import do
from .keeping import Kept, WithHistory, shortened
from .publishing import PublishedByDeeds, SavedByDeeds
from .ratings import rating_in_words

SHOWN = (
    "claim", "rating", "judges", "state", "summary", "explanation", "facts_judged", "no_evidence_reason",
    "no_primary_reason", "lang", "judged_words", "appearance", "revision", "author", "contributors",
    "proposed_at", "amended_at", "changes_note", "approver", "approved_at", "accuses", "request",
    "no_request_reason", "public_interest", "measured_wording", "presumption_of_innocence",
    "override_reason", "published_at", "stale_at", "stale_cause", "stale_reason", "supersedes",
    "withdrawn_at", "withdrawal_reason",
)  # fmt: skip


@admin.register(Review)
class ReviewAdmin(Kept, PublishedByDeeds, SavedByDeeds, WithHistory):
    deeds = reviews
    publish_permission = "newsroom.publish_review"
    publish_label = gettext_lazy("Approve and publish")
    list_display = ("short_claim", "rating", "state", "author", "approver", "published_at")
    list_select_related = ("level", "claim", "author", "approver")
    list_filter = ("state", "judges", "author", "lang", "published_at")
    found_by = {"claim": Claim}
    ordering = ("-proposed_at", "-id")
    readonly_fields = ("rating",)
    actions = (
        "approve_selected",
        "publish_selected",
        "send_back_selected",
        "doubt_selected",
        "withdraw_selected",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        return super().get_queryset(request).prefetch_related("level__labels")

    @admin.display(description=gettext_lazy("rating"), ordering="level__position")
    def rating(self, review: Review) -> str:
        return rating_in_words(review)

    @admin.display(description=gettext_lazy("claim"), ordering="claim__text")
    def short_claim(self, review: Review) -> str:
        return shortened(review.claim.text)

    def has_change_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        """A proposed review is answered by another proposal, a public one by a new review."""
        return False

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if "claim" not in request.GET:
            self.message_user(
                request, _("Open the claim that you want to review, and propose it there."), messages.INFO
            )
            return HttpResponseRedirect(reverse("admin:newsroom_claim_changelist"))
        context = {"title": _("Propose a review"), "subtitle": self._claim(request)}
        return super().add_view(request, form_url, context | (extra_context or {}))

    def get_form(
        self, request: HttpRequest, obj: Review | None = None, change: bool = False, **kwargs: Any
    ) -> type[Any]:
        if obj is not None:
            return super().get_form(request, obj, change, **kwargs)
        form = super().get_form(request, obj, change, form=ReviewForm, **kwargs)
        return type(form.__name__, (form,), {"claim": self._claim(request)})

    def get_fieldsets(self, request: HttpRequest, obj: Review | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": ReviewForm.Meta.fields})]
        return [(None, {"fields": SHOWN})]

    def save_model(self, request: HttpRequest, obj: Review, form: ReviewForm, change: bool) -> None:
        # The admin goes on with the object it made itself: from here on that is the review.
        obj.pk = reviews.propose(form.claim, by=request.user, at=now(), **form.cleaned_data).pk
        obj.refresh_from_db()

    def at_the_desk(self, row: Review) -> str:
        return reverse("desk:claim", args=[row.claim.code]) + "#decide"

    def has_doubt_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("newsroom.change_review")

    @admin.action(description=gettext_lazy("Approve"), permissions=["publish"])
    def approve_selected(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        """What a claim that accuses asks for is confirmed for one review at a time, at the desk."""
        do(self, request, queryset, reviews.approve, done=_("Approved: %s."), at_the_desk=self.at_the_desk)

    @admin.action(description=gettext_lazy("Ask for changes"), permissions=["publish"])
    def send_back_selected(self, request: HttpRequest, queryset: QuerySet[Review]) -> HttpResponse | None:
        return self.do_with_reason(
            request,
            queryset,
            reviews.request_changes,
            argument="note",
            title=_("Ask for changes"),
            done=_("Sent back: %s."),
            help_text=_("For who wrote it; readers never see it."),
        )

    @admin.action(description=gettext_lazy("Mark to be checked again"), permissions=["doubt"])
    def doubt_selected(self, request: HttpRequest, queryset: QuerySet[Review]) -> HttpResponse | None:
        return self.do_with_reason(
            request,
            queryset,
            reviews.mark_stale,
            title=_("Mark to be checked again"),
            done=_("To be checked again: %s."),
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        review = context.get("original")
        if review is not None:
            context["more_deeds"] = list(self._more_deeds(request, review))
        return super().render_change_form(request, context, *args, **kwargs)

    def _more_deeds(self, request: HttpRequest, review: Review) -> Iterator[tuple[str, str]]:
        """Actions that its page offers besides publishing and withdrawing, with their labels."""
        if self.has_publish_permission(request):
            if review.state == Review.State.PROPOSED:
                yield "approve_selected", _("Approve")
            if review.state in (Review.State.PROPOSED, Review.State.APPROVED):
                yield "send_back_selected", _("Ask for changes")
        if self.has_doubt_permission(request) and review.state == Review.State.PUBLISHED:
            yield "doubt_selected", _("Mark to be checked again")

    def view_on_site(self, review: Review) -> str | None:
        shown = Review.objects.public().met(at=now()).filter(pk=review.pk)
        return review.get_absolute_url() if shown.exists() else None

    def may_publish(self, row: Review) -> bool:
        return row.state in (Review.State.PROPOSED, Review.State.APPROVED)

    def may_withdraw(self, row: Review) -> bool:
        return row.state != Review.State.WITHDRAWN

    def _claim(self, request: HttpRequest) -> Claim:
        number = request.GET.get("claim", "")
        if not number.isdecimal():
            raise Http404
        return get_object_or_404(Claim, pk=number)
