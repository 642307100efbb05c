"""Widgets written by hand: what stands in the page is what Django's own templates would have written."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from newsroom.forms.widgets import _WRITTEN, Written

# Safe: words of this file, which widgets must not escape again.
BOLD, AMPERSAND, ITALIC = map(mark_safe, ("<b>bold</b> &amp; so on", "&amp;", "<i>è</i>"))
EVIL = "\"><script>alert('è')</script>&amp;"
CHOICES = [
    ("", "---------"),
    (EVIL, EVIL),
    (1, 1234567),
    ("safe", BOLD),
    ("lazy", _("Claims")),
    (None, "nothing"),
    (True, 12.5),
    (("a", "tuple"), date(2026, 11, 27)),
    ("Group <1>", [("in", "inside"), ("also", datetime(2026, 11, 27, 12, tzinfo=UTC))]),
    (5, [("six", 6)]),
]
ATTRIBUTES = {
    "id": "it",
    "class": "a b",
    "required": True,
    "disabled": False,
    "data-most": 1600,
    "title": EVIL,
    "data-safe": AMPERSAND,
    "aria-label": _("Claims"),
}
WIDGETS = [
    *(
        kind(attrs=attributes)
        for kind in (
            forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.SearchInput,
            forms.TelInput, forms.ColorInput, forms.PasswordInput, forms.HiddenInput, forms.DateInput,
            forms.DateTimeInput, forms.TimeInput, forms.CheckboxInput, forms.FileInput, forms.Textarea,
            forms.ClearableFileInput,
        )
        for attributes in ({}, ATTRIBUTES)
    ),
    *(
        kind(attrs=attributes, choices=CHOICES)
        for kind in (forms.Select, forms.SelectMultiple, forms.RadioSelect, forms.CheckboxSelectMultiple)
        for attributes in ({}, ATTRIBUTES)
    ),
]  # fmt: skip
VALUES = [
    None, "", "words", f" {EVIL}\n", 1234567, 12.5, True, False, ["words", EVIL], date(2026, 11, 27),
    datetime(2026, 11, 27, 12, tzinfo=UTC), ITALIC, ("a", "tuple"),
]  # fmt: skip


@pytest.mark.parametrize("lang", ["it", "en"])
@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
def test_a_widget_is_written_as_django_writes_it(widget, lang):
    with translation.override(lang):
        for value in VALUES:
            ours = widget.render("a <name>", value, renderer=Written())
            assert ours == widget.render("a <name>", value, renderer=DjangoTemplates()), repr(value)


@pytest.mark.parametrize("kind", [forms.RadioSelect, forms.CheckboxSelectMultiple, forms.Select])
def test_each_choice_by_itself_is_written_as_django_writes_it(kind):
    def written(renderer):
        form = forms.Form(renderer=renderer)
        form.fields["one"] = forms.ChoiceField(choices=CHOICES, widget=kind(attrs=ATTRIBUTES))
        return [part for choice in form["one"] for part in (choice.tag(), choice.tag(wrap_label=True))]

    assert written(Written()) == written(DjangoTemplates())


def test_a_choice_with_a_template_of_its_own_keeps_it():
    class Odd(forms.Select):
        option_template_name = "django/forms/widgets/attrs.html"

    odd = Odd(choices=[("1", "one")])
    written = odd.render("name", "1", renderer=Written())
    assert "<option" not in written
    assert written == odd.render("name", "1", renderer=DjangoTemplates())


def test_forms_of_the_site_are_written_so():
    assert type(get_default_renderer()) is Written


def test_what_is_written_by_hand_is_a_template_of_djangos():
    django = DjangoTemplates()
    assert all(django.get_template(name) for name in _WRITTEN)
