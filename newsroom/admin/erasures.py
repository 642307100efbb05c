"""Erasures, to be read: who, when and why. The deed itself is done at the desk, after its preview."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from newsroom.models import Erasure

from .keeping import ReadOnly, shortened
from .listing import Listed


@admin.register(Erasure)
class ErasureAdmin(ReadOnly, Listed):
    list_display = ("at", "by", "short_reason")
    list_select_related = ("by",)
    list_filter = ("at", "by")
    search_fields = ("reason", "by__username", "by__last_name")
    fields = ("at", "by", "reason", "places")

    @admin.display(description=_("why"), ordering="reason")
    def short_reason(self, erasure: Erasure) -> str:
        return shortened(erasure.reason)
