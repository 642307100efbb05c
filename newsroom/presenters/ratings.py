"""Ratings as a page shows them: word, icon, tone and underline together, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from newsroom.models import Assignment, RatingLabel, RatingLevel, Review

#: Beside the codes of the scale, the keys by which a page can be filtered.
UNCHECKED, CHECKING, STALE, ATTRIBUTION = "unchecked", "checking", "stale", "attribution"
#: The states of a claim that nobody has rated. They are no ratings, and never leave as one.
NO_RATINGS = (UNCHECKED, CHECKING)


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
    #: Of a level that today's scale explains otherwise, the version of its own: it is explained apart.
    version: int | None = None

    @property
    def anchor(self) -> str:
        """What tells it apart on a page that explains each badge once."""
        key = f"attribution-{self.key}" if self.is_attribution else self.key
        return f"{key}-version-{self.version}" if self.version else key


@dataclass(frozen=True, slots=True)
class Ratings:
    """Every level of every version of the scale with its labels in one language: one query."""

    labels: dict[int, RatingLabel]
    #: The scales that a claim can be rated with today, by key.
    current_scales: frozenset[int]

    @classmethod
    def load(cls) -> Ratings:
        """Labels in the active language; a level that has none there keeps another language's."""
        labels: dict[int, RatingLabel] = {}
        found = RatingLabel.objects.select_related("level__scale")
        for label in found.order_by("level__scale__code_name", "level__scale__version", "level__position"):
            if label.level_id not in labels or label.lang == get_language():
                labels[label.level_id] = label
        # Those of later versions come later.
        scales = [label.level.scale for label in labels.values() if label.level.scale.is_in_force]
        return cls(labels, frozenset({scale.code_name: scale.pk for scale in scales}.values()))

    def levels(self) -> list[RatingLevel]:
        """Those that a claim can be rated with today, in their order."""
        return [level for level in self._in_force() if level.scale_id in self.current_scales]

    def levels_of_all_versions(self) -> list[RatingLevel]:
        """Today's, then those of earlier versions that are called otherwise: each key once."""
        earlier = [level for level in reversed(self._in_force()) if level.scale_id not in self.current_scales]
        by_key: dict[str, RatingLevel] = {}
        for level in [*self.levels(), *earlier]:
            by_key.setdefault(self.key_of(level.pk), level)
        return list(by_key.values())

    def key_of(self, level_id: int) -> str:
        """By what it is counted and filtered: its code, as long as today's scale calls it the same."""
        level, today = self.labels[level_id].level, self._today(level_id)
        same = today is not None and today.label == self.labels[level_id].label
        return level.code_name if same else f"{level.code_name}-{level.scale.version}"

    def _today(self, level_id: int) -> RatingLabel | None:
        """What today's version of the same scale says with the same code."""
        level = self.labels[level_id].level
        if level.scale_id in self.current_scales:
            return self.labels[level_id]
        return next(
            (
                label
                for label in self.labels.values()
                if label.level.scale_id in self.current_scales
                and (label.level.code_name, label.level.scale.code_name)
                == (level.code_name, level.scale.code_name)
            ),
            None,
        )

    def levels_beside(self, level_id: int) -> list[RatingLevel]:
        """All of the version of the scale that a level belongs to."""
        return self.levels_of(self.labels[level_id].level.scale_id)

    def levels_of(self, scale: int) -> list[RatingLevel]:
        """All of one version of the scale."""
        return [label.level for label in self.labels.values() if label.level.scale_id == scale]

    def _in_force(self) -> list[RatingLevel]:
        return [label.level for label in self.labels.values() if label.level.scale.is_in_force]

    def badge(self, standing: Review | Assignment | None) -> Badge:
        """What is said beside a claim that stands so: its current review, or who is checking it, or none."""
        if standing is None:
            return unchecked()
        if isinstance(standing, Assignment):
            return checking()
        review = standing
        return self.of_level(
            review.level_id,
            attribution=review.judges == Review.Judges.ATTRIBUTION,
            stale=review.state == Review.State.STALE,
        )

    @staticmethod
    def current_of(claims: Iterable[int]) -> dict[int, Review | Assignment]:
        """How each claim stands, by its key: its current review, else its open assignment. Two queries."""
        keys = list(claims)
        assigned = Assignment.objects.open().filter(claim__in=keys)
        reviewed = Review.objects.current().filter(claim__in=keys)
        return {row.claim_id: row for row in (*assigned, *reviewed)}

    def of_level(self, level_id: int, *, attribution: bool = False, stale: bool = False) -> Badge:
        """The words, icon and colour of truth are never worn by a review that judges only the attribution."""
        label, today = self.labels[level_id], self._today(level_id)
        explained = today is not None and (today.label, today.meaning) == (label.label, label.meaning)
        version = None if explained else label.level.scale.version
        if attribution:
            return Badge(
                key=self.key_of(level_id),
                label=label.attribution_label,
                icon="quote",
                tone="attribution",
                underline="solid",
                meaning=label.attribution_meaning,
                is_attribution=True,
                stale=stale,
                version=version,
            )
        return Badge(
            key=self.key_of(level_id),
            label=label.label,
            icon=label.level.icon,
            tone=label.level.tone,
            underline=label.level.underline,
            meaning=label.meaning,
            stale=stale,
            version=version,
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


def checking() -> Badge:
    return Badge(
        key=CHECKING,
        label=_("Being checked"),
        icon="hourglass",
        tone="unchecked",
        underline="thin-dashed",
        meaning=_("Somebody of the newsroom is checking this claim: it is neither confirmed nor denied yet."),
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
        meaning=_(
            "Since it was rated its words changed, or there is a reason to look again: "
            "the rating may not hold."
        ),
        stale=True,
    )
