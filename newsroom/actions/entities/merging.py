"""Two entities that are the same become one; and two again, if that was wrong.

What moves is found, not listed: every row that refers to the one refers to the other from then on, names,
numbers, mentions and sources, and whatever a later model adds. A row that would stand there twice (both went
by that name; words that name both) stays behind, and with the merged one it is out of sight. Nothing is
deleted, so that undoing gives everything back. The number of statements does not grow with that of the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from newsroom.actions.deeds import record
from newsroom.actions.refusals import Overtaken, Refused, require
from newsroom.models import Deed, Entity, EntityAlias, EntityEntry, User

from .locking import all_locked, require_standing

#: Rows that one statement names.
_PORTION = 10_000

#: What is said of an entity's protection, and goes with it.
PROTECTION = ("privacy", "protection_reason", "protected_by_id", "protected_at")


class Link(NamedTuple):
    """A key to an entity, of a model whose rows go along when it is merged."""

    model: type[models.Model]
    field: str

    @property
    def name(self) -> str:
        return self.model._meta.model_name

    @property
    def key(self) -> str:
        """By what a record names a row: the row between two models has no uuid."""
        return "uuid" if any(field.name == "uuid" for field in self.model._meta.fields) else "pk"

    def of(self, entity: Entity) -> models.QuerySet:
        return self.model._default_manager.filter(**{self.field: entity})

    def moving(self, entity: Entity, into: Entity) -> models.QuerySet:
        """Of the rows of one entity those that may also be the other's."""
        return self.of(entity).exclude(self._twice(into))

    def staying(self, entity: Entity, into: Entity) -> models.QuerySet:
        return self.of(entity).filter(self._twice(into))

    def _twice(self, into: Entity) -> Q:
        twice = Q(pk__in=[])
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and self.field in constraint.fields:
                twice |= self._alike(into, constraint.fields)
        for fields in self.model._meta.unique_together:
            if self.field in fields:
                twice |= self._alike(into, fields)
        return twice

    def _alike(self, into: Entity, fields: tuple[str, ...]) -> Q:
        others = {name: OuterRef(name) for name in fields if name != self.field}
        return Q(Exists(self.of(into).filter(**others)))

    def keys(self, rows: models.QuerySet) -> list[str]:
        return [str(key) for key in rows.order_by("pk").values_list(self.key, flat=True)]

    def give(self, rows: models.QuerySet, to: Entity, *, by: User, at: datetime) -> int:
        """Makes them the other's; answers with how many. Of what has a history, that too."""
        if not hasattr(self.model, "history"):
            return rows.update(**{self.field: to})
        changed = list(rows)
        for row in changed:
            setattr(row, self.field, to)
        bulk_update_with_history(changed, self.model, [self.field], default_user=by, default_date=at)
        return len(changed)


def links() -> Iterator[Link]:
    """Every key to an entity, but what an entity is to itself."""
    for relation in Entity._meta.related_objects:
        if relation.many_to_many:
            keys = [field for field in relation.through._meta.fields if field.related_model is Entity]
            yield Link(relation.through, keys[0].name)
        elif relation.related_model not in (Entity, EntityEntry):
            yield Link(relation.related_model, relation.field.name)


@transaction.atomic
def merge(entity: Entity, *, into: Entity, by: User, at: datetime) -> Entity:
    """The entity is the same as `into`, which stays; answers with that one.

    Its address leads to the one that stays, which goes by its name too. If one of the two is protected, what
    stays is, by the protection that asks for more.
    """
    require(by, "merge_entity")
    entity, into = all_locked([entity, into])
    hold_to_the_rules(entity, into)
    moved, stays = {}, {}
    for link in links():
        moving, staying = link.moving(entity, into), link.keys(link.staying(entity, into))
        # Locked, so that what is recorded is what moves.
        if keys := link.keys(moving.select_for_update()):
            moved[link.name] = keys
            link.give(moving, into, by=by, at=at)
        if staying:
            stays[link.name] = staying
    alias = _called(into, entity)
    before = {"name": entity.name, "into": into.name, "protection": into.privacy}
    takes_over = _loosest_first(into) < _loosest_first(entity)
    if takes_over:
        _protect(into, as_=entity)
    deed = record(
        "entity.merge",
        by=by,
        at=at,
        objects=[entity, into],
        before=before,
        after={
            "moved": moved,
            "stays": stays,
            "alias": alias and str(alias.uuid),
            "protection": into.privacy,
            "takes_over": takes_over,
        },
    )
    entity.merged_into, entity.merge = into, deed
    entity.save(update_fields=["merged_into", "merge"])
    return into


@transaction.atomic
def unmerge(entity: Entity, *, by: User, at: datetime) -> Entity:
    """They are two after all: what came along with the merging, and stands where it came, goes back.

    What somebody has tagged otherwise since then stays as they left it. No protection ends with it: what was
    tagged in between may be of either. Who was protected for both stays so for both, until somebody who may
    lift it says why. It is refused when the one that stayed has itself been merged or withdrawn: what came
    from where is then not known any more.
    """
    require(by, "merge_entity")
    merged_into = Entity.objects.get(pk=entity.pk).merged_into
    if merged_into is None:
        raise Overtaken(_("These are two names already."), code="two")
    entity, into = all_locked([entity, merged_into])
    if entity.merged_into_id != into.pk:
        raise Overtaken(
            _("Somebody has parted or merged these names meanwhile: look again."), code="outdated"
        )
    if into.merged_into is not None:
        raise Refused(
            _("“%(name)s” was itself merged into “%(other)s” since: take that back first."),
            params={"name": into.name, "other": into.merged_into.name},
            code="merged",
        )
    if into.withdrawn_at is not None:
        raise Refused(_("The name that stayed has been withdrawn."), code="withdrawn")
    merge, done = entity.merge, entity.merge.after
    entity.merged_into = entity.merge = None
    entity.save(update_fields=["merged_into", "merge"])
    returned, left = {}, {}
    for link in links():
        keys = done["moved"].get(link.name, [])
        number = 0
        for start in range(0, len(keys), _PORTION):
            named = Q((f"{link.key}__in", keys[start : start + _PORTION]))
            number += link.give(link.moving(into, entity).filter(named), entity, by=by, at=at)
        if keys:
            returned[link.name], left[link.name] = number, len(keys) - number
    EntityAlias.objects.filter(uuid=done["alias"], entity=into).delete()
    if _protected_since(into, merge) and _loosest_first(entity) < _loosest_first(into):
        _protect(entity, as_=into)
    record(
        "entity.unmerge",
        by=by,
        at=at,
        objects=[entity, into],
        after={"returned": returned, "left": {name: number for name, number in left.items() if number}},
    )
    return entity


def hold_to_the_rules(entity: Entity, into: Entity) -> None:
    """What stands against the merging of these two as they are now; the preview asks it too."""
    if entity.pk == into.pk:
        raise Refused(_("Choose another name: this is the same one."), code="same")
    for one in (entity, into):
        require_standing(one)
        if one.withdrawn_at is not None:
            raise Refused(_("“%(name)s” was withdrawn."), params={"name": one.name}, code="withdrawn")
    if entity.pseudonymous != into.pseudonymous:
        raise Refused(
            _("One of the two is known only by a pseudonym: to merge them would tell who it is."),
            code="pseudonym",
        )


def _called(into: Entity, entity: Entity) -> EntityAlias | None:
    """The name of the merged one as an alias of the other, unless it goes by it already."""
    if entity.name == into.name or into.aliases.filter(name=entity.name).exists():
        return None
    return EntityAlias.objects.create(entity=into, name=entity.name, lang=entity.lang)


def _protected_since(into: Entity, merge: Deed) -> bool:
    """Whether somebody protected it while it was also the other one, by a deed or by a further merging."""
    if not into.privacy or merge.after["takes_over"]:
        return False
    return not merge.before["protection"] or (into.protected_at or merge.at) >= merge.at


def _loosest_first(entity: Entity) -> int:
    """How much is asked for it: who is delisted is kept from search engines as well."""
    return bool(entity.privacy) + (entity.privacy == Entity.Privacy.DELISTED)


def _protect(entity: Entity, *, as_: Entity) -> None:
    for name in PROTECTION:
        setattr(entity, name, getattr(as_, name))
    entity.save()
    entity.sources.all().follow_protection()
