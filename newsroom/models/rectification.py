"""Rectifications: what somebody who is named answers to the newsroom, in their own words, before the text.

A *rettifica* is not a *correzione*: it is theirs, and the newsroom neither says that it is true nor comments
on it. It is asked for by a flag, and is a row of its own since it stays when the letter goes: it was
published because its author asked for it. What it says, who signs it and when it came out never change; who
may take it away again, with a reason, is the Editor responsible.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from .article import Article
from .claim import Claim
from .entity import Entity
from .flag import MESSAGE_LENGTH, Flag
from .identity import Identified, IdentifiedQuerySet, LangField
from .source import Source
from .withdrawal import Withdrawable


class RectificationQuerySet(IdentifiedQuerySet):
    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

    def about(self, subject: Article | Claim | Source | Entity) -> Self:
        """Those of a thing, the newest first; then those that were withdrawn, of which its pages say so."""
        thing = f"flag__{subject._meta.model_name}"
        of_it = self.filter(**{thing: subject.pk}).select_related("flag", thing)
        return of_it.order_by(F("withdrawn_at").asc(nulls_first=True), "-at", "-pk")

    def public(self, *, at: datetime) -> Self:
        """Those that stand at the head of what readers may meet at this moment."""
        about = Flag.objects.about_public(at=at).filter(pk=OuterRef("flag")).order_by()
        return self.standing().filter(Exists(about))


class Rectification(Withdrawable, Identified):
    flag = models.ForeignKey(
        Flag, models.PROTECT, related_name="rectifications", verbose_name=_("flag that asked for it")
    )
    lang = LangField()
    words = models.TextField(_("text, as it was sent"))
    name = models.CharField(_("signed by"), max_length=120)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="rectifications",
        verbose_name=_("published by"),
    )
    at = models.DateTimeField(_("published at"))

    objects = RectificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("rectification")
        verbose_name_plural = _("rectifications")
        ordering = ("-at", "-id")
        indexes = (models.Index(name="rectification_newest", fields=("-at", "-id")),)
        constraints = (
            *Withdrawable.Meta.constraints,
            models.UniqueConstraint(
                name="rectification_stands_once", fields=("flag",), condition=Q(withdrawn_at=None)
            ),
            models.CheckConstraint(
                name="rectification_signed_and_whole",
                condition=~Q(words="") & ~Q(name="") & Q(words__length__lte=MESSAGE_LENGTH),
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.code}"

    def get_absolute_url(self) -> str:
        """Where it stands: before the text of what it is about."""
        return f"{self.flag.subject.get_absolute_url()}#rectification-{self.code}"
