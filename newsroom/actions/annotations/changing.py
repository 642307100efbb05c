"""Tags are confirmed, moved, said to be of something else, cut in two, made one, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.actions.entities.locking import standing
from newsroom.actions.refusals import Refused
from newsroom.models import (
    Annotation,
    Appearance,
    Attribution,
    Claim,
    Entity,
    Mention,
    Source,
    Suggestion,
    Target,
    User,
)
from newsroom.text.selectors import joined

from .places import Place, move_parts, put, trimmed, without_overlaps
from .states import decide, left, require_said, states, taken
from .tagging import annotate, hold_to_its_parts


@transaction.atomic
def confirm(annotation: Annotation, *, by: User, at: datetime, row_version: int) -> Annotation:
    """A person has looked: where a program placed it is right. From here it is carried on."""
    annotation = taken(annotation, by=by, row_version=row_version)
    targets = Target.objects.current().filter(annotation=annotation)
    if targets.orphaned().exists():
        raise Refused(_("These words are no longer in the text."), code="orphan")
    targets.update(confirmed_by=by, confirmed_at=at, needs_check=False)
    return left("annotation.confirm", [annotation], before={}, by=by, at=at)


@transaction.atomic
def move(
    annotation: Annotation,
    *,
    places: Sequence[Place],
    by: User,
    at: datetime,
    row_version: int,
    based_on: int,
) -> Annotation:
    """A person selects where it stands in the current revision. Of its targets those move that `places` name
    by role and ordinal; the others stay as they are.
    """
    annotation = taken(annotation, by=by, row_version=row_version)
    before = states([annotation])
    move_parts(annotation, places, by=by, at=at, based_on=based_on)
    return left("annotation.move", [annotation], before=before, by=by, at=at)


@transaction.atomic
def retag_claim(
    annotation: Annotation,
    *,
    claim: Claim,
    by: User,
    at: datetime,
    row_version: int,
    places: Sequence[Place] = (),
    based_on: int | None = None,
    all_roles: bool = False,
) -> Annotation:
    """Another claim stands here; with `places`, also elsewhere. Words that were rated keep their claim.

    `all_roles`, here and below: parts that `places` do not name are taken away.
    """
    annotation = taken(annotation, by=by, row_version=row_version)
    require_said(annotation)
    before = states([annotation])
    appearance = annotation.appearance
    if appearance.claim_id != claim.pk and appearance.reviews.exists():
        raise Refused(_("These words were rated as this claim: tag them anew for another one."), code="rated")
    appearance.claim = claim
    appearance.save(update_fields=["claim"])
    put(annotation, places, by=by, at=at, based_on=based_on, all_roles=all_roles)
    return left("annotation.retag", [annotation], before=before, by=by, at=at)


@transaction.atomic
def retag_mention(
    annotation: Annotation,
    *,
    entities: Iterable[Entity | None],
    form: str,
    by: User,
    at: datetime,
    row_version: int,
    places: Sequence[Place] = (),
    based_on: int | None = None,
    all_roles: bool = False,
) -> Annotation:
    """These words name something else; with `places`, also elsewhere. Notes stay with what stays named."""
    annotation = taken(annotation, by=by, row_version=row_version)
    require_said(annotation)
    before = states([annotation])
    named = standing(entities)
    notes = dict(annotation.mentions.values_list("entity", "note"))
    annotation.mentions.all().delete()
    Mention.objects.bulk_create(
        Mention(annotation=annotation, entity=entity, form=form, note=notes.get(entity and entity.pk, ""))
        for entity in named
    )
    put(annotation, places, by=by, at=at, based_on=based_on, all_roles=all_roles)
    return left("annotation.retag", [annotation], before=before, by=by, at=at)


@transaction.atomic
def retag_attribution(
    annotation: Annotation,
    *,
    quote_type: str,
    by: User,
    at: datetime,
    row_version: int,
    source: Source | None = None,
    anonymity_reason: str = "",
    claim: Claim | None = None,
    parent: Attribution | None = None,
    places: Sequence[Place] = (),
    based_on: int | None = None,
) -> Annotation:
    """Somebody else says it, or otherwise; with `places`, also with other words."""
    annotation = taken(annotation, by=by, row_version=row_version)
    require_said(annotation)
    if places:
        hold_to_its_parts(places, source, anonymity_reason)
    before = states([annotation])
    attribution = annotation.attribution
    attribution.source, attribution.anonymity_reason = source, anonymity_reason.strip()
    attribution.quote_type, attribution.claim, attribution.parent = quote_type, claim, parent
    attribution.full_clean(exclude=["annotation"])
    attribution.save()
    put(annotation, places, by=by, at=at, based_on=based_on, all_roles=True)
    return left("annotation.retag", [annotation], before=before, by=by, at=at)


@transaction.atomic
def split(
    annotation: Annotation, *, where: int, by: User, at: datetime, row_version: int, based_on: int
) -> Annotation:
    """Cuts the words of a claim or a mention in two at a code point; answers with the second part.

    A second claim has its words as its wording; a second mention names the same.
    """
    annotation = taken(annotation, by=by, row_version=row_version)
    require_said(annotation)
    if annotation.kind == Annotation.Kind.ATTRIBUTION:
        raise Refused(_("Who says what is not cut in two: tag the second part."), code="kind")
    before = states([annotation])
    revision = annotation.article.current_revision
    content = Target.objects.current().placed().filter(annotation=annotation, role=Target.Role.CONTENT)
    spans = list(content.values_list("start", "end"))
    first = trimmed(revision.text, [(start, min(where, end)) for start, end in spans])
    second = trimmed(revision.text, [(max(where, start), end) for start, end in spans])
    if not (first and second):
        raise Refused(_("There are no words on both sides of this place."), code="words")
    put(annotation, first, by=by, at=at, based_on=based_on)
    article = annotation.article
    other = annotate(article, annotation.kind, second, by=by, at=at, based_on=based_on)
    if annotation.kind == Annotation.Kind.CLAIM:
        original = annotation.appearance.claim
        claim = Claim.objects.create(
            text=joined(place.exact for place in second), lang=article.lang, claimant=original.claimant
        )
        Appearance.objects.create(claim=claim, annotation=other)
    else:
        mentions = list(annotation.mentions.select_related("entity").order_by("pk"))
        Mention.objects.bulk_create(
            Mention(annotation=other, entity=entity, form=mentions[0].form)
            for entity in standing(mention.entity for mention in mentions)
        )
    left("annotation.split", [annotation, other], before=before, by=by, at=at)
    return other


@transaction.atomic
def merge(
    annotation: Annotation, *, other: Annotation, by: User, at: datetime, row_version: int, other_version: int
) -> Annotation:
    """Two of one kind become one that stands on the words of both; the other is withdrawn."""
    annotation = taken(annotation, by=by, row_version=row_version)
    require_said(annotation)
    other = taken(other, by=by, row_version=other_version)
    if annotation.state != other.state:
        raise Refused(
            _("This is a suggestion: accept it, as it is or corrected, or reject it."), code="suggested"
        )
    if other.pk == annotation.pk or (other.kind, other.article_id) != (
        annotation.kind,
        annotation.article_id,
    ):
        raise Refused(_("Only two tags of one kind in one article become one."), code="kind")
    if annotation.kind == Annotation.Kind.CLAIM and other.appearance.reviews.exists():
        raise Refused(_("These words were rated as this claim: tag them anew for another one."), code="rated")
    before = states([annotation, other])
    places = [
        Place(target.start, target.end, target.exact, target.role)
        for target in Target.objects.current()
        .placed()
        .filter(annotation__in=[annotation, other])
        .order_by("start", "end")
    ]
    number = annotation.article.current_revision.number
    put(annotation, without_overlaps(places), by=by, at=at, based_on=number, all_roles=True)
    _take_back(other, _("Merged with another tag."), by=by, at=at)
    return left("annotation.merge", [annotation, other], before=before, by=by, at=at)


@transaction.atomic
def withdraw(annotation: Annotation, *, reason: str, by: User, at: datetime, row_version: int) -> Annotation:
    """The tag is taken back: no later revision carries it, earlier ones keep it as it stood."""
    annotation = taken(annotation, by=by, row_version=row_version)
    if not reason.strip():
        raise Refused(_("Say why it is withdrawn."), code="reason")
    before = states([annotation])
    _take_back(annotation, reason.strip(), by=by, at=at)
    return left("annotation.withdraw", [annotation], before=before, by=by, at=at, reason=reason.strip())


def _take_back(annotation: Annotation, reason: str, *, by: User, at: datetime) -> None:
    """A tag is withdrawn. A suggestion is rejected: withdrawn, it would seem to have been public once."""
    if annotation.state == Annotation.State.SUGGESTED:
        decide(annotation, Suggestion.Decision.REJECTED, by=by, at=at)
        return
    annotation.state = Annotation.State.WITHDRAWN
    annotation.withdrawn_at, annotation.withdrawal_reason = at, reason
