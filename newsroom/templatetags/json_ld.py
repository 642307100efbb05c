"""Structured data on a page: `{% json_ld text %}`."""

from __future__ import annotations

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = Library()

# What could end the element or open a comment, as JSON escapes: the data stays the same.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag
def json_ld(text: str) -> SafeString:
    """A JSON-LD block that holds `text`, which is JSON already; nothing if it is empty."""
    if not text:
        return SafeString("")
    escaped = mark_safe(text.translate(ESCAPES))  # noqa: S308 - every character that HTML knows is escaped
    return format_html('<script type="application/ld+json">{}</script>', escaped)
