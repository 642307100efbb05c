"""A source: what it says, in context, and where. No score, no count of ratings, no ranking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.urls import reverse

from newsroom.models import Article, Attribution, Claim, Document, Rectification, Source

from .flagging import PublicOutcome, outcomes_about
from .in_context import Passage, passages
from .paging import address_with

SAID_A_PAGE = 20
#: Of documents and articles the newest.
DOCUMENTS, ARTICLES = 20, 20


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
    pages: Page
    documents: tuple[Document, ...]
    articles: tuple[Article, ...]
    #: The list of claims that are ascribed to it; "" if there are none.
    claims_url: str
    rectifications: tuple[Rectification, ...]
    #: What came of what readers flagged here.
    outcomes: tuple[PublicOutcome, ...]


def source_page(source: Source, *, at: datetime, number: str = "1") -> SourcePage:
    """`source` comes from `Source.objects.public()`, with its entity; `number` is of a page of its words."""
    speaking = Attribution.objects.public(at=at).filter(source=source)
    newest = speaking.order_by("-annotation__article__published_at", "annotation__article", "annotation")
    pages = Paginator(newest.values_list("annotation", flat=True), SAID_A_PAGE).get_page(number)
    shown = list(pages)
    attributions = {row.annotation_id: row for row in Attribution.objects.filter(annotation__in=shown)}
    claims = Claim.objects.public(at=at).in_bulk({row.claim_id for row in attributions.values()} - {None})
    articles = Article.objects.filter(pk__in=speaking.values("annotation__article")).newest_first()
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
            for passage in passages(shown, at=at)
        ),
        pages=pages,
        documents=tuple(_documents(source, at=at)),
        articles=tuple(articles[:ARTICLES]),
        claims_url=_claims_url(source, at=at),
        rectifications=tuple(Rectification.objects.about(source)),
        outcomes=outcomes_about(source),
    )


def _documents(source: Source, *, at: datetime):
    """What was published under its name and is evidence for a public claim."""
    published = Document.objects.public(at=at).filter(publisher=source.name)
    return published.order_by("-date_latest", "-pk")[:DOCUMENTS]


def _claim_url(claim: Claim | None) -> str:
    return claim.get_absolute_url() if claim else ""


def _claims_url(source: Source, *, at: datetime) -> str:
    ascribed = Claim.objects.public(at=at).filter(claimant=source)
    return address_with(reverse("reader:claims"), {"source": source.code}) if ascribed.exists() else ""
