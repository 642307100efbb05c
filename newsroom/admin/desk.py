"""What the desk's pages remember of people, for who keeps the site running."""

from __future__ import annotations

from django.contrib import admin

from newsroom.models import Presence, SavedView

from .keeping import ReadOnly
from .listing import Listed


@admin.register(Presence)
class PresenceAdmin(ReadOnly, Listed):
    list_display = ("user", "article", "seen_at")
    list_select_related = ("user", "article")
    list_filter = ("seen_at",)
    search_fields = ("user__username", "article__headline")
    ordering = ("-seen_at",)


@admin.register(SavedView)
class SavedViewAdmin(ReadOnly, Listed):
    list_display = ("name", "user", "of", "query")
    list_select_related = ("user",)
    list_filter = ("of", ("user", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "user__username")
