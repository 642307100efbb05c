"""Moments as days in words: `{{ review.published_at|day }}`."""

from __future__ import annotations

from datetime import datetime

from django.template import Library
from django.utils.formats import date_format
from django.utils.translation import get_language

register = Library()


@register.filter(expects_localtime=True)
def day(moment: datetime | None) -> str:
    """The day of a moment, here and in the active language; "" for none."""
    if moment is None:
        return ""
    if get_language() == "it":
        # Django's Italian writes "02 Novembre"; in running words it is "2 novembre".
        return date_format(moment, "j F Y").lower()
    return date_format(moment, "DATE_FORMAT")
