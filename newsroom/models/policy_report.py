"""What browsers reported that the content security policy kept out: counted by kind, nobody's visit.

A row is a directive, what was kept out (an origin or a word such as `inline`) and the kind of page, by the
pattern of its address: no query, no slug, nobody's name or address, no header. A page that somebody made up
counts with those that have none.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

#: How long after it was last reported; and of how many kinds there are rows, whoever makes them up.
KEPT, MOST = timedelta(days=30), 500
#: What stands for all that is kept out beyond these.
REST = "…"


class PolicyReportQuerySet(models.QuerySet):
    def expired(self, *, at: datetime) -> Self:
        return self.filter(last_at__lt=at - KEPT)

    def count_one(self, *, directive: str, blocked: str, page: str, at: datetime) -> None:
        """One more of this kind. What is old goes when a kind is new."""
        kind = {"directive": directive, "blocked": blocked, "page": page}
        if self._count(kind, at):
            return
        self.expired(at=at).delete()
        if self.count() >= MOST:
            kind = {"directive": directive, "blocked": REST, "page": ""}
            if self._count(kind, at):
                return
        try:
            with transaction.atomic():
                self.create(**kind, first_at=at, last_at=at)
        except IntegrityError:  # somebody else's report was faster
            self._count(kind, at)

    def _count(self, kind: dict[str, str], at: datetime) -> int:
        return self.filter(**kind).update(number=F("number") + 1, last_at=at)


class PolicyReport(models.Model):
    directive = models.CharField(_("directive"), max_length=40)
    blocked = models.CharField(_("what was kept out"), max_length=100)
    page = models.CharField(_("kind of page"), max_length=120, blank=True)
    number = models.PositiveIntegerField(_("how often"), default=1)
    first_at = models.DateTimeField(_("first reported"))
    last_at = models.DateTimeField(_("last reported"), db_index=True)

    objects = PolicyReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of the content policy")
        verbose_name_plural = _("reports of the content policy")
        ordering = ("-last_at", "-id")
        constraints = (
            models.UniqueConstraint(name="policy_report_once", fields=("directive", "blocked", "page")),
            models.CheckConstraint(
                name="policy_report_says_what", condition=~Q(directive="") & ~Q(blocked="")
            ),
            models.CheckConstraint(name="policy_report_counted", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="policy_report_first_before_last", condition=Q(last_at__gte=F("first_at"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.directive}: {self.blocked}"
