"""Claims with all that an editor holds against them: evidence, reviews, wordings, places, relations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from newsroom.actions import claims, relations
from newsroom.actions.comparing import compare_with_copies
from newsroom.forms import ClaimForm, RelationRowForm
from newsroom.models import Appearance, Claim, ClaimRelation, ClaimWording, Evidence, Review, Source

from .annotations import with_words
from .evidence import follow_form
from .grounds import GroundFollowed
from .keeping import Kept, Recorded, RecordedWithHistory, ShownInline, shortened
from .publishing import SavedByDeeds
from .ratings import rating_in_words

#: States of a review in which the words beside it have been decided on.
WORDED = (Review.State.APPROVED, Review.State.PUBLISHED, Review.State.STALE)


def may_word(request: HttpRequest, claim: Claim | None) -> bool:
    """Readers of another language see a public rating beside these words: then an editor writes them."""
    return (
        claim is None
        or request.user.has_perm("newsroom.publish_review")
        or not claim.reviews.filter(state__in=WORDED).exists()
    )


class WordingInline(admin.TabularInline):
    model = ClaimWording
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        return super().has_add_permission(request, obj) and may_word(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        return super().has_change_permission(request, obj) and may_word(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        return super().has_delete_permission(request, obj) and may_word(request, obj)


class EvidenceInline(Kept, admin.StackedInline):
    model = Evidence
    extra = 0
    fields = (("document", "stance"), "quotation", "note", ("checked", "checked_at", "ordinal"))
    autocomplete_fields = ("document",)
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        return super().get_queryset(request).select_related("document")


class ReviewInline(ShownInline):
    model = Review
    fields = ("state", "rating", "summary", "author", "approver", "published_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        reviews = super().get_queryset(request).select_related("level", "author", "approver")
        return reviews.prefetch_related("level__labels").order_by("-proposed_at")

    @admin.display(description=_("rating"))
    def rating(self, review: Review) -> str:
        return rating_in_words(review)


class AppearanceInline(ShownInline):
    model = Appearance
    fields = ("article", "words")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appearance]:
        appearances = super().get_queryset(request).select_related("claim", "annotation__article")
        return with_words(appearances, annotation="annotation", article="annotation__article")

    @admin.display(description=_("article"))
    def article(self, appearance: Appearance) -> str:
        return str(appearance.annotation.article)

    @admin.display(description=_("words"))
    def words(self, appearance: Any) -> str:
        return appearance.words or ""


class RelationInline(ShownInline):
    """What this claim is to others; the desk's page of its relations writes them."""

    model = ClaimRelation
    fk_name = "source"
    fields = ("kind", "target", "strength", "note")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClaimRelation]:
        return super().get_queryset(request).select_related("target")


class BackRelationInline(ShownInline):
    """What others are to this claim."""

    model = ClaimRelation
    fk_name = "target"
    verbose_name_plural = _("relations of other claims to this one")
    fields = ("source", "kind", "strength", "note")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClaimRelation]:
        return super().get_queryset(request).select_related("source")


@admin.register(Claim)
class ClaimAdmin(Kept, GroundFollowed, RecordedWithHistory):
    form = ClaimForm
    list_display = ("short_text", "rating", "kind", "claimant", "check_worthiness", "lang")
    list_select_related = ("claimant",)
    list_filter = ("kind", "check_worthiness", "reviews__state", "lang")
    found_by = {"": Claim, "claimant": Source}
    ordering = ("-id",)
    autocomplete_fields = ("claimant",)
    readonly_fields = ("withdrawn_at", "withdrawal_reason")
    fieldsets = (
        (None, {"fields": ("text", "lang", "kind", "claimant", "date")}),
        (_("For the desk"), {"fields": ("check_worthiness", "check_reason", "accuses", "accused", "note")}),
        (_("State"), {"fields": ("withdrawn_at", "withdrawal_reason")}),
    )
    inlines = (
        WordingInline,
        ReviewInline,
        EvidenceInline,
        AppearanceInline,
        RelationInline,
        BackRelationInline,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        current = Review.objects.current().select_related("level").prefetch_related("level__labels")
        return super().get_queryset(request).prefetch_related(Prefetch("reviews", current, to_attr="current"))

    def get_inlines(self, request: HttpRequest, obj: Claim | None) -> tuple[Any, ...]:
        """A new claim has no reviews and stands nowhere yet."""
        return self.inlines if obj else (WordingInline, EvidenceInline)

    def claims_resting_on(self, row: Claim) -> Iterable[int]:
        return [row.pk]

    def save_model(self, request: HttpRequest, obj: Claim, form: ClaimForm, change: bool) -> None:
        """Whether it accuses somebody concerns its ratings: that is a deed of its own."""
        was = Claim.objects.get(pk=obj.pk) if change else obj
        if change and form.is_weighed:
            claims.weigh(obj, accuses=obj.accuses, accused=obj.accused, by=request.user, at=now())
        super().save_model(request, obj, form, change)
        claims.follow(obj, was=was, by=request.user, at=now())

    @admin.display(description=_("claim"), ordering="text")
    def short_text(self, claim: Claim) -> str:
        return shortened(claim.text)

    @admin.display(description=_("rating"))
    def rating(self, claim: Any) -> str:
        return rating_in_words(claim.current[0]) if claim.current else ""

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: list[BaseModelFormSet], change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        compare_with_copies(form.instance.evidence.standing().select_related("document"))
        for formset in formsets:
            if formset.model is Evidence:
                for row in formset.initial_forms:
                    follow_form(row, request)

    def view_on_site(self, claim: Claim) -> str | None:
        shown = Claim.objects.shown(at=now()).filter(pk=claim.pk).exists()
        return claim.get_absolute_url() if shown else None


@admin.register(ClaimWording)
class ClaimWordingAdmin(Recorded):
    list_display = ("short_text", "lang", "claim")
    list_select_related = ("claim",)
    list_filter = ("lang",)
    found_by = {"claim": Claim}
    ordering = ("-id",)
    autocomplete_fields = ("claim",)

    @admin.display(description=_("wording"), ordering="text")
    def short_text(self, wording: ClaimWording) -> str:
        return shortened(wording.text)

    def has_change_permission(self, request: HttpRequest, obj: ClaimWording | None = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and may_word(request, obj.claim if obj else None)

    def has_delete_permission(self, request: HttpRequest, obj: ClaimWording | None = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and may_word(request, obj.claim if obj else None)

    def save_model(self, request: HttpRequest, obj: ClaimWording, form: ModelForm, change: bool) -> None:
        if not may_word(request, obj.claim):
            raise PermissionDenied
        super().save_model(request, obj, form, change)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        if not all(may_word(request, wording.claim) for wording in queryset.select_related("claim")):
            raise PermissionDenied
        super().delete_queryset(request, queryset)


@admin.register(ClaimRelation)
class ClaimRelationAdmin(SavedByDeeds):
    form = RelationRowForm
    watched = False  # the deed asks for the version
    list_display = ("short_source", "kind", "short_target", "strength")
    list_display_links = ("short_source", "kind")
    list_select_related = ("source", "target")
    list_filter = ("kind", "strength")
    found_by = {"source": Claim, "target": Claim}
    ordering = ("-id",)
    autocomplete_fields = ("source", "target")
    fields = ("source", "kind", "target", "strength", "note", "version")

    def get_readonly_fields(self, request: HttpRequest, obj: ClaimRelation | None = None) -> Any:
        """Between other claims it is another relation."""
        return ("source", "target") if obj else ()

    def save_model(
        self, request: HttpRequest, obj: ClaimRelation, form: RelationRowForm, change: bool
    ) -> None:
        said = {name: form.cleaned_data[name] for name in ("kind", "strength", "note")}
        if change:
            version = form.cleaned_data["version"]
            relations.change(obj, version=version, by=request.user, at=now(), **said)
            return
        # The admin goes on with the object it made itself: from here on that is the relation.
        obj.pk = relations.relate(obj.source, to=obj.target, by=request.user, at=now(), **said).pk
        obj.refresh_from_db()

    def delete_model(self, request: HttpRequest, obj: ClaimRelation) -> None:
        relations.unrelate(obj, by=request.user, at=now())

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ClaimRelation]) -> None:
        for relation in queryset:
            relations.unrelate(relation, by=request.user, at=now())

    @admin.display(description=_("claim"), ordering="source__text")
    def short_source(self, relation: ClaimRelation) -> str:
        return shortened(relation.source.text)

    @admin.display(description=_("other claim"), ordering="target__text")
    def short_target(self, relation: ClaimRelation) -> str:
        return shortened(relation.target.text)
