"""What stands in a text: its targets, the claims with their reviews, who says what, who is named.

Rows are read as plain tuples where they are many.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import F

from newsroom.models import (
    Appearance,
    Assignment,
    Attribution,
    Claim,
    Entity,
    EntityIdentifier,
    Evidence,
    Mention,
    Review,
    Revision,
    Target,
)
from newsroom.presenters.replied import StandingReply, standing_replies
from newsroom.text.changes import same_words
from newsroom.text.selectors import joined


class ReviewRow(NamedTuple):
    """Of a review what an article shows: plain rows are twice as fast as models, and these are many."""

    id: int
    claim_id: int
    level_id: int
    judges: str
    state: str
    summary: str
    explanation: str
    facts_judged: str
    lang: str
    judged_words: str
    appearance__annotation: int | None
    published_at: datetime
    stale_at: datetime | None
    stale_cause: str
    stale_reason: str

    def judged_here(self, annotation: int) -> bool:
        """Whether these are the very words that it judged, and not the same claim elsewhere."""
        return self.appearance__annotation == annotation


class CitedDocument(NamedTuple):
    """A document that readers see as evidence for one of the claims, as data for machines has it."""

    title: str
    publisher: str
    url: str
    lang: str
    date: str


@dataclass(frozen=True, slots=True)
class StandingClaim:
    claim: Claim
    words: str
    review: ReviewRow | None
    #: Who is checking it; asked only of a claim without a review.
    assignment: Assignment | None
    evidence: Counter[str]
    cited: list[CitedDocument]
    replies: tuple[StandingReply, ...] = ()


def targets_in(revision: Revision, as_of: datetime | None = None) -> list[tuple[int, str, int, int, str]]:
    """(annotation, role, start, end, exact) of every public target that has a place, in order of place."""
    return list(
        Target.objects.placed()
        .public_in(revision.article_id, as_of=as_of)
        .filter(revision=revision)
        .order_by("start", "-end", "pk")
        .values_list("annotation", "role", "start", "end", "exact")
    )


def claims_in(
    revision: Revision, targets: list, as_of: datetime | None = None, *, replied: bool = True
) -> dict[int, StandingClaim]:
    """The claims that stand in the text, by annotation, in the order in which their notes are numbered.

    What was replied to them is asked for unless nobody wants it.
    """
    words: dict[int, list[str]] = defaultdict(list)
    ends: dict[int, int] = {}
    for annotation, role, _start, end, exact in targets:
        if role == Target.Role.CONTENT:
            words[annotation].append(exact)
            ends[annotation] = max(end, ends.get(annotation, 0))
    standing = Appearance.objects.public_in(revision.article_id, as_of=as_of)
    claims = [
        claim
        for claim in Claim.objects.filter(appearances__in=standing, withdrawn_at=None)
        .annotate(annotation=F("appearances__annotation"))
        .select_related("claimant")
        if claim.annotation in words
    ]
    keys = {claim.pk for claim in claims}
    current = _reviews(keys, as_of)
    assigned = {row.claim_id: row for row in Assignment.objects.open(at=as_of).filter(claim__in=keys)}
    evidence: dict[int, Counter[str]] = defaultdict(Counter)
    cited: dict[int, list[CitedDocument]] = defaultdict(list)
    items = Evidence.objects.standing().filter(claim__in=keys).order_by("ordinal", "pk")
    document = (f"document__{field}" for field in CitedDocument._fields)
    for claim, stance, *told in items.values_list("claim", "stance", *document):
        evidence[claim][stance] += 1
        cited[claim].append(CitedDocument._make(told))
    replies = standing_replies(current.keys(), as_of=as_of) if replied else {}
    claims.sort(key=lambda claim: (ends[claim.annotation], claim.annotation))
    standing_claims = {}
    for claim in claims:
        review = current.get(claim.pk)
        if review is not None and as_of is not None:
            review = _then(review, claim.annotation, joined(words[claim.annotation]))
        standing_claims[claim.annotation] = StandingClaim(
            claim=claim,
            words=joined(words[claim.annotation]),
            review=review,
            assignment=None if review else assigned.get(claim.pk),
            evidence=evidence[claim.pk],
            cited=cited[claim.pk],
            replies=tuple(
                reply for reply in replies.get(claim.pk, ()) if review and reply.stands_beside(review.id)
            ),
        )
    return standing_claims


def _reviews(claims: set[int], as_of: datetime | None) -> dict[int, ReviewRow]:
    """Of each claim the review that readers see, or saw at a moment."""
    found = Review.objects.filter(claim__in=claims)
    if as_of is None:
        found = found.current()
    else:
        found = found.public().filter(published_at__lt=as_of).order_by("published_at", "pk")
    rows = map(ReviewRow._make, found.values_list(*ReviewRow._fields))
    return {row.claim_id: row for row in rows}


def _then(review: ReviewRow, annotation: int, words: str) -> ReviewRow:
    """A review as it stood in an old revision: of the words that it judged there, whether they are the same.

    What it judged elsewhere is not told by this text: there it holds.
    """
    held = not review.judged_here(annotation) or same_words(words, review.judged_words)
    state = Review.State.PUBLISHED if held else Review.State.STALE
    return review._replace(state=state, stale_at=None, stale_cause="", stale_reason="")


def attributions_in(revision: Revision, as_of: datetime | None) -> list[Attribution]:
    return list(
        Attribution.objects.public_in(revision.article_id, as_of=as_of).select_related(
            "source", "parent__source", "parent__annotation"
        )
    )


def mentions_in(
    revision: Revision, places: Places, as_of: datetime | None
) -> tuple[list[tuple[int, Entity]], dict[int, list[str]]]:
    """(annotation, entity) of every name in the text, the protected ones included: they are for no reader.

    And the addresses of each entity in other catalogues, by its key.
    """
    named = list(
        Mention.objects.public_in(revision.article_id, as_of=as_of)
        .filter(form=Mention.Form.NAME)
        .order_by("pk")
        .values_list("annotation", "entity")
    )
    entities: dict[int, Entity] = {}
    same_as: dict[int, list[str]] = defaultdict(list)
    # An entity comes once for each of its numbers: so they cost no query of their own.
    found = Entity.objects.filter(pk__in={entity for _annotation, entity in named})
    found = found.annotate(scheme=F("identifiers__scheme"), number=F("identifiers__value"))
    for entity in found.order_by("pk", "scheme", "number"):
        entities.setdefault(entity.pk, entity)
        if entity.scheme:
            same_as[entity.pk].append(EntityIdentifier(scheme=entity.scheme, value=entity.number).url)
    here = [(annotation, entities[entity]) for annotation, entity in named if places.of(annotation)]
    return here, same_as


class Places:
    """Where each annotation stands, by role."""

    def __init__(self, targets: list[tuple[int, str, int, int, str]]):
        self._found: dict[tuple[int, str], list[tuple[int, int, str]]] = defaultdict(list)
        for annotation, role, start, end, exact in targets:
            self._found[annotation, role].append((start, end, exact))

    def of(self, annotation: int, role: str = Target.Role.CONTENT) -> list[tuple[int, int, str]]:
        return self._found.get((annotation, role), [])

    def words(self, annotation: int, role: str) -> str:
        return joined(exact for _start, _end, exact in self.of(annotation, role))
