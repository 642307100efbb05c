"""Rating scales and their levels, as rows: versioned, with a label for each language."""

from __future__ import annotations

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from lucide import IconDoesNotExist
from lucide.templatetags.lucide import lucide

from .identity import Identified, IdentifiedQuerySet, LangField

TONES = ("true", "partly", "misleading", "false", "unverifiable", "opinion")
UNDERLINES = ("solid", "dashed", "dotted", "double", "thin-dotted", "thin-dashed")


def validate_icon(name: str) -> None:
    try:
        lucide(name)
    except IconDoesNotExist as missing:
        raise ValidationError(
            _("There is no icon “%(name)s” in the Lucide set."), params={"name": name}
        ) from missing


class RatingScaleQuerySet(IdentifiedQuerySet):
    def in_force(self) -> Self:
        """Those that are or were used; the others are still being written."""
        return self.filter(in_force_since__isnull=False)

    def current(self) -> Self:
        """Scales that new reviews may use: the latest version of each that is in force."""
        latest = (
            RatingScale.objects.in_force()
            .filter(code_name=models.OuterRef("code_name"))
            .order_by("-version")
            .values("version")[:1]
        )
        return self.in_force().filter(version=models.Subquery(latest))


class RatingScale(Identified):
    """A version of a scale.

    Once it is in force neither it nor its levels and labels change any more, a trigger sees to that: a review
    goes on saying what it said. Changes are made in the next version.
    """

    code_name = models.SlugField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    name = models.CharField(_("name"), max_length=120)
    in_force_since = models.DateTimeField(_("in force since"), null=True, blank=True)

    objects = RatingScaleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating scale")
        verbose_name_plural = _("rating scales")
        constraints = (models.UniqueConstraint(name="scale_version_once", fields=("code_name", "version")),)

    def __str__(self) -> str:
        return f"{self.name} ({self.version})"

    @property
    def is_in_force(self) -> bool:
        """Whether it is, or was, used for reviews."""
        return self.in_force_since is not None


class RatingLevel(Identified):
    """One level. Word, icon, tone and underline tell it apart: never the colour alone."""

    scale = models.ForeignKey(
        RatingScale, models.PROTECT, related_name="levels", verbose_name=_("rating scale")
    )
    code_name = models.SlugField(_("code"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"))
    number = models.SmallIntegerField(
        _("number"), null=True, blank=True, help_text=_("For schema.org; empty where no number makes sense.")
    )
    icon = models.CharField(
        _("icon"), max_length=60, validators=[validate_icon], help_text=_("A name of the Lucide set.")
    )
    tone = models.CharField(_("tone"), max_length=12, choices=[(tone, tone) for tone in TONES])
    underline = models.CharField(
        _("underline"), max_length=12, choices=[(style, style) for style in UNDERLINES]
    )
    is_opinion = models.BooleanField(_("says that it is an opinion"), default=False)

    class Meta:
        verbose_name = _("rating level")
        verbose_name_plural = _("rating levels")
        ordering = ("scale", "position")
        constraints = (
            models.UniqueConstraint(name="level_code_once", fields=("scale", "code_name")),
            models.UniqueConstraint(name="level_position_once", fields=("scale", "position")),
            models.CheckConstraint(name="level_tone_known", condition=Q(tone__in=TONES)),
            models.CheckConstraint(name="level_underline_known", condition=Q(underline__in=UNDERLINES)),
            # States of a claim that nobody has rated are never levels (invariant 6).
            models.CheckConstraint(
                name="level_is_a_rating", condition=~Q(code_name__in=["unchecked", "checking"])
            ),
        )

    def __str__(self) -> str:
        return self.code_name

    @property
    def says_false(self) -> bool:
        """Whether it says that the content is false: that asks for more than other ratings."""
        return self.tone == "false"


class RatingLabel(Identified):
    """A level in words. `attribution_*` speak of a review that judges only that the source said it."""

    level = models.ForeignKey(
        RatingLevel, models.CASCADE, related_name="labels", verbose_name=_("rating level")
    )
    lang = LangField()
    label = models.CharField(_("label"), max_length=60)
    meaning = models.TextField(_("meaning"))
    attribution_label = models.CharField(_("label of an attribution"), max_length=80, blank=True)
    attribution_meaning = models.TextField(_("meaning for an attribution"), blank=True)

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        constraints = (
            models.UniqueConstraint(name="label_once_per_language", fields=("level", "lang")),
            models.CheckConstraint(name="label_not_empty", condition=~Q(label="")),
        )

    def __str__(self) -> str:
        return self.label
