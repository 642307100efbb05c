"""What the admin may do to rows: nearly all are kept, some only shown, and each save leaves its deed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import Truncator
from django.utils.timezone import now
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from newsroom.actions import deeds
from newsroom.models.identity import Identified

from .listing import Listed

#: How much of a long text a column shows, in characters.
COLUMN = 90


def shortened(text: str) -> str:
    return Truncator(text).chars(COLUMN)


class Kept:
    """Rows, or inline rows, that are never deleted: what was public, or could have been, stays."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnly(Kept):
    """Rows, or inline rows, that deeds alone write."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ShownInline(ReadOnly, admin.TabularInline):
    """Read-only rows beside the row they belong to."""

    extra = 0
    show_change_link = True

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.fields


class Recorded(Listed):
    """A plain row: a save or deletion leaves a deed in its transaction, with the names of the fields only."""

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: list[BaseModelFormSet], change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        beside = [row for formset in formsets for row in _touched(formset)]
        if form.changed_data or beside or not change:
            verb = "admin.change" if change else "admin.add"
            self.record(request, verb, [form.instance, *beside], fields=form.changed_data)

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: Identified) -> None:
        self.record(request, "admin.delete", [obj])
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        self.record(request, "admin.delete", queryset)
        super().delete_queryset(request, queryset)

    def record(
        self, request: HttpRequest, verb: str, rows: Iterable[Identified], *, fields: Iterable[str] = ()
    ) -> None:
        after = {"fields": sorted(fields)} if fields else {}
        deeds.record(verb, by=request.user, at=now(), objects=rows, after=after)


class WithHistory(SimpleHistoryAdmin):
    """A row whose earlier states are kept and can be looked at, never restored here."""

    object_history_template = "admin/history.html"
    object_history_list_template = "admin/history_list.html"

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        _sound(object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        _sound(object_id, version_id)
        return super().history_form_view(request, object_id, version_id, extra_context)

    def history_view_title(self, request: HttpRequest, obj: Model | None) -> str:
        return _("History of %s") % obj

    def history_form_view_title(self, request: HttpRequest, obj: Model) -> str:
        return _("%s, as it was") % obj


class RecordedWithHistory(Recorded, WithHistory):
    """A plain row with its history."""


def _sound(*keys: str) -> None:
    """Django's own pages answer 404 to what is no key; those of the history would break."""
    if not all(unquote(key).isascii() and unquote(key).isdecimal() for key in keys):
        raise Http404


def _touched(formset: BaseModelFormSet) -> list[Identified]:
    changed = [row for row, _fields in formset.changed_objects]
    return [*formset.new_objects, *changed, *formset.deleted_objects]
