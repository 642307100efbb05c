"""Tokens: a program's key to the API. It acts as a person, and may no more than they and its scopes may."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Self

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from .identity import Identified, IdentifiedQuerySet

#: How much of the secret is kept, to recognise it by.
PREFIX = 8


def digest_of(secret: str) -> str:
    """All that is kept of a secret. It is 256 random bits, which nobody guesses: no salt, no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiTokenQuerySet(IdentifiedQuerySet):
    def valid(self, *, at: datetime) -> Self:
        """Neither revoked nor expired, and of somebody who still works here."""
        lasting = Q(expires_at=None) | Q(expires_at__gt=at)
        return self.filter(lasting, revoked_at=None, user__is_active=True, user__is_staff=True)

    def with_proof(self) -> Self:
        """Whether who each acts as has a second factor, as `proved`."""
        factors = Authenticator.objects.filter(user=OuterRef("user")).exclude(type="recovery_codes")
        return self.annotate(proved=Exists(factors))

    def with_secret(self, secret: str) -> Self:
        return self.filter(digest=digest_of(secret))


class ApiToken(Identified):
    """The secret itself is shown once, to who issued it, and kept nowhere."""

    class Scope(models.TextChoices):
        READ = "read", _("read what the desk reads")
        ANNOTATE = "annotate", _("tag words of articles")
        CLAIMS = "claims", _("add claims and weigh them")
        EVIDENCE = "evidence", _("add, change and withdraw evidence")

    name = models.CharField(_("name"), max_length=80, help_text=_("Which program uses it, and what for."))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="tokens", verbose_name=_("acts as")
    )
    scopes = models.JSONField(_("scopes"), default=list)
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    prefix = models.CharField(_("begins with"), max_length=PREFIX, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="tokens_issued",
        verbose_name=_("issued by"),
        editable=False,
    )
    created_at = models.DateTimeField(_("issued at"), editable=False)
    expires_at = models.DateTimeField(
        _("expires at"), null=True, blank=True, help_text=_("Empty if it does not expire.")
    )
    last_used_on = models.DateField(_("last used on"), null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tokens_revoked",
        verbose_name=_("revoked by"),
        editable=False,
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(name="token_has_name", condition=~Q(name="")),
            models.CheckConstraint(name="token_has_digest", condition=~Q(digest="") & ~Q(prefix="")),
            models.CheckConstraint(
                name="token_expires_after_issue",
                condition=Q(expires_at=None) | Q(expires_at__gt=F("created_at")),
            ),
            models.CheckConstraint(
                name="token_revoked_by_and_at",
                condition=Q(revoked_by=None, revoked_at=None)
                | Q(revoked_by__isnull=False, revoked_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def may(self, scope: str) -> bool:
        return scope in self.scopes
