"""Widgets written by hand, as Django's own templates write them, to the letter.

Django renders each widget, each of its attributes and each choice by a template of its own: a list of a
hundred languages is two hundred templates, and the widgets were a fourth of what the processor did for the
review page (ADR 112). What is not written here is rendered as always.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.template import Context
from django.template.base import render_value_in_context
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeData

#: What Django's templates know of the world: the settings of language, and that all is escaped.
_HERE = Context()
_WIDGETS = "django/forms/widgets/"


class Written(DjangoTemplates):
    """What `FORM_RENDERER` names."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        written = _WRITTEN.get(template_name)
        if written is None or "widget" not in context:
            return super().render(template_name, context, request)
        return written(context["widget"], self).strip()


def _label(value: Any) -> str:
    """As `{{ value }}`: numbers and dates in the active language."""
    if type(value) is str:
        return escape(value)
    return render_value_in_context(value, _HERE)


def _exactly(value: Any) -> str:
    """As `{{ value|stringformat:"s" }}`: not in any language, for it comes back from the browser."""
    if type(value) is str:
        return escape(value)
    said = str(value)
    return said if isinstance(value, SafeData) else conditional_escape(said)


def _attributes(attributes: Mapping[str, Any]) -> str:
    return "".join(
        f" {_label(name)}" if value is True else f' {_label(name)}="{_exactly(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def _input(widget: Mapping[str, Any], _by: Written) -> str:
    value = "" if widget["value"] is None else f' value="{_exactly(widget["value"])}"'
    kind, name = _label(widget["type"]), _label(widget["name"])
    return f'<input type="{kind}" name="{name}"{value}{_attributes(widget["attrs"])}>'


def _textarea(widget: Mapping[str, Any], _by: Written) -> str:
    value = _label(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_label(widget["name"])}"{_attributes(widget["attrs"])}>\n{value}</textarea>'


def _option(widget: Mapping[str, Any], _by: Written) -> str:
    attributes = _attributes(widget["attrs"])
    return f'<option value="{_exactly(widget["value"])}"{attributes}>{_label(widget["label"])}</option>\n'


def _select(widget: Mapping[str, Any], by: Written) -> str:
    parts = [f'<select name="{_label(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _number in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{_label(group)}">')
        parts += (f"\n  {_choice(option, by)}" for option in options)
        if group:
            parts.append("\n  </optgroup>")
    parts.append("\n</select>")
    return "".join(parts)


def _labelled(widget: Mapping[str, Any], by: Written) -> str:
    if not widget.get("wrap_label"):
        return _input(widget, by)
    named = widget["attrs"].get("id")
    before = f'<label for="{_label(named)}">' if named else "<label>"
    return f"{before}{_input(widget, by)}\n {_label(widget['label'])}</label>"


def _choice(option: Mapping[str, Any], by: Written) -> str:
    written = _WRITTEN.get(option["template_name"])
    if written is not None:
        return written(option, by)
    return str(by.get_template(option["template_name"]).render({"widget": option}))


_INPUTS = "input text number email url tel search color password hidden date datetime time checkbox file"
_WRITTEN: dict[str, Callable[[Mapping[str, Any], Written], str]] = {
    **{f"{_WIDGETS}{name}.html": _input for name in _INPUTS.split()},
    f"{_WIDGETS}textarea.html": _textarea,
    f"{_WIDGETS}select.html": _select,
    f"{_WIDGETS}select_option.html": _option,
    f"{_WIDGETS}input_option.html": _labelled,
    f"{_WIDGETS}radio_option.html": _labelled,
    f"{_WIDGETS}checkbox_option.html": _labelled,
}
