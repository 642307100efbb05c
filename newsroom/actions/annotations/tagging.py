"""Tagging: words of an article's current revision become a claim, a mention, an attribution."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.actions.deeds import record
from newsroom.actions.entities.locking import standing
from newsroom.actions.refusals import Outdated, Refused, require
from newsroom.models import (
    Annotation,
    Appearance,
    Article,
    Attribution,
    Claim,
    Entity,
    Mention,
    Revision,
    Source,
    Target,
    User,
)
from newsroom.models.prepared import Prepared

from .places import Place, targets_of


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an annotation comes from that was made elsewhere, and by which names it goes on to be known."""

    uuid: UUID | None = None
    canonical: str = ""
    via: tuple[str, ...] = ()
    #: The program that made it; whoever tags with it answers for it.
    generator: str = ""

    def fields(self) -> dict[str, Any]:
        named = {"uuid": self.uuid} if self.uuid else {}
        return named | {"canonical": self.canonical, "via": list(self.via), "generator": self.generator}


HERE = Origin()


@transaction.atomic
def tag_claim(
    article: Article,
    *,
    claim: Claim,
    places: Sequence[Place],
    by: User,
    at: datetime,
    based_on: int | None = None,
    origin: Origin = HERE,
) -> Appearance:
    """The claim stands here. Tagging never rates: a new claim is *not yet checked*.

    `based_on`, here and below, is the number of the revision that was looked at: `Outdated` if it is not
    current any more.
    """
    kind = Annotation.Kind.CLAIM
    annotation = annotate(article, kind, places, by=by, at=at, based_on=based_on, origin=origin)
    appearance = Appearance.objects.create(claim=claim, annotation=annotation)
    record("claim.tag", by=by, at=at, article=article, objects=[annotation, claim])
    return appearance


@transaction.atomic
def tag_mention(
    article: Article,
    *,
    entities: Iterable[Entity | None],
    places: Sequence[Place],
    by: User,
    at: datetime,
    based_on: int | None = None,
    form: str = Mention.Form.NAME,
    note: str = "",
    origin: Origin = HERE,
) -> Annotation:
    """These words name these entities; None stands for something that has no entity of its own."""
    kind = Annotation.Kind.MENTION
    annotation = annotate(article, kind, places, by=by, at=at, based_on=based_on, origin=origin)
    entities = standing(entities)
    Mention.objects.bulk_create(
        Mention(annotation=annotation, entity=entity, form=form, note=note) for entity in entities
    )
    record("mention.tag", by=by, at=at, article=article, objects=[annotation, *filter(None, entities)])
    return annotation


@transaction.atomic
def tag_mentions(
    article: Article,
    *,
    entities: Iterable[Entity],
    places: Sequence[Place],
    by: User,
    at: datetime,
    based_on: int | None = None,
    form: str = Mention.Form.NAME,
) -> list[Annotation]:
    """The same entities are named in each of these places: one annotation a place, one record for all."""
    tagged = [
        annotate(article, Annotation.Kind.MENTION, [place], by=by, at=at, based_on=based_on)
        for place in places
    ]
    entities = standing(entities)
    Mention.objects.bulk_create(
        Mention(annotation=annotation, entity=entity, form=form)
        for annotation in tagged
        for entity in entities
    )
    record("mention.tag", by=by, at=at, article=article, objects=[*tagged, *entities])
    return tagged


@transaction.atomic
def tag_attribution(
    article: Article,
    *,
    places: Sequence[Place],
    quote_type: str,
    by: User,
    at: datetime,
    based_on: int | None = None,
    source: Source | None = None,
    anonymity_reason: str = "",
    claim: Claim | None = None,
    parent: Attribution | None = None,
    note: str = "",
    origin: Origin = HERE,
) -> Attribution:
    """Somebody says this: `places` have the roles source, cue and content, of which content must be there."""
    hold_to_its_parts(places, source, anonymity_reason)
    annotation = annotate(
        article, Annotation.Kind.ATTRIBUTION, places, by=by, at=at, based_on=based_on, origin=origin
    )
    attribution = Attribution.objects.create(
        annotation=annotation,
        source=source,
        anonymity_reason=anonymity_reason.strip(),
        quote_type=quote_type,
        parent=parent,
        claim=claim,
        note=note,
    )
    record("attribution.tag", by=by, at=at, article=article, objects=[annotation, attribution])
    return attribution


def annotate(
    article: Article,
    kind: str,
    places: Sequence[Place],
    *,
    by: User,
    at: datetime,
    based_on: int | None,
    origin: Origin = HERE,
) -> Annotation:
    require(by, "add_annotation")
    if not places:
        raise Refused(_("Select some words first."), code="empty")
    revision = _text_held(article)
    if based_on is not None and revision.number != based_on:
        raise Outdated(revision)
    annotation = Annotation.objects.create(article=article, kind=kind, by=by, at=at, **origin.fields())
    Target.objects.bulk_create(targets_of(annotation, revision, places, by=by, at=at))
    return annotation


def _text_held(article: Article) -> Revision:
    """The current text, with its article locked: one that came in between would not carry what is tagged on
    the one before.

    A whole text is not read twice: if the caller has it, its hash is compared, for an erasure writes in it.
    """
    current = Article.objects.for_change().values_list("current_revision", flat=True).get(pk=article.pk)
    if Article.current_revision.is_cached(article) and article.current_revision is not None:
        known = article.current_revision
        if current == known.pk and _SAME.rows(revision=known.pk) == [(known.uuid, known.sha256)]:
            return known
    return Revision.objects.get(pk=current)


_SAME = Prepared(
    Revision,
    lambda revision: Revision.objects.order_by().filter(pk=revision).values_list("uuid", "sha256"),
    "revision",
)


def hold_to_its_parts(places: Sequence[Place], source: Source | None, anonymity_reason: str) -> None:
    if not any(place.role == Target.Role.CONTENT for place in places):
        raise Refused(_("Select the words that are attributed."), code="content")
    if source is None and not anonymity_reason.strip():
        raise Refused(_("Name the source, or say why it stays anonymous."), code="source")
