"""Annotations and all that hangs on them, to be looked at: tagging is done on the text, by its deeds."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from newsroom.models import (
    Annotation,
    Appearance,
    Article,
    Attribution,
    Claim,
    Entity,
    Mention,
    Revision,
    Source,
    Target,
)

from .keeping import ReadOnly, ShownInline, shortened
from .listing import Listed


def with_words(rows: QuerySet, *, annotation: str = "pk", article: str = "article") -> QuerySet:
    """Adds `words`, `start` and `fate` of each row's first target in the article's current revision."""
    first = Target.objects.filter(
        annotation=OuterRef(annotation), revision=OuterRef(f"{article}__current_revision")
    ).order_by("role", "ordinal")
    return rows.annotate(
        words=Subquery(first.values("exact")[:1]),
        start=Subquery(first.values("start")[:1]),
        fate=Subquery(first.values("fate")[:1]),
    )


#: What a list has no need to read of revisions.
HEAVY = ("html", "text", "blocks")
TEXTS = tuple(f"revision__{name}" for name in HEAVY)


def first_words(way: str = "") -> Prefetch:
    """For a list: where its annotations stand now, read for the rows that a page shows and for no other."""
    current = Target.objects.current().order_by("role", "ordinal").only("annotation_id", "exact")
    return Prefetch(f"{way}targets", current, to_attr="standing")


def in_short(annotation: Any) -> str:
    return shortened(annotation.standing[0].exact) if annotation.standing else ""


class OnWords(ReadOnly, Listed):
    """Rows that hang on an annotation, each with the words it stands on."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related(first_words("annotation__"))

    @admin.display(description=_("words"))
    def short_words(self, row: Any) -> str:
        return in_short(row.annotation)

    @admin.display(description=_("article"))
    def article(self, row: Any) -> str:
        return str(row.annotation.article)


class TargetInline(ShownInline):
    model = Target
    fields = ("revision", "role", "exact", "start", "end", "fate")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Target]:
        targets = super().get_queryset(request).select_related("revision").defer(*TEXTS)
        return targets.order_by("-revision__number", "role")


@admin.register(Annotation)
class AnnotationAdmin(ReadOnly, Listed):
    list_display = ("short_words", "kind", "state", "article", "by", "at")
    list_select_related = ("article", "by")
    list_filter = ("kind", "state", "at")
    found_by = {
        "article": Article,
        "appearance__claim": Claim,
        "mentions__entity": Entity,
        "attribution__source": Source,
    }
    ordering = ("-at", "-id")
    inlines = (TargetInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Annotation]:
        return super().get_queryset(request).prefetch_related(first_words())

    @admin.display(description=_("words"))
    def short_words(self, annotation: Annotation) -> str:
        return in_short(annotation)


@admin.register(Target)
class TargetAdmin(ReadOnly, Listed):
    list_display = ("short_exact", "role", "fate", "article", "revision")
    # Not joined: SQLite would begin with the revisions, and sort a million targets.
    list_select_related = ()
    list_filter = ("role", "fate")
    found_by = {
        "revision__article": Article,
        "annotation__appearance__claim": Claim,
        "annotation__mentions__entity": Entity,
    }
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Target]:
        revisions = Revision.objects.defer(*HEAVY).select_related("article")
        return super().get_queryset(request).prefetch_related(Prefetch("revision", revisions))

    @admin.display(description=_("article"), ordering="revision__article__headline")
    def article(self, target: Target) -> str:
        return str(target.revision.article)

    @admin.display(description=_("exact words"))
    def short_exact(self, target: Target) -> str:
        return shortened(target.exact)


@admin.register(Appearance)
class AppearanceAdmin(OnWords):
    list_display = ("short_words", "claim", "article")
    list_select_related = ("claim", "annotation__article")
    list_filter = ("claim__kind", "annotation__state")
    found_by = {"claim": Claim, "annotation__article": Article}
    ordering = ("-id",)


@admin.register(Mention)
class MentionAdmin(OnWords):
    list_display = ("short_words", "entity", "form", "article")
    list_select_related = ("entity", "annotation__article")
    list_filter = ("form", "entity__kind")
    found_by = {"entity": Entity, "annotation__article": Article}
    ordering = ("-id",)


class NestedInline(ShownInline):
    model = Attribution
    verbose_name = _("nested attribution")
    verbose_name_plural = _("nested attributions")
    fields = ("source", "anonymity_reason", "quote_type", "claim")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attribution]:
        return super().get_queryset(request).select_related("source", "claim")


@admin.register(Attribution)
class AttributionAdmin(OnWords):
    list_display = ("source_or_reason", "quote_type", "short_words", "claim", "parent", "article")
    list_select_related = ("source", "claim", "parent__source", "annotation__article")
    list_filter = ("quote_type", "source__kind")
    found_by = {"source": Source, "claim": Claim, "annotation__article": Article}
    ordering = ("-id",)
    inlines = (NestedInline,)

    @admin.display(description=_("source"), ordering="source__sort_key")
    def source_or_reason(self, attribution: Attribution) -> str:
        return str(attribution.source or attribution.anonymity_reason)
