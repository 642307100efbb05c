"""Evidence: a document's words for or against a claim, and how far somebody looked into it."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from newsroom.text.addresses import spellings
from newsroom.text.queries import Query

from .article import Rights
from .claim import Claim
from .dates import ImpreciseDate
from .identity import LangField
from .searchable import KeptInStep, KeptInStepQuerySet, SearchedQuerySet
from .versioned import Versioned
from .withdrawal import Withdrawable


class DocumentQuerySet(SearchedQuerySet):
    def public(self, *, at: datetime) -> Self:
        """Documents that readers see as evidence for a claim."""
        shown = Evidence.objects.for_readers(at=at).filter(document=OuterRef("pk"))
        return self.filter(Exists(shown), withdrawn_at=None)

    def search_shown(self, words: str | Query, *, at: datetime, as_you_type: bool = False) -> Self:
        """What readers may find of these: quoted words count where all that quotes them is for public claims.

        Else a hit would tell what is quoted for a claim that nobody may see yet.
        """
        # No “equal”, for which PostgreSQL would look through all evidence and keep what it found in a table:
        # that takes it half a second, and few documents are asked about.
        of_this = {"document__gte": OuterRef("pk"), "document__lte": OuterRef("pk")}
        secret = Evidence.objects.for_the_desk(at=at).filter(**of_this)
        return self.search(words, as_you_type=as_you_type, wholly=~Q(Exists(secret)))

    def at_address(self, url: str) -> Self:
        """Those that stand at this address, however it is written."""
        return self.filter(withdrawn_at=None, url__in=spellings(url))


class Document(KeptInStep, Versioned, ImpreciseDate, Withdrawable):
    """What is read: a page, a file, a repository. Its stored copy, if any, is never public."""

    class Kind(models.TextChoices):
        PRIMARY = "primary", _("primary")
        SECONDARY = "secondary", _("secondary")
        REPUBLICATION = "republication", _("republication")

    title = models.CharField(_("title"), max_length=500)
    publisher = models.CharField(_("publisher"), max_length=300, blank=True)
    url = models.URLField(_("address"), max_length=1000, blank=True)
    lang = LangField()
    kind = models.CharField(_("kind"), max_length=13, choices=Kind, default=Kind.SECONDARY)
    original = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="republications",
        verbose_name=_("original"),
    )
    rights = models.CharField(_("rights"), max_length=10, choices=Rights, default=Rights.QUOTATION)
    date_note = models.CharField(_("about the date, for the desk"), max_length=120, blank=True)
    note = models.TextField(_("note, for the desk"), blank=True)

    objects = DocumentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = (
            *ImpreciseDate.Meta.constraints,
            *Withdrawable.Meta.constraints,
            models.CheckConstraint(
                name="document_kind_known", condition=Q(kind__in=["primary", "secondary", "republication"])
            ),
            models.CheckConstraint(
                name="document_original_of_republication",
                condition=Q(original=None) | Q(kind="republication"),
            ),
            models.CheckConstraint(
                name="document_not_its_own_original", condition=Q(original=None) | ~Q(original=F("id"))
            ),
            models.CheckConstraint(name="document_rights_known", condition=Q(rights__in=Rights.values)),
        )
        indexes = (
            models.Index(name="document_at_address", fields=("url",)),
            # The page of a source: what was published under its name.
            models.Index(name="document_by_publisher", fields=("publisher",)),
        )

    def __str__(self) -> str:
        return self.title


class EvidenceQuerySet(KeptInStepQuerySet):
    def standing(self) -> Self:
        """What was not taken back, neither itself nor its document."""
        return self.filter(withdrawn_at=None, document__withdrawn_at=None)

    def for_readers(self, *, at: datetime) -> Self:
        """What stands under claims that are public at this moment."""
        public = Claim.objects.public(at=at).filter(pk=OuterRef("claim"))
        return self.filter(Exists(public), withdrawn_at=None)

    def for_the_desk(self, *, at: datetime) -> Self:
        """The rest: what no reader knows of yet, or any more. What was withdrawn is found by nobody."""
        public = Claim.objects.public(at=at).filter(pk=OuterRef("claim"))
        return self.filter(withdrawn_at=None).exclude(Exists(public))


class Evidence(KeptInStep, Versioned, Withdrawable):
    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("supports")
        REFUTES = "refutes", _("refutes")
        CONTEXT = "context", _("context")

    class Checked(models.TextChoices):
        """How far the document was looked into, from nothing to the whole of it."""

        KNOWN = "known", _("known, not opened")
        ADDRESS = "address", _("address seen, page not opened")
        EXCERPT = "excerpt", _("excerpt read")
        REPOSITORY = "repository", _("repository history read")
        WHOLE = "whole", _("read in full")

    class InCopy(models.TextChoices):
        """What the newest stored copy with words says of the quotation."""

        EXACT = "exact", _("the exact words stand in the kept copy")
        ALIKE = "alike", _("the words stand in the kept copy, with other quotation marks, blanks or capitals")
        ABSENT = "absent", _("these words do not stand in the kept copy")

    #: Somebody had the words before their eyes.
    OPENED = (Checked.EXCERPT, Checked.REPOSITORY, Checked.WHOLE)

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="evidence", verbose_name=_("claim"))
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="evidence", verbose_name=_("document")
    )
    stance = models.CharField(_("stance"), max_length=8, choices=Stance)
    quotation = models.TextField(_("exact words"), blank=True)
    note = models.TextField(_("note, for the desk"), blank=True)
    checked = models.CharField(_("how far it was checked"), max_length=10, choices=Checked)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    ordinal = models.PositiveSmallIntegerField(_("ordinal"), default=0)
    in_copy = models.CharField(
        _("whether the words stand in the kept copy"),
        max_length=6,
        choices=InCopy,
        blank=True,
        editable=False,
    )

    objects = EvidenceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("item of evidence")
        verbose_name_plural = _("evidence")
        ordering = ("claim", "ordinal", "id")
        constraints = (
            *Withdrawable.Meta.constraints,
            models.UniqueConstraint(
                name="evidence_once",
                fields=("claim", "document", "stance", "quotation"),
                condition=Q(withdrawn_at=None),
                violation_error_message=_("This stands here already: the same document with the same words."),
            ),
            models.CheckConstraint(
                name="evidence_in_copy_known", condition=Q(in_copy__in=["", "exact", "alike", "absent"])
            ),
            models.CheckConstraint(
                name="evidence_stance_known", condition=Q(stance__in=["supports", "refutes", "context"])
            ),
            models.CheckConstraint(
                name="evidence_checked_known",
                condition=Q(checked__in=["known", "address", "excerpt", "repository", "whole"]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_stance_display()}: {self.document}"
