"""The register of an article's claims: how many wear each rating, as links that filter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet

from newsroom.models import Annotation, Appearance, Article, Assignment, Review, Target
from newsroom.models.claim import ClaimQuerySet
from newsroom.models.review import ReviewQuerySet

from . import ratings
from .ratings import Badge, Ratings


@dataclass(frozen=True, slots=True)
class Count:
    badge: Badge
    number: int
    url: str
    selected: bool = False


def filter_key(review: Review | None, known: Ratings, *, assigned: bool = False) -> str:
    """Under which key of the register a claim with this current review is counted."""
    if review is None:
        return ratings.CHECKING if assigned else ratings.UNCHECKED
    if review.state == Review.State.STALE:
        return ratings.STALE
    if review.judges == Review.Judges.ATTRIBUTION:
        return ratings.ATTRIBUTION
    return known.key_of(review.level_id)


def reviews_with_key(key: str, known: Ratings) -> ReviewQuerySet:
    """The current reviews whose claims are counted under a key: what `filter_key` says, asked."""
    if key == ratings.STALE:
        return Review.objects.filter(state=Review.State.STALE)
    published = Review.objects.filter(state=Review.State.PUBLISHED)
    if key == ratings.ATTRIBUTION:
        return published.filter(judges=Review.Judges.ATTRIBUTION)
    levels = [level for level in known.labels if known.key_of(level) == key]
    return published.filter(judges=Review.Judges.CONTENT, level__in=levels)


def claims_with_key(key: str, known: Ratings) -> QuerySet:
    """The keys of all claims that are counted under a key, as far as somebody has to do with them."""
    if key == ratings.CHECKING:
        return Assignment.objects.open().order_by().values_list("claim", flat=True)
    return reviews_with_key(key, known).order_by().values_list("claim", flat=True)


def with_key(claims: ClaimQuerySet, key: str, known: Ratings) -> ClaimQuerySet:
    """Of these claims those that are counted under a key."""
    if key in ratings.NO_RATINGS:
        assigned = Exists(Assignment.objects.open().filter(claim=OuterRef("pk")))
        unrated = claims.filter(~Exists(Review.objects.current().filter(claim=OuterRef("pk"))))
        return unrated.filter(assigned if key == ratings.CHECKING else ~assigned)
    return claims.filter(Exists(reviews_with_key(key, known).filter(claim=OuterRef("pk"))))


def of_claims(claims: Iterable[int], known: Ratings) -> Counter[str]:
    """How many of these claims have each key."""
    claims = list(claims)
    standing = known.current_of(claims)
    return Counter(_key_of(standing.get(claim), known) for claim in claims)


def _key_of(standing: Review | Assignment | None, known: Ratings) -> str:
    if isinstance(standing, Assignment):
        return ratings.CHECKING
    return filter_key(standing, known)


def every_badge(known: Ratings) -> list[Badge]:
    """What can be filtered by: ratings of the content in the order of the scale, attributions, the states."""
    badges = [known.of_level(level.pk) for level in known.levels_of_all_versions()]
    return [*badges, ratings.attributions(), ratings.stale(), ratings.checking(), ratings.unchecked()]


def counts(
    numbers: Counter[str], badges: Iterable[Badge], *, url: Callable[[str], str], selected: str = ""
) -> tuple[Count, ...]:
    """Those of `every_badge` that any claim wears, in its order."""
    return tuple(
        Count(
            badge, numbers[badge.key], url("" if badge.key == selected else badge.key), badge.key == selected
        )
        for badge in badges
        if numbers[badge.key]
    )


def of_articles(articles: Iterable[Article], known: Ratings | None = None) -> dict[int, Counter[str]]:
    """For each article, how many of the claims that stand in its current text have each key.

    Three queries. Which claims stand where is read first: joined with it, few claims would be looked for
    among all that were ever rated.
    """
    standing = Appearance.objects.filter(
        annotation__article__in=articles,
        annotation__state=Annotation.State.ACCEPTED,
        annotation__targets__revision=F("annotation__article__current_revision"),
        annotation__targets__role=Target.Role.CONTENT,
        annotation__targets__start__isnull=False,
        claim__withdrawn_at=None,
    )
    known = known or Ratings.load()
    places = standing.order_by().values_list("pk", "annotation__article", "claim").distinct()
    shown = [(article, claim) for _appearance, article, claim in places]
    keys = {claim for _article, claim in shown}
    current = Review.objects.current().filter(claim__in=keys).only("claim_id", "state", "judges", "level_id")
    reviewed = {review.claim_id: review for review in current}
    assigned = set(
        Assignment.objects.open().order_by().filter(claim__in=keys).values_list("claim", flat=True)
    )
    found: dict[int, Counter[str]] = {}
    for article, claim in shown:
        key = filter_key(reviewed.get(claim), known, assigned=claim in assigned)
        found.setdefault(article, Counter())[key] += 1
    return found
