"""Saved views: a filter of one of the desk's lists that somebody keeps under a name of their own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .identity import Identified


class SavedView(Identified):
    """`query` is what stands behind the ? of the address of the list that the view is `of`."""

    class Of(models.TextChoices):
        ARTICLES = "articles", pgettext_lazy("saved view", "articles")
        REVIEWS = "reviews", pgettext_lazy("saved view", "reviews")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_views", verbose_name=_("user")
    )
    of = models.CharField(pgettext_lazy("saved view", "list"), max_length=8, choices=Of, default=Of.ARTICLES)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("filter"), max_length=1000)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(name="saved_view_once_per_name", fields=("user", "of", "name")),
            models.CheckConstraint(name="saved_view_has_name", condition=~Q(name="")),
            models.CheckConstraint(name="saved_view_of_known", condition=Q(of__in=["articles", "reviews"])),
        )

    def __str__(self) -> str:
        return self.name
