"""What programs read: lists by where they ended, and one row by its uuid."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError
from pydantic import AfterValidator, StringConstraints

from newsroom.models import Claim, Document, Reply, Revision
from newsroom.models.claim import ClaimQuerySet
from newsroom.models.searchable import SearchedQuerySet
from newsroom.presenters import api as arranged
from newsroom.presenters.checked import LONGEST as LONGEST_TEXT
from newsroom.presenters.checked import TooLong, passages
from newsroom.presenters.claim_list import HITS, rated
from newsroom.presenters.claim_list import ORDER as BY_DAY
from newsroom.presenters.matched import Unsearchable
from newsroom.presenters.name_list import ORDER as BY_NAME
from newsroom.presenters.paging import ON_A_PAGE, Turn, turn
from newsroom.presenters.ratings import Ratings
from newsroom.presenters.register import every_badge

from . import schemas as s
from .speaking import VERSION, seen_by

router = Router()

#: Of one answer, and of the words of a search.
MOST, LONGEST = 100, 400
NEWEST = ("-pk",)
PUBLISHED = ("-published_at", "-pk")


def _in_utc(moment: datetime) -> datetime:
    """A moment without an offset is of UTC. PostgreSQL takes no offset of sixteen hours or more."""
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError("this moment is out of range") from None


Moment = Annotated[datetime, AfterValidator(_in_utc)]
Cursor = Annotated[str, StringConstraints(max_length=40)]
Typed = Annotated[str, StringConstraints(max_length=LONGEST)]
WORDS = f"Words, as in the search: of what they find, the {HITS} that are found first."


def given(ok: Any, *statuses: int) -> dict[int, Any]:
    """The answers of an operation: what it gives, and the problems that there may be."""
    return {200: ok} | dict.fromkeys((401, 422, *statuses), s.Problem)


class Turning(Schema):
    after: Cursor = Field("", description="Opaque; from `next` or the header `Link`.")
    before: Cursor = Field("", description="Opaque; from `previous` or the header `Link`.")
    limit: int = Field(ON_A_PAGE, ge=1, le=MOST)


class ArticleFilter(Turning):
    lang: Typed = ""
    slug: Typed = ""
    updated_since: Moment | None = None


class ClaimFilter(Turning):
    q: Typed = Field("", description=WORDS)
    lang: Typed = ""
    kind: s.ClaimKind | None = None
    rating: Typed = Field(
        "", description="The `key` of a rating, or a status: `unchecked`, `checking`, `stale`."
    )
    since: date | None = Field(None, description="The first day that a claim may be of.")
    until: date | None = Field(None, description="The last day that a claim may be of.")
    article: UUID | None = None
    claimant: UUID | None = None
    entity: UUID | None = Field(None, description="Whom or what the claims name.")


class NameFilter(Turning):
    q: Typed = Field("", description=WORDS)
    lang: Typed = ""
    kind: Typed = ""


class ReviewFilter(Turning):
    claim: UUID | None = None
    updated_since: Moment | None = None


class DocumentFilter(Turning):
    kind: s.DocumentKind | None = None


def page(request: HttpRequest, response: HttpResponse, turned: Turn, items: list[Any]) -> dict[str, Any]:
    """A page with the addresses beside it, in the body and in `Link`."""
    beside = {"next": ("after", turned.after), "previous": ("before", turned.before)}
    links: dict[str, str | None] = {}
    for rel, (name, code) in beside.items():
        query = request.GET.copy()
        query.pop("after", None)
        query.pop("before", None)
        query[name] = code
        links[rel] = request.build_absolute_uri(f"{request.path}?{query.urlencode()}") if code else None
    said = [f'<{url}>; rel="{ {"previous": "prev"}.get(rel, rel) }"' for rel, url in links.items() if url]
    if said:
        response.headers["Link"] = ", ".join(said)
    return {"items": items, **links}


def turned(rows: QuerySet, order: tuple[str, ...], given: Turning) -> Turn:
    return turn(rows, order, after=given.after, before=given.before, size=given.limit)


def _filtered(rows: QuerySet, *, lang: str = "", **wanted: Any) -> QuerySet:
    if lang:
        rows = rows.in_language(lang)
    return rows.filter(**{name: value for name, value in wanted.items() if value not in ("", None)})


def _with_words(rows: SearchedQuerySet, typed: str) -> Any:
    """Of these rows those that the words find; all of them without words."""
    return rows.filter(pk__in=rows.search(typed).first_keys(HITS)) if typed.strip() else rows


def _rated(rows: ClaimQuerySet, key: str) -> ClaimQuerySet:
    """Of these claims those with a rating. A 422 for one that is on no scale of the newsroom."""
    if not key:
        return rows
    known = Ratings.load()
    keys = [badge.key for badge in every_badge(known)]
    if key not in keys:
        raise HttpError(422, f"There is no such rating. There are: {', '.join(keys)}.")
    return rated(rows, key, known)


@router.get("/articles", response=given(s.Page[s.Article]), tags=["articles"], operation_id="listArticles")
def list_articles(request: HttpRequest, response: HttpResponse, asked: Query[ArticleFilter]) -> Any:
    """Published articles, the newest first; with a token of scope `read`, drafts as well."""
    seen = seen_by(request)
    rows = _filtered(seen.articles(), lang=asked.lang, slug=asked.slug)
    if since := asked.updated_since:
        # Asked of the texts by themselves, an index answers; joined, each would be read.
        rows = rows.filter(current_revision__in=Revision.objects.filter(at__gte=since).values("pk"))
    rows = rows.select_related("current_revision").defer("current_revision__html", "current_revision__blocks")
    found = turned(rows, NEWEST if seen.for_the_desk else PUBLISHED, asked)
    return page(request, response, found, arranged.articles(found.rows))


@router.get(
    "/articles/{uuid:id}", response=given(s.ArticleInFull, 404), tags=["articles"], operation_id="getArticle"
)
def get_article(request: HttpRequest, id: UUID) -> Any:
    """One article with its text, if that may be shown, and its revisions."""
    seen = seen_by(request)
    row = get_object_or_404(seen.articles().select_related("current_revision"), uuid=id)
    return arranged.article(row, seen)


@router.get(
    "/articles/{uuid:id}/annotations",
    response=given(s.Page[s.AnnotationOut], 404),
    tags=["annotations"],
    operation_id="listAnnotations",
)
def list_annotations(request: HttpRequest, response: HttpResponse, id: UUID, asked: Query[Turning]) -> Any:
    """The tags of an article, the newest first, each with where its words stand now."""
    seen = seen_by(request)
    article = get_object_or_404(seen.articles(), uuid=id)
    rows = seen.annotations().filter(article=article).select_related("article")
    found = turned(rows, NEWEST, asked)
    return page(request, response, found, arranged.tags(found.rows, seen))


@router.get(
    "/annotations/{uuid:id}",
    response=given(s.AnnotationOut, 404),
    tags=["annotations"],
    operation_id="getAnnotation",
)
def get_annotation(request: HttpRequest, response: HttpResponse, id: UUID) -> Any:
    """One tag. Its ETag is what `If-Match` names to change it."""
    seen = seen_by(request)
    row = get_object_or_404(seen.annotations().select_related("article"), uuid=id)
    response.headers[VERSION] = str(row.row_version)
    return arranged.tags([row], seen)[0]


@router.get("/claims", response=given(s.Page[s.ClaimOut]), tags=["claims"], operation_id="listClaims")
def list_claims(request: HttpRequest, response: HttpResponse, asked: Query[ClaimFilter]) -> Any:
    """Claims with how they stand: by the day that they are of, the newest first."""
    seen = seen_by(request)
    rows = _filtered(seen.claims(), lang=asked.lang, kind=asked.kind)
    if asked.article:
        # Read first: joined with it, PostgreSQL would look for the few among all that everybody may see.
        standing = seen.annotations().filter(article__uuid=asked.article, appearance__isnull=False)
        rows = rows.filter(pk__among=set(standing.values_list("appearance__claim", flat=True)))
    if asked.claimant:
        rows = rows.filter(claimant__in=seen.sources().filter(uuid=asked.claimant))
    if asked.entity:
        entity = seen.entities().filter(uuid=asked.entity).values_list("pk", flat=True).first()
        rows = rows.naming(entity, at=seen.at) if entity else rows.none()
    if asked.since or asked.until:
        rows = rows.of_days(asked.since, asked.until)
    rows = _with_words(_rated(rows, asked.rating), asked.q)
    found = turned(rows.newest_first(), BY_DAY, asked)
    return page(request, response, found, arranged.claims(found.rows))


@router.get(
    "/claims/match", response=given(s.ClaimsMatched, 503), tags=["claims"], operation_id="matchClaims"
)
def match_claims(
    request: HttpRequest,
    q: Annotated[str, Field(description=f"A sentence or a short text: {LONGEST_TEXT} characters.")],
    lang: Annotated[Typed, Field(description="Of `q`, if it is known.")] = "",
) -> Any:
    """Was it checked already? Of each sentence the rated claims that say nearly the same, likeliest first.

    They are found by their words: what differs is said beside each. Of a long text the first sentences are
    looked for, as many as `passages` tells. 503 if the index of claims is broken just now.
    """
    seen = seen_by(request)
    try:
        found = passages(q, lang, among=seen.claims())
    except TooLong as error:
        raise HttpError(422, str(error)) from error
    except Unsearchable as error:
        raise HttpError(503, "The index of claims cannot be read just now.") from error
    return {"query": q, "passages": arranged.matched(found)}


@router.get("/claims/{uuid:id}", response=given(s.ClaimInFull, 404), tags=["claims"], operation_id="getClaim")
def get_claim(request: HttpRequest, id: UUID) -> Any:
    """One claim: where it stands, all versions of its rating, its evidence, its relations."""
    seen = seen_by(request)
    return arranged.claim(get_object_or_404(seen.claims(), uuid=id), seen)


@router.get("/sources", response=given(s.Page[s.SourceOut]), tags=["names"], operation_id="listSources")
def list_sources(request: HttpRequest, response: HttpResponse, asked: Query[NameFilter]) -> Any:
    """Who speaks in what is published, by name."""
    rows = _filtered(seen_by(request).sources(), lang=asked.lang, kind=asked.kind)
    found = turned(_with_words(rows, asked.q).select_related("entity"), BY_NAME, asked)
    return page(request, response, found, arranged.sources(found.rows))


@router.get("/sources/{uuid:id}", response=given(s.SourceOut, 404), tags=["names"], operation_id="getSource")
def get_source(request: HttpRequest, id: UUID) -> Any:
    """One source."""
    row = get_object_or_404(seen_by(request).sources().select_related("entity"), uuid=id)
    return arranged.sources([row])[0]


@router.get("/entities", response=given(s.Page[s.EntityOut]), tags=["names"], operation_id="listEntities")
def list_entities(request: HttpRequest, response: HttpResponse, asked: Query[NameFilter]) -> Any:
    """The people, organisations and things that published articles name."""
    rows = _filtered(seen_by(request).entities(), lang=asked.lang, kind=asked.kind)
    found = turned(_with_words(rows, asked.q).prefetch_related("aliases", "identifiers"), BY_NAME, asked)
    return page(request, response, found, arranged.entities(found.rows))


@router.get("/entities/{uuid:id}", response=given(s.EntityOut, 404), tags=["names"], operation_id="getEntity")
def get_entity(request: HttpRequest, id: UUID) -> Any:
    """One entity, with the names it goes by and where else it is known."""
    rows = seen_by(request).entities().prefetch_related("aliases", "identifiers")
    return arranged.entities([get_object_or_404(rows, uuid=id)])[0]


@router.get("/reviews", response=given(s.Page[s.ReviewOut]), tags=["reviews"], operation_id="listReviews")
def list_reviews(request: HttpRequest, response: HttpResponse, asked: Query[ReviewFilter]) -> Any:
    """Ratings that readers can open, superseded ones included, the newest first."""
    rows = _filtered(seen_by(request).reviews(), claim__uuid=asked.claim)
    if since := asked.updated_since:
        # A reply that was accepted since stands beside reviews that are older.
        answered = Reply.objects.filter(state=Reply.State.ACCEPTED, decided_at__gte=since)
        rows = rows.filter(Q(published_at__gte=since) | Q(claim__in=answered.values("request__claim")))
    found = turned(rows.select_related("level", "author", "claim"), PUBLISHED, asked)
    return page(request, response, found, arranged.reviews(found.rows))


@router.get(
    "/reviews/{uuid:id}", response=given(s.ReviewOut, 404), tags=["reviews"], operation_id="getReview"
)
def get_review(request: HttpRequest, id: UUID) -> Any:
    """One version of a claim's rating."""
    rows = seen_by(request).reviews().select_related("level", "author", "claim")
    return arranged.reviews([get_object_or_404(rows, uuid=id)])[0]


@router.get(
    "/documents", response=given(s.Page[s.DocumentOut]), tags=["evidence"], operation_id="listDocuments"
)
def list_documents(request: HttpRequest, response: HttpResponse, asked: Query[DocumentFilter]) -> Any:
    """What was read to rate claims, the newest first."""
    found = turned(_filtered(seen_by(request).documents(), kind=asked.kind), NEWEST, asked)
    return page(request, response, found, [arranged.document(row) for row in found.rows])


@router.get(
    "/documents/{uuid:id}", response=given(s.DocumentOut, 404), tags=["evidence"], operation_id="getDocument"
)
def get_document(request: HttpRequest, id: UUID) -> Any:
    """One document."""
    row: Document = get_object_or_404(seen_by(request).documents(), uuid=id)
    return arranged.document(row)


@router.get(
    "/evidence/{uuid:id}", response=given(s.EvidenceOut, 404), tags=["evidence"], operation_id="getEvidence"
)
def get_evidence(request: HttpRequest, response: HttpResponse, id: UUID) -> Any:
    """A document's words for or against a claim. Its ETag is what `If-Match` names to change it."""
    row = get_object_or_404(seen_by(request).evidence().select_related("document", "claim"), uuid=id)
    response.headers[VERSION] = str(row.row_version)
    return arranged.evidence([row])[0]


@router.get("/search", response=given(s.Found), tags=["search"], operation_id="search")
def search(
    request: HttpRequest,
    q: Typed,
    kind: s.SearchKind | None = None,
    number: Annotated[int, Field(ge=1, le=10)] = 1,
) -> Any:
    """What the public search finds: a few of each kind, or one kind page by page (`number`)."""
    seen = seen_by(request)
    return arranged.found(q, kind=kind or "", number=number, seen=seen)


def claim_of(id: UUID) -> Claim:
    return get_object_or_404(Claim.objects.filter(withdrawn_at=None), uuid=id)
