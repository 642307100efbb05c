"""Corrections: public notes that tie two revisions and the claims they touch."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .article import Article, Revision
from .claim import Claim
from .identity import Identified, IdentifiedQuerySet, LangField


class CorrectionQuerySet(IdentifiedQuerySet):
    def public(self, *, at: datetime) -> Self:
        """Those of articles that are published at this moment."""
        return self.filter(article__published_at__lte=at, article__withdrawn_at=None)


class Correction(Identified):
    """schema.org `CorrectionComment`."""

    article = models.ForeignKey(
        Article, models.PROTECT, related_name="corrections", verbose_name=_("article")
    )
    before = models.ForeignKey(
        Revision, models.PROTECT, related_name="corrected_by", verbose_name=_("revision before")
    )
    after = models.OneToOneField(
        Revision, models.PROTECT, related_name="correction", verbose_name=_("revision after")
    )
    lang = LangField()
    note = models.TextField(_("public note"))
    claims = models.ManyToManyField(Claim, related_name="corrections", blank=True, verbose_name=_("claims"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="corrections", verbose_name=_("corrected by")
    )
    at = models.DateTimeField(_("at"))

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ("-at",)
        indexes = (models.Index(name="correction_newest", fields=("-at", "-id")),)
        constraints = (
            models.CheckConstraint(name="correction_has_note", condition=~Q(note="")),
            models.CheckConstraint(name="correction_between_two_texts", condition=~Q(before=F("after"))),
        )

    def __str__(self) -> str:
        return self.note[:80]
