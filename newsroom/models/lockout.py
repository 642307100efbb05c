"""Who failed to sign in, from where and how often: what django-axes keeps of it until the wait is over."""

from __future__ import annotations

from axes.models import AccessAttempt
from django.utils.translation import gettext_lazy as _


class Lockout(AccessAttempt):
    """A name that somebody tried from an address, and the programs they tried with apart. To delete it is to
    let them in sooner."""

    class Meta:
        proxy = True
        verbose_name = _("failed sign-in")
        verbose_name_plural = _("failed sign-ins")

    def __str__(self) -> str:
        return f"{self.username} ({self.ip_address})"
