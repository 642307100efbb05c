"""How we work: the rating scale with what each level means, and the policies, from the database."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from newsroom.models import Policy

from . import ratings
from .ratings import Badge, Ratings


@dataclass(frozen=True, slots=True)
class MethodPage:
    policies: tuple[Policy, ...]
    levels: tuple[tuple[Badge, Badge | None], ...]
    states: tuple[Badge, ...]


def method_page() -> MethodPage:
    known = Ratings.load()
    policies: dict[str, Policy] = {}
    for policy in Policy.objects.all():
        if policy.kind not in policies or policy.lang == get_language():
            policies[policy.kind] = policy
    return MethodPage(
        policies=tuple(sorted(policies.values(), key=lambda policy: policy.kind, reverse=True)),
        levels=tuple(
            (
                known.of_level(level.pk),
                None if level.is_opinion else known.of_level(level.pk, attribution=True),
            )
            for level in known.levels()
        ),
        states=(ratings.unchecked(), ratings.checking(), ratings.stale()),
    )
