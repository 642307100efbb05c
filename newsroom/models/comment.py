"""Comments on an annotation or a claim, in threads. They are for the desk alone: no reader sees one."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from .annotation import Annotation
from .article import Article
from .claim import Appearance, Claim
from .identity import Identified, IdentifiedQuerySet
from .user import User

#: In characters.
BODY_LENGTH = 10_000


class ThreadQuerySet(IdentifiedQuerySet):
    def open(self) -> Self:
        return self.filter(resolved_at=None)

    def resolved(self) -> Self:
        return self.filter(resolved_at__isnull=False)

    def on(self, subject: Annotation | Claim) -> Self:
        return self.filter(**{subject._meta.model_name: subject})

    def in_article(self, article: Article) -> Self:
        """Those on its annotations, and those on the claims that stand in it."""
        standing = Appearance.objects.live().filter(annotation__article=article)
        return self.filter(Q(annotation__article=article) | Q(claim__in=standing.values("claim")))

    def mentioning(self, user: User) -> Self:
        """Those with a comment that calls this person by name."""
        return self.filter(pk__in=Comment.objects.filter(mentions=user).values("thread"))

    def latest_first(self) -> Self:
        """By their last comment."""
        return self.annotate(last_at=Max("comments__at")).order_by("-last_at", "-pk")


class Thread(Identified):
    """Comments on one thing: an annotation or a claim. It is open until somebody resolves it."""

    annotation = models.ForeignKey(
        Annotation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="threads",
        verbose_name=_("annotation"),
    )
    claim = models.ForeignKey(
        Claim, models.PROTECT, null=True, blank=True, related_name="threads", verbose_name=_("claim")
    )
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="resolved_threads",
        verbose_name=_("resolved by"),
    )

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        constraints = (
            models.CheckConstraint(
                name="thread_on_one_thing",
                condition=Q(annotation=None, claim__isnull=False) | Q(annotation__isnull=False, claim=None),
            ),
            models.CheckConstraint(
                name="thread_resolved_by_and_at",
                condition=Q(resolved_by=None, resolved_at=None)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.code}"

    @property
    def subject(self) -> Annotation | Claim:
        return self.annotation or self.claim

    @property
    def article(self) -> Article | None:
        """Where it is about: none for a claim, which may stand in many."""
        return self.annotation.article if self.annotation else None

    @property
    def is_resolved(self) -> bool:
        return self.resolved_at is not None

    def resolve(self, *, by: User, at: datetime) -> None:
        self.resolved_by, self.resolved_at = by, at
        self.save(update_fields=["resolved_by", "resolved_at"])

    def reopen(self) -> None:
        self.resolved_by = self.resolved_at = None
        self.save(update_fields=["resolved_by", "resolved_at"])


class Comment(Identified):
    """Plain text, its paragraphs parted by an empty line. What it said before a change is in the log."""

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="comments", verbose_name=_("thread"))
    body = models.TextField(_("comment"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments")
    at = models.DateTimeField(_("at"))
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)
    mentions = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="mentioning_comments", verbose_name=_("mentions")
    )

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(
                name="comment_fits", condition=~Q(body="") & Q(body__length__lte=BODY_LENGTH)
            ),
        )

    def __str__(self) -> str:
        return f"{self.by} · {self.at:%Y-%m-%d %H:%M}"
