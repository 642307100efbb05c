"""Entities, the names they go by, and the same things in other catalogues."""

from __future__ import annotations

from django.contrib import admin

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
    list_display = ("name", "kind", "schema_type", "lang", "privacy", "pseudonymous")
    list_filter = ("kind", "privacy", "pseudonymous", "lang")
    search_fields = ("name", "aliases__name", "identifiers__value")
    readonly_fields = ("withdrawn_at", "withdrawal_reason")
    inlines = (AliasInline, IdentifierInline)

    def view_on_site(self, entity: Entity) -> str | None:
        return entity.get_absolute_url() if entity.has_page else None


@admin.register(EntityAlias)
class EntityAliasAdmin(Recorded):
    list_display = ("name", "lang", "entity")
    list_select_related = ("entity",)
    list_filter = ("lang",)
    search_fields = ("name", "entity__name")
    autocomplete_fields = ("entity",)


@admin.register(EntityIdentifier)
class EntityIdentifierAdmin(Recorded):
    list_display = ("value", "scheme", "entity")
    list_select_related = ("entity",)
    list_filter = ("scheme",)
    search_fields = ("value", "entity__name")
    ordering = ("scheme", "value")
    autocomplete_fields = ("entity",)
