"""Erasures: that words were taken out of everything, by whom and why. The words themselves are not kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .identity import Identified


class Erasure(Identified):
    """`hashes` are keyed (text/redaction.py): with the key, a restored backup finds the words again."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="erasures", verbose_name=_("erased by")
    )
    at = models.DateTimeField(_("at"))
    reason = models.TextField(_("why"))
    hashes = models.JSONField(_("keyed hashes"), editable=False)
    #: How many places of each kind were changed.
    places = models.JSONField(_("places"), default=dict)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ("-at", "-id")
        constraints = (models.CheckConstraint(name="erasure_has_reason", condition=~Q(reason="")),)
        permissions = (("redact", _("Can erase words from all that is kept")),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"

    @classmethod
    def last_key(cls) -> int:
        """Another one is another erasure: what was read before may hold words that are gone. 0: none yet."""
        return cls.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


class ErasurePass(models.Model):
    """While a row is here, the triggers let the words of revisions and deeds be replaced.

    No other transaction sees it, and none commits while it is there: `never` refers to no row, by a key that
    is checked at the end.
    """

    never = models.ForeignKey("self", models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        verbose_name = _("pass of an erasure")

    def __str__(self) -> str:
        return str(self.pk)
