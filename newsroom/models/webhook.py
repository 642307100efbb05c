"""Webhooks: addresses of other programs that are told what became public, and what each was told.

A delivery is written with the deed that it tells of, and sent afterwards (`tasks/webhooks.py`): the outbox of
decision 24. It holds no words: what is told is put together when it is sent, of what is public then.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from .deed import Deed
from .identity import Identified, IdentifiedQuerySet
from .versioned import Versioned

#: The pauses between one attempt and the next; after the last attempt it is given up.
PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18000, 36000, 36000, 50400, 72000)
)
#: After which time whoever took a delivery must have died over it; after how long without a single success
#: an address is told nothing any more; and how long it is known what was told.
SILENT, PATIENCE, KEPT = timedelta(minutes=5), timedelta(days=5), timedelta(days=30)

#: What other programs are told of, by the deed that does it.
EVENTS = {
    "article.publish": "article.published",
    "article.revise": "article.revised",
    "article.edit": "article.revised",
    "article.withdraw": "article.withdrawn",
    "rectification.publish": "article.rectified",
    "rectification.withdraw": "article.rectified",
    "review.publish": "review.published",
    "review.stale": "review.stale",
    "review.valid": "review.confirmed",
    "review.hold": "review.confirmed",
    "review.withdraw": "review.withdrawn",
}
#: What a test says. It is of no deed.
TEST = "webhook.test"


class Event(models.TextChoices):
    ARTICLE_PUBLISHED = "article.published", _("an article was published")
    ARTICLE_REVISED = "article.revised", _("a public article was changed or corrected")
    ARTICLE_RECTIFIED = (
        "article.rectified",
        _("a rectification came to stand before an article, or was withdrawn"),
    )
    ARTICLE_WITHDRAWN = "article.withdrawn", _("an article was withdrawn")
    REVIEW_PUBLISHED = "review.published", _("a rating was published; what it supersedes is named")
    REVIEW_STALE = "review.stale", _("a rating is being checked again")
    REVIEW_CONFIRMED = "review.confirmed", _("a rating holds again")
    REVIEW_WITHDRAWN = "review.withdrawn", _("a rating was withdrawn")


class WebhookQuerySet(IdentifiedQuerySet):
    def active(self) -> Self:
        return self.filter(active=True)

    def failing_for_long(self, *, at: datetime) -> Self:
        return self.active().filter(failing_since__lt=at - PATIENCE)


def validate_events(names: Any) -> None:
    if not isinstance(names, list) or not names or not set(names) <= set(Event.values):
        raise ValidationError(_("Choose what it is told of."))


class Webhook(Versioned, Identified):
    """Its secret is in no row: it is made of the key of the site, so it stands in no backup or archive."""

    name = models.CharField(_("name"), max_length=80, help_text=_("Which program listens, and what for."))
    address = models.URLField(
        _("address"), max_length=500, help_text=_("An https address on the public web.")
    )
    events = models.JSONField(_("events"), default=list, validators=[validate_events])
    #: How often its secret was made anew.
    serial = models.PositiveIntegerField(_("secret number"), default=1, editable=False)
    active = models.BooleanField(_("active"), default=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="webhooks",
        verbose_name=_("last changed by"),
        editable=False,
    )
    at = models.DateTimeField(_("last changed at"), editable=False)
    failing_since = models.DateTimeField(_("fails since"), null=True, blank=True, editable=False)
    #: Set by the program, which gave it up.
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True, editable=False)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(name="webhook_has_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="webhook_stopped_is_not_active", condition=Q(stopped_at=None) | Q(active=False)
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> bytes:
        """What its messages are signed with: 32 bytes that nobody has who has not the key of the site."""
        return salted_hmac("newsroom.webhook", f"{self.uuid}/{self.serial}", algorithm="sha256").digest()


class DeliveryQuerySet(IdentifiedQuerySet):
    def due(self, *, at: datetime) -> Self:
        """What is to be sent now: never tried, failed a while ago, or taken by somebody who died over it."""
        silent = Q(state=Delivery.State.SENDING, tried_at__lt=at - SILENT)
        waiting = Q(state__in=[Delivery.State.WAITING, Delivery.State.FAILED], next_at__lte=at)
        return self.filter(waiting | silent, webhook__active=True)

    def old(self, *, at: datetime) -> Self:
        """What is settled, and nobody needs to look at any more."""
        open_ones = [Delivery.State.WAITING, Delivery.State.SENDING, Delivery.State.FAILED]
        return self.filter(at__lt=at - KEPT).exclude(state__in=open_ones, webhook__active=True)


class Delivery(Identified):
    """One thing that one webhook is told. Its UUID is the identifier by which a receiver knows it again."""

    class State(models.TextChoices):
        WAITING = "waiting", _("to be sent")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed, to be tried again")
        GIVEN_UP = "given-up", _("given up")
        #: What it tells of is not public, or not any more.
        DROPPED = "dropped", _("not public")

    webhook = models.ForeignKey(Webhook, models.PROTECT, related_name="deliveries", verbose_name=_("webhook"))
    #: Empty of a test.
    deed = models.ForeignKey(
        Deed, models.PROTECT, null=True, blank=True, related_name="deliveries", verbose_name=_("deed")
    )
    event = models.CharField(_("event"), max_length=20)
    at = models.DateTimeField(_("at"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    tried_at = models.DateTimeField(_("last tried at"), null=True, blank=True)
    next_at = models.DateTimeField(_("to be tried at"))
    status = models.PositiveSmallIntegerField(_("answered"), null=True, blank=True)
    failure = models.CharField(_("why it failed"), max_length=300, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(name="delivery_once", fields=("webhook", "deed")),
            models.CheckConstraint(
                name="delivery_state_known",
                condition=Q(state__in=["waiting", "sending", "sent", "failed", "given-up", "dropped"]),
            ),
            models.CheckConstraint(
                name="delivery_tried_at_a_moment",
                condition=Q(state="dropped")
                | Q(state="waiting", tried_at=None, attempts=0)
                | Q(
                    state__in=["sending", "sent", "failed", "given-up"],
                    tried_at__isnull=False,
                    attempts__gt=0,
                ),
            ),
        )
        indexes = (
            # What is due (tasks/webhooks.py), of all that was ever told.
            models.Index(
                name="delivery_due",
                fields=("next_at",),
                condition=Q(state__in=["waiting", "sending", "failed"]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.webhook} · {self.event}"

    def take(self, *, at: datetime) -> bool:
        """Whether it is now this caller's, and nobody else's, to send.

        What was taken as often as anything is tried and never settled kills whoever sends it: it is given up.
        """
        if self.attempts > len(PAUSES):
            self._change(state=self.State.GIVEN_UP)
            return False
        return self._change(state=self.State.SENDING, attempts=F("attempts") + 1, tried_at=at)

    def drop(self) -> bool:
        """What it tells of is not public: it is not sent. False if somebody else took it first."""
        return self._change(state=self.State.DROPPED)

    def settle(self, *, at: datetime, status: int | None = None, failure: str = "") -> str:
        """How it went, said by whoever took it; the state that it has then. Without a failure it was sent."""
        attempts = self.attempts + 1
        values: dict[str, Any] = {"status": status, "failure": failure[:300]}
        if not failure:
            values["state"] = self.State.SENT
        elif attempts > len(PAUSES):
            values["state"] = self.State.GIVEN_UP
        else:
            values |= {"state": self.State.FAILED, "next_at": at + PAUSES[attempts - 1]}
        # Unless somebody else took it meanwhile, since this one was not heard from.
        mine = Delivery.objects.filter(pk=self.pk, state=self.State.SENDING, attempts=attempts)
        mine.update(**values)
        return str(values["state"])

    def _change(self, **values: Any) -> bool:
        """Writes these, in one statement, unless the row is another than it was when it was read."""
        as_read = Delivery.objects.filter(pk=self.pk, state=self.state, attempts=self.attempts)
        return bool(as_read.update(**values))
