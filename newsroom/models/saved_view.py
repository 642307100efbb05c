"""Saved views: a filter of the desk's articles that somebody keeps under a name of their own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .identity import Identified


class SavedView(Identified):
    """`query` is what stands behind the ? of the desk's address."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_views", verbose_name=_("user")
    )
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("filter"), max_length=1000)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(name="saved_view_once_per_name", fields=("user", "name")),
            models.CheckConstraint(name="saved_view_has_name", condition=~Q(name="")),
        )

    def __str__(self) -> str:
        return self.name
