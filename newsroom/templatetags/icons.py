"""Icons beside words: `{% icon "quote" %}`."""

from __future__ import annotations

from functools import cache

from django.template import Library
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

register = Library()


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """An icon of the Lucide set, as large as the words beside it, which say what it means.

    Kept once drawn: an article shows more than a hundred, of about ten kinds.
    A name that is not in the set raises.
    """
    return lucide(name, size=None, **{"class": "icon", "aria_hidden": "true"})
