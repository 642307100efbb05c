"""Originals: what an article was made of, as it came; and the pictures that came with it.

An original is for the desk alone. Its file is kept under a name that nobody chose, and no address leads to it
but the desk's own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .article import Article
from .identity import Identified, IdentifiedQuerySet

#: A page and its pictures take twice `CONTROLUCE_FETCH_SECONDS` at the most, 20 unless they are set.
LATE = timedelta(minutes=2)


def original_path(original: Original, _name: str) -> str:
    return f"originals/{original.uuid}"


def picture_path(picture: Picture, _name: str) -> str:
    return f"pictures/{picture.uuid}.webp"


class OriginalQuerySet(IdentifiedQuerySet):
    def waiting(self) -> Self:
        """Those that still have to be fetched, or whose pictures have."""
        return self.filter(state=Original.State.WAITING)

    def unused(self, *, before: datetime) -> Self:
        """Those that came before this moment and were never made into an article."""
        return self.exclude(state=Original.State.USED).filter(at__lt=before)


class Original(Identified):
    """`draft` is the article as it may stand (formats/draft.py); it is there once the original was read."""

    class Kind(models.TextChoices):
        PASTE = "paste", _("pasted text")
        FILE = "file", _("file")
        ADDRESS = "address", _("page of the web")

    class State(models.TextChoices):
        WAITING = "waiting", _("being fetched")
        READY = "ready", _("read")
        FAILED = "failed", _("failed")
        USED = "used", _("made into an article")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    address = models.URLField(_("address"), max_length=1000, blank=True)
    file_name = models.CharField(_("file name"), max_length=255, blank=True)
    content_type = models.CharField(_("content type"), max_length=100, blank=True)
    file = models.FileField(_("file"), upload_to=original_path, blank=True)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    draft = models.JSONField(_("draft"), null=True, blank=True)
    message = models.TextField(_("why it failed"), blank=True)
    article = models.ForeignKey(
        Article, models.PROTECT, null=True, blank=True, related_name="originals", verbose_name=_("article")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="originals", verbose_name=_("brought in by")
    )
    at = models.DateTimeField(_("at"))

    objects = OriginalQuerySet.as_manager()

    class Meta:
        verbose_name = _("original")
        verbose_name_plural = _("originals")
        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(
                name="original_kind_known", condition=Q(kind__in=["paste", "file", "address"])
            ),
            models.CheckConstraint(
                name="original_state_known", condition=Q(state__in=["waiting", "ready", "failed", "used"])
            ),
            models.CheckConstraint(
                name="original_page_has_address", condition=~Q(kind="address") | ~Q(address="")
            ),
            models.CheckConstraint(
                name="original_read_is_whole",
                condition=~Q(state__in=["ready", "used"])
                | (Q(draft__isnull=False) & ~Q(file="") & ~Q(sha256="")),
            ),
            models.CheckConstraint(
                name="original_failed_with_reason",
                condition=(Q(state="failed") & ~Q(message="")) | (~Q(state="failed") & Q(message="")),
            ),
            models.CheckConstraint(
                name="original_used_has_article",
                condition=Q(state="used", article__isnull=False) | (~Q(state="used") & Q(article=None)),
            ),
        )

    def __str__(self) -> str:
        return self.file_name or self.address or str(self.get_kind_display())

    def is_late(self, *, at: datetime) -> bool:
        """Whether it has waited for longer than any fetching takes that is still going on."""
        return self.state == self.State.WAITING and at - self.at > LATE


class Picture(Identified):
    """A picture that came with an original, drawn anew as WebP (formats/pictures.py)."""

    original = models.ForeignKey(
        Original, models.PROTECT, related_name="pictures", verbose_name=_("original")
    )
    file = models.FileField(_("file"), upload_to=picture_path)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    address = models.CharField(_("where it was"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.address or self.code

    def get_absolute_url(self) -> str:
        """Where an article's HTML finds it: the same in every language."""
        return reverse("picture", args=[self.uuid])

    def is_public(self, *, at: datetime, demo: bool) -> bool:
        """Whether readers may see it: they see the whole article that it came for."""
        article = self.original.article
        return (
            article is not None
            and article.published_at is not None
            and article.published_at <= at
            and not article.is_withdrawn
            and article.shows_in_full(demo=demo)
        )
