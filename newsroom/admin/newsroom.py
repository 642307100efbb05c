"""The newsroom, of which there is one, and the texts it lets itself be measured by."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from newsroom.models import Imprint, Newsroom, Policy

from .keeping import Kept, Recorded


class PolicyInline(Kept, admin.StackedInline):
    model = Policy
    extra = 0


@admin.register(Newsroom)
class NewsroomAdmin(Kept, Recorded):
    list_display = ("name", "address", "email", "lang")
    search_fields = ("name",)
    ordering = ("pk",)
    inlines = (PolicyInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Newsroom.objects.exists()


@admin.register(Policy)
class PolicyAdmin(Kept, Recorded):
    list_display = ("kind", "lang", "newsroom")
    list_select_related = ("newsroom",)
    list_filter = ("kind", "lang")
    search_fields = ("text",)
    autocomplete_fields = ("newsroom",)


@admin.register(Imprint)
class ImprintAdmin(Kept, Recorded):
    list_display = ("publisher", "director", "court", "roc")
    search_fields = ("publisher", "director")
    ordering = ("pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Imprint.objects.exists()
