"""The register of an article's claims: how many wear each rating, as links that filter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Count as CountRows
from django.db.models import Exists, F, OuterRef

from newsroom.models import Annotation, Appearance, Article, Assignment, Review, Target

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


def counts(
    numbers: Counter[str], known: Ratings, *, url: Callable[[str], str], selected: str = ""
) -> tuple[Count, ...]:
    """Ratings of the content in the order of the scale, then attributions, stale and unrated; no zeros."""
    badges = [known.of_level(level.pk) for level in known.levels_of_all_versions()]
    badges += [ratings.attributions(), ratings.stale(), ratings.checking(), ratings.unchecked()]
    return tuple(
        Count(
            badge, numbers[badge.key], url("" if badge.key == selected else badge.key), badge.key == selected
        )
        for badge in badges
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
