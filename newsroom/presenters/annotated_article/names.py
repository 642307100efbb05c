"""People, organisations and topics that an article names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from newsroom.models import Entity


@dataclass(frozen=True, slots=True)
class NamedEntity:
    """Somebody or something with a page here, and its addresses in other catalogues."""

    entity: Entity
    same_as: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntityLine:
    name: str
    lang: str
    url: str
    description: str
    times: int


@dataclass(frozen=True, slots=True)
class EntityGroup:
    label: str
    entities: tuple[EntityLine, ...]


def named_of(mentions: list[tuple[int, Entity]], same_as: dict[int, list[str]]) -> Iterable[NamedEntity]:
    """Those with a page, in the order in which the text names them."""
    for entity in dict.fromkeys(entity for _annotation, entity in mentions):
        if entity.has_page:
            yield NamedEntity(entity, tuple(same_as[entity.pk]))


def entities_of(mentions: list[tuple[int, Entity]]) -> Iterable[EntityGroup]:
    times = Counter(entity.pk for _annotation, entity in mentions)
    groups: dict[str, dict[int, EntityLine]] = defaultdict(dict)
    for entity in sorted({entity for _annotation, entity in mentions}, key=lambda entity: entity.sort_key):
        url = entity.get_absolute_url() if entity.has_page else ""
        groups[entity.kind][entity.pk] = EntityLine(
            entity.name, entity.lang, url, entity.description, times[entity.pk]
        )
    for kind in ("person", "organisation", "place", "event", "work", "product", "software", "concept"):
        if groups[kind]:
            yield EntityGroup(_group_label(kind), tuple(groups[kind].values()))


def _group_label(kind: str) -> str:
    return {
        "person": _("People"),
        "organisation": _("Organisations"),
        "place": _("Places"),
        "event": _("Events"),
        "work": _("Works"),
        "product": _("Products"),
        "software": _("Software"),
        "concept": _("Topics"),
    }[kind]
