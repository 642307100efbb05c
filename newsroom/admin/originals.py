"""What articles were made of, to be looked at. The file itself is had from the desk's page."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from newsroom.models import Import, Original, Picture

from .keeping import ReadOnly, ShownInline
from .listing import Listed


class PictureInline(ShownInline):
    model = Picture
    fields = ("address", "width", "height")


@admin.register(Original)
class OriginalAdmin(ReadOnly, Listed):
    list_display = ("shown", "kind", "state", "article", "by", "at")
    list_select_related = ("article", "by")
    list_filter = ("kind", "state", "at")
    search_fields = ("file_name", "address", "article__headline")
    fields = (
        "kind", "state", "message", "address", "as_it_came", "content_type", "size", "sha256", "article",
        "by", "at",
    )  # fmt: skip
    readonly_fields = ("as_it_came",)
    inlines = (PictureInline,)

    @admin.display(description=_("original"))
    def shown(self, original: Original) -> str:
        return str(original)

    @admin.display(description=_("The original as it came"))
    def as_it_came(self, original: Original) -> str:
        if not original.file:
            return ""
        address = reverse("desk:original-file", args=[original.code])
        return format_html('<a href="{}" download>{}</a>', address, original)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Original]:
        return super().get_queryset(request).defer("draft")


@admin.register(Picture)
class PictureAdmin(ReadOnly, Listed):
    list_display = ("shown", "original", "width", "height")
    list_select_related = ("original",)
    list_filter = ("original__kind",)
    search_fields = ("address",)
    fields = ("original", "address", "width", "height")

    @admin.display(description=_("picture"))
    def shown(self, picture: Picture) -> str:
        return str(picture)


@admin.register(Import)
class ImportAdmin(ReadOnly, Listed):
    """Files with tags: a file is brought, read, looked at and stored at the desk, where the list leads."""

    list_display = ("shown", "state", "exchange", "total", "done", "by", "at")
    list_select_related = ("by",)
    list_filter = ("state", "exchange", "at")
    search_fields = ("file_name",)
    fields = (
        "state", "at_the_desk", "message", "exchange", "rights", "as_it_came", "size", "sha256", "total",
        "done", "by", "at", "stored_by", "moved_at",
    )  # fmt: skip
    readonly_fields = ("at_the_desk", "as_it_came")

    @admin.display(description=_("import"))
    def shown(self, row: Import) -> str:
        return str(row)

    @admin.display(description=_("At the desk"))
    def at_the_desk(self, row: Import) -> str:
        address = reverse("desk:import", args=[row.code])
        return format_html('<a href="{}">{}</a>', address, _("What is in it, and what became of it"))

    @admin.display(description=_("The file as it came"))
    def as_it_came(self, row: Import) -> str:
        if not row.file:
            return ""
        return format_html('<a href="{}" download>{}</a>', reverse("desk:import-file", args=[row.code]), row)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Import]:
        return super().get_queryset(request).defer("found", "losses", "report")
