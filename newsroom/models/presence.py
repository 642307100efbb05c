"""Who is in an article: for each person and article the last sign of life, for a day. It records no work."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .article import Article
from .user import User

#: A page says every 15 seconds that it is open; two of these may get lost.
HERE, KEPT = timedelta(seconds=45), timedelta(days=1)


class PresenceQuerySet(models.QuerySet):
    def note(self, user: User, article: Article, *, at: datetime) -> None:
        """This person is in this article now: one statement."""
        self.bulk_create(
            [Presence(user=user, article=article, seen_at=at)],
            update_conflicts=True,
            unique_fields=["user", "article"],
            update_fields=["seen_at"],
        )

    def sweep(self, *, at: datetime) -> None:
        """Removes what is older than a day, in whatever article."""
        self.filter(seen_at__lt=at - KEPT).delete()


class Presence(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="presences", verbose_name=_("user")
    )
    article = models.ForeignKey(Article, models.PROTECT, related_name="presences", verbose_name=_("article"))
    seen_at = models.DateTimeField(_("seen at"), db_index=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = (models.UniqueConstraint(name="presence_once", fields=("user", "article")),)

    def __str__(self) -> str:
        return f"{self.user} · {self.article}"

    def is_here(self, *, at: datetime) -> bool:
        return self.seen_at > at - HERE
