"""Articles and their revisions: a text that changes, and each text that it was."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from newsroom.text.document import Block, Document, block_from_data
from newsroom.text.queries import Query

from .dates import ImpreciseDate
from .identity import Identified, LangField
from .searchable import KeptInStep, SearchedQuerySet
from .withdrawal import Withdrawable


class Rights(models.TextChoices):
    """What may be shown of a text. `demo` shows in full under the demo setting only."""

    OURS = "ours", _("ours")
    LICENSED = "licensed", _("licensed")
    QUOTATION = "quotation", _("quotation only")
    DEMO = "demo", _("demonstration")


#: What stands under `/desk/articles/` and is no article.
RESERVED_SLUGS = {"new"}


def shown_in_full(*, demo: bool) -> list:
    """The rights under which a whole text may be public."""
    return [Rights.OURS, Rights.LICENSED, *([Rights.DEMO] if demo else [])]


class ArticleQuerySet(SearchedQuerySet):
    def published(self, *, at: datetime) -> Self:
        """What a reader may open at this moment."""
        return self.filter(published_at__lte=at, withdrawn_at=None)

    def withdrawn(self) -> Self:
        """What was public once and is not any more: its address answers 410."""
        return self.filter(published_at__isnull=False, withdrawn_at__isnull=False)

    def headed(self, words: str) -> Self:
        """Those with all these words in headline, byline or publisher."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(headline__icontains=word) | Q(byline__icontains=word) | Q(publisher__icontains=word)
            )
        return found

    def for_change(self) -> Self:
        """Locked until the end of the transaction: no other text comes in between.

        The current revision is for a query of its own. Joined, it would be that of before the lock was waited
        for, and PostgreSQL, which notices, would give none. Its key is not locked: records go
        on pointing to it.
        """
        return self.select_for_update(of=("self",), no_key=True)

    def search_shown(self, words: str | Query, *, demo: bool, as_you_type: bool = False) -> Self:
        """What readers may find of these: what is not shown in full, by headline and standfirst alone."""
        return self.search(words, as_you_type=as_you_type, wholly=Q(rights__in=shown_in_full(demo=demo)))

    def newest_first(self) -> Self:
        return self.order_by(F("published_at").desc(nulls_first=True), "-id")


class Article(KeptInStep, ImpreciseDate, Withdrawable):
    """A piece of journalism that is held against the light. Its text stands in its revisions."""

    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    lang = LangField()
    headline = models.CharField(_("headline"), max_length=300)
    standfirst = models.TextField(_("standfirst"), blank=True)
    byline = models.CharField(_("byline"), max_length=200, blank=True)
    publisher = models.CharField(
        _("publisher"), max_length=200, blank=True, help_text=_("Empty if it is ours.")
    )
    original_url = models.URLField(_("address of the original"), max_length=1000, blank=True)
    backstory = models.TextField(_("how it was made"), blank=True)
    rights = models.CharField(_("rights"), max_length=10, choices=Rights, default=Rights.QUOTATION)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    current_revision = models.OneToOneField(
        "newsroom.Revision",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="current_of",
        verbose_name=_("current revision"),
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = (
            *ImpreciseDate.Meta.constraints,
            *Withdrawable.Meta.constraints,
            models.CheckConstraint(
                name="article_published_has_text",
                condition=Q(published_at=None) | Q(current_revision__isnull=False),
            ),
            models.CheckConstraint(name="article_rights_known", condition=Q(rights__in=Rights.values)),
        )
        indexes = (
            # The front page: what is public, newest first.
            models.Index(name="article_public", fields=("-published_at",), condition=Q(withdrawn_at=None)),
            # The filters of the admin's list: in which languages there are any.
            models.Index(name="article_by_language", fields=("lang",)),
        )
        permissions = (
            ("publish_article", _("Can publish and withdraw articles")),
            ("revise_article", _("Can change the text of an article")),
            ("export_article", _("Can take out drafts, notes and texts that readers do not see whole")),
        )

    def __str__(self) -> str:
        return self.headline

    def clean(self) -> None:
        super().clean()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("This address is taken by a page of the desk.")})

    def get_absolute_url(self) -> str:
        return reverse("reader:article", args=[self.slug])

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    def has_had_readers(self, *, at: datetime) -> bool:
        """Whether it is or was public at this moment: until then its text is the desk's own affair."""
        return self.published_at is not None and self.published_at <= at

    def shows_in_full(self, *, demo: bool) -> bool:
        """Whether its whole text may be public; else only the tagged words with a sentence around them."""
        return self.rights in shown_in_full(demo=demo)


class ArticleAddress(Identified):
    """A slug that an article had before: it redirects."""

    article = models.ForeignKey(
        Article, models.PROTECT, related_name="old_addresses", verbose_name=_("article")
    )
    slug = models.SlugField(_("slug"), max_length=120, unique=True)

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")

    def __str__(self) -> str:
        return self.slug


class Revision(KeptInStep):
    """One text of an article, for ever: triggers on both databases refuse its UPDATE and DELETE."""

    class Kind(models.TextChoices):
        FIRST = "first", _("first text")
        MINOR = "minor", _("minor edit")
        CORRECTION = "correction", _("correction")

    article = models.ForeignKey(Article, models.PROTECT, related_name="revisions", verbose_name=_("article"))
    number = models.PositiveIntegerField(_("number"))
    html = models.TextField(_("HTML"), help_text=_("The allow-listed subset, normalised."))
    text = models.TextField(_("canonical text"), help_text=_("NFC; blocks joined by one line feed."))
    blocks = models.JSONField(_("blocks"))
    sha256 = models.CharField(_("SHA-256 of the canonical text"), max_length=64)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    note = models.TextField(_("note"), blank=True)
    reverts = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reverted_by",
        verbose_name=_("returns to"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="revisions", verbose_name=_("written by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ("article", "number")
        indexes = (
            # The list of the admin: the newest, each of which is a whole text.
            models.Index(name="revision_by_moment", fields=("at", "id")),
        )
        constraints = (
            models.UniqueConstraint(name="revision_number_once", fields=("article", "number")),
            models.CheckConstraint(
                name="revision_first_is_number_one",
                condition=Q(kind="first", number=1) | (~Q(kind="first") & Q(number__gt=1)),
            ),
            models.CheckConstraint(name="revision_change_has_note", condition=Q(kind="first") | ~Q(note="")),
            models.CheckConstraint(
                name="revision_kind_known", condition=Q(kind__in=["first", "minor", "correction"])
            ),
        )

    def __str__(self) -> str:
        return str(_("revision %(number)d") % {"number": self.number})

    @cached_property
    def document(self) -> Document:
        """The blocks over the text, without parsing HTML."""
        return Document.from_data(self.text, self.blocks)

    @property
    def block_starts(self) -> list[int]:
        """Where each block begins; for who needs a few blocks of a long text, `block` makes one."""
        return [block["start"] for block in self.blocks["blocks"]]

    def block(self, number: int) -> Block:
        return block_from_data(self.blocks["blocks"][number])
