"""Notices: an e-mail that somebody is to get about a comment, an assignment, a review of theirs, a webhook.

The outbox: written with the thing itself.

A mail cannot be in a transaction, so it is sent from here (`tasks/notices.py`), and these states tell how far
that went. Whoever sends takes the row first, and only one can: a row that was taken and never settled may
have been sent or not, and is therefore not sent again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .assignment import Assignment
from .comment import Comment
from .identity import Identified, IdentifiedQuerySet
from .review import Review
from .webhook import Webhook

#: How often a mail is tried, and after which time nobody needs it any more.
MOST_ATTEMPTS, FRESH = 10, timedelta(days=7)


class NoticeQuerySet(IdentifiedQuerySet):
    def waiting(self) -> Self:
        """Never tried."""
        return self.filter(state=Notice.State.WAITING)

    def due(self) -> Self:
        """What is to be sent: never tried, or refused and worth another try."""
        failed = Q(state=Notice.State.FAILED, attempts__lt=MOST_ATTEMPTS)
        return self.filter(Q(state=Notice.State.WAITING) | failed)

    def unsure(self, *, at: datetime) -> Self:
        """Taken and not settled for so long that whoever took them must have died over it."""
        return self.filter(state=Notice.State.SENDING, tried_at__lt=at - timedelta(minutes=10))


class Notice(Identified):
    class Reason(models.TextChoices):
        MENTIONED = "mentioned", _("was mentioned")
        ANSWERED = "answered", _("takes part")
        ASSIGNED = "assigned", _("was assigned a claim")
        CHANGES = "changes", _("changes were requested")
        APPROVED = "approved", _("was approved")
        STOPPED = "stopped", _("a webhook was stopped")

    class State(models.TextChoices):
        WAITING = "waiting", _("to be sent")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("refused, to be tried again")
        DROPPED = "dropped", _("not wanted any more")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices_got", verbose_name=_("recipient")
    )
    comment = models.ForeignKey(
        Comment, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("comment")
    )
    assignment = models.ForeignKey(
        Assignment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("assignment"),
    )
    review = models.ForeignKey(
        Review, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("review")
    )
    webhook = models.ForeignKey(
        Webhook, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("webhook")
    )
    reason = models.CharField(_("why"), max_length=9, choices=Reason)
    at = models.DateTimeField(_("at"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    tried_at = models.DateTimeField(_("last tried at"), null=True, blank=True)
    failure = models.CharField(_("why it failed"), max_length=300, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(name="notice_once", fields=("user", "comment")),
            models.CheckConstraint(
                name="notice_reason_known",
                condition=Q(
                    reason__in=["mentioned", "answered", "assigned", "changes", "approved", "stopped"]
                ),
            ),
            models.CheckConstraint(
                name="notice_about_one_thing",
                condition=Q(comment__isnull=False, assignment=None, review=None, webhook=None)
                | Q(comment=None, assignment__isnull=False, review=None, webhook=None)
                | Q(comment=None, assignment=None, review__isnull=False, webhook=None)
                | Q(comment=None, assignment=None, review=None, webhook__isnull=False),
            ),
            models.CheckConstraint(
                name="notice_state_known",
                condition=Q(state__in=["waiting", "sending", "sent", "failed", "dropped"]),
            ),
            models.CheckConstraint(
                name="notice_tried_at_a_moment",
                condition=Q(state="dropped")
                | Q(state="waiting", tried_at=None, attempts=0)
                | Q(state__in=["sending", "sent", "failed"], tried_at__isnull=False, attempts__gt=0),
            ),
        )
        indexes = (
            models.Index(
                name="notice_due", fields=("at",), condition=Q(state__in=["waiting", "sending", "failed"])
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.at:%Y-%m-%d %H:%M}"

    def is_wanted(self, *, at: datetime) -> bool:
        """Whether this person still gets mail, and the comment is still news."""
        return self.user.gets_notices and self.at > at - FRESH

    def take(self, *, at: datetime) -> bool:
        """Whether it is now this caller's, and nobody else's, to send."""
        return self._change(state=self.State.SENDING, attempts=F("attempts") + 1, tried_at=at)

    def drop(self) -> bool:
        """Not to be sent any more; False if somebody else took it first."""
        return self._change(state=self.State.DROPPED)

    def settle(self, state: str, *, failure: str = "") -> None:
        """How it went, said by whoever took it."""
        longest = self._meta.get_field("failure").max_length
        Notice.objects.filter(pk=self.pk).update(state=state, failure=failure[:longest])

    def _change(self, **values: Any) -> bool:
        """Writes these, in one statement, unless the row is another than it was when it was read."""
        as_read = Notice.objects.filter(pk=self.pk, state=self.state, attempts=self.attempts)
        return bool(as_read.update(**values))
