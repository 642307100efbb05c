"""Who is named to readers, and who is not."""

from __future__ import annotations

from django.utils.translation import gettext as _

from newsroom.models import Annotation, Attribution, Source


def speaker(attribution: Attribution) -> str:
    """Who is said to speak: the public name, or why it is not named."""
    if may_be_named(attribution.source):
        return attribution.source.name
    if attribution.source is not None and attribution.source.protected:
        return _("protected person")
    return attribution.anonymity_reason or _("confidential source")


def reporter(attribution: Attribution) -> str:
    """Who reports that it was said; "" if nobody does, or if that is not public."""
    parent = attribution.parent
    return speaker(parent) if parent and parent.annotation.state == Annotation.State.ACCEPTED else ""


def may_be_named(source: Source | None) -> bool:
    return source is not None and source.may_be_named


def page_of(source: Source | None) -> str:
    return source.get_absolute_url() if source is not None and source.has_page else ""
