"""An entity: what it is, the names it goes by, the claims that name it, the places that mention it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import F

from newsroom.models import Claim, Entity, EntityIdentifier, Mention, Target

from .in_context import Passage, passages
from .ratings import Badge, Ratings

MENTIONS_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class NamingClaim:
    words: str
    lang: str
    url: str
    badge: Badge


@dataclass(frozen=True, slots=True)
class EntityPage:
    entity: Entity
    aliases: tuple[str, ...]
    identifiers: tuple[EntityIdentifier, ...]
    claims: tuple[NamingClaim, ...]
    mentions: tuple[Passage, ...]
    page: Page
    source_url: str


def entity_page(entity: Entity, *, at: datetime, number: str = "1") -> EntityPage:
    """`entity` comes from `Entity.objects.public()`; a page number that is none shows the first page."""
    annotations = (
        Mention.objects.public(at=at)
        .filter(entity=entity, form=Mention.Form.NAME)
        .order_by("-annotation__article__published_at", "annotation__article", "annotation")
        .values_list("annotation", flat=True)
    )
    page = Paginator(annotations, MENTIONS_A_PAGE).get_page(number)
    source = entity.sources.public().first()
    return EntityPage(
        entity=entity,
        aliases=tuple(entity.aliases.exclude(name=entity.name).values_list("name", flat=True)),
        identifiers=tuple(entity.identifiers.order_by("scheme", "value")),
        claims=tuple(_claims(entity, at=at)),
        mentions=tuple(passages(list(page), at=at)),
        page=page,
        source_url=source.get_absolute_url() if source else "",
    )


def _claims(entity: Entity, *, at: datetime):
    """Public claims in whose words the entity is named."""
    naming = (
        Target.objects.placed()
        .public(at=at)
        .filter(
            annotation__mentions__entity=entity,
            revision=F("annotation__article__current_revision"),
        )
        .values_list("revision", "start", "end")
    )
    standing = (
        Target.objects.placed()
        .public(at=at)
        .filter(
            revision__in={revision for revision, _start, _end in naming},
            role=Target.Role.CONTENT,
            annotation__appearance__claim__in=Claim.objects.public(at=at),
        )
        .order_by("revision", "start")
        .values_list("revision", "start", "end", "annotation__appearance__claim")
    )
    named = {
        claim
        for revision, start, end, claim in standing
        if any(where == revision and start <= first and last <= end for where, first, last in naming)
    }
    claims = Claim.objects.filter(pk__in=named).order_by("pk")
    known = Ratings.load()
    current = known.current_of(named)
    for claim in claims:
        yield NamingClaim(
            claim.text, claim.lang, claim.get_absolute_url(), known.badge(current.get(claim.pk))
        )
