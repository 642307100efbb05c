"""Rows as the API says them: plain data by uuid, in a constant number of queries for a page of rows.

What is public is what the pages show: an article that is only quoted gives its tagged words and no text
around them, a source that may not be named has no name, who is protected is named nowhere. `for_the_desk`
adds what is not published yet, and no name that is not public.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from newsroom.models import (
    Annotation,
    Appearance,
    Article,
    Attribution,
    Claim,
    ClaimRelation,
    ClaimWording,
    Document,
    Entity,
    Evidence,
    Mention,
    Newsroom,
    Rectification,
    Review,
    Source,
    Target,
)
from newsroom.models.claim import ClaimQuerySet

from .annotated_article import may_be_named, speaker
from .checked import Passage, reviews_of
from .history import public_revisions
from .ratings import Badge, Ratings, checking, unchecked
from .replied import StandingReply, replies_to
from .search import search_page

Json = dict[str, Any]

#: Of a claim as many places where it stands.
APPEARANCES = 100


@dataclass(frozen=True, slots=True)
class Seen:
    """Who looks, and when: a reader, or a program that may see what the desk sees."""

    at: datetime
    demo: bool
    for_the_desk: bool = False

    def articles(self) -> QuerySet[Article]:
        if self.for_the_desk:
            return Article.objects.filter(current_revision__isnull=False)
        return Article.objects.published(at=self.at)

    def claims(self) -> ClaimQuerySet:
        if self.for_the_desk:
            return Claim.objects.filter(withdrawn_at=None)
        return Claim.objects.public(at=self.at)

    def annotations(self) -> QuerySet[Annotation]:
        """Those that a person accepted, in such articles; a mention if it names who may be named."""
        # By its key: told that it is among all that are public, SQLite tries each of them for each mention.
        public = Entity.objects.public().filter(pk=OuterRef("entity"))
        named = Mention.objects.filter(Exists(public), annotation=OuterRef("pk"))
        standing = self.articles().filter(pk=OuterRef("article"))
        return Annotation.objects.public().filter(
            Exists(standing), ~Q(kind=Annotation.Kind.MENTION) | Exists(named)
        )

    def evidence(self) -> QuerySet[Evidence]:
        return Evidence.objects.standing().filter(Exists(self.claims().filter(pk=OuterRef("claim"))))

    def documents(self) -> QuerySet[Document]:
        if self.for_the_desk:
            return Document.objects.filter(withdrawn_at=None)
        return Document.objects.public(at=self.at)

    def sources(self) -> QuerySet[Source]:
        return Source.objects.met(at=self.at)

    def entities(self) -> QuerySet[Entity]:
        return Entity.objects.met(at=self.at)

    def reviews(self) -> QuerySet[Review]:
        """All versions that readers can open, of claims that they can open."""
        return Review.objects.public().met(at=self.at)


def address() -> str:
    return Newsroom.objects.current().address


# Articles and their tags


def articles(rows: Sequence[Article]) -> list[Json]:
    """Wants `current_revision` joined."""
    base = address()
    return [_article(row, base) for row in rows]


def article(row: Article, seen: Seen) -> Json:
    full = seen.for_the_desk or row.shows_in_full(demo=seen.demo)
    base = address()
    return _article(row, base) | {
        "backstory": row.backstory,
        "shown_in_full": full,
        "text": row.current_revision.text if full else None,
        "sha256": row.current_revision.sha256 if full else None,
        "revisions": [
            {"number": revision.number, "kind": revision.kind, "note": revision.note, "at": revision.at}
            for revision in public_revisions(row)
        ],
        "rectifications": _rectifications([row], "article", base)[row.pk],
    }


def _article(row: Article, base: str) -> Json:
    return {
        "id": row.uuid,
        "slug": row.slug,
        "url": base + row.get_absolute_url(),
        "lang": row.lang,
        "headline": row.headline,
        "standfirst": row.standfirst,
        "byline": row.byline,
        "publisher": row.publisher,
        "original_url": row.original_url,
        "date": row.date,
        "rights": row.rights,
        "published_at": row.published_at,
        "updated_at": row.current_revision.at,
        "revision": row.current_revision.number,
    }


def tags(rows: Sequence[Annotation], seen: Seen) -> list[Json]:
    """Wants `article` joined."""
    keys = [row.pk for row in rows]
    targets = defaultdict(list)
    standing = Target.objects.current().filter(annotation__in=keys).select_related("revision")
    for target in standing.defer("revision__html", "revision__blocks", "revision__text").order_by(
        "role", "ordinal"
    ):
        targets[target.annotation_id].append(target)
    appearances = {
        appearance.annotation_id: appearance.claim
        for appearance in Appearance.objects.filter(annotation__in=keys).select_related("claim")
    }
    named = defaultdict(list)
    for mention in Mention.objects.filter(annotation__in=keys).select_related("entity").order_by("pk"):
        if mention.entity is not None and mention.entity.has_page:
            named[mention.annotation_id].append(mention)
    attributions = {
        attribution.annotation_id: attribution
        for attribution in Attribution.objects.filter(annotation__in=keys).select_related("source", "claim")
    }
    wanted = [*appearances.values(), *(row.claim for row in attributions.values() if row.claim)]
    shown = set(seen.claims().filter(pk__in=[claim.pk for claim in wanted]).values_list("pk", flat=True))
    return [
        {
            "id": row.uuid,
            "kind": row.kind,
            "article": row.article.uuid,
            "at": row.at,
            "row_version": row.row_version,
            "targets": list(_targets(row, targets[row.pk], attributions.get(row.pk), seen)),
            "claim": _name_of(appearances.get(row.pk), shown),
            "entities": [
                {"id": mention.entity.uuid, "name": mention.entity.name, "form": mention.form}
                for mention in named[row.pk]
            ],
            "attribution": _attribution(attributions.get(row.pk), shown),
        }
        for row in rows
    ]


def _targets(
    row: Annotation, targets: Iterable[Target], attribution: Attribution | None, seen: Seen
) -> Iterable[Json]:
    full = seen.for_the_desk or row.article.shows_in_full(demo=seen.demo)
    hidden = attribution is not None and attribution.source and not may_be_named(attribution.source)
    for target in targets:
        if target.role == Target.Role.SOURCE and hidden:
            continue
        yield {
            "revision": target.revision.number,
            "role": target.role,
            "ordinal": target.ordinal,
            "start": target.start,
            "end": target.end,
            "exact": target.exact,
            "prefix": target.prefix if full else "",
            "suffix": target.suffix if full else "",
            "fate": target.fate,
        }


def _attribution(row: Attribution | None, shown: set[int]) -> Json | None:
    if row is None:
        return None
    return {
        "speaker": speaker(row),
        "source": _source_name(row.source),
        "quote_type": row.quote_type,
        "claim": _name_of(row.claim, shown),
    }


def _name_of(claim: Claim | None, shown: set[int]) -> Json | None:
    if claim is None or claim.pk not in shown:
        return None
    return {"id": claim.uuid, "text": claim.text, "lang": claim.lang}


def _source_name(source: Source | None) -> Json | None:
    """Who has a page of their own; who is known by a pseudonym is named in `speaker` alone."""
    return {"id": source.uuid, "name": source.name} if source is not None and source.has_page else None


# Claims and what they stand on


def claims(rows: Sequence[Claim]) -> list[Json]:
    base, known = address(), Ratings.load()
    standing = known.current_of(row.pk for row in rows)
    claimants = Source.objects.in_bulk({row.claimant_id for row in rows if row.claimant_id})
    wordings: dict[int, dict[str, str]] = defaultdict(dict)
    for wording in ClaimWording.objects.filter(claim__in=rows).order_by("lang"):
        wordings[wording.claim_id][wording.lang] = wording.text
    return [
        {
            "id": row.uuid,
            "code": row.code,
            "url": base + row.get_absolute_url(),
            "text": row.text,
            "lang": row.lang,
            "kind": row.kind,
            "date": row.date,
            "wordings": wordings[row.pk],
            "claimant": _source_name(claimants.get(row.claimant_id)),
            **_rated(standing.get(row.pk), known),
        }
        for row in rows
    ]


def claim(row: Claim, seen: Seen) -> Json:
    """With where it stands, its ratings, its evidence and what it has to do with other claims."""
    base, known, [said] = address(), Ratings.load(), claims([row])
    # Each by its key: what everybody may see is a list of all there is.
    standing = seen.annotations().filter(pk=OuterRef("annotation"))
    places = Appearance.objects.filter(Exists(standing), claim=row)
    places = places.select_related("annotation__article").order_by("pk")[:APPEARANCES]
    words = defaultdict(list)
    content = (
        Target.objects.current()
        .placed()
        .filter(annotation__in=[place.annotation_id for place in places], role=Target.Role.CONTENT)
    )
    for target in content.order_by("ordinal"):
        words[target.annotation_id].append(target.exact)
    versions = list(row.reviews.versions().select_related("level", "author", "claim"))
    replied = replies_to(versions)
    return said | {
        "appearances": [
            {
                "annotation": place.annotation.uuid,
                "article": {
                    "id": place.annotation.article.uuid,
                    "slug": place.annotation.article.slug,
                    "headline": place.annotation.article.headline,
                },
                "exact": words[place.annotation_id],
            }
            for place in places
        ],
        "reviews": [_review(one, known, replied.get(one.pk, ()), address=base) for one in versions],
        "evidence": evidence(list(row.evidence.standing().select_related("document", "claim"))),
        "relations": list(_relations(row, seen)),
        "rectifications": _rectifications([row], "claim", base)[row.pk],
    }


def _rectifications(
    rows: Sequence[Article | Claim | Source | Entity], about: str, base: str
) -> defaultdict[int, list[Json]]:
    """Those that stand before each of these rows, by its key: one query."""
    found: defaultdict[int, list[Json]] = defaultdict(list)
    standing = Rectification.objects.standing().filter(**{f"flag__{about}__in": [row.pk for row in rows]})
    for row in standing.select_related("flag", f"flag__{about}"):
        found[row.flag.subject.pk].append(
            {
                "id": row.uuid,
                "url": base + row.get_absolute_url(),
                "at": row.at,
                "name": row.name,
                "lang": row.lang,
                "words": row.words,
            }
        )
    return found


def _rated(standing: Any, known: Ratings) -> Json:
    """Unchecked is no rating: it is said as a status."""
    if isinstance(standing, Review):
        status = "stale" if standing.state == Review.State.STALE else "rated"
        return {"status": status, "rating": _badge(known.badge(standing), standing)}
    return {"status": (checking() if standing is not None else unchecked()).key, "rating": None}


def _badge(badge: Badge, review: Review) -> Json:
    return {"key": badge.key, "label": badge.label, "judges": review.judges}


def _relations(row: Claim, seen: Seen) -> Iterable[Json]:
    shown = (Exists(seen.claims().filter(pk=OuterRef(end))) for end in ("source", "target"))
    found = ClaimRelation.objects.of(row).filter(*shown)
    for relation in found.select_related("source", "target").order_by("pk"):
        outward = relation.source_id == row.pk
        other = relation.target if outward else relation.source
        yield {
            "kind": relation.kind,
            "outward": outward,
            "claim": {"id": other.uuid, "text": other.text, "lang": other.lang},
        }


def reviews(rows: Sequence[Review]) -> list[Json]:
    """Wants `level`, `author` and `claim` joined."""
    base, known, replied = address(), Ratings.load(), replies_to(rows)
    return [_review(row, known, replied.get(row.pk, ()), address=base) for row in rows]


def _review(row: Review, known: Ratings, replies: Iterable[StandingReply], *, address: str) -> Json:
    """Of what was withdrawn its reason, and no rating."""
    gone = row.state == Review.State.WITHDRAWN
    return {
        "id": row.uuid,
        "url": address + row.get_absolute_url(),
        "claim": row.claim.uuid,
        "state": row.state,
        "published_at": row.published_at,
        "withdrawal_reason": row.withdrawal_reason,
        "reviewer": "" if gone else str(row.author.public_name),
        "rating": None if gone else _badge(known.badge(row), row),
        "judged_words": "" if gone else row.judged_words,
        "lang": row.lang,
        "summary": "" if gone else row.summary,
        "explanation": "" if gone else row.explanation,
        "facts_judged": "" if gone else row.facts_judged,
        "no_evidence_reason": "" if gone else row.no_evidence_reason,
        "stale_since": row.stale_at if row.state == Review.State.STALE else None,
        "replies": [
            {
                "at": reply.at,
                "name": reply.signature,
                "opinion": reply.opinion,
                "lang": reply.lang,
                "words": reply.words,
            }
            for reply in replies
        ],
    }


def evidence(rows: Sequence[Evidence]) -> list[Json]:
    """Wants `document` and `claim` joined."""
    return [
        {
            "id": row.uuid,
            "claim": row.claim.uuid,
            "document": document(row.document),
            "stance": row.stance,
            "quotation": row.quotation,
            "checked": row.checked,
            "checked_at": row.checked_at,
            "row_version": row.row_version,
        }
        for row in rows
    ]


def document(row: Document) -> Json:
    return {
        "id": row.uuid,
        "title": row.title,
        "publisher": row.publisher,
        "url": row.url,
        "lang": row.lang,
        "kind": row.kind,
        "date": row.date,
        "rights": row.rights,
    }


def matched(found: Sequence[Passage]) -> list[Json]:
    """What says the same as sentences do, with what it shares and how it differs."""
    reviews = reviews_of(found)
    rows = {one.claim.pk: one.claim for passage in found for one in passage.matches}
    said = dict(zip(rows, claims(list(rows.values())), strict=True))
    return [
        {
            "text": passage.text,
            "start": passage.start,
            "end": passage.end,
            "matches": [
                {
                    "claim": said[one.claim.pk],
                    "rated_at": reviews[one.claim.pk].published_at,
                    "shared": {
                        "words": tuple(dict.fromkeys(one.match.words)),
                        "names": tuple(dict.fromkeys(one.match.names)),
                        "figures": one.match.figures,
                    },
                    "negation_differs": one.match.negation_differs,
                    "figures_differ": one.match.figures_differ,
                }
                for one in passage.matches
                if one.claim.pk in reviews
            ],
        }
        for passage in found
    ]


# Names


def sources(rows: Sequence[Source]) -> list[Json]:
    """Wants `entity` joined."""
    base = address()
    rectified = _rectifications(rows, "source", base)
    return [
        _named(row, base)
        | {
            "entity": row.entity.uuid if row.entity and row.entity.has_page else None,
            "rectifications": rectified[row.pk],
        }
        for row in rows
    ]


def entities(rows: Sequence[Entity]) -> list[Json]:
    """Wants `aliases` and `identifiers` prefetched."""
    base = address()
    rectified = _rectifications(rows, "entity", base)
    return [
        _named(row, base)
        | {
            "aliases": [alias.name for alias in row.aliases.all()],
            "same_as": [identifier.url for identifier in row.identifiers.all()],
            "rectifications": rectified[row.pk],
        }
        for row in rows
    ]


def _named(row: Source | Entity, base: str) -> Json:
    return {
        "id": row.uuid,
        "url": base + row.get_absolute_url(),
        "name": row.name,
        "lang": row.lang,
        "kind": row.kind,
        "description": row.description,
    }


def found(typed: str, *, kind: str, number: int, seen: Seen) -> Json:
    """What the public search finds, and why."""
    base = address()
    page = search_page(typed, kind=kind, number=str(number), at=seen.at, demo=seen.demo)
    return {
        "query": page.typed,
        "message": page.message,
        "items": [
            {
                "kind": section.kind,
                "title": _plain(line.title),
                "lang": line.lang,
                "url": line.url if line.is_outside else base + line.url,
                "passages": [_plain(passage) for _lang, passage in line.passages],
            }
            for section in page.sections
            for line in section.lines
        ],
        "has_more": any(bool(section.next_url or section.url) for section in page.sections),
    }


def _plain(passage: Any) -> str:
    return "".join(run.text for run in passage.runs)
