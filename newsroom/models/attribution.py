"""Attributions: who says what, with which words (source, cue, content: PARC 3.0)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .annotation import Annotation, OfAnnotationQuerySet
from .claim import Claim
from .identity import Identified
from .source import Source


class Attribution(Identified):
    """One-to-one with an annotation whose targets have the roles source, cue and content."""

    class QuoteType(models.TextChoices):
        DIRECT = "direct", _("direct")
        INDIRECT = "indirect", _("indirect")
        MIXED = "mixed", _("mixed")

    annotation = models.OneToOneField(
        Annotation, models.PROTECT, related_name="attribution", verbose_name=_("annotation")
    )
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="attributions", verbose_name=_("source")
    )
    anonymity_reason = models.CharField(
        _("reason for anonymity"), max_length=300, blank=True, help_text=_("Required without a source.")
    )
    quote_type = models.CharField(_("quotation"), max_length=8, choices=QuoteType)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="nested", verbose_name=_("reported by")
    )
    claim = models.ForeignKey(
        Claim, models.PROTECT, null=True, blank=True, related_name="attributions", verbose_name=_("claim")
    )
    note = models.TextField(_("note, for the desk"), blank=True)

    objects = OfAnnotationQuerySet.as_manager()

    class Meta:
        verbose_name = _("attribution")
        verbose_name_plural = _("attributions")
        constraints = (
            models.CheckConstraint(
                name="attribution_source_or_reason",
                condition=Q(source__isnull=False) | ~Q(anonymity_reason=""),
            ),
            models.CheckConstraint(
                name="attribution_not_inside_itself", condition=Q(parent=None) | ~Q(parent=F("id"))
            ),
            models.CheckConstraint(
                name="attribution_quote_type_known",
                condition=Q(quote_type__in=["direct", "indirect", "mixed"]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.source or self.anonymity_reason} ({self.get_quote_type_display()})"
