"""Documents, and what they say for or against a claim."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import admin
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from newsroom.actions import documents, evidence
from newsroom.actions.comparing import compare_with_copies
from newsroom.models import Claim, Document, Evidence

from .grounds import GroundFollowed
from .keeping import Kept, RecordedWithHistory, shortened


def follow_form(form: ModelForm, request: HttpRequest) -> None:
    """The rating that rests on an item follows what was typed into its form."""
    item = form.instance
    was = {name: form.initial[name] for name in ("stance", "quotation")}
    evidence.follow(item, **was, by=request.user, at=now())
    claim = form.initial.get("claim", item.claim_id)
    if form.initial.get("document") != item.document_id or claim != item.claim_id:
        evidence.moved(item, claim=Claim.objects.get(pk=claim), by=request.user, at=now())


@admin.register(Document)
class DocumentAdmin(Kept, GroundFollowed, RecordedWithHistory):
    list_display = ("title", "publisher", "kind", "date", "lang", "rights")
    list_filter = ("kind", "rights", "lang")
    found_by = {"": Document}
    ordering = ("title",)
    autocomplete_fields = ("original",)
    readonly_fields = ("withdrawn_at", "withdrawal_reason")

    def claims_resting_on(self, row: Document) -> Iterable[int]:
        return row.evidence.standing().values_list("claim", flat=True)

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: list[BaseModelFormSet], change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        if change:
            was = {name: form.initial[name] for name in ("title", "url")}
            documents.follow(form.instance, **was, by=request.user, at=now())


@admin.register(Evidence)
class EvidenceAdmin(Kept, GroundFollowed, RecordedWithHistory):
    list_display = ("document", "stance", "short_claim", "checked", "checked_at")
    list_select_related = ("document", "claim")
    list_filter = ("stance", "checked", "document__kind")
    found_by = {"document": Document, "claim": Claim}
    ordering = ("-id",)
    autocomplete_fields = ("claim", "document")
    readonly_fields = ("in_copy", "withdrawn_at", "withdrawal_reason")

    def claims_resting_on(self, row: Evidence) -> Iterable[int]:
        return Evidence.objects.filter(pk=row.pk).values_list("claim", flat=True)

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: list[BaseModelFormSet], change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        compare_with_copies([form.instance])
        if change:
            follow_form(form, request)

    @admin.display(description=_("claim"), ordering="claim__text")
    def short_claim(self, item: Evidence) -> str:
        return shortened(item.claim.text)
