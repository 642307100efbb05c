"""Suggestions: what a program proposed to tag, why, and what a person decided.

The annotation is there from the beginning, in the state `suggested`, with its targets, its `generator` and
its `confidence`; what it would say (a mention, an attribution, an appearance) is made when it is accepted. So
nothing that is shown to readers can hold what nobody accepted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .annotation import Annotation
from .article import Article, Revision
from .attribution import Attribution
from .claim import Claim
from .entity import Entity, Mention
from .identity import Identified, IdentifiedQuerySet
from .source import Source


class SuggestionQuerySet(IdentifiedQuerySet):
    def pending(self) -> Self:
        """Those that wait for a person."""
        return self.filter(annotation__state=Annotation.State.SUGGESTED)

    def of(self, article: Article | int) -> Self:
        return self.filter(annotation__article=article)

    def made_here(self) -> Self:
        """Those that this program read out of a text; the others were brought from elsewhere."""
        return self.filter(revision__isnull=False)

    def decided(self) -> Self:
        """Those that a person accepted or rejected."""
        return self.filter(decided_by__isnull=False)

    def whole(self) -> Self:
        """With their annotations and with whom they may stand for, in two queries."""
        offers = SuggestionOffer.objects.select_related("entity", "source", "claim").order_by("ordinal")
        return self.select_related("annotation").prefetch_related(models.Prefetch("offers", offers))


class Suggestion(Identified):
    """`annotation.generator` and `annotation.confidence` say which program proposed it, and how sure it is.

    `reasons` are `[[code, [words, …]], …]`: codes stay as they are, the words are what they rest on. Of a
    claim the codes say also whether it looks like an opinion, a question or a prediction.
    """

    class Unspoken(models.TextChoices):
        IMPLIED = "implied", _("the sentence before says who")
        IMPERSONAL = "impersonal", _("it is said, nobody says by whom")
        PASSIVE = "passive", _("it was said, nobody says by whom")
        UNNAMED = "unnamed", _("news or a rumour of nobody")

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", _("accepted as it was")
        CORRECTED = "corrected", _("accepted, corrected")
        REJECTED = "rejected", _("rejected")
        #: Nobody decided: its words changed or went with a new text.
        OUTDATED = "outdated", _("overtaken by a new text")

    annotation = models.OneToOneField(
        Annotation, models.PROTECT, related_name="suggestion", verbose_name=_("annotation")
    )
    #: The text that it was read out of; none if it was brought from elsewhere.
    revision = models.ForeignKey(
        Revision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="suggestions",
        verbose_name=_("proposed in"),
    )
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    #: Of a mention.
    entity_kind = models.CharField(_("kind of name"), max_length=12, choices=Entity.Kind, blank=True)
    form = models.CharField(_("form"), max_length=12, choices=Mention.Form, blank=True)
    #: Of an attribution; `unspoken` says why its words name nobody.
    quote_type = models.CharField(_("quotation"), max_length=8, choices=Attribution.QuoteType, blank=True)
    unspoken = models.CharField(_("why nobody is named"), max_length=10, choices=Unspoken, blank=True)
    #: What it hangs on: of a short name the long one, of an attribution the one that it stands in.
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followers", verbose_name=_("hangs on")
    )
    decision = models.CharField(_("decision"), max_length=9, choices=Decision, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="suggestions_decided",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        constraints = (
            # It knows all decisions that there are, too.
            models.CheckConstraint(
                name="suggestion_decided_by_and_at",
                condition=Q(decision="", decided_by=None, decided_at=None)
                | Q(decision="outdated", decided_by=None, decided_at__isnull=False, revision__isnull=False)
                | (
                    Q(decision__in=["accepted", "corrected", "rejected"])
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="suggestion_entity_kind_known", condition=Q(entity_kind__in=["", *Entity.Kind.values])
            ),
            models.CheckConstraint(
                name="suggestion_form_known", condition=Q(form__in=["", "name", "nested", "coreference"])
            ),
            models.CheckConstraint(
                name="suggestion_quote_type_known",
                condition=Q(quote_type__in=["", "direct", "indirect", "mixed"]),
            ),
            models.CheckConstraint(
                name="suggestion_unspoken_known",
                condition=Q(unspoken__in=["", "implied", "impersonal", "passive", "unnamed"]),
            ),
            models.CheckConstraint(
                name="suggestion_of_one_kind",
                condition=Q(entity_kind="", form="") | Q(quote_type="", unspoken=""),
            ),
            models.CheckConstraint(
                name="suggestion_not_after_itself", condition=Q(follows=None) | ~Q(follows=F("id"))
            ),
        )
        indexes = (
            # What was decided, week by week; most rows of a busy newsroom, but not those that wait.
            models.Index(name="suggestion_by_decision", fields=("decided_at",), condition=~Q(decision="")),
        )

    def __str__(self) -> str:
        return f"{self.annotation.get_kind_display()}: {self.get_decision_display() or _('pending')}"

    @property
    def codes(self) -> Sequence[str]:
        return [code for code, _words in self.reasons]

    @property
    def is_opinion(self) -> bool:
        return "opinion" in self.codes

    @property
    def is_question(self) -> bool:
        return "question" in self.codes

    @property
    def is_prediction(self) -> bool:
        return "prediction" in self.codes

    @property
    def first_offer(self) -> SuggestionOffer | None:
        """Whom it most likely stands for."""
        return next(iter(sorted(self.offers.all(), key=lambda offer: offer.ordinal)), None)


class SuggestionOffer(Identified):
    """Who or what a suggestion may stand for: an entity, a source, or a claim that says the same."""

    suggestion = models.ForeignKey(
        Suggestion, models.CASCADE, related_name="offers", verbose_name=_("suggestion")
    )
    #: From 0, the likeliest.
    ordinal = models.PositiveSmallIntegerField(_("ordinal"), default=0)
    entity = models.ForeignKey(
        Entity, models.CASCADE, null=True, blank=True, related_name="offers", verbose_name=_("entity")
    )
    source = models.ForeignKey(
        Source, models.CASCADE, null=True, blank=True, related_name="offers", verbose_name=_("source")
    )
    claim = models.ForeignKey(
        Claim, models.CASCADE, null=True, blank=True, related_name="offers", verbose_name=_("claim")
    )
    reasons = models.JSONField(_("reasons"), default=list, blank=True)

    class Meta:
        verbose_name = _("offer of a suggestion")
        verbose_name_plural = _("offers of suggestions")
        ordering = ("suggestion", "ordinal")
        constraints = (
            models.UniqueConstraint(name="offer_once_per_place", fields=("suggestion", "ordinal")),
            models.UniqueConstraint(name="offer_entity_once", fields=("suggestion", "entity")),
            models.UniqueConstraint(name="offer_source_once", fields=("suggestion", "source")),
            models.UniqueConstraint(name="offer_claim_once", fields=("suggestion", "claim")),
            models.CheckConstraint(
                name="offer_of_one_thing",
                condition=Q(entity__isnull=False, source=None, claim=None)
                | Q(entity=None, source__isnull=False, claim=None)
                | Q(entity=None, source=None, claim__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return str(self.thing)

    @property
    def thing(self) -> Entity | Source | Claim:
        return self.entity or self.source or self.claim
