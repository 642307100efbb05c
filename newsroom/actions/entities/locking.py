"""Entities that a deed is about to change or to name: locked, so that no merging comes in between."""

from __future__ import annotations

from collections.abc import Iterable

from newsroom.actions.refusals import Overtaken
from newsroom.models import Entity


def locked(entity: Entity) -> Entity:
    """The entity as it is now; `Overtaken` if somebody merged it into another one meanwhile."""
    [fresh] = all_locked([entity])
    require_standing(fresh)
    return fresh


def all_locked(entities: Iterable[Entity]) -> list[Entity]:
    """Fresh rows in the order given. They are locked in one order, whoever asks for them."""
    entities = list(entities)
    rows = Entity.objects.select_for_update().filter(pk__in={entity.pk for entity in entities})
    fresh = {row.pk: row for row in rows.order_by("pk")}
    return [fresh[entity.pk] for entity in entities]


def require_standing(entity: Entity) -> None:
    if entity.merged_into_id is not None:
        raise Overtaken.by_merging(entity)


def standing(entities: Iterable[Entity | None]) -> list[Entity | None]:
    """What these have become, locked, each once: who names one that was merged a moment ago names the other.

    None stands for something that has no entity of its own.
    """
    named = list(entities)
    while True:
        fresh = {row.pk: row for row in all_locked(filter(None, named))}
        named = [entity and fresh[entity.pk] for entity in named]
        if not any(entity is not None and entity.merged_into_id for entity in named):
            return list({entity and entity.pk: entity for entity in named}.values())
        named = [entity and entity.standing() for entity in named]
