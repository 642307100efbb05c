"""How we work: the rating scale with what each level means, and the policies, from the database."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from newsroom.models import Page, Policy, RatingScale

from . import ratings
from .pages import linked_pages
from .ratings import Badge, Ratings


@dataclass(frozen=True, slots=True)
class Level:
    badge: Badge
    #: What it is called where only the attribution was checked; None where it says nothing of one.
    of_attribution: Badge | None


@dataclass(frozen=True, slots=True)
class Scale:
    name: str
    version: int
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class MethodPage:
    policies: tuple[Policy, ...]
    scales: tuple[Scale, ...]
    earlier: tuple[Scale, ...]
    states: tuple[Badge, ...]
    #: What else the newsroom discloses, on pages of their own.
    pages: tuple[Page, ...]


def method_page() -> MethodPage:
    known = Ratings.load()
    policies: dict[str, Policy] = {}
    for policy in Policy.objects.all():
        if policy.kind not in policies or policy.lang == get_language():
            policies[policy.kind] = policy
    current = set(RatingScale.objects.current().values_list("pk", flat=True))
    scales = RatingScale.objects.order_by("code_name", "-version")
    return MethodPage(
        policies=tuple(policies[kind] for kind in Policy.Kind.values if kind in policies),
        scales=tuple(_scale(scale, known) for scale in scales if scale.pk in current),
        earlier=tuple(
            _scale(scale, known) for scale in scales if scale.is_in_force and scale.pk not in current
        ),
        states=(ratings.unchecked(), ratings.checking(), ratings.stale()),
        pages=tuple(linked_pages()),
    )


def _scale(scale: RatingScale, known: Ratings) -> Scale:
    levels = known.levels_of(scale.pk)
    return Scale(
        name=scale.name,
        version=scale.version,
        levels=tuple(
            Level(
                known.of_level(level.pk),
                None if level.is_opinion else known.of_level(level.pk, attribution=True),
            )
            for level in levels
        ),
    )
