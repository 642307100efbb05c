"""An entity: what it is, the names it goes by, the claims that name it, the places that mention it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.urls import reverse

from newsroom.models import (
    Annotation,
    Claim,
    Entity,
    EntityIdentifier,
    Mention,
    Rectification,
    Revision,
    Target,
)

from .flagging import PublicOutcome, outcomes_about
from .in_context import Passage, passages
from .paging import address_with
from .ratings import Badge, Ratings

MENTIONS_A_PAGE, CLAIMS, RELATED = 30, 20, 16
#: So many of the latest mentions are looked at for who stands beside.
LOOKED_AT = 40


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
    #: The list of all claims that name it, if these are some of them.
    claims_url: str
    mentions: tuple[Passage, ...]
    page: Page
    related: tuple[Entity, ...]
    source_url: str
    rectifications: tuple[Rectification, ...]
    #: What came of what readers flagged here.
    outcomes: tuple[PublicOutcome, ...]


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
    claims = list(Claim.objects.public(at=at).naming(entity.pk, at=at).newest_first()[: CLAIMS + 1])
    list_url = address_with(reverse("reader:claims"), {"entity": entity.code})
    return EntityPage(
        entity=entity,
        aliases=tuple(entity.aliases.exclude(name=entity.name).values_list("name", flat=True)),
        identifiers=tuple(entity.identifiers.order_by("scheme", "value")),
        claims=tuple(_claim_lines(claims[:CLAIMS])),
        claims_url=list_url if len(claims) > CLAIMS else "",
        mentions=tuple(passages(list(page), at=at)),
        page=page,
        related=tuple(_related(entity, list(annotations[:LOOKED_AT]))),
        source_url=source.get_absolute_url() if source else "",
        rectifications=tuple(Rectification.objects.about(entity)),
        outcomes=outcomes_about(entity),
    )


def _claim_lines(claims: list[Claim]):
    known = Ratings.load()
    current = known.current_of(claim.pk for claim in claims)
    for claim in claims:
        yield NamingClaim(
            claim.text, claim.lang, claim.get_absolute_url(), known.badge(current.get(claim.pk))
        )


def _related(entity: Entity, annotations: list[int]):
    """Those that stand in the same paragraphs as this one, as it was named last; the most frequent first."""
    places = Target.objects.placed().current().filter(annotation__in=annotations)
    named = set(places.values_list("revision", "start"))
    texts = Revision.objects.filter(pk__in={revision for revision, _start in named})
    begins = {key: _paragraphs(text) for key, text in texts.values_list("pk", "text")}
    paragraphs = {(revision, bisect_right(begins[revision], start)) for revision, start in named}
    beside: Counter[int] = Counter()
    others = (
        Target.objects.placed()
        .filter(revision__in=begins, annotation__state=Annotation.State.ACCEPTED)
        .filter(annotation__mentions__form=Mention.Form.NAME)
        .order_by()
        .values_list("revision", "start", "annotation__mentions__entity")
    )
    for revision, start, other in set(others):
        if other != entity.pk and (revision, bisect_right(begins[revision], start)) in paragraphs:
            beside[other] += 1
    found = Entity.objects.public().in_bulk(beside)
    return sorted(found.values(), key=lambda row: (-beside[row.pk], row.sort_key))[:RELATED]


def _paragraphs(text: str) -> list[int]:
    """Where the lines of a canonical text end, one after the other."""
    return [found.start() for found in re.finditer("\n", text)]
