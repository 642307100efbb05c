"""Capabilities: a private address that opens one thing to whoever holds it, without an account or a cookie.

The secret is 256 random bits, stands in the address and in no row: what is kept is its digest, and a moment
after which it opens nothing. An address in a mail has a secret of its own, made as the mail is written.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .flag import Flag
from .following import Follow, Subscriber
from .identity import Identified, IdentifiedQuerySet
from .reply import Invitation
from .token import digest_of


class CapabilityQuerySet(IdentifiedQuerySet):
    def opening(self, secret: str, *, purpose: str, at: datetime) -> Self:
        """The one with this secret, if it still opens something: not expired, nor used up."""
        return self.with_secret(secret, purpose=purpose).filter(expires_at__gt=at, used_at=None)

    def with_secret(self, secret: str, *, purpose: str) -> Self:
        """The one with this secret, whether it opens something still or not."""
        return self.filter(digest=digest_of(secret), purpose=purpose)

    def expired(self, *, at: datetime) -> Self:
        return self.filter(expires_at__lte=at)


class Capability(Identified):
    class Purpose(models.TextChoices):
        FOLLOW = "follow", _("sees what came of a flag")
        CONFIRM = "confirm", _("confirms an address")
        REPLY = "reply", _("lets somebody reply")
        REPLIED = "replied", _("sees what came of a reply")
        SUBSCRIBE = "subscribe", _("confirms that somebody follows something")
        MANAGE = "manage", _("shows what somebody follows")
        OFF = "off", _("ends all mail to who follows something")

    purpose = models.CharField(_("what it is for"), max_length=10, choices=Purpose)
    flag = models.ForeignKey(
        Flag, models.PROTECT, null=True, blank=True, related_name="capabilities", verbose_name=_("flag")
    )
    follow = models.ForeignKey(
        Follow, models.PROTECT, null=True, blank=True, related_name="capabilities", verbose_name=_("thing")
    )
    subscriber = models.ForeignKey(
        Subscriber,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="capabilities",
        verbose_name=_("reader"),
    )
    invitation = models.ForeignKey(
        Invitation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="capabilities",
        verbose_name=_("invitation"),
    )
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("expires at"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    objects = CapabilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("private address")
        verbose_name_plural = _("private addresses")
        constraints = (
            models.CheckConstraint(
                name="capability_purpose_known",
                condition=Q(
                    purpose__in=[
                        "follow",
                        "confirm",
                        "reply",
                        "replied",
                        "subscribe",
                        "manage",
                        "off",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="capability_opens_one_thing",
                condition=(
                    ~Q(purpose__in=["reply", "replied", "subscribe", "manage", "off"])
                    & Q(flag__isnull=False, invitation=None, follow=None, subscriber=None)
                )
                | Q(
                    purpose__in=["reply", "replied"],
                    flag=None,
                    invitation__isnull=False,
                    follow=None,
                    subscriber=None,
                )
                | Q(purpose="subscribe", flag=None, invitation=None, follow__isnull=False, subscriber=None)
                | Q(
                    purpose__in=["manage", "off"],
                    flag=None,
                    invitation=None,
                    follow=None,
                    subscriber__isnull=False,
                ),
            ),
            models.CheckConstraint(name="capability_has_digest", condition=~Q(digest="")),
            models.CheckConstraint(name="capability_expires_later", condition=Q(expires_at__gt=F("at"))),
        )

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} · {self.at:%Y-%m-%d}"

    @classmethod
    def grant(
        cls, purpose: str, *, at: datetime, lasts: timedelta, **to: Flag | Invitation | Follow | Subscriber
    ) -> str:
        """Makes one and answers with its secret, which nobody can be told again."""
        secret = secrets.token_urlsafe(32)
        cls.objects.create(purpose=purpose, digest=digest_of(secret), at=at, expires_at=at + lasts, **to)
        return secret
