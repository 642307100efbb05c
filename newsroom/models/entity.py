"""Entities: the people, organisations, things and ideas that a text names, and the names they go by."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from newsroom.text.folding import fold

from .annotation import Annotation, OfAnnotationQuerySet
from .article import Article
from .identity import Identified, LangField
from .searchable import KeptInStep, SearchedQuerySet
from .sort_key import SortKeyField
from .withdrawal import Withdrawable


class EntityQuerySet(SearchedQuerySet):
    def standing(self) -> Self:
        """Those that words may name: not withdrawn, and not become one with another."""
        return self.filter(withdrawn_at=None, merged_into=None)

    def public(self) -> Self:
        """Entities with a page of their own: not the protected, not the pseudonymous."""
        return self.standing().filter(privacy="", pseudonymous=False)

    def delisted_in(self, article: Article) -> Self:
        """Those that an article names and search engines are not to find by it."""
        return self.filter(
            privacy=Entity.Privacy.DELISTED,
            mentions__annotation__article=article,
            mentions__annotation__state=Annotation.State.ACCEPTED,
        )

    def sharing(self) -> Self:
        """Those that share a name, an alias or a number in a catalogue with one that came later.

        Each pair is found once, by the one that was there first.
        """
        others = Entity.objects.standing().filter(pk__gt=OuterRef("pk"))
        other_aliases = EntityAlias.objects.filter(
            entity__merged_into=None, entity__withdrawn_at=None, entity__gt=OuterRef("pk")
        )
        own = EntityAlias.objects.filter(entity=OuterRef("pk"))
        later = {"entity__merged_into": None, "entity__withdrawn_at": None}
        of_own = own.filter(
            Exists(Entity.objects.standing().filter(pk__gt=OuterRef("entity"), sort_key=OuterRef("sort_key")))
            | Exists(
                EntityAlias.objects.filter(
                    entity__gt=OuterRef("entity"), sort_key=OuterRef("sort_key"), **later
                )
            )
        )
        numbers = EntityIdentifier.objects.filter(entity=OuterRef("pk")).filter(
            Exists(
                EntityIdentifier.objects.filter(
                    entity__gt=OuterRef("entity"), scheme=OuterRef("scheme"), value=OuterRef("value"), **later
                )
            )
        )
        return self.standing().filter(
            Exists(others.filter(sort_key=OuterRef("sort_key")))
            | Exists(other_aliases.filter(sort_key=OuterRef("sort_key")))
            | Exists(of_own)
            | Exists(numbers)
        )

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
    protection_reason = models.TextField(_("why it is protected, for the desk"), blank=True, editable=False)
    protected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="protected_entities",
        verbose_name=_("protected by"),
    )
    protected_at = models.DateTimeField(_("protected at"), null=True, blank=True, editable=False)
    pseudonymous = models.BooleanField(
        _("known only by a pseudonym"), default=False, help_text=_("Has no page that gathers ratings.")
    )

    #: It was found to be the same as this one, to which its address leads.
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        # Nearly none is: an index of all that are not would draw the databases away from a search.
        db_index=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    #: The record of that, with all that moved, by which it can be undone.
    merge = models.ForeignKey(
        "newsroom.Deed",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("record of the merging"),
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
            models.CheckConstraint(
                name="entity_protected_with_reason",
                condition=Q(privacy="", protection_reason="", protected_by=None, protected_at=None)
                | (
                    ~Q(privacy="")
                    & ~Q(protection_reason="")
                    & Q(protected_by__isnull=False, protected_at__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="entity_merged_with_record",
                condition=Q(merged_into=None, merge=None) | Q(merged_into__isnull=False, merge__isnull=False),
            ),
            models.CheckConstraint(
                name="entity_not_merged_into_itself",
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
            ),
        )
        indexes = (
            models.Index(
                name="entity_merged_into", fields=("merged_into",), condition=Q(merged_into__isnull=False)
            ),
        )
        permissions = (
            ("merge_entity", _("Can merge and split entities")),
            ("unprotect_entity", _("Can lift the protection of an entity")),
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
        return not (self.privacy or self.pseudonymous or self.withdrawn_at or self.merged_into_id)

    @property
    def is_shown(self) -> bool:
        """Whether its name may stand in a public list at all, with a page or without."""
        return not (self.privacy or self.merged_into_id)

    def standing(self) -> Entity:
        """The one that it has become: itself, unless it was merged."""
        entity = self
        while entity.merged_into is not None:
            entity = entity.merged_into
        return entity


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
        # Who else has this number.
        indexes = (models.Index(name="identifier_by_value", fields=("scheme", "value")),)

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
        indexes = (
            # Which tags name somebody, without a look at each mention.
            models.Index(name="mention_by_entity", fields=("entity", "annotation")),
        )
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
