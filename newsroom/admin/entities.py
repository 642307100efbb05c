"""Entities, the names they go by, and the same things in other catalogues."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.actions import entities
from newsroom.forms import LiftingForm, ProtectionForm, StaysForm
from newsroom.models import Entity, EntityAlias, EntityIdentifier

from .keeping import Kept, Recorded, RecordedWithHistory


class AliasInline(admin.TabularInline):
    model = EntityAlias
    extra = 0


class IdentifierInline(admin.TabularInline):
    model = EntityIdentifier
    extra = 0


@admin.register(Entity)
class EntityAdmin(Kept, RecordedWithHistory):
    """Merging and protection are deeds, here as at the desk; an entity is split at the desk alone."""

    list_display = ("name", "kind", "schema_type", "lang", "privacy", "pseudonymous", "merged_into")
    list_select_related = ("merged_into",)
    list_filter = ("kind", "privacy", "pseudonymous", ("merged_into", admin.EmptyFieldListFilter), "lang")
    found_by = {"": Entity}
    readonly_fields = (
        "privacy", "protection_reason", "protected_by", "protected_at", "merged_into", "withdrawn_at",
        "withdrawal_reason",
    )  # fmt: skip
    inlines = (AliasInline, IdentifierInline)
    actions = ("merge_selected", "protect_selected", "unprotect_selected")

    def view_on_site(self, entity: Entity) -> str | None:
        return entity.get_absolute_url() if entity.has_page else None

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Who chooses an entity for something is not offered one that became another."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        return (found.standing() if "app_label" in request.GET else found), may_repeat

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("newsroom.merge_entity")

    def has_unprotect_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("newsroom.unprotect_entity")

    @admin.action(description=gettext_lazy("Merge into one"), permissions=["merge"])
    def merge_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Asks which one stays; the others become that one."""

        def merge(entity: Entity, *, into: Entity, **who: Any) -> None:
            if entity != into:
                entities.merge(entity, into=into, **who)

        form = StaysForm(request.POST if "into" in request.POST else None, among=queryset)
        return self._ask(request, queryset, form, gettext_lazy("Merge into one"), merge)

    @admin.action(description=gettext_lazy("Protect"), permissions=["change"])
    def protect_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        form = ProtectionForm(request.POST if "reason" in request.POST else None)
        return self._ask(request, queryset, form, gettext_lazy("Protect"), entities.protect)

    @admin.action(description=gettext_lazy("Lift the protection"), permissions=["unprotect"])
    def unprotect_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        form = LiftingForm(request.POST if "reason" in request.POST else None)
        return self._ask(request, queryset, form, gettext_lazy("Lift the protection"), entities.unprotect)

    def _ask(
        self,
        request: HttpRequest,
        rows: Iterable[Entity],
        form: Form,
        title: str | Promise,
        deed: Callable[..., Any],
    ) -> HttpResponse | None:
        """The form on a page of its own, which posts here again; then one deed a row."""
        if not form.is_valid():
            context = self.admin_site.each_context(request) | {
                "title": title,
                "opts": self.opts,
                "form": form,
                "rows": rows,
                "action": request.POST.get("action"),
                "checkbox": ACTION_CHECKBOX_NAME,
            }
            return TemplateResponse(request, "admin/ask.html", context, status=422 if form.is_bound else 200)
        for row in rows:
            try:
                deed(row, by=request.user, at=now(), **form.cleaned_data)
            except ValidationError as refusal:
                for message in refusal.messages:
                    self.message_user(request, f"{row}: {message}", messages.ERROR)
            else:
                self.message_user(request, _("Done: %s.") % row, messages.SUCCESS)
        return None


@admin.register(EntityAlias)
class EntityAliasAdmin(Recorded):
    list_display = ("name", "lang", "entity")
    list_select_related = ("entity",)
    list_filter = ("lang",)
    found_by = {"entity": Entity}
    autocomplete_fields = ("entity",)


@admin.register(EntityIdentifier)
class EntityIdentifierAdmin(Recorded):
    list_display = ("value", "scheme", "entity")
    list_select_related = ("entity",)
    list_filter = ("scheme",)
    found_by = {"entity": Entity}
    ordering = ("scheme", "value")
    autocomplete_fields = ("entity",)
