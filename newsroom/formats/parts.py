"""Formats in which a tag is one span: its further parts are tags that a relation `part` leads to."""

from __future__ import annotations

from django.utils.translation import gettext as _

from .annotated import LINKS, BadFile, Link, Losses, Tag

PART = "part"


def joined(
    tags: dict[str, Tag], relations: list[tuple[str, str, str]], losses: Losses, where: str
) -> tuple[tuple[Tag, ...], tuple[Link, ...]]:
    """Parts joined to their tags, and the relations that are known here."""
    links = []
    parts: dict[str, str] = {}
    for one, other, kind in relations:
        if one not in tags or other not in tags:
            strange = other if one in tags else one
            why = _("A relation leads to the tag “%(tag)s”, and there is none.") % {"tag": strange[:80]}
            raise BadFile(where=where, why=why)
        if kind == PART:
            parts[other] = one
        elif kind in LINKS:
            links.append(Link(kind, one, other))
        else:
            losses.add("links", kind)
    for part, tag in parts.items():
        if tag in parts:
            raise BadFile(where=where, why=_("A part of a tag has parts itself."))
        tags[tag] = tags[tag]._replace(parts=tags[tag].parts + tags.pop(part).parts)
    if any(link.subject in parts or link.object in parts for link in links):
        losses.add("links", times=sum(link.subject in parts or link.object in parts for link in links))
        links = [link for link in links if link.subject not in parts and link.object not in parts]
    return tuple(tags.values()), tuple(links)
