"""Entities: added, and taught the names that they go by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from newsroom.actions.deeds import record
from newsroom.actions.refusals import require
from newsroom.models import Entity, EntityAlias, EntityIdentifier, User


@transaction.atomic
def add(*, by: User, at: datetime, aliases: Iterable[str] = (), **fields: Any) -> Entity:
    """A person, an organisation, a thing or an idea; `aliases` are other names that it goes by."""
    require(by, "add_entity")
    entity = Entity(**fields)
    entity.full_clean()
    entity.save()
    for name in aliases:
        EntityAlias.objects.create(entity=entity, name=name)
    record("entity.add", by=by, at=at, objects=[entity], after={"name": entity.name, "kind": entity.kind})
    return entity


@transaction.atomic
def remember(entity: Entity, *, name: str, by: User, at: datetime) -> Entity:
    """The entity goes by this name too; a name that is known already is not written twice."""
    require(by, "add_entityalias")
    name = " ".join(name.split())
    if name == entity.name or entity.aliases.filter(name=name).exists():
        return entity
    EntityAlias.objects.create(entity=entity, name=name)
    record("entity.remember", by=by, at=at, objects=[entity], after={"alias": name})
    return entity


@transaction.atomic
def identify(entity: Entity, *, scheme: str, value: str, by: User, at: datetime) -> EntityIdentifier:
    """The same thing in another catalogue."""
    require(by, "add_entityidentifier")
    identifier = EntityIdentifier(entity=entity, scheme=scheme, value=value.strip())
    identifier.full_clean()
    identifier.save()
    record("entity.identify", by=by, at=at, objects=[entity], after={"scheme": scheme, "value": value})
    return identifier
