"""The nouns beside a page of the admin, as Django’s `admin/app_list.html` writes them, but written at once.

There are sixty, on every page: as nodes of a template they took a third of the time that a list takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

register = template.Library()


@register.simple_tag
def nouns(app: dict[str, Any], path: str) -> SafeString:
    """The rows of one group; which of them is the page at this path, or holds it, is said."""
    # Safe: each row is made by `format_html`.
    return mark_safe("".join(_rows(app, quote(path), gettext("Add"))))


def _rows(app: dict[str, Any], path: str, add: str) -> Iterator[SafeString]:
    for model in app["models"]:
        name, url = model["object_name"].lower(), model["admin_url"]
        noun = f"{app['app_label']}-{name}"
        is_here = bool(url) and url in path
        yield format_html(
            '<tr class="model-{}{}"><th scope="row" id="{}">{}</th><td>{}</td></tr>',
            name,
            " current-model" if is_here else "",
            noun,
            _link(url, model["name"], is_here=is_here) if url else model["name"],
            _adding(model["add_url"], noun, add) if model["add_url"] else "",
        )


def _link(url: str, name: str, *, is_here: bool) -> SafeString:
    # Safe: no word of anybody.
    current = mark_safe(' aria-current="page"' if is_here else "")
    return format_html('<a href="{}"{}>{}</a>', url, current, name)


def _adding(url: str, noun: str, add: str) -> SafeString:
    return format_html('<a href="{}" class="addlink" aria-describedby="{}">{}</a>', url, noun, add)
