"""Two people on one page of the admin: who comes second is told, sees what is there now, and loses nothing.

A page says, in a hidden field, what its rows were when it was shown: the row itself and those edited beside
it. What comes back is held against the rows as they are, under lock and in the transaction of the save. If
somebody was faster the form comes back (409) with all that was typed; to send it again is to decide that it
replaces theirs. A row that counts its saves (`row_version`) is known by that; of any other, by what the page
shows of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.contrib import admin
from django.contrib.admin.utils import display_for_field
from django.db.models import Field, Model, QuerySet
from django.forms import ModelForm, model_to_dict
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from newsroom.actions.refusals import Overtaken
from newsroom.models.identity import Identified
from newsroom.models.versioned import Versioned

#: The hidden field.
SHOWN = "shown"
#: Written by no person.
UNTOLD = {"last_login", "password"}


class Theirs(NamedTuple):
    """A row that somebody else changed, and how it is now: names of fields with their values, in words."""

    row: str
    says: list[tuple[str, str]]


class Found(NamedTuple):
    """What a form that came second met: the marks of the rows now, and what they say."""

    refusal: Overtaken
    marks: str
    rows: list[Model]


class _Told(ModelForm):
    """A form of a row that may have changed since it was shown."""

    found: Found | None = None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.found is not None:
            self.add_error(None, self.found.refusal)
        return cleaned


class Watched(admin.ModelAdmin):
    """A page that notices that somebody else was faster. An invalid form answers 422."""

    #: False where the deed that saves asks for the version itself, or the form compares field by field.
    watched = True

    def lock_before(self, row: Any) -> None:
        """What stands before this row in the order in which all deeds lock."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        request.compares = self.watched and request.method == "POST" and object_id is not None
        response = super().changeform_view(request, object_id, form_url, extra_context)
        if (
            request.method == "POST"
            and isinstance(response, TemplateResponse)
            and response.status_code == 200
        ):
            adminform = (response.context_data or {}).get("adminform")
            if adminform is not None:
                overtaken = _met(request) or getattr(adminform.form, "overtaken", False)
                response.status_code = 409 if overtaken else 422
        return response

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        row = super().get_object(request, object_id, from_field)
        if row is None or not getattr(request, "compares", False):
            return row
        request.compares = False
        if not self.has_change_permission(request, row):
            return row
        self.lock_before(row)
        _lock(self.model, [row.pk])
        row = super().get_object(request, object_id, from_field)
        if row is None:
            return None
        request.found = None
        found = self._compared(request, row, request.POST.get(SHOWN, ""))
        request.found = found
        return row

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        found = _met(request)
        return form if found is None else type(form.__name__, (_Told, form), {"found": found})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row, form = context.get("original"), context["adminform"].form
        if self.watched and row is not None and self.has_change_permission(request, row):
            found = _met(request)
            if found is not None:
                context["overtaken"] = True
                context["theirs"] = list(_theirs(found.rows, form, context["inline_admin_formsets"]))
            if form.is_bound:
                context["shown"] = found.marks if found else request.POST.get(SHOWN, "")
            else:
                beside = [
                    (formset.formset.form, each)
                    for formset in context["inline_admin_formsets"]
                    if formset.has_change_permission or formset.has_delete_permission
                    for each in formset.formset.get_queryset()
                ]
                rows = [(form, row), *beside]
                context["shown"] = " ".join(self._mark(request, form, each) for form, each in rows)
        return super().render_change_form(request, context, *args, **kwargs)

    def _compared(self, request: HttpRequest, row: Model, shown: str) -> Found | None:
        rows = [(self.get_form(request, row, change=True), row), *self._beside(request, row)]
        marks = {self._mark(request, form, each): each for form, each in rows}
        before = set(shown.split())
        if before == set(marks):
            return None
        changed = [each for mark, each in marks.items() if mark not in before]
        return Found(_refusal(changed or [row]), " ".join(marks), changed)

    def _beside(self, request: HttpRequest, row: Model) -> Iterator[tuple[type[ModelForm], Model]]:
        for formset, inline in self.get_formsets_with_inlines(request, row):
            if inline.has_change_permission(request, row) or inline.has_delete_permission(request, row):
                rows = inline.get_queryset(request).filter(**{formset.fk.name: row})
                _lock(inline.model, rows.order_by().values("pk"))
                for each in rows:
                    yield formset.form, each

    def _mark(self, request: HttpRequest, form: Any, row: Model) -> str:
        """A row and its state, in a word. Keyed: nothing that a page does not show is guessed from it."""
        if isinstance(row, Versioned):
            state = str(row.row_version)
        else:
            names = {*form.base_fields, *self.get_readonly_fields(request, row)} - UNTOLD
            said = [(field.name, _value(field, row)) for field in _fields(row) if field.name in names]
            state = salted_hmac("newsroom.admin.watching", repr(said), algorithm="sha256").hexdigest()[:16]
        return f"{row._meta.model_name}-{row.pk}:{state}"


def _met(request: HttpRequest) -> Found | None:
    return getattr(request, "found", None)


def _lock(model: type[Model], keys: Iterable[Any] | QuerySet) -> None:
    """Not their keys: who only refers to them does not wait."""
    rows = model._base_manager.select_for_update(of=("self",), no_key=True).filter(pk__in=keys)
    list(rows.order_by("pk").values_list("pk"))


def _fields(row: Model) -> list[Field]:
    return [*row._meta.concrete_fields, *row._meta.many_to_many]


def _value(field: Field, row: Model) -> Any:
    if field.many_to_many:
        return sorted(other.pk for other in field.value_from_object(row))
    return field.value_to_string(row)


def _refusal(rows: list[Model]) -> Overtaken:
    row = rows[0]
    if isinstance(row, Identified):
        return Overtaken.on_row(row)
    return Overtaken(_("This was changed in the meantime: look at it again."), code="outdated")


def _theirs(rows: list[Model], form: ModelForm, formsets: Iterable[Any]) -> Iterator[Theirs]:
    """Of each row that changed, what it says otherwise than what was typed."""
    forms = {(form._meta.model, form.instance.pk): form}
    for formset in formsets:
        for each in formset.formset.initial_forms:
            forms[formset.formset.model, each.instance.pk] = each
    for row in rows:
        # A row read anew: the form has laid what was typed over its own.
        now = row._meta.model._base_manager.get(pk=row.pk)
        typed = forms.get((type(row), row.pk))
        says = [
            (str(field.verbose_name), _in_words(field, now))
            for field in _fields(now)
            if _differs(field, now, typed)
        ]
        yield Theirs(f"{row._meta.verbose_name}: {now}", says)


def _differs(field: Field, now: Model, typed: ModelForm | None) -> bool:
    if typed is None:
        return field.editable and not field.primary_key and field.name != "uuid"
    if field.name not in typed.fields or typed.fields[field.name].disabled:
        return False
    box = typed[field.name]
    return bool(box.field.has_changed(model_to_dict(now, [field.name])[field.name], box.data))


def _in_words(field: Field, row: Model) -> str:
    if field.many_to_many:
        return ", ".join(map(str, field.value_from_object(row))) or "—"
    if field.choices or not field.is_relation:
        value = field.value_from_object(row)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        return str(display_for_field(value, field, "—")) or "—"
    return str(getattr(row, field.name) or "—")
