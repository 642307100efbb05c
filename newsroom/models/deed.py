"""Deeds: the append-only record of what was done, by whom, when. The audit log and the activity feed."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from .article import Article
from .identity import Identified, IdentifiedQuerySet


class DeedQuerySet(IdentifiedQuerySet):
    def touching(self, row: Identified) -> Self:
        """What was done to a row, in its article if it belongs to one."""
        return self.alias(names=Cast("objects_touched", TextField())).filter(
            article=getattr(row, "article_id", None), names__contains=str(row.uuid)
        )

    def on(self, row: Identified) -> Self:
        """What was done to any row: for one that is looked at alone, since no index helps."""
        return self.alias(names=Cast("objects_touched", TextField())).filter(names__contains=str(row.uuid))

    def last_on(self, row: Identified) -> Deed | None:
        return self.on(row).select_related("actor").first()


class Deed(Identified):
    """One row per action; triggers on both databases refuse its UPDATE and DELETE.

    `objects_touched` names rows as `["claim", "<uuid>"]`; `before` and `after` hold what changed, without any
    confidential field.
    """

    verb = models.CharField(_("deed"), max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="deeds", verbose_name=_("who")
    )
    at = models.DateTimeField(_("at"))
    article = models.ForeignKey(
        Article, models.PROTECT, null=True, blank=True, related_name="deeds", verbose_name=_("article")
    )
    objects_touched = models.JSONField(_("objects"), default=list)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)

    objects = DeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("deed")
        verbose_name_plural = _("deeds")
        ordering = ("-at", "-id")
        constraints = (models.CheckConstraint(name="deed_has_verb", condition=~Q(verb="")),)
        indexes = (
            models.Index(name="deed_feed", fields=("-at",)),
            models.Index(name="deed_feed_of_article", fields=("article", "-at")),
        )

    def __str__(self) -> str:
        return f"{self.verb} · {self.at:%Y-%m-%d %H:%M}"
