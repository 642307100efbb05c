"""What the desk wrote in Markdown: `{{ review.explanation|markdown }}`."""

from __future__ import annotations

from django.template import Library
from django.utils.safestring import SafeString, mark_safe

from newsroom.text.markdown import to_html

register = Library()


@register.filter
def markdown(source: str, under: int = 2) -> SafeString:
    """As HTML `under` a heading of that level; nothing of it runs."""
    # Safe: it was written by the parser and went through the list of what may be shown.
    return mark_safe(to_html(source, under=under))
