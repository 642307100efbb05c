"""Imports: files of texts with their tags that somebody brought, as they came, and what became of them.

A file is read and shown before anything of it is stored. It is for the desk alone, under a name that nobody
chose; the row stays as the report when the file is cleared.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .article import Rights
from .identity import Identified, IdentifiedQuerySet

#: A portion takes seconds: what gives no sign for so long has been stopped.
SILENT = timedelta(minutes=2)


def import_path(row: Import, _name: str) -> str:
    return f"imports/{row.uuid}"


class ImportQuerySet(IdentifiedQuerySet):
    def clearable(self, *, before: datetime) -> Self:
        """Those with a file that nobody has gone on with since this moment, and none is being stored."""
        return self.exclude(state=Import.State.STORING).exclude(file="").filter(moved_at__lt=before)


class Import(Identified):
    """`found` is what the file holds and what storing it would do, once it was read; `losses` what has no
    place here, by name, with how often and the first of each; `report` what was done."""

    class State(models.TextChoices):
        WAITING = "waiting", _("being read")
        READ = "read", _("read, to be looked at")
        STORING = "storing", _("being stored")
        STORED = "stored", _("stored")
        FAILED = "failed", _("failed")

    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    #: A key of the registry; empty until it is guessed.
    exchange = models.CharField(_("format"), max_length=40, blank=True)
    rights = models.CharField(_("rights"), max_length=10, choices=Rights, default=Rights.QUOTATION)
    file_name = models.CharField(_("file name"), max_length=255, blank=True)
    file = models.FileField(_("file"), upload_to=import_path, blank=True)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    found = models.JSONField(_("what was found"), default=dict, blank=True)
    losses = models.JSONField(_("what has no place"), default=list, blank=True)
    report = models.JSONField(_("report"), default=dict, blank=True)
    total = models.PositiveIntegerField(_("texts"), default=0)
    done = models.PositiveIntegerField(_("texts that are stored"), default=0)
    message = models.TextField(_("why it failed"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="imports", verbose_name=_("brought in by")
    )
    at = models.DateTimeField(_("at"))
    stored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="imports_stored",
        verbose_name=_("stored by"),
    )
    #: The last sign of life of whoever reads or stores it.
    moved_at = models.DateTimeField(_("last changed at"))

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(
                name="import_state_known",
                condition=Q(state__in=["waiting", "read", "storing", "stored", "failed"]),
            ),
            models.CheckConstraint(name="import_rights_known", condition=Q(rights__in=Rights.values)),
            models.CheckConstraint(name="import_done_within_total", condition=Q(done__lte=F("total"))),
            models.CheckConstraint(
                name="import_failed_with_reason",
                condition=(Q(state="failed") & ~Q(message="")) | (~Q(state="failed") & Q(message="")),
            ),
            models.CheckConstraint(
                name="import_stored_is_whole", condition=~Q(state="stored") | Q(done=F("total"))
            ),
            models.CheckConstraint(
                name="import_stored_by_somebody",
                condition=Q(done=0, state__in=["waiting", "read", "failed"]) | Q(stored_by__isnull=False),
            ),
            models.CheckConstraint(
                name="import_has_file_until_done",
                condition=~Q(file="") | Q(state="stored") | Q(state="failed", done__gt=0),
            ),
        )

    def __str__(self) -> str:
        return self.file_name or self.code

    def is_silent(self, *, at: datetime) -> bool:
        """Whether whoever reads or stores it seems to have been stopped."""
        return self.state in (self.State.WAITING, self.State.STORING) and at - self.moved_at > SILENT
