"""Several forms on one page, of which a browser without JavaScript sends one: the others' words travel along.

All their fields belong to one form of the page, each form under a prefix of its own (ADR 45). Each says in
`shown` what stood in it when the page was made, so that words are told from what nobody touched, whatever
happened since. A form that adds a row sends a key for one use, of which the identity of the row is made: sent
twice, it adds one.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.crypto import salted_hmac

#: The form of the page, and the field that it alone sends.
PAGE = "page"
#: Fields that nobody types in.
UNTYPED = frozenset({"row_version", "seen", "instead_of", "shown", "key"})


def typed_sections(data: QueryDict) -> frozenset[str]:
    """The prefixes of the forms in which something stands that the page did not show."""
    if PAGE not in data:
        return frozenset()
    found = (name.removesuffix("-shown") for name in data if name.endswith("-shown"))
    return frozenset(prefix for prefix in found if _digest(_sent(data, prefix)) != data[f"{prefix}-shown"])


def words_of(data: QueryDict, prefix: str) -> list[str]:
    """What somebody wrote in a form, for a page that has no such form any more."""
    return [value for values in _sent(data, prefix).values() for value in values if len(value.split()) > 1]


class Section(forms.BaseForm):
    """What a form on such a page can do. It stands before the class of forms among the bases."""

    #: It adds a row.
    adds = False

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **({"auto_id": "%s"} | given))
        #: It shows what was typed and not sent yet.
        self.has_words = False
        self._key = ""
        self.fields["shown"] = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
        if self.adds:
            self.fields["key"] = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
            self.initial.setdefault("key", secrets.token_urlsafe(12))

    def get_initial_for_field(self, field: forms.Field, name: str) -> Any:
        if name == "shown" and "shown" not in self.initial:
            return _digest(self._as_shown())
        return super().get_initial_for_field(field, name)

    def take(self, data: QueryDict) -> None:
        """Shows what was typed, and says nothing to it yet. It keeps the versions that its reader saw."""
        for name, field in self.fields.items():
            self.initial[name] = field.widget.value_from_datadict(data, {}, self.add_prefix(name))
        self.has_words = True

    def stand_on_page(self) -> None:
        """Its fields belong to the form of the page."""
        for field in self.fields.values():
            field.widget.attrs["form"] = PAGE

    def point_at_fault(self) -> bool:
        """The browser goes to the first field that is wrong, if one box is all of it."""
        for name in self.fields:
            widget = self.fields[name].widget
            if name in self.errors and not widget.is_hidden and not widget.use_fieldset:
                widget.attrs["autofocus"] = True
                return True
        return False

    def _clean_fields(self) -> None:
        """What the deed is given has neither `shown` nor the key in it."""
        super()._clean_fields()
        self.cleaned_data.pop("shown", None)
        self._key = self.cleaned_data.pop("key", "")

    def uuid_for(self, user: Any) -> UUID | None:
        """The identity of the row that this form adds. Nobody can choose one: it is made with our secret."""
        return row_identity(self._key, of=str(self.prefix), user=user) if self._key else None

    def renew_key(self) -> None:
        """To send it again is to add another row."""
        self.data = self.data.copy()
        self.data[self.add_prefix("key")] = secrets.token_urlsafe(12)

    def _as_shown(self) -> dict[str, list[str]]:
        shown = {name: _untouched(self[name]) for name in self.fields if name not in UNTYPED}
        return _without_empty(shown)


def row_identity(key: str, *, of: str, user: Any) -> UUID:
    """What a key for one use becomes, for one person and one form."""
    made = salted_hmac("newsroom.once", f"{of}:{user.pk}:{key}", algorithm="sha256").digest()
    return UUID(bytes=made[:16], version=4)


def _untouched(field: forms.BoundField) -> list[str]:
    """What a browser sends of a field in which nobody did anything."""
    widget, value = field.field.widget, field.field.prepare_value(field.initial)
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value else []
    shown = widget.format_value(value)
    one_of_a_list = isinstance(widget, forms.Select) and not widget.allow_multiple_selected
    # Rows are offered with what stands in the field; to ask for them all would be a query each time.
    if one_of_a_list and not isinstance(field.field, forms.ModelChoiceField):
        offered = [str(value) for value, _label in widget.choices]
        return [next((one for one in shown if one in offered), offered[0] if offered else "")]
    return [str(one) for one in shown] if isinstance(shown, list) else [str(shown or "")]


def _sent(data: QueryDict, prefix: str) -> dict[str, list[str]]:
    start = f"{prefix}-"
    named = ((name.removeprefix(start), values) for name, values in data.lists() if name.startswith(start))
    return _without_empty({name: values for name, values in named if name not in UNTYPED})


def _without_empty(values: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    tidy = {name: sorted(" ".join(str(one).split()) for one in many) for name, many in values.items()}
    return {name: [one for one in many if one] for name, many in tidy.items() if any(many)}


def _digest(values: dict[str, list[str]]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]
