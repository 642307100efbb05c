"""What browsers reported of the content security policy, to be read: which page tried what, and how often."""

from __future__ import annotations

from django.contrib import admin

from newsroom.models import PolicyReport

from .keeping import ReadOnly
from .listing import Listed


@admin.register(PolicyReport)
class PolicyReportAdmin(ReadOnly, Listed):
    list_display = ("directive", "blocked", "page", "number", "first_at", "last_at")
    list_filter = ("directive", "last_at")
    search_fields = ("blocked", "page")
    fields = list_display
