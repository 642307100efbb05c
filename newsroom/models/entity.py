"""Entities: the people, organisations, things and ideas that a text names, and the names they go by."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from newsroom.text.folding import fold

from .annotation import Annotation, OfAnnotationQuerySet
from .identity import Identified, LangField
from .searchable import KeptInStep, SearchedQuerySet
from .sort_key import SortKeyField
from .withdrawal import Withdrawable


class EntityQuerySet(SearchedQuerySet):
    def public(self) -> Self:
        """Entities with a page of their own: not the protected, not the pseudonymous."""
        return self.filter(privacy="", pseudonymous=False, withdrawn_at=None)

    def met(self, *, at: datetime) -> Self:
        """Those of them that readers meet: a published article names them."""
        named = Mention.objects.public(at=at).filter(entity=OuterRef("pk"))
        return self.public().filter(Exists(named))


class Entity(KeptInStep, Withdrawable):
    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        ORGANISATION = "organisation", _("organisation")
        PLACE = "place", _("place")
        EVENT = "event", _("event")
        PRODUCT = "product", _("product")
        SOFTWARE = "software", _("software")
        WORK = "work", _("work")
        CONCEPT = "concept", _("concept")

    class Privacy(models.TextChoices):
        MINOR = "minor", _("minor")
        VICTIM = "victim", _("victim")
        DELISTED = "delisted", _("delisted")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    schema_type = models.CharField(
        _("schema.org type"),
        max_length=60,
        blank=True,
        help_text=_("For example Corporation or DefinedTerm."),
    )
    name = models.CharField(_("name"), max_length=300)
    sort_key = SortKeyField()
    lang = LangField()
    description = models.TextField(_("description"), blank=True)
    note = models.TextField(_("note, for the desk"), blank=True)
    privacy = models.CharField(
        _("protected as"),
        max_length=8,
        choices=Privacy,
        blank=True,
        help_text=_("A protected person has no page, no links and leaves in no export."),
    )
    pseudonymous = models.BooleanField(
        _("known only by a pseudonym"), default=False, help_text=_("Has no page that gathers ratings.")
    )

    objects = EntityQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("entity")
        verbose_name_plural = _("entities")
        ordering = ("sort_key",)
        constraints = (
            *Withdrawable.Meta.constraints,
            models.CheckConstraint(
                name="entity_kind_known",
                condition=Q(
                    kind__in=[
                        "person",
                        "organisation",
                        "place",
                        "event",
                        "product",
                        "software",
                        "work",
                        "concept",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="entity_privacy_known", condition=Q(privacy__in=["", "minor", "victim", "delisted"])
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs):
        self.sort_key = fold(self.name)
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return self.address_under("reader:entity", words=self.name)

    @property
    def has_page(self) -> bool:
        return not (self.privacy or self.pseudonymous or self.withdrawn_at)


class EntityAlias(KeptInStep):
    """A name that an entity goes by, as it is written."""

    entity = models.ForeignKey(Entity, models.CASCADE, related_name="aliases", verbose_name=_("entity"))
    name = models.CharField(_("name"), max_length=300)
    sort_key = SortKeyField()
    lang = LangField(blank=True, default="")

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ("sort_key",)
        constraints = (models.UniqueConstraint(name="alias_once_per_entity", fields=("entity", "name")),)

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs):
        self.sort_key = fold(self.name)
        super().save(**kwargs)


class EntityIdentifier(KeptInStep):
    """The same thing in another catalogue (schema.org `sameAs`)."""

    class Scheme(models.TextChoices):
        WIKIDATA = "wikidata", "Wikidata"
        VIAF = "viaf", "VIAF"
        ISNI = "isni", "ISNI"
        GEONAMES = "geonames", "GeoNames"
        LEI = "lei", "LEI"
        OTHER = "other", _("another address")

    PAGES = {
        Scheme.WIKIDATA: "https://www.wikidata.org/wiki/{}",
        Scheme.VIAF: "https://viaf.org/viaf/{}",
        Scheme.ISNI: "https://isni.org/isni/{}",
        Scheme.GEONAMES: "https://www.geonames.org/{}",
        Scheme.LEI: "https://search.gleif.org/#/record/{}",
        Scheme.OTHER: "{}",
    }

    entity = models.ForeignKey(Entity, models.CASCADE, related_name="identifiers", verbose_name=_("entity"))
    scheme = models.CharField(_("catalogue"), max_length=12, choices=Scheme, default=Scheme.WIKIDATA)
    value = models.CharField(_("identifier"), max_length=500)

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        constraints = (
            models.UniqueConstraint(name="identifier_once_per_entity", fields=("entity", "scheme", "value")),
            models.CheckConstraint(
                name="identifier_scheme_known",
                condition=Q(scheme__in=["wikidata", "viaf", "isni", "geonames", "lei", "other"]),
            ),
            models.CheckConstraint(
                name="identifier_other_is_address",
                condition=~Q(scheme="other")
                | Q(value__startswith="https://")
                | Q(value__startswith="http://"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"

    @property
    def url(self) -> str:
        return self.PAGES[self.Scheme(self.scheme)].format(self.value)


class Mention(Identified):
    """One place that names an entity. A collective («le due aziende») has one row for each entity meant."""

    class Form(models.TextChoices):
        NAME = "name", _("name")
        NESTED = "nested", _("name inside a longer name")
        COREFERENCE = "coreference", _("other words for it")

    annotation = models.ForeignKey(
        Annotation, models.PROTECT, related_name="mentions", verbose_name=_("annotation")
    )
    entity = models.ForeignKey(
        Entity, models.PROTECT, null=True, blank=True, related_name="mentions", verbose_name=_("entity")
    )
    form = models.CharField(_("form"), max_length=12, choices=Form, default=Form.NAME)
    note = models.CharField(_("note, for the desk"), max_length=200, blank=True)

    objects = OfAnnotationQuerySet.as_manager()

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = (
            models.UniqueConstraint(name="mention_once_per_annotation", fields=("annotation", "entity")),
            models.CheckConstraint(
                name="mention_name_has_entity", condition=Q(form="coreference") | Q(entity__isnull=False)
            ),
            models.CheckConstraint(
                name="mention_form_known", condition=Q(form__in=["name", "nested", "coreference"])
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_form_display()}: {self.entity or '—'}"
