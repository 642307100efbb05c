"""What readers see of an article or a claim, arranged for the formats of machines: ninjs, NIF, PROV, reviews.

Each takes what the public pages take: of an article that is not shown in full the tagged words and their
sentence, of people those who may be named, of ratings those that are published.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef

from newsroom.models import (
    Annotation,
    Appearance,
    Article,
    Attribution,
    Claim,
    ClaimWording,
    Entity,
    EntityIdentifier,
    Evidence,
    Mention,
    Newsroom,
    RatingLevel,
    Review,
    Revision,
    Source,
    Target,
    User,
)
from newsroom.text.annotated import ATTRIBUTION, CLAIM, MENTION, AnnotatedText, Part, Tag
from newsroom.text.linked import CheckedClaim, Consulted, Judgement, Provenance, TextVersion
from newsroom.text.sentences import sentence_around

from .annotated_article import may_be_named
from .history import public_revisions
from .ratings import Badge, Ratings
from .replied import StandingReply, standing_replies

#: Reviews of the feed that are read at once.
PORTION = 100
#: Articles of a claim whose versions its provenance tells: the newest.
ARTICLES = 20


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """`quotations` are the passages that are shown where the text is not, None where it is shown in full."""

    article: Article
    tagged: AnnotatedText
    quotations: tuple[str, ...] | None
    named: tuple[Entity, ...]
    sources: tuple[Source, ...]
    claims: tuple[CheckedClaim, ...]


def linked_article(article: Article, *, newsroom: Newsroom, in_full: bool) -> LinkedArticle:
    """`article` comes with its current revision. Nine queries."""
    return _Reading(article, newsroom, in_full).arranged()


class _Reading:
    def __init__(self, article: Article, newsroom: Newsroom, in_full: bool) -> None:
        self.article, self.newsroom, self.in_full = article, newsroom, in_full
        self.revision: Revision = article.current_revision
        self.places: dict[int, list[Part]] = defaultdict(list)
        self.ids: dict[int, str] = {}
        targets = Target.objects.placed().public_in(article).filter(revision=self.revision)
        told = targets.order_by("start", "-end", "pk")
        for annotation, uuid, role, start, end in told.values_list(
            "annotation", "annotation__uuid", "role", "start", "end"
        ):
            self.places[annotation].append(Part(start, end, role))
            self.ids[annotation] = str(uuid)

    def arranged(self) -> LinkedArticle:
        claims, mentions = self.claims(), self.mentions()
        attributions = self.attributions(claims)
        tags = [*self.claim_tags(claims), *self.mention_tags(mentions), *self.attribution_tags(attributions)]
        tags.sort(key=lambda tag: (tag.start, -tag.end, tag.id))
        known = {
            "headline": self.article.headline,
            "slug": self.article.slug,
            "url": self.newsroom.address + self.article.get_absolute_url(),
        }
        sources = {row.source_id: row.source for row in attributions if may_be_named(row.source)}
        quotations = None
        if not self.in_full:
            quotations = tuple(self.sentence(annotation) for annotation, _claim, _told in claims)
        return LinkedArticle(
            article=self.article,
            tagged=AnnotatedText(
                str(self.article.uuid), self.revision.text, self.article.lang, known=known, tags=tuple(tags)
            ),
            quotations=quotations,
            named=tuple(dict.fromkeys(entity for _annotation, entity, _same_as in mentions)),
            sources=tuple(sources.values()),
            claims=tuple({told.url: told for _annotation, _claim, told in claims}.values()),
        )

    def sentence(self, annotation: int) -> str:
        part = self.places[annotation][0]
        first, last = sentence_around(self.revision.text, part.start, part.end)
        return self.revision.text[first:last]

    def claims(self) -> list[tuple[int, Claim, CheckedClaim]]:
        known = Ratings.load()
        standing = Appearance.objects.public_in(self.article).select_related("claim__claimant")
        rows = [
            row for row in standing.filter(claim__withdrawn_at=None) if self.places.get(row.annotation_id)
        ]
        rows.sort(key=lambda row: (self.places[row.annotation_id][0].start, row.pk))
        current = known.current_of(row.claim_id for row in rows)
        found = []
        for row in rows:
            review = current.get(row.claim_id)
            if not isinstance(review, Review) or review.state != Review.State.PUBLISHED:
                review = None
            told = CheckedClaim(
                url=row.claim.get_absolute_url(),
                text=row.claim.text,
                lang=row.claim.lang,
                rating=known.badge(review).label if review else "",
                summary=review.summary if review else "",
            )
            found.append((row.annotation_id, row.claim, told))
        return found

    def mentions(self) -> list[tuple[int, Entity, str]]:
        """(annotation, entity, its first address elsewhere) of every name that has a page."""
        # By its key: told that it is among all that are public, SQLite begins with each of those.
        public = Entity.objects.public().filter(pk=OuterRef("entity"))
        named = Mention.objects.public_in(self.article).filter(Exists(public), form=Mention.Form.NAME)
        rows = [row for row in named.select_related("entity") if self.places.get(row.annotation_id)]
        elsewhere: dict[int, str] = {}
        numbers = EntityIdentifier.objects.filter(entity__in={row.entity_id for row in rows})
        for number in numbers.order_by("scheme", "value"):
            elsewhere.setdefault(number.entity_id, number.url)
        rows.sort(key=lambda row: (self.places[row.annotation_id][0].start, row.pk))
        return [(row.annotation_id, row.entity, elsewhere.get(row.entity_id, "")) for row in rows]

    def attributions(self, claims: list[tuple[int, Claim, CheckedClaim]]) -> list[Attribution]:
        rows = Attribution.objects.public_in(self.article).select_related("source")
        found = [row for row in rows if self.places.get(row.annotation_id)]
        return sorted(found, key=lambda row: (self.places[row.annotation_id][0].start, row.pk))

    def claim_tags(self, claims: list[tuple[int, Claim, CheckedClaim]]) -> Iterator[Tag]:
        for annotation, claim, told in claims:
            known = {
                "claim": str(claim.uuid),
                "text": claim.text,
                "lang": claim.lang,
                "claim_kind": claim.kind,
                "claim_url": self.newsroom.address + told.url,
                "rating_label": told.rating,
                "claimant": claim.claimant.name if may_be_named(claim.claimant) else "",
            }
            yield self.tag(annotation, CLAIM, known)

    def mention_tags(self, mentions: list[tuple[int, Entity, str]]) -> Iterator[Tag]:
        for annotation, entity, same_as in mentions:
            known = {
                "entity": str(entity.uuid),
                "name": entity.name,
                "entity_kind": entity.kind,
                "entity_url": self.newsroom.address + entity.get_absolute_url(),
                "same_as": same_as,
            }
            yield self.tag(annotation, MENTION, known)

    def attribution_tags(self, attributions: list[Attribution]) -> Iterator[Tag]:
        for row in attributions:
            name = row.source.name if may_be_named(row.source) else ""
            yield self.tag(row.annotation_id, ATTRIBUTION, {"name": name, "quote_type": row.quote_type})

    def tag(self, annotation: int, kind: str, known: dict[str, str]) -> Tag:
        filled = {key: value for key, value in known.items() if value}
        return Tag(self.ids[annotation], kind, tuple(self.places[annotation]), filled)


# -- where a claim comes from ------------------------------------------------------------------------------


def provenance(claim: Claim, *, newsroom: Newsroom, vocabulary: str, at: datetime) -> Provenance:
    """`claim` comes from `Claim.objects.public()`. Two queries and one for each of its newest articles."""
    known = Ratings.load()
    standing = Appearance.objects.public(at=at).filter(claim=claim)
    articles = Article.objects.filter(pk__in=standing.values("annotation__article")).newest_first()
    texts = {revision.pk: text for article in articles[:ARTICLES] for revision, text in _versions(article)}
    reviews = claim.reviews.versions().select_related("level__scale", "author", "approver", "supersedes")
    evidence = claim.evidence.standing().select_related("document__original")
    documents: dict[str, Consulted] = {}
    for item in evidence:
        documents.setdefault(item.document.code, _consulted(item))
    return Provenance(
        home=newsroom.address,
        newsroom=newsroom.name,
        vocabulary=vocabulary,
        path=claim.get_absolute_url(),
        text=claim.text,
        texts=tuple(texts.values()),
        documents=tuple(documents.values()),
        judgements=tuple(_judgement(review, known, texts) for review in reviews),
    )


def _versions(article: Article) -> Iterator[tuple[Revision, TextVersion]]:
    before = ""
    for revision in public_revisions(article):
        path = f"{article.get_absolute_url()}revisions/{revision.number}/"
        yield (
            revision,
            TextVersion(path, article.get_absolute_url(), article.headline, revision.at, before),
        )
        before = path


def _consulted(item: Evidence) -> Consulted:
    document = item.document
    return Consulted(
        code=document.code,
        title=document.title,
        url=document.url,
        stance=item.stance,
        primary=document.kind == document.Kind.PRIMARY,
        quoted=bool(item.quotation),
        original=document.original.code if document.original else "",
    )


def _judgement(review: Review, known: Ratings, texts: dict[int, TextVersion]) -> Judgement:
    gone = review.state == Review.State.WITHDRAWN
    stale = review.state == Review.State.STALE
    text = texts.get(review.revision_id or 0)
    before = review.supersedes
    return Judgement(
        path=review.get_absolute_url(),
        rating="" if gone else known.badge(review).label,
        words="" if gone else review.summary,
        begun=min(review.proposed_at, review.published_at),
        published=review.published_at,
        author=str(review.author.public_name),
        author_is_named=_is_named(review.author),
        approver=str(review.approver.public_name) if review.approver else "",
        approver_is_named=review.approver is not None and _is_named(review.approver),
        text=text.path if text else "",
        supersedes=before.get_absolute_url() if before and before.published_at else "",
        invalidated=review.withdrawn_at if gone else review.stale_at if stale else None,
        why="Withdrawn" if gone else "Stale" if stale else "",
    )


def _is_named(user: User) -> bool:
    return user.signature == User.Signature.NAME and bool(user.get_full_name())


# -- every review ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FeedReview:
    review: Review
    badge: Badge
    levels: tuple[RatingLevel, ...]
    #: Where its claim stands, the newest article first.
    appearances: tuple[str, ...]
    wordings: tuple[tuple[str, str], ...]
    replies: tuple[StandingReply, ...]


def feed_reviews(*, at: datetime) -> Iterator[FeedReview]:
    """Every published review whose words still stand, of public claims, as they came; a portion at a time."""
    known, last = Ratings.load(), 0
    public = Review.objects.filter(state=Review.State.PUBLISHED).met(at=at)
    while portion := list(
        public.filter(pk__gt=last).order_by("pk").select_related("level", "claim__claimant")[:PORTION]
    ):
        last = portion[-1].pk
        claims = {review.claim_id for review in portion}
        places: dict[int, list[str]] = defaultdict(list)
        standing = Target.objects.placed().current().public(at=at)
        standing = standing.filter(annotation__appearance__claim__in=claims, ordinal=0)
        standing = standing.filter(role=Target.Role.CONTENT, annotation__kind=Annotation.Kind.CLAIM)
        for row in (
            standing.select_related("annotation__article")
            .annotate(claim=F("annotation__appearance__claim"))
            .order_by("-annotation__article__published_at", "annotation__article", "start")
        ):
            places[row.claim].append(row.annotation.article.get_absolute_url())
        wordings: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for wording in ClaimWording.objects.filter(claim__in=claims).order_by("lang"):
            wordings[wording.claim_id].append((wording.lang, wording.text))
        replies = standing_replies(claims)
        for review in portion:
            yield FeedReview(
                review=review,
                badge=known.badge(review),
                levels=tuple(known.levels_beside(review.level_id)),
                appearances=tuple(
                    f"{address}#claim-{review.claim.code}" for address in places[review.claim_id]
                ),
                wordings=tuple(wordings[review.claim_id]),
                replies=tuple(
                    reply for reply in replies.get(review.claim_id, ()) if reply.stands_beside(review.pk)
                ),
            )
