"""Claims: what can be checked, in canonical wording, and where it stands."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from .annotation import Annotation, OfAnnotationQuerySet, Target
from .article import Article
from .dates import ImpreciseDate
from .identity import Identified, IdentifiedQuerySet, LangField
from .searchable import KeptInStep, SearchedQuerySet, places_of
from .source import Source
from .withdrawal import Withdrawable

#: So few places that name somebody are compared with the claims beside them here and not in the database.
FEW_PLACES = 5000


class ClaimQuerySet(SearchedQuerySet):
    def shown(self, *, at: datetime) -> Self:
        """Claims that stand, for everyone to see, in an article that is published at this moment."""
        return self.filter(Exists(Appearance.objects.public(at=at).filter(claim=OuterRef("pk"))))

    def public(self, *, at: datetime) -> Self:
        """Those of them that were not withdrawn."""
        return self.shown(at=at).filter(withdrawn_at=None)

    def in_article(self, article: Article, *, at: datetime) -> Self:
        """Those that stand in this article, for readers."""
        return self.filter(
            pk__in=Appearance.objects.public(at=at).filter(annotation__article=article).values("claim")
        )

    def naming(self, entity: int, *, at: datetime) -> Self:
        """Those in whose words, as they stand now, the entity with this key is named. Two queries."""
        named = Target.objects.placed().current().public(at=at).filter(annotation__mentions__entity=entity)
        places = list(named.values_list("revision", "start", "end")[: FEW_PLACES + 1])
        if len(places) <= FEW_PLACES:
            return self.filter(pk__in=_claims_around(places))
        # By their keys: joined with the rest, the places would come last.
        around = Target.objects.filter(
            pk__in=named.values("pk"),
            revision__targets__start__lte=F("start"),
            revision__targets__end__gte=F("end"),
            revision__targets__role=Target.Role.CONTENT,
            revision__targets__annotation__state=Annotation.State.ACCEPTED,
        )
        return self.filter(pk__in=around.values("revision__targets__annotation__appearance__claim"))

    def of_days(self, first: date | None, last: date | None) -> Self:
        """Those dated within these days, both included, as far as each is known; None bounds nothing."""
        found = self
        if first is not None:
            found = found.filter(date_earliest__gte=first, search_entry__place__lte=places_of(first)[1])
        if last is not None:
            found = found.filter(date_latest__lte=last, search_entry__place__gte=places_of(last)[0])
        return found

    def newest_first(self) -> Self:
        """By the day that they are of, the undated last: the order of the search, which has an index."""
        # Every place is more than nothing: so the database begins with the entries, and sorts no claim.
        return self.filter(search_entry__place__gt=0).order_by("search_entry__place")


def _claims_around(places: list[tuple[int, int, int]]) -> set[int]:
    """The keys of the claims that stand round one of these places: revision, start and end of each.

    A database that is asked for it compares all claims with all places.
    """
    beside = Target.objects.filter(
        revision__in={revision for revision, _start, _end in places},
        role=Target.Role.CONTENT,
        start__isnull=False,
        annotation__state=Annotation.State.ACCEPTED,
        annotation__appearance__isnull=False,
    )
    claims: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for revision, start, end, claim in beside.values_list(
        "revision", "start", "end", "annotation__appearance__claim"
    ):
        claims[revision].append((start, end, claim))
    return {
        claim
        for revision, start, end in places
        for first, last, claim in claims[revision]
        if first <= start and end <= last
    }


class Claim(KeptInStep, ImpreciseDate, Withdrawable):
    """A checkable statement: `text` in `lang` is its wording, other languages are `ClaimWording` rows."""

    class Kind(models.TextChoices):
        FACT = "fact", _("reported fact")
        STATISTIC = "statistic", _("statistic")
        ALLEGATION = "allegation", _("allegation")
        PREDICTION = "prediction", _("prediction")
        OPINION = "opinion", _("opinion or interpretation")

    class Worth(models.TextChoices):
        HIGH = "high", _("high")
        MEDIUM = "medium", _("medium")
        LOW = "low", _("low")

    class Accuses(models.TextChoices):
        """Whether it accuses or discredits a living person or a named organisation."""

        UNSAID = "", _("not said yet")
        NO = "no", pgettext_lazy("accuses", "no")
        YES = "yes", pgettext_lazy("accuses", "yes")

    text = models.TextField(_("canonical wording"))
    lang = LangField()
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.FACT)
    claimant = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("claimant")
    )
    check_worthiness = models.CharField(
        _("worth checking"), max_length=6, choices=Worth, default=Worth.MEDIUM
    )
    check_reason = models.TextField(_("why it is worth checking, for the desk"), blank=True)
    accuses = models.CharField(
        _("accuses somebody"),
        max_length=3,
        choices=Accuses,
        blank=True,
        default=Accuses.UNSAID,
        help_text=_("Whether it accuses or discredits a living person or a named organisation."),
    )
    accused = models.CharField(_("whom it accuses"), max_length=300, blank=True)
    note = models.TextField(_("note, for the desk"), blank=True)

    objects = ClaimQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = (
            *ImpreciseDate.Meta.constraints,
            *Withdrawable.Meta.constraints,
            models.CheckConstraint(name="claim_has_wording", condition=~Q(text="")),
            models.CheckConstraint(
                name="claim_kind_known",
                condition=Q(kind__in=["fact", "statistic", "allegation", "prediction", "opinion"]),
            ),
            models.CheckConstraint(
                name="claim_worth_known", condition=Q(check_worthiness__in=["high", "medium", "low"])
            ),
            models.CheckConstraint(
                name="claim_accuses_somebody",
                condition=Q(accuses__in=["", "no"], accused="") | (Q(accuses="yes") & ~Q(accused="")),
                violation_error_message=_("Say whom the claim accuses, and only of one that does."),
            ),
        )
        indexes = (
            # The list of claims looks over it for a rare kind or language. It begins with the key: so no
            # database prefers it, for a frequent one, to the order of the list.
            models.Index(name="claim_at_a_glance", fields=("id", "kind", "lang")),
        )

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return self.address_under("reader:claim", words=self.text)

    @property
    def is_subjective(self) -> bool:
        """An opinion or a prediction: labelled as such beside its rating, wherever it is shown."""
        return self.kind in (self.Kind.OPINION, self.Kind.PREDICTION)


class ClaimWording(KeptInStep):
    """The same claim in another language."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="wordings", verbose_name=_("claim"))
    lang = LangField()
    text = models.TextField(_("wording"))

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        constraints = (
            models.UniqueConstraint(name="wording_once_per_language", fields=("claim", "lang")),
            models.CheckConstraint(name="wording_not_empty", condition=~Q(text="")),
        )

    def __str__(self) -> str:
        return self.text


class Appearance(Identified):
    """Where a claim stands: one annotation of one article."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="appearances", verbose_name=_("claim"))
    annotation = models.OneToOneField(
        Annotation, models.PROTECT, related_name="appearance", verbose_name=_("annotation")
    )

    objects = OfAnnotationQuerySet.as_manager()

    class Meta:
        verbose_name = _("appearance")
        verbose_name_plural = _("appearances")

    def __str__(self) -> str:
        return str(self.claim)


class ClaimRelationQuerySet(IdentifiedQuerySet):
    def of(self, claims: Claim | int | Iterable[Claim | int]) -> Self:
        """Those that one of these claims has a part in, whichever."""
        claims = [claims] if isinstance(claims, Claim | int) else claims
        return self.filter(Q(source__in=claims) | Q(target__in=claims))

    def within(self, claims: Iterable[Claim | int]) -> Self:
        """Those between these claims."""
        claims = list(claims)
        return self.filter(source__in=claims, target__in=claims)


class ClaimRelation(Identified):
    """What one claim is to another: `source` supports, contradicts, repeats, updates, is part of `target`."""

    class Kind(models.TextChoices):
        SUPPORTS = "supports", _("supports")
        CONTRADICTS = "contradicts", _("contradicts")
        REPEATS = "repeats", _("repeats")
        UPDATES = "updates", _("updates")
        PART_OF = "part_of", _("is part of")

    #: What holds both ways: it is written down once, in the direction in which it was said.
    MUTUAL = (Kind.CONTRADICTS, Kind.REPEATS)
    #: What goes one way only: nothing is part of its own part, nothing updates what updates it.
    WITHOUT_CIRCLES = (Kind.PART_OF, Kind.UPDATES)

    class Strength(models.TextChoices):
        STRONG = "strong", _("strong")
        WEAK = "weak", _("weak")

    source = models.ForeignKey(Claim, models.PROTECT, related_name="relations_out", verbose_name=_("claim"))
    target = models.ForeignKey(
        Claim, models.PROTECT, related_name="relations_in", verbose_name=_("other claim")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    strength = models.CharField(_("strength"), max_length=6, choices=Strength, blank=True)
    note = models.TextField(_("note, for the desk"), blank=True)

    objects = ClaimRelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("relation between claims")
        verbose_name_plural = _("relations between claims")
        constraints = (
            models.UniqueConstraint(name="relation_once", fields=("source", "target", "kind")),
            models.UniqueConstraint(
                Least("source", "target"),
                Greatest("source", "target"),
                "kind",
                name="relation_mutual_once",
                condition=Q(kind__in=["contradicts", "repeats"]),
            ),
            models.CheckConstraint(name="relation_between_two_claims", condition=~Q(source=F("target"))),
            models.CheckConstraint(
                name="relation_kind_known",
                condition=Q(kind__in=["supports", "contradicts", "repeats", "updates", "part_of"]),
            ),
            models.CheckConstraint(
                name="relation_strength_known", condition=Q(strength__in=["", "strong", "weak"])
            ),
        )

    def __str__(self) -> str:
        return f"{self.source_id} {self.get_kind_display()} {self.target_id}"

    @property
    def version(self) -> str:
        """What it says, as a short sum: two people on one relation notice each other by it."""
        said = (self.source_id, self.target_id, self.kind, self.strength, self.note)
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]
