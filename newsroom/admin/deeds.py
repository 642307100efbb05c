"""The log of deeds, to be read."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from newsroom.models import Deed

from .keeping import ReadOnly


@admin.register(Deed)
class DeedAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("verb", "actor", "at", "article", "objects_in_words")
    list_select_related = ("actor", "article")
    list_filter = ("at", "actor", "verb")
    search_fields = ("verb", "actor__username", "actor__last_name", "article__headline")

    @admin.display(description=_("objects"))
    def objects_in_words(self, deed: Deed) -> str:
        return ", ".join(kind for kind, _uuid in deed.objects_touched)
