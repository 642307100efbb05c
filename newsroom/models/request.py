"""Requests for comment: who is accused was asked what they say to it, and what they answered.

An expert who is asked what they think of a draft leaves the same record, of another kind.
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .claim import Claim
from .identity import Identified, IdentifiedQuerySet
from .source import Source


class RequestQuerySet(IdentifiedQuerySet):
    def open(self) -> Self:
        """Neither an answer nor that none came was noted yet."""
        return self.filter(answered_at=None)

    def settled(self) -> Self:
        return self.filter(answered_at__isnull=False)

    def of_the_accused(self, claim: Claim) -> Self:
        """Those by which whom the claim accuses now was asked, and not whom it accused before."""
        return self.filter(claim=claim, kind="comment", whom__in=("", claim.accused))


class RequestForComment(Identified):
    """For the desk: of it the words of an accepted reply alone are public (`reply.py`).

    `answer` is empty where, at `answered_at`, none had come, or a reply had that is not accepted.
    """

    class Kind(models.TextChoices):
        COMMENT = "comment", _("is asked for comment")
        OPINION = "opinion", _("is asked what they think of a draft")

    kind = models.CharField(_("what is asked"), max_length=7, choices=Kind, default=Kind.COMMENT)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="requests", verbose_name=_("claim"))
    asked = models.CharField(_("who was asked"), max_length=300)
    #: Empty as long as nobody has said whom.
    whom = models.CharField(
        _("whom the claim accused then"), max_length=300, blank=True, default="", editable=False
    )
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("source")
    )
    how = models.CharField(
        _("how"), max_length=300, help_text=_("By e-mail, by telephone, at which address.")
    )
    asked_at = models.DateTimeField(_("asked at"))
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="requests", verbose_name=_("noted by")
    )
    at = models.DateTimeField(_("noted at"))

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for comment")
        verbose_name_plural = _("requests for comment")
        ordering = ("asked_at", "id")
        constraints = (
            models.CheckConstraint(name="request_says_whom_and_how", condition=~Q(asked="") & ~Q(how="")),
            models.CheckConstraint(name="request_kind_known", condition=Q(kind__in=["comment", "opinion"])),
            models.CheckConstraint(
                name="request_answer_has_moment", condition=Q(answer="") | Q(answered_at__isnull=False)
            ),
            models.CheckConstraint(
                name="request_answered_after_it",
                condition=Q(answered_at=None) | Q(answered_at__gte=F("asked_at")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.asked} · {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None
