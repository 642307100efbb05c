"""What articles were made of, to be looked at. The file itself is had from the desk's page."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from newsroom.models import Original, Picture

from .keeping import ReadOnly, ShownInline


class PictureInline(ShownInline):
    model = Picture
    fields = ("address", "width", "height")


@admin.register(Original)
class OriginalAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("__str__", "kind", "state", "article", "by", "at")
    list_select_related = ("article", "by")
    list_filter = ("kind", "state", "at")
    search_fields = ("file_name", "address", "article__headline")
    fields = (
        "kind", "state", "message", "address", "file_name", "content_type", "size", "sha256", "article", "by",
        "at",
    )  # fmt: skip
    inlines = (PictureInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Original]:
        return super().get_queryset(request).defer("draft")


@admin.register(Picture)
class PictureAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("__str__", "original", "width", "height")
    list_select_related = ("original",)
    search_fields = ("address",)
    fields = ("original", "address", "width", "height")
