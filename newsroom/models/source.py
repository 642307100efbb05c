"""Sources: who speaks. What is confidential of them stands in a table of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from newsroom.text.folding import fold

from .entity import Entity
from .identity import LangField
from .searchable import KeptInStep, SearchedQuerySet
from .sort_key import SortKeyField
from .withdrawal import Withdrawable


class SourceQuerySet(SearchedQuerySet):
    def public(self) -> Self:
        """Sources that a reader may read about on a page of their own."""
        return self.filter(desk_only=False, pseudonymous=False, protected=False, withdrawn_at=None)

    def update(self, **values: Any) -> int:
        """With another entity comes its protection."""
        number = super().update(**values)
        if {"entity", "entity_id"} & values.keys():
            self.follow_protection()
        return number

    def bulk_create(self, *args: Any, **options: Any) -> list[Source]:
        created = super().bulk_create(*args, **options)
        if any(source.entity_id for source in created):
            self.follow_protection()
        return created

    update.alters_data = bulk_create.alters_data = True

    def follow_protection(self) -> None:
        """Makes `protected` what the entities say, of all sources: a filter may not find the same again."""
        protected = Exists(Entity.objects.exclude(privacy="").filter(pk=OuterRef("entity")))
        rows = Source.objects.alias(is_protected=protected)
        super(SourceQuerySet, rows.filter(is_protected=True, protected=False)).update(protected=True)
        super(SourceQuerySet, rows.filter(is_protected=False, protected=True)).update(protected=False)

    def met(self, *, at: datetime) -> Self:
        """Those of them that readers meet: they speak in a published article, or make a public claim.

        A list of the others would tell whom the desk is talking with.
        """
        said, claimed = (
            self.model._meta.get_field(name).related_model for name in ("attributions", "claims")
        )
        speaks = said.objects.public(at=at).filter(source=OuterRef("pk"))
        claims = claimed.objects.public(at=at).filter(claimant=OuterRef("pk"))
        return self.public().filter(Exists(speaks) | Exists(claims))


class Source(KeptInStep, Withdrawable):
    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        ORGANISATION = "organisation", _("organisation")
        PUBLICATION = "publication", _("publication")
        DOCUMENT = "document", _("document")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(
        _("public name"), max_length=300, help_text=_("Of a confidential source: what readers may call it.")
    )
    sort_key = SortKeyField()
    lang = LangField()
    description = models.TextField(_("description"), blank=True)
    entity = models.ForeignKey(
        Entity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sources",
        verbose_name=_("entity"),
    )
    role_note = models.TextField(_("role, for the desk"), blank=True)
    relations_note = models.TextField(_("relations, for the desk"), blank=True)
    desk_only = models.BooleanField(
        _("for the desk alone"), default=False, help_text=_("Known to the desk, named in nothing public.")
    )
    pseudonymous = models.BooleanField(
        _("known only by a pseudonym"),
        default=False,
        help_text=_("Named where it speaks; no page gathers the ratings of what it said."),
    )
    #: Its entity is: kept here so that no page has to ask.
    protected = models.BooleanField(
        _("protected with its entity"),
        default=False,
        editable=False,
        help_text=_("Named in nothing public, for as long as its entity is protected."),
    )

    objects = SourceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("sort_key",)
        constraints = (
            *Withdrawable.Meta.constraints,
            models.CheckConstraint(
                name="source_kind_known",
                condition=Q(kind__in=["person", "organisation", "publication", "document"]),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs):
        self.sort_key = fold(self.name)
        self.protected = self.entity is not None and bool(self.entity.privacy)
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return self.address_under("reader:source", words=self.name)

    @property
    def has_page(self) -> bool:
        return self.may_be_named and not self.pseudonymous

    @property
    def may_be_named(self) -> bool:
        """Whether its public name may stand where readers see it."""
        return not (self.desk_only or self.protected or self.withdrawn_at)


class ConfidentialSource(models.Model):
    """Who a source really is. It leaves through no page, API, feed, export, log or history."""

    source = models.OneToOneField(
        Source, models.PROTECT, primary_key=True, related_name="confidential", verbose_name=_("source")
    )
    real_name = models.CharField(_("real name"), max_length=300)
    contact = models.TextField(_("contact"), blank=True)
    note = models.TextField(_("note"), blank=True)
    reason = models.TextField(_("why it is confidential"))

    class Meta:
        verbose_name = _("confidential source")
        verbose_name_plural = _("confidential sources")
        constraints = (
            models.CheckConstraint(name="confidential_source_has_reason", condition=~Q(reason="")),
        )

    def __str__(self) -> str:
        """The public name: a label must not leak what the row keeps."""
        return self.source.name
