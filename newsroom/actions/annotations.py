"""Annotations: words of an article's current revision are tagged as a claim, a mention, an attribution."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

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
from newsroom.text.selectors import describe

from .deeds import record
from .refusals import Refused, require


@dataclass(frozen=True, slots=True)
class Place:
    """Words that were selected: code points of the current revision, and the words as the person saw them."""

    start: int
    end: int
    exact: str
    role: str = Target.Role.CONTENT


@transaction.atomic
def tag_claim(
    article: Article, *, claim: Claim, places: Sequence[Place], by: User, at: datetime
) -> Appearance:
    """The claim stands here. Tagging never rates: a new claim is *not yet checked*."""
    annotation = _annotate(article, Annotation.Kind.CLAIM, places, by=by, at=at)
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
    form: str = Mention.Form.NAME,
    note: str = "",
) -> Annotation:
    """These words name these entities; None stands for something that has no entity of its own."""
    annotation = _annotate(article, Annotation.Kind.MENTION, places, by=by, at=at)
    entities = list(entities)
    Mention.objects.bulk_create(
        Mention(annotation=annotation, entity=entity, form=form, note=note) for entity in entities
    )
    record("mention.tag", by=by, at=at, article=article, objects=[annotation, *filter(None, entities)])
    return annotation


@transaction.atomic
def tag_attribution(
    article: Article,
    *,
    places: Sequence[Place],
    quote_type: str,
    by: User,
    at: datetime,
    source: Source | None = None,
    anonymity_reason: str = "",
    claim: Claim | None = None,
    parent: Attribution | None = None,
    note: str = "",
) -> Attribution:
    """Somebody says this: `places` have the roles source, cue and content, of which content must be there."""
    if not any(place.role == Target.Role.CONTENT for place in places):
        raise Refused(_("Select the words that are attributed."), code="content")
    if source is None and not anonymity_reason.strip():
        raise Refused(_("Name the source, or say why it stays anonymous."), code="source")
    annotation = _annotate(article, Annotation.Kind.ATTRIBUTION, places, by=by, at=at)
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


def _annotate(article: Article, kind: str, places: Sequence[Place], *, by: User, at: datetime) -> Annotation:
    require(by, "add_annotation")
    if not places:
        raise Refused(_("Select some words first."), code="empty")
    revision = Revision.objects.get(current_of=article)
    annotation = Annotation.objects.create(article=article, kind=kind, by=by, at=at)
    Target.objects.bulk_create(_targets(annotation, revision, places, by=by, at=at))
    return annotation


def _targets(
    annotation: Annotation, revision: Revision, places: Sequence[Place], *, by: User, at: datetime
) -> Iterable[Target]:
    seen: dict[str, int] = {}
    for place in places:
        inside = 0 <= place.start < place.end <= len(revision.text)
        if not inside or revision.text[place.start : place.end] != place.exact:
            raise Refused(_("The selected words do not stand there: “%s”.") % place.exact[:80], code="words")
        selector = describe(revision.text, place.start, place.end)
        ordinal = seen.get(place.role, 0)
        seen[place.role] = ordinal + 1
        yield Target(
            annotation=annotation,
            revision=revision,
            role=place.role,
            ordinal=ordinal,
            start=place.start,
            end=place.end,
            exact=selector.exact,
            prefix=selector.prefix,
            suffix=selector.suffix,
            confirmed_by=by,
            confirmed_at=at,
        )
