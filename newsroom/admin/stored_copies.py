"""Stored copies and checks of documents, to be looked at. The file itself is had from the desk's page."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from newsroom.models import DocumentCheck, StoredCopy

from .keeping import ReadOnly
from .listing import Listed


@admin.register(StoredCopy)
class StoredCopyAdmin(ReadOnly, Listed):
    list_display = ("document", "kind", "state", "size", "by", "at")
    list_select_related = ("document", "by")
    list_filter = ("kind", "state", "at")
    search_fields = ("document__title", "address", "file_name", "sha256")
    fields = (
        "document", "kind", "state", "message", "address", "as_it_came", "content_type", "size", "sha256",
        "by", "at", "kept_at",
    )  # fmt: skip
    readonly_fields = ("as_it_came",)

    @admin.display(description=_("The copy as it came"))
    def as_it_came(self, copy: StoredCopy) -> str:
        if not copy.file:
            return ""
        return format_html('<a href="{}" download>{}</a>', reverse("desk:copy-file", args=[copy.code]), copy)

    def get_queryset(self, request: HttpRequest) -> QuerySet[StoredCopy]:
        return super().get_queryset(request).without_texts()


@admin.register(DocumentCheck)
class DocumentCheckAdmin(ReadOnly, Listed):
    list_display = ("document", "finding", "checked_at", "by")
    list_select_related = ("document", "by")
    list_filter = ("finding", "checked_at")
    search_fields = ("document__title", "document__url", "message")
    fields = ("document", "finding", "message", "compared", "found", "lost", "by", "at", "checked_at")
