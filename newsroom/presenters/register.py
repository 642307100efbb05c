"""The register of an article's claims: how many wear each rating, as links that filter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Count as CountRows
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
    numbers: Counter[str], known: Ratings, *, url: Callable[[str], str], selected: str = ""
) -> tuple[Count, ...]:
    """Ratings of the content in the order of the scale, then attributions, stale and unrated; no zeros."""
    return tuple(
        Count(
            badge, numbers[badge.key], url("" if badge.key == selected else badge.key), badge.key == selected
        )
        for badge in every_badge(known)
        if numbers[badge.key]
    )


def of_articles(articles: Iterable[Article], known: Ratings | None = None) -> dict[int, Counter[str]]:
    """For each article, how many of the claims that stand in its current text have each key.

    Three queries.
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
    found: dict[int, Counter[str]] = {}
    for article, number in standing.values_list("annotation__article").annotate(
        CountRows("id", distinct=True)
    ):
        found[article] = Counter({ratings.UNCHECKED: number})
    reviewed = (
        Review.objects.current()
        .filter(claim__appearances__in=standing)
        .values_list("claim__appearances__annotation__article", "state", "judges", "level")
        .annotate(CountRows("id"))
    )
    for article, state, judges, level, number in reviewed:
        if article not in found:
            continue
        if state == Review.State.STALE:
            key = ratings.STALE
        elif judges == Review.Judges.ATTRIBUTION:
            key = ratings.ATTRIBUTION
        else:
            key = known.key_of(level)
        found[article][key] += number
        found[article][ratings.UNCHECKED] -= number
    rated = Review.objects.current().filter(claim=OuterRef("claim"))
    assigned = (
        Assignment.objects.open()
        .filter(~Exists(rated), claim__appearances__in=standing)
        .order_by()
        .values_list("claim__appearances__annotation__article")
        .annotate(CountRows("claim__appearances"))
    )
    for article, number in assigned:
        if article in found:
            found[article][ratings.CHECKING] += number
            found[article][ratings.UNCHECKED] -= number
    return found
