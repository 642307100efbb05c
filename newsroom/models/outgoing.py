"""Mail that waits: written down with the thing itself, since a mail cannot be in a transaction.

It is sent from here (`tasks/notices.py`, `tasks/reader_mail.py`), and these states tell how far that went.
Whoever sends takes the row first, and only one can: a row that was taken and never settled may have been sent
or not, and is therefore not sent again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .identity import Identified, IdentifiedQuerySet

#: How often a mail is tried, and after which time nobody needs it any more.
MOST_ATTEMPTS, FRESH = 10, timedelta(days=7)


class OutgoingQuerySet(IdentifiedQuerySet):
    def waiting(self) -> Self:
        """Never tried."""
        return self.filter(state=Outgoing.State.WAITING)

    def due(self) -> Self:
        """What is to be sent: never tried, or refused and worth another try."""
        failed = Q(state=Outgoing.State.FAILED, attempts__lt=MOST_ATTEMPTS)
        return self.filter(Q(state=Outgoing.State.WAITING) | failed)

    def unsure(self, *, at: datetime) -> Self:
        """Taken and not settled for so long that whoever took them must have died over it."""
        return self.filter(state=Outgoing.State.SENDING, tried_at__lt=at - timedelta(minutes=10))


class Outgoing(Identified):
    class State(models.TextChoices):
        WAITING = "waiting", _("to be sent")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("refused, to be tried again")
        DROPPED = "dropped", _("not wanted any more")

    at = models.DateTimeField(_("at"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    tried_at = models.DateTimeField(_("last tried at"), null=True, blank=True)
    failure = models.CharField(_("why it failed"), max_length=300, blank=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                name="%(class)s_state_known",
                condition=Q(state__in=["waiting", "sending", "sent", "failed", "dropped"]),
            ),
            models.CheckConstraint(
                name="%(class)s_tried_at_a_moment",
                condition=Q(state="dropped")
                | Q(state="waiting", tried_at=None, attempts=0)
                | Q(state__in=["sending", "sent", "failed"], tried_at__isnull=False, attempts__gt=0),
            ),
        )
        indexes = (
            models.Index(
                name="%(class)s_due",
                fields=("at",),
                condition=Q(state__in=["waiting", "sending", "failed"]),
            ),
        )

    def take(self, *, at: datetime) -> bool:
        """Whether it is now this caller's, and nobody else's, to send."""
        return self._change(state=self.State.SENDING, attempts=F("attempts") + 1, tried_at=at)

    def drop(self) -> bool:
        """Not to be sent any more; False if somebody else took it first."""
        return self._change(state=self.State.DROPPED)

    def settle(self, state: str, *, failure: str = "") -> None:
        """How it went, said by whoever took it."""
        longest = self._meta.get_field("failure").max_length
        type(self).objects.filter(pk=self.pk).update(state=state, failure=failure[:longest])

    def _change(self, **values: Any) -> bool:
        """Writes these, in one statement, unless the row is another than it was when it was read."""
        as_read = type(self).objects.filter(pk=self.pk, state=self.state, attempts=self.attempts)
        return bool(as_read.update(**values))
