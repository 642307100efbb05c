"""Replies by private link, to be looked at: deeds decide. No word of one that is not public is here."""

from __future__ import annotations

from django.contrib import admin

from newsroom.models import Reply

from .keeping import ReadOnly
from .listing import Listed


@admin.register(Reply)
class ReplyAdmin(ReadOnly, Listed):
    list_display = ("at", "request", "opinion", "state", "decided_by", "decided_at")
    list_select_related = ("request", "decided_by")
    list_filter = ("state", "opinion", "at")
    search_fields = ("signature", "request__asked")
    ordering = ("-at", "-id")
