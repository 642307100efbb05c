"""The register of an article's claims: how many wear each rating, as links that filter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Count as CountRows
from django.db.models import F

from newsroom.models import Annotation, Appearance, Article, Review, Target

from . import ratings
from .ratings import Badge, Ratings


@dataclass(frozen=True, slots=True)
class Count:
    badge: Badge
    number: int
    url: str
    selected: bool = False


def filter_key(review: Review | None, known: Ratings) -> str:
    """Under which key of the register a claim with this current review is counted."""
    if review is None:
        return ratings.UNCHECKED
    if review.state == Review.State.STALE:
        return ratings.STALE
    if review.judges == Review.Judges.ATTRIBUTION:
        return ratings.ATTRIBUTION
    return known.labels[review.level_id].level.code_name


def counts(
    numbers: Counter[str], known: Ratings, *, url: Callable[[str], str], selected: str = ""
) -> tuple[Count, ...]:
    """Ratings of the content in the order of the scale, then attributions, stale and unchecked; no zeros."""
    badges = [known.of_level(level.pk) for level in known.levels()]
    badges += [ratings.attributions(), ratings.stale(), ratings.unchecked()]
    return tuple(
        Count(
            badge, numbers[badge.key], url("" if badge.key == selected else badge.key), badge.key == selected
        )
        for badge in badges
        if numbers[badge.key]
    )


def of_articles(articles: Iterable[Article]) -> dict[int, Counter[str]]:
    """For each article, how many of the claims that stand in its current text have each key: two queries."""
    standing = Appearance.objects.filter(
        annotation__article__in=articles,
        annotation__state=Annotation.State.ACCEPTED,
        annotation__targets__revision=F("annotation__article__current_revision"),
        annotation__targets__role=Target.Role.CONTENT,
        annotation__targets__start__isnull=False,
        claim__withdrawn_at=None,
    )
    found: dict[int, Counter[str]] = {}
    for article, number in standing.values_list("annotation__article").annotate(
        CountRows("id", distinct=True)
    ):
        found[article] = Counter({ratings.UNCHECKED: number})
    reviewed = (
        Review.objects.current()
        .filter(claim__appearances__in=standing)
        .values_list("claim__appearances__annotation__article", "state", "judges", "level__code_name")
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
            key = level
        found[article][key] += number
        found[article][ratings.UNCHECKED] -= number
    return found
