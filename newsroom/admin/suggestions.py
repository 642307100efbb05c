"""What programs proposed and who decided what, to be looked at: it is decided at the desk, on the text."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from newsroom.models import Article, Entity, Reading, Revision, Source, Suggestion, SuggestionOffer

from .annotations import HEAVY, OnWords
from .keeping import ReadOnly, ShownInline
from .listing import Listed


class OfferInline(ShownInline):
    model = SuggestionOffer
    fields = ("ordinal", "entity", "source", "claim", "reasons")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SuggestionOffer]:
        return super().get_queryset(request).select_related("entity", "source", "claim").order_by("ordinal")


@admin.register(Suggestion)
class SuggestionAdmin(OnWords):
    list_display = ("short_words", "kind", "decision", "article", "decided_by", "decided_at")
    list_select_related = ("annotation__article", "decided_by")
    list_filter = ("annotation__kind", "decision")
    found_by = {"annotation__article": Article}
    fields = (
        "annotation", "reasons", "entity_kind", "form", "quote_type", "unspoken", "follows", "decision",
        "decided_by", "decided_at",
    )  # fmt: skip
    ordering = ("-id",)
    inlines = (OfferInline,)

    @admin.display(description=_("kind"))
    def kind(self, suggestion: Suggestion) -> str:
        return suggestion.annotation.get_kind_display()


@admin.register(SuggestionOffer)
class SuggestionOfferAdmin(ReadOnly, Listed):
    list_display = ("shown", "ordinal", "suggestion")
    list_select_related = ("entity", "source", "claim", "suggestion__annotation")
    list_filter = ("suggestion__annotation__kind",)
    found_by = {"entity": Entity, "source": Source, "suggestion__annotation__article": Article}
    ordering = ("-id",)

    @admin.display(description=_("offer of a suggestion"))
    def shown(self, offer: SuggestionOffer) -> str:
        return str(offer)


@admin.register(Reading)
class ReadingAdmin(ReadOnly, Listed):
    list_display = ("article", "number", "state", "proposed", "attempts", "at")
    list_filter = ("state", "at")
    found_by = {"revision__article": Article}
    fields = ("article", "number", "state", "proposed", "attempts", "tried_at", "failure", "at")
    readonly_fields = ("article", "number")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reading]:
        revisions = Revision.objects.defer(*HEAVY).select_related("article")
        return super().get_queryset(request).prefetch_related(Prefetch("revision", revisions))

    @admin.display(description=_("article"))
    def article(self, reading: Reading) -> str:
        return str(reading.revision.article)

    @admin.display(description=_("revision"))
    def number(self, reading: Reading) -> int:
        return reading.revision.number
