"""The people of the newsroom, and how each of them wants to be named in public."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

REPORTER, CHECKER, EDITOR = "Reporter", "Checker", "Editor"


class User(AbstractUser):
    """A member of staff. Readers see `public_name`, which each one chooses; the log keeps the name."""

    class Signature(models.TextChoices):
        NAME = "name", _("first and last name")
        ROLE = "role", _("role")
        NEWSROOM = "newsroom", _("“the newsroom”")

    role_title = models.CharField(_("role"), max_length=80, blank=True)
    signature = models.CharField(
        _("signs in public with"), max_length=8, choices=Signature, default=Signature.NEWSROOM
    )

    class Meta(AbstractUser.Meta):
        constraints = (
            models.CheckConstraint(
                name="user_signature_known", condition=models.Q(signature__in=["name", "role", "newsroom"])
            ),
        )

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def public_name(self) -> str:
        if self.signature == self.Signature.NAME and self.get_full_name():
            return self.get_full_name()
        if self.signature == self.Signature.ROLE and self.role_title:
            return self.role_title
        return _("the newsroom")
