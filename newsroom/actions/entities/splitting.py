"""An entity under which two things were taken for one: some of what it has becomes another one's."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.actions.deeds import record
from newsroom.actions.refusals import Overtaken, Refused, require
from newsroom.models import Entity, EntityAlias, EntityIdentifier, Mention, Source, User

from .locking import locked
from .merging import PROTECTION, Link


@transaction.atomic
def split(
    entity: Entity,
    *,
    name: str,
    by: User,
    at: datetime,
    kind: str = "",
    mentions: Iterable[Mention] = (),
    aliases: Iterable[EntityAlias] = (),
    identifiers: Iterable[EntityIdentifier] = (),
    sources: Iterable[Source] = (),
) -> Entity:
    """A new entity of this name takes the chosen mentions, aliases, numbers and sources; answers with it.

    Who is protected stays so on both sides. `Overtaken` if something that was chosen is not this one's any
    more. It is undone by merging the new one back.
    """
    require(by, "merge_entity")
    require(by, "add_entity")
    entity = locked(entity)
    name = " ".join(name.split())
    chosen: dict[Link, Collection[int]] = {
        Link(Mention, "entity"): {row.pk for row in mentions},
        Link(EntityAlias, "entity"): {row.pk for row in aliases},
        Link(EntityIdentifier, "entity"): {row.pk for row in identifiers},
        Link(Source, "entity"): {row.pk for row in sources},
    }
    if not name:
        raise Refused(_("Say what the other one is called."), code="name")
    if not any(chosen.values()):
        raise Refused(_("Choose what belongs to the other one."), code="nothing")
    part = Entity(
        name=name,
        kind=kind or entity.kind,
        schema_type=entity.schema_type if not kind or kind == entity.kind else "",
        lang=entity.lang,
        pseudonymous=entity.pseudonymous,
        **{field: getattr(entity, field) for field in PROTECTION},
    )
    part.full_clean()
    part.save()
    moved = {}
    for link, keys in chosen.items():
        rows = link.of(entity).filter(pk__in=keys)
        uuids = link.keys(rows.select_for_update())
        if len(uuids) != len(keys):
            raise Overtaken(
                _("Some of what you chose belongs to another name by now: look at it again."), code="gone"
            )
        if uuids:
            moved[link.name] = uuids
            link.give(rows, part, by=by, at=at)
    record(
        "entity.split",
        by=by,
        at=at,
        objects=[entity, part],
        before={"name": entity.name},
        after={"name": part.name, "kind": part.kind, "moved": moved},
    )
    return part
