"""Sources, and apart from them, for those who may, who the confidential ones really are."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from newsroom.actions.entities.locking import standing
from newsroom.models import ConfidentialSource, Source

from .keeping import Kept, Recorded, RecordedWithHistory


@admin.register(Source)
class SourceAdmin(Kept, RecordedWithHistory):
    list_display = ("name", "kind", "entity", "lang", "desk_only", "pseudonymous")
    list_select_related = ("entity",)
    list_filter = ("kind", "desk_only", "pseudonymous", "lang")
    found_by = {"": Source}
    autocomplete_fields = ("entity",)
    readonly_fields = ("withdrawn_at", "withdrawal_reason")

    def view_on_site(self, source: Source) -> str | None:
        return source.get_absolute_url() if source.has_page else None

    def lock_before(self, row: Source) -> None:
        standing([row.entity])

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> tuple[str, ...]:
        """What protects somebody is lifted by who may, and not by a box that is unticked here."""
        fixed = list(self.readonly_fields)
        if obj is not None and obj.protected and not request.user.has_perm("newsroom.unprotect_entity"):
            fixed.append("entity")
        secret = obj is not None and ConfidentialSource.objects.filter(source=obj).exists()
        if secret and not request.user.has_perm("newsroom.view_confidentialsource"):
            fixed += ["desk_only", "pseudonymous"]
        return tuple(fixed)

    def save_model(self, request: HttpRequest, obj: Source, form: ModelForm, change: bool) -> None:
        """An entity that was merged while the form stood open is the other one now."""
        [obj.entity] = standing([obj.entity])
        super().save_model(request, obj, form, change)


@admin.register(ConfidentialSource)
class ConfidentialSourceAdmin(Kept, Recorded):
    """Found by its public name alone. Its deed says that it was touched, and nothing more."""

    list_display = ("source",)
    list_select_related = ("source",)
    list_filter = ("source__kind",)
    search_fields = ("source__name",)
    ordering = ("source__sort_key",)
    autocomplete_fields = ("source",)

    def get_readonly_fields(
        self, request: HttpRequest, obj: ConfidentialSource | None = None
    ) -> tuple[str, ...]:
        """Who somebody is belongs to that source: the same row of another one would be a second row."""
        return ("source",) if obj is not None else ()

    def record(
        self,
        request: HttpRequest,
        verb: str,
        rows: Iterable[ConfidentialSource],
        *,
        fields: Iterable[str] = (),
    ) -> None:
        super().record(request, verb, [row.source for row in rows])
