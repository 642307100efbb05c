"""A source: what it says, in context, and where. No score, no count of ratings, no ranking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from newsroom.models import Annotation, Claim, Source

from .in_context import Passage, passages


@dataclass(frozen=True, slots=True)
class SaidLine:
    passage: Passage
    quote_type_label: str
    claim_url: str


@dataclass(frozen=True, slots=True)
class SourcePage:
    source: Source
    entity_url: str
    said: tuple[SaidLine, ...]


def source_page(source: Source, *, at: datetime) -> SourcePage:
    """`source` comes from `Source.objects.public()`, with its entity."""
    attributions = {
        attribution.annotation_id: attribution
        for attribution in source.attributions.filter(annotation__in=Annotation.objects.public())
    }
    claims = Claim.objects.public(at=at).filter(attributions__source=source).in_bulk()
    entity = source.entity
    return SourcePage(
        source=source,
        entity_url=entity.get_absolute_url() if entity and entity.has_page else "",
        said=tuple(
            SaidLine(
                passage,
                attributions[passage.annotation].get_quote_type_display(),
                _claim_url(claims.get(attributions[passage.annotation].claim_id)),
            )
            for passage in passages(attributions, at=at)
        ),
    )


def _claim_url(claim: Claim | None) -> str:
    return claim.get_absolute_url() if claim else ""
