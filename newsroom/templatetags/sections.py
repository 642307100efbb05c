"""Fields and buttons of one of several forms on a page, which belong to the form of the page (ADR 45).

Where a page has no such form, or a part of it is swapped by htmx, they belong to their own.
"""

from __future__ import annotations

import secrets
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag(takes_context=True)
def of_page(context: template.Context) -> SafeString:
    """For a field."""
    # Safe: words of ours alone.
    return mark_safe(' form="page"' if context.get("of_page") else "")


@register.simple_tag(takes_context=True)
def sends(context: template.Context, url: str, form: str = "") -> SafeString:
    """For a button: the address of its deed, and the form that it belongs to otherwise, if not around it."""
    if not context.get("of_page"):
        return format_html(' form="{}"', form) if form else SafeString()
    own = format_html(' data-form="{}"', form) if form else ""
    return format_html(' form="page" formmethod="post" formaction="{}"{}', url, own)


@register.simple_tag(takes_context=True)
def in_focus(context: template.Context) -> SafeString:
    """For what has the focus: a script gives it after a swap, the browser on a page that came whole."""
    # Safe: words of ours alone.
    return mark_safe(" data-focus autofocus" if context.get("of_page") else " data-focus")


@register.simple_tag(takes_context=True)
def hidden(context: template.Context, form: Any) -> SafeString:
    """The hidden fields of a form; what was shown is asked for on a page alone."""
    left_out = set() if context.get("of_page") else {"shown"}
    # Safe: each field is a widget that escaped its value.
    return mark_safe("".join(str(field) for field in form.hidden_fields() if field.name not in left_out))


@register.simple_tag
def once() -> str:
    """A key for one use, for a form that adds a row and is written by hand."""
    return secrets.token_urlsafe(12)
