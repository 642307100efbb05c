"""The log of deeds, to be read: who did what, in words."""

from __future__ import annotations

from collections import Counter

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from newsroom.models import Deed
from newsroom.presenters.desk import in_words

from .keeping import ReadOnly
from .listing import Listed


class VerbFilter(admin.SimpleListFilter):
    title = _("deed")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        done = Deed.objects.order_by("verb").values_list("verb", flat=True).distinct()
        return [(verb, in_words(verb)) for verb in done]

    def queryset(self, request: HttpRequest, queryset):
        return queryset.filter(verb=self.value()) if self.value() else queryset


@admin.register(Deed)
class DeedAdmin(ReadOnly, Listed):
    list_display = ("at", "actor", "done", "touched", "article")
    list_select_related = ("actor", "article")
    list_filter = ("at", "actor", VerbFilter)
    search_fields = ("verb", "actor__username", "actor__last_name", "article__headline")
    fields = ("at", "actor", "done", "touched", "article", "before", "after")
    readonly_fields = ("done", "touched")

    @admin.display(description=_("deed"), ordering="verb")
    def done(self, deed: Deed) -> str:
        return in_words(deed.verb)

    @admin.display(description=_("objects"))
    def touched(self, deed: Deed) -> str:
        """The kinds of what it touched, each with its number if it is more than one."""
        kinds = Counter(_noun(kind) for kind, _uuid in deed.objects_touched)
        return ", ".join(f"{kind} ×{number}" if number > 1 else kind for kind, number in kinds.items())


def _noun(kind: str) -> str:
    return str(apps.get_model("newsroom", kind)._meta.verbose_name)
