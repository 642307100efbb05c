"""Relations between claims: one supports, contradicts, repeats, updates or is part of another.

What holds both ways is written down once, whichever way round it was said. What goes one way only never comes
back to where it began: nothing is part of its own part. That rule speaks of many rows, so no constraint can
hold it; a deed locks every claim that it walks over, and walks again. Whoever would close a circle at the
same moment holds one of these claims, or waits for one and then sees what was written.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.models import Claim, ClaimRelation, Deed, User

from .deeds import record
from .refusals import Overtaken, Refused, require

#: So many claims are walked over in search of a circle; more is no structure that a person made.
MOST_WALKED = 500


@transaction.atomic
def relate(
    claim: Claim, *, to: Claim, kind: str, by: User, at: datetime, strength: str = "", note: str = ""
) -> ClaimRelation:
    """The claim supports, contradicts, repeats, updates or is part of another, `to`."""
    require(by, "add_claimrelation")
    relation = ClaimRelation(source=claim, target=to, kind=kind, strength=strength, note=note.strip())
    return _added(relation, "relation.add", by=by, at=at)


@transaction.atomic
def change(
    relation: ClaimRelation,
    *,
    version: str,
    kind: str,
    by: User,
    at: datetime,
    turned: bool = False,
    strength: str = "",
    note: str = "",
) -> ClaimRelation:
    """Another kind, strength or note, or the same the other way round.

    `version` is the one that was looked at. What is left as it is leaves no record.
    """
    require(by, "change_claimrelation")
    relation = _locked(relation)
    if relation.version != version:
        raise Overtaken(_overtaken_by(relation), code="outdated")
    before, sooner = _said(relation), relation.version
    if turned:
        relation.source, relation.target = relation.target, relation.source
    relation.kind, relation.strength, relation.note = kind, strength, note.strip()
    if relation.version == sooner:
        return relation
    _hold_to_the_rules(relation)
    relation.save()
    objects = [relation, relation.source, relation.target]
    record("relation.change", by=by, at=at, objects=objects, before=before, after=_said(relation))
    return relation


@transaction.atomic
def unrelate(relation: ClaimRelation, *, by: User, at: datetime) -> Deed:
    """The relation is taken away. Answers with the record, by which it can be put back."""
    require(by, "delete_claimrelation")
    relation = _locked(relation)
    before = _said(relation) | {"relation": str(relation.uuid)}
    relation.delete()
    objects = [relation.source, relation.target]
    return record("relation.remove", by=by, at=at, objects=objects, before=before)


@transaction.atomic
def restore(removal: Deed, *, by: User, at: datetime) -> ClaimRelation:
    """Puts back what one has taken away oneself: the same relation, if nothing stands against it now."""
    require(by, "add_claimrelation")
    if removal.verb != "relation.remove" or removal.actor_id != by.pk:
        raise Refused(_("There is nothing of yours to put back."), code="nothing")
    was = removal.before
    ends = {str(claim.uuid): claim for claim in Claim.objects.filter(uuid__in=[was["source"], was["target"]])}
    relation = ClaimRelation(
        uuid=was["relation"],
        source=ends[was["source"]],
        target=ends[was["target"]],
        kind=was["kind"],
        strength=was["strength"],
        note=was["note"],
    )
    return _added(relation, "relation.restore", by=by, at=at)


def _added(relation: ClaimRelation, verb: str, *, by: User, at: datetime) -> ClaimRelation:
    _hold_to_the_rules(relation)
    relation.save()
    objects = [relation, relation.source, relation.target]
    record(verb, by=by, at=at, objects=objects, after=_said(relation))
    return relation


def _said(relation: ClaimRelation) -> dict[str, Any]:
    """What a relation says, for the record and to be put back."""
    return {
        "source": str(relation.source.uuid),
        "target": str(relation.target.uuid),
        "kind": relation.kind,
        "strength": relation.strength,
        "note": relation.note,
    }


def _locked(relation: ClaimRelation) -> ClaimRelation:
    found = ClaimRelation.objects.select_for_update(of=("self",)).select_related("source", "target")
    there = found.filter(pk=relation.pk).first()
    if there is None:
        raise Overtaken(_("This relation was removed in the meantime."), code="removed")
    return there


def _overtaken_by(relation: ClaimRelation) -> str:
    last = Deed.objects.touching(relation).select_related("actor").first()
    if last is None:
        return _("This relation was changed in the meantime: look at it again.")
    said = _("%(who)s changed this relation in the meantime: look at it again.")
    return said % {"who": last.actor}


# The rules


def _hold_to_the_rules(relation: ClaimRelation) -> None:
    """Locks both claims, and those that a circle could go through; refuses what may not be."""
    if relation.source_id == relation.target_id:
        raise Refused(_("A claim has no relation to itself."), code="itself")
    passed = _passed(relation)
    ends = {relation.source_id, relation.target_id}
    locked = list(Claim.objects.select_for_update(no_key=True).filter(pk__in=ends | passed).order_by("pk"))
    if relation._state.adding and any(claim.withdrawn_at for claim in locked if claim.pk in ends):
        raise Refused(_("A withdrawn claim gets no new relation."), code="withdrawn")
    _refuse_doubles(relation)
    passed_now = _passed(relation)
    if relation.source_id in passed_now:
        messages = {
            ClaimRelation.Kind.PART_OF: _("That would make a claim a part of itself, by way of others."),
            ClaimRelation.Kind.UPDATES: _("That would make a claim update itself, by way of others."),
        }
        raise Refused(messages[relation.kind], code="circle")
    if not passed_now <= passed | ends:
        raise Overtaken(_("Somebody related these claims in the meantime: look again."), code="outdated")
    relation.full_clean()


def _refuse_doubles(relation: ClaimRelation) -> None:
    ends = (relation.source_id, relation.target_id)
    others = ClaimRelation.objects.filter(kind=relation.kind).exclude(pk=relation.pk)
    if others.filter(source=ends[0], target=ends[1]).exists():
        raise Refused(_("These two claims are related so already."), code="twice")
    if relation.kind in ClaimRelation.MUTUAL and others.filter(source=ends[1], target=ends[0]).exists():
        raise Refused(
            _("These two claims are related so already, the other way round: it holds both ways."),
            code="twice",
        )


def _passed(relation: ClaimRelation) -> set[int]:
    """The claims that are reached from the target by relations of this kind, if that may have no circles."""
    passed: set[int] = set()
    if relation.kind not in ClaimRelation.WITHOUT_CIRCLES:
        return passed
    edge = {relation.target_id}
    of_this_kind = ClaimRelation.objects.filter(kind=relation.kind).exclude(pk=relation.pk)
    while edge:
        passed |= edge
        if len(passed) > MOST_WALKED:
            raise Refused(_("Too many claims hang together here already."), code="many")
        edge = set(of_this_kind.filter(source__in=edge).values_list("target", flat=True)) - passed
    return passed
