"""Ratings as a page shows them: word, icon, tone and underline together, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from newsroom.models import RatingLabel, RatingLevel, Review

#: Beside the codes of the scale, the keys by which a page can be filtered.
UNCHECKED, STALE, ATTRIBUTION = "unchecked", "stale", "attribution"


@dataclass(frozen=True, slots=True)
class Badge:
    key: str
    label: str
    icon: str
    tone: str
    underline: str
    meaning: str
    is_attribution: bool = False
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Ratings:
    """Every level of every scale with its labels in one language: one query."""

    labels: dict[int, RatingLabel]

    @classmethod
    def load(cls) -> Ratings:
        """Labels in the active language; a level that has none there keeps another language's."""
        labels: dict[int, RatingLabel] = {}
        for label in RatingLabel.objects.select_related("level").order_by("level__scale", "level__position"):
            if label.level_id not in labels or label.lang == get_language():
                labels[label.level_id] = label
        return cls(labels)

    def levels(self) -> list[RatingLevel]:
        return [label.level for label in self.labels.values()]

    def badge(self, review: Review | None) -> Badge:
        """What is said beside a claim whose current review this is; None says *not yet checked*."""
        if review is None:
            return unchecked()
        return self.of_level(
            review.level_id,
            attribution=review.judges == Review.Judges.ATTRIBUTION,
            stale=review.state == Review.State.STALE,
        )

    @staticmethod
    def current_of(claims: Iterable[int]) -> dict[int, Review]:
        """The current review of each claim, by the claim's key: one query."""
        found = Review.objects.current().filter(claim__in=list(claims))
        return {review.claim_id: review for review in found}

    def of_level(self, level_id: int, *, attribution: bool = False, stale: bool = False) -> Badge:
        """The words, icon and colour of truth are never worn by a review that judges only the attribution."""
        label = self.labels[level_id]
        if attribution:
            return Badge(
                key=label.level.code_name,
                label=label.attribution_label,
                icon="quote",
                tone="attribution",
                underline="solid",
                meaning=label.attribution_meaning,
                is_attribution=True,
                stale=stale,
            )
        return Badge(
            key=label.level.code_name,
            label=label.label,
            icon=label.level.icon,
            tone=label.level.tone,
            underline=label.level.underline,
            meaning=label.meaning,
            stale=stale,
        )


def unchecked() -> Badge:
    return Badge(
        key=UNCHECKED,
        label=_("Not yet checked"),
        icon="circle-dashed",
        tone="unchecked",
        underline="thin-dashed",
        meaning=_("Nobody here has checked this claim yet: it is neither confirmed nor denied."),
    )


def attributions() -> Badge:
    """All reviews that judge only the attribution, counted together."""
    return Badge(
        key=ATTRIBUTION,
        label=pgettext("count", "Attributions checked"),
        icon="quote",
        tone="attribution",
        underline="solid",
        meaning=_("What is judged is whether the source said it; the content is not rated."),
        is_attribution=True,
    )


def stale() -> Badge:
    return Badge(
        key=STALE,
        label=_("To be checked again"),
        icon="rotate-ccw",
        tone="unchecked",
        underline="thin-dashed",
        meaning=_("The words changed after they were rated: the rating does not speak of the new words."),
        stale=True,
    )
