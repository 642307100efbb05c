"""Readings: a text that a program is to read, so that it can propose tags; written with the text itself.

The outbox of the assistant. A text takes a moment to read, and the models may be missing or broken: none of
that may hold up whoever saves it. So the deed that makes a revision leaves a row here in its own transaction,
and `tasks/readings.py` takes it, reads without a transaction, and comes back with what it found.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .article import Revision
from .identity import Identified, IdentifiedQuerySet

#: How often a text is tried, and after which time whoever took it must have died over it.
MOST_ATTEMPTS, SILENT = 3, timedelta(minutes=10)


class ReadingQuerySet(IdentifiedQuerySet):
    def due(self, *, at: datetime) -> Self:
        """What is to be read: never tried, failed and worth another try, or taken and never settled."""
        failed = Q(state=Reading.State.FAILED, attempts__lt=MOST_ATTEMPTS)
        return self.filter(Q(state=Reading.State.WAITING) | failed) | self.left_behind(at=at)

    def left_behind(self, *, at: datetime) -> Self:
        """Taken and never settled: whoever took them died over it."""
        return self.filter(state=Reading.State.TAKEN, tried_at__lt=at - SILENT, attempts__lt=MOST_ATTEMPTS)

    def of_current_texts(self) -> Self:
        """Those of texts that are current in articles that stand."""
        return self.filter(
            revision=F("revision__article__current_revision"), revision__article__withdrawn_at=None
        )

    def ask(self, revisions: Iterable[Revision], *, at: datetime) -> list[Reading]:
        """These texts, which were never to be read, wait from now on."""
        return self.bulk_create(
            [Reading(revision=revision, at=at) for revision in revisions], ignore_conflicts=True
        )

    def ask_again(self, *, at: datetime) -> int:
        """They wait as if nobody had read them."""
        fresh = {"attempts": 0, "tried_at": None, "proposed": 0, "failure": ""}
        return self.exclude(state=Reading.State.TAKEN).update(state=Reading.State.WAITING, at=at, **fresh)


class Reading(Identified):
    class State(models.TextChoices):
        WAITING = "waiting", _("to be read")
        TAKEN = "taken", _("being read")
        DONE = "done", _("read")
        FAILED = "failed", _("failed")
        #: Another text came before anybody read this one.
        OUTDATED = "outdated", _("overtaken by a new text")

    revision = models.OneToOneField(
        Revision, models.PROTECT, related_name="reading", verbose_name=_("revision")
    )
    at = models.DateTimeField(_("at"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    tried_at = models.DateTimeField(_("last tried at"), null=True, blank=True)
    #: How many suggestions came of it.
    proposed = models.PositiveIntegerField(_("suggestions"), default=0)
    failure = models.CharField(_("why it failed"), max_length=300, blank=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(
                name="reading_state_known",
                condition=Q(state__in=["waiting", "taken", "done", "failed", "outdated"]),
            ),
            models.CheckConstraint(
                name="reading_tried_at_a_moment",
                condition=Q(state="waiting", tried_at=None, attempts=0)
                | Q(state="outdated")
                | Q(state__in=["taken", "done", "failed"], tried_at__isnull=False, attempts__gt=0),
            ),
            models.CheckConstraint(
                name="reading_failed_with_reason",
                condition=(Q(state="failed") & ~Q(failure="")) | (~Q(state="failed") & Q(failure="")),
            ),
        )
        indexes = (
            models.Index(
                name="reading_due", fields=("at",), condition=Q(state__in=["waiting", "taken", "failed"])
            ),
        )

    def __str__(self) -> str:
        return f"{self.revision} · {self.get_state_display()}"

    def take(self, *, at: datetime) -> bool:
        """Whether it is now this caller's, and nobody else's, to read."""
        return self._change(state=self.State.TAKEN, attempts=F("attempts") + 1, tried_at=at, failure="")

    def settle(self, state: str, *, proposed: int = 0, failure: str = "") -> None:
        """How it went, said by whoever took it."""
        longest = self._meta.get_field("failure").max_length
        Reading.objects.filter(pk=self.pk).update(state=state, proposed=proposed, failure=failure[:longest])

    def _change(self, **values: Any) -> bool:
        """Writes these, in one statement, unless the row is another than it was when it was read."""
        as_read = Reading.objects.filter(pk=self.pk, state=self.state, attempts=self.attempts)
        return bool(as_read.update(**values))
