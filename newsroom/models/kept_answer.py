"""What a program was answered when it wrote: for a day, so that asking again writes nothing again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .token import ApiToken

KEPT = timedelta(days=1)


class KeptAnswerQuerySet(models.QuerySet):
    def expired(self, *, at: datetime) -> Self:
        return self.filter(at__lte=at - KEPT)

    def begin(self, token: ApiToken, *, key: str, sent: str, at: datetime) -> KeptAnswer:
        """The answer to this key of this token: a new one, still to be made, or the one that was given.

        Within a transaction: whoever comes with the same key meanwhile waits until this one has ended.
        """
        self.expired(at=at).filter(token=token).delete()
        self.bulk_create([KeptAnswer(token=token, key=key, sent=sent, at=at)], ignore_conflicts=True)
        return self.get(token=token, key=key)


class KeptAnswer(models.Model):
    token = models.ForeignKey(
        ApiToken, models.CASCADE, related_name="answers", verbose_name=_("API token"), db_index=False
    )
    key = models.CharField(_("digest of the key"), max_length=64)
    sent = models.CharField(_("digest of what was sent"), max_length=64)
    #: 0 within the transaction that makes it: nobody else ever sees that.
    status = models.PositiveSmallIntegerField(_("status"), default=0)
    headers = models.JSONField(_("headers"), default=dict)
    body = models.JSONField(_("body"), null=True)
    at = models.DateTimeField(_("at"), db_index=True)

    objects = KeptAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints = (
            models.UniqueConstraint(name="kept_answer_once_per_key", fields=("token", "key")),
            models.CheckConstraint(
                name="kept_answer_of_what_was_done",
                condition=Q(status=0) | Q(status__gte=200, status__lt=300),
            ),
        )

    def __str__(self) -> str:
        return f"{self.token} · {self.at:%Y-%m-%d %H:%M}"

    @property
    def is_new(self) -> bool:
        return self.status == 0
