"""Stored copies of documents, and looks at their addresses to see whether what was read still stands.

A copy is for the desk alone: readers get quotation, address, date and hash. Its file is kept under a name
that nobody chose, and no address leads to it but the desk's own.
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .evidence import Document, Evidence
from .identity import Identified, IdentifiedQuerySet


def copy_path(copy: StoredCopy, _name: str) -> str:
    return f"copies/{copy.uuid}"


class StoredCopyQuerySet(IdentifiedQuerySet):
    def waiting(self) -> Self:
        """Those that still have to be fetched."""
        return self.filter(state=StoredCopy.State.WAITING)

    def kept(self) -> Self:
        """Those that are here, the newest first."""
        return self.filter(state=StoredCopy.State.KEPT).order_by("-kept_at", "-pk")

    def readable(self) -> Self:
        """Those of them whose words are known: others are pictures or are only kept."""
        return self.kept().exclude(text="")

    def without_texts(self) -> Self:
        """For lists: a text may be as long as a book."""
        return self.defer("text", "whole")


class StoredCopy(Identified):
    """`text` is the main text as it was read, `whole` all that stands on the page; both empty if none can be.

    Where a copy came from its document's address, a check compares that address with the newest such copy.
    """

    class Kind(models.TextChoices):
        FILE = "file", pgettext_lazy("stored copy", "uploaded file")
        ADDRESS = "address", pgettext_lazy("stored copy", "fetched from the address")

    class State(models.TextChoices):
        WAITING = "waiting", _("being fetched")
        KEPT = "kept", pgettext_lazy("stored copy", "kept")
        FAILED = "failed", _("failed")

    document = models.ForeignKey(Document, models.PROTECT, related_name="copies", verbose_name=_("document"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    address = models.URLField(_("address"), max_length=1000, blank=True)
    file_name = models.CharField(_("file name"), max_length=255, blank=True)
    content_type = models.CharField(_("content type"), max_length=100, blank=True)
    file = models.FileField(_("file"), upload_to=copy_path, blank=True)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    text = models.TextField(_("main text"), blank=True)
    whole = models.TextField(_("all text of the page"), blank=True)
    message = models.TextField(_("why it failed"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="stored_copies", verbose_name=_("kept by")
    )
    at = models.DateTimeField(_("at"))
    kept_at = models.DateTimeField(_("kept at"), null=True, blank=True)

    objects = StoredCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("stored copy")
        verbose_name_plural = _("stored copies")
        ordering = ("-at", "-id")
        indexes = (models.Index(name="stored_copy_newest", fields=("document", "-kept_at")),)
        constraints = (
            models.CheckConstraint(name="stored_copy_kind_known", condition=Q(kind__in=["file", "address"])),
            models.CheckConstraint(
                name="stored_copy_state_known", condition=Q(state__in=["waiting", "kept", "failed"])
            ),
            models.CheckConstraint(
                name="stored_copy_page_has_address", condition=~Q(kind="address") | ~Q(address="")
            ),
            models.CheckConstraint(
                name="stored_copy_kept_is_whole",
                condition=Q(state="kept", kept_at__isnull=False) & ~Q(file="") & ~Q(sha256="")
                | ~Q(state="kept") & Q(kept_at=None, file="", sha256="", text="", whole=""),
            ),
            models.CheckConstraint(
                name="stored_copy_failed_with_reason",
                condition=(Q(state="failed") & ~Q(message="")) | (~Q(state="failed") & Q(message="")),
            ),
        )

    def __str__(self) -> str:
        return self.file_name or self.address or str(self.get_kind_display())

    @property
    def texts(self) -> tuple[str, str]:
        """Where quoted words may stand: in the main text, or elsewhere on the page."""
        return self.text, self.whole


class DocumentCheckQuerySet(IdentifiedQuerySet):
    def waiting(self) -> Self:
        return self.filter(finding="")

    def telling(self) -> Self:
        """Those that say how the document stands, the newest first; what was not reached says nothing."""
        return self.exclude(finding__in=["", DocumentCheck.Finding.UNREACHED]).order_by("-checked_at", "-pk")


class DocumentCheck(Identified):
    """One look at a document's address; no `finding` while it waits to be done.

    `compared` is the copy that it was held against, `found` the one that was kept of what is there now, if
    that is new. `lost` names the items of evidence whose words stood there and do not any more.
    """

    class Finding(models.TextChoices):
        FIRST = "first", pgettext_lazy("check", "seen for the first time, and a copy kept")
        UNCHANGED = "unchanged", pgettext_lazy("check", "unchanged")
        DRIFTED = "drifted", pgettext_lazy("check", "drifted: it says something else now")
        GONE = "gone", pgettext_lazy("check", "gone: nothing is there any more")
        UNREACHED = "unreached", pgettext_lazy("check", "not reached")

    #: What puts the reviews that rest on it into doubt.
    DOUBTFUL = (Finding.DRIFTED, Finding.GONE)

    document = models.ForeignKey(Document, models.PROTECT, related_name="checks", verbose_name=_("document"))
    finding = models.CharField(_("finding"), max_length=10, choices=Finding, blank=True)
    compared = models.ForeignKey(
        StoredCopy,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="compared_in",
        verbose_name=_("compared with"),
    )
    found = models.OneToOneField(
        StoredCopy,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="found_in",
        verbose_name=_("copy of what was found"),
    )
    likeness = models.FloatField(_("share of the words that still stand"), null=True, blank=True)
    lost = models.JSONField(_("evidence whose words are gone"), default=list, blank=True)
    message = models.TextField(_("what was answered"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="document_checks", verbose_name=_("asked by")
    )
    at = models.DateTimeField(_("at"))
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)

    objects = DocumentCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check of a document")
        verbose_name_plural = _("checks of documents")
        ordering = ("-at", "-id")
        indexes = (models.Index(name="document_check_newest", fields=("document", "-checked_at")),)
        constraints = (
            models.CheckConstraint(
                name="check_finding_known",
                condition=Q(finding__in=["", "first", "unchanged", "drifted", "gone", "unreached"]),
            ),
            models.CheckConstraint(
                name="check_found_at_a_moment",
                condition=Q(finding="", checked_at=None) | (~Q(finding="") & Q(checked_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="check_unreached_with_reason", condition=~Q(finding="unreached") | ~Q(message="")
            ),
            models.UniqueConstraint(name="check_waiting_once", fields=("document",), condition=Q(finding="")),
            models.CheckConstraint(
                name="check_not_with_itself", condition=Q(found=None) | ~Q(found=F("compared"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.document}: {self.get_finding_display() or _('being checked')}"


def oldest_checked_first(documents: models.QuerySet[Document]) -> models.QuerySet[Document]:
    """Evidence with an address in the order in which it should be looked at again, from never on."""
    used = Exists(Evidence.objects.standing().filter(document=OuterRef("pk")))
    checked = documents.filter(used).exclude(url="")
    return checked.annotate(last_check=Max("checks__checked_at")).order_by(
        F("last_check").asc(nulls_first=True), "pk"
    )
