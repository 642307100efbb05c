"""Trained models: what the assistant learned from the newsroom's own tags, version by version.

The file lies in the row: a version is there whole or not at all, and an erasure empties it in its own
transaction.
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .identity import Identified, IdentifiedQuerySet


class TrainedModelQuerySet(IdentifiedQuerySet):
    def in_use(self) -> Self:
        return self.filter(active=True)

    def with_file(self) -> Self:
        """Those that may be chosen."""
        return self.filter(state=TrainedModel.State.KEPT)


class TrainedModel(Identified):
    """One training of one kind in one language, and what came of it. Figures are between 0 and 1."""

    class Kind(models.TextChoices):
        NAMES = "names", _("names")
        WORTH = "worth", _("worth a check")
        OPINION = "opinion", _("opinions")

    class Lang(models.TextChoices):
        ITALIAN = "it", _("Italian")
        ENGLISH = "en", _("English")

    class State(models.TextChoices):
        KEPT = "kept", _("can be used")
        WORSE = "worse", _("worse than what is in use: not kept")
        CLEARED = "cleared", _("cleared: later versions are kept")
        ERASED = "erased", _("cleared because words were erased: train again")

    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    lang = models.CharField(_("language"), max_length=2, choices=Lang)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.KEPT)
    active = models.BooleanField(_("in use"), default=False)
    file = models.BinaryField(_("file"), default=b"", blank=True)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    #: Of what it was taught: by it the next training knows whether there is anything new.
    data_sha256 = models.CharField(_("SHA-256 of the data"), max_length=64, editable=False)
    articles = models.PositiveIntegerField(_("articles"))
    examples = models.PositiveIntegerField(_("examples"))
    rejections = models.PositiveIntegerField(_("rejected proposals among them"), default=0)
    held_articles = models.PositiveIntegerField(_("articles held back for measuring"))
    before = models.FloatField(_("figure before"))
    after = models.FloatField(_("figure after"))
    seconds = models.FloatField(_("seconds"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="trained_models", verbose_name=_("trained by")
    )
    at = models.DateTimeField(_("trained at"))

    objects = TrainedModelQuerySet.as_manager()

    class Meta:
        verbose_name = _("trained model")
        verbose_name_plural = _("trained models")
        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(
                name="trained_model_one_in_use", fields=("kind", "lang"), condition=Q(active=True)
            ),
            models.CheckConstraint(
                name="trained_model_kind_known", condition=Q(kind__in=["names", "worth", "opinion"])
            ),
            models.CheckConstraint(name="trained_model_lang_known", condition=Q(lang__in=["it", "en"])),
            models.CheckConstraint(
                name="trained_model_state_known",
                condition=Q(state__in=["kept", "worse", "cleared", "erased"]),
            ),
            models.CheckConstraint(
                name="trained_model_has_file_if_kept",
                condition=Q(state="kept", size__gt=0) | (~Q(state="kept") & Q(size=0, active=False)),
            ),
            models.CheckConstraint(
                name="trained_model_figures_are_shares",
                condition=Q(before__gte=0, before__lte=1, after__gte=0, after__lte=1, seconds__gte=0),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.lang}), {self.at:%Y-%m-%d %H:%M}"
