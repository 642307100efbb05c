"""Assignments: who is to check a claim, and until when."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .claim import Claim
from .identity import Identified, IdentifiedQuerySet


class AssignmentQuerySet(IdentifiedQuerySet):
    def open(self, *, at: datetime | None = None) -> Self:
        """Those that are not closed, or were not at a moment."""
        if at is None:
            return self.filter(closed_at=None)
        return self.filter(Q(closed_at=None) | Q(closed_at__gt=at), at__lte=at)


class Assignment(Identified):
    """While it is open and nobody has rated the claim yet, readers see *In verifica* beside it."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="assignments", verbose_name=_("claim"))
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments", verbose_name=_("assigned to")
    )
    due = models.DateField(_("due"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="assignments_given",
        verbose_name=_("assigned by"),
    )
    at = models.DateTimeField(_("at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(
                name="assignment_one_open_per_claim", fields=("claim",), condition=Q(closed_at=None)
            ),
            models.CheckConstraint(
                name="assignment_closed_after_it",
                condition=Q(closed_at=None) | Q(closed_at__gte=models.F("at")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.assignee}: {self.claim}"

    def close(self, *, at: datetime) -> None:
        self.closed_at = at
        self.save(update_fields=["closed_at"])
