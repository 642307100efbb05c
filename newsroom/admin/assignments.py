"""Who checks which claim, to be looked at: claims are assigned and released by deeds."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from newsroom.models import Assignment

from .keeping import ReadOnly, shortened
from .listing import Listed


@admin.register(Assignment)
class AssignmentAdmin(ReadOnly, Listed):
    list_display = ("short_claim", "assignee", "due", "by", "at", "closed_at")
    list_select_related = ("claim", "assignee", "by")
    list_filter = (("closed_at", admin.EmptyFieldListFilter), "assignee", "due")
    search_fields = ("claim__text", "assignee__username", "assignee__last_name")
    ordering = ("-at", "-id")

    @admin.display(description=_("claim"), ordering="claim__text")
    def short_claim(self, assignment: Assignment) -> str:
        return shortened(assignment.claim.text)
