"""Notices: an e-mail to somebody about a comment, a claim, a reply, a flag, a webhook, an emergency."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .assignment import Assignment
from .comment import Comment
from .flag import Flag
from .outgoing import FRESH, Outgoing
from .reply import Reply
from .review import Review
from .webhook import Webhook

#: What a notice may be about: one of these, or none of them in an emergency.
ABOUT = ("comment", "assignment", "review", "reply", "flag", "webhook")


class Notice(Outgoing):
    class Reason(models.TextChoices):
        MENTIONED = "mentioned", _("was mentioned")
        ANSWERED = "answered", _("takes part")
        ASSIGNED = "assigned", _("was assigned a claim or a flag")
        CHANGES = "changes", _("changes were requested")
        APPROVED = "approved", _("was approved")
        REPLIED = "replied", _("a reply came in")
        SIGNED = "signed", _("somebody asks for something in their own name")
        STOPPED = "stopped", _("a webhook was stopped")
        EMERGENCY = "emergency", _("the emergency account was used")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices_got", verbose_name=_("recipient")
    )
    comment = models.ForeignKey(
        Comment, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("comment")
    )
    assignment = models.ForeignKey(
        Assignment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("assignment"),
    )
    review = models.ForeignKey(
        Review, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("review")
    )
    reply = models.ForeignKey(
        Reply, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("reply")
    )
    flag = models.ForeignKey(
        Flag, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("flag")
    )
    webhook = models.ForeignKey(
        Webhook, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("webhook")
    )
    reason = models.CharField(_("why"), max_length=9, choices=Reason)

    class Meta(Outgoing.Meta):
        abstract = False
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("at", "id")
        constraints = (
            *Outgoing.Meta.constraints,
            models.UniqueConstraint(name="notice_once", fields=("user", "comment")),
            models.CheckConstraint(
                name="notice_reason_known",
                condition=Q(
                    reason__in=[
                        "mentioned",
                        "answered",
                        "assigned",
                        "changes",
                        "approved",
                        "replied",
                        "signed",
                        "stopped",
                        "emergency",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="notice_about_one_thing",
                condition=reduce(
                    or_,
                    (Q(**{f"{name}__isnull": name != one for name in ABOUT}) for one in ABOUT),
                    Q(reason="emergency", **dict.fromkeys(ABOUT)),
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.at:%Y-%m-%d %H:%M}"

    def is_wanted(self, *, at: datetime) -> bool:
        """Whether this person still gets mail, and it is still news. That of an emergency nobody puts off."""
        works = self.user.is_active and self.user.is_staff and bool(self.user.email)
        is_due = works if self.reason == self.Reason.EMERGENCY else self.user.gets_notices
        return is_due and self.at > at - FRESH
