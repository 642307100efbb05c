"""What an article repeats by the hundred: `{% runs block %}` and `{% rating badge %}`.

Everywhere else a template loops and includes. Here that took half of the page's time, so the runs of a block
are joined in Python, and a rating is drawn from its template once for each badge and language.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.template import Library
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = Library()


@register.simple_tag
def runs(block: Any) -> SafeString:
    """The runs of a `TextBlock`, each in its elements, and the references to the notes that end with it.

    It prints no white space of its own: every text node inside a block is canonical text.
    """
    parts: list[str] = []
    for run in block.runs:
        parts += [_opening(mark) for mark in run.marks]
        parts.append(escape(run.text))
        parts += [f"</{name}>" for name in run.closing]
        parts += [_reference(note) for note in run.refs]
    # Safe: names of elements come from the allow-list, every value and text is escaped where it is printed.
    return mark_safe("".join(parts))


@register.simple_tag
def rating(badge: Any) -> SafeString:
    """A badge whose name leads to its meaning: for pages that print the scale."""
    return _rating(badge, get_language())


@lru_cache(maxsize=256)
def _rating(badge: Any, _language: str) -> SafeString:
    # Safe: a template has printed it; `strip` alone forgets that.
    return mark_safe(render_to_string("parts/_rating.html", {"badge": badge}).strip())


def _opening(mark: Any) -> str:
    attributes = (("id", mark.id), ("class", mark.css), ("href", mark.href), ("data-a", mark.annotation))
    said = "".join(f' {name}="{escape(value)}"' for name, value in attributes if value)
    return f"<{mark.tag}{said}>"


def _reference(note: Any) -> str:
    card = f' data-card="{escape(note.card_url)}"' if note.card_url else ""
    return (
        f'<a id="{note.ref_id}" class="noteref tone-{note.badge.tone}" role="doc-noteref" href="#{note.id}"'
        f' data-n="{note.number}"{card} aria-label="{escape(note.label)}"></a>'
    )
