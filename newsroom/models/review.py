"""Reviews: dated judgements of a claim, each tied to the very words that it judged."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .article import Revision
from .claim import Appearance, Claim
from .identity import Identified, IdentifiedQuerySet, LangField
from .rating import RatingLevel

SUMMARY_LENGTH = 160

models.TextField.register_lookup(Length, "length")


class ReviewQuerySet(IdentifiedQuerySet):
    def current(self) -> Self:
        """The reviews that readers see with their claims: at most one a claim, published or gone stale."""
        return self.filter(state__in=[Review.State.PUBLISHED, Review.State.STALE])

    def following_words(self) -> Self:
        """Those of them that go stale when the words they judged change, and hold again when these return."""
        return self.current().filter(stale_cause__in=["", Review.StaleCause.WORDS])

    def public(self) -> Self:
        """All that were ever public and are not withdrawn, the superseded ones included."""
        return self.filter(state__in=[Review.State.PUBLISHED, Review.State.STALE, Review.State.SUPERSEDED])


class Review(Identified):
    """Made and moved by the deeds of `actions/reviews.py` alone; no form edits a published one."""

    class Judges(models.TextChoices):
        CONTENT = "content", _("the content")
        ATTRIBUTION = "attribution", _("that the source said it")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        PUBLISHED = "published", _("published")
        STALE = "stale", _("to be checked again")
        SUPERSEDED = "superseded", _("superseded")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class StaleCause(models.TextChoices):
        WORDS = "words", _("the words changed")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="reviews", verbose_name=_("claim"))
    level = models.ForeignKey(RatingLevel, models.PROTECT, related_name="reviews", verbose_name=_("rating"))
    judges = models.CharField(_("judges"), max_length=11, choices=Judges, default=Judges.CONTENT)
    appearance = models.ForeignKey(
        Appearance,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name=_("appearance"),
    )
    revision = models.ForeignKey(
        Revision, models.PROTECT, null=True, blank=True, related_name="reviews", verbose_name=_("revision")
    )
    judged_words = models.TextField(_("words judged"))
    lang = LangField()
    summary = models.TextField(_("in short"), validators=[MaxLengthValidator(SUMMARY_LENGTH)])
    explanation = models.TextField(_("explanation"), blank=True)
    facts_judged = models.TextField(
        _("facts judged"),
        blank=True,
        help_text=_("Which facts the rating judges; required when an opinion or prediction is rated."),
    )
    no_evidence_reason = models.TextField(_("why there is no evidence"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews", verbose_name=_("written by")
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="approved_reviews",
        verbose_name=_("approved by"),
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    stale_cause = models.CharField(_("why stale"), max_length=8, choices=StaleCause, blank=True)
    stale_at = models.DateTimeField(_("stale since"), null=True, blank=True)
    supersedes = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name=_("supersedes"),
    )
    withdrawal_reason = models.TextField(_("reason for withdrawal"), blank=True)

    objects = ReviewQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ("-published_at", "-id")
        constraints = (
            models.UniqueConstraint(
                name="review_one_current_per_claim",
                fields=("claim",),
                condition=Q(state__in=["published", "stale"]),
            ),
            models.CheckConstraint(
                name="review_approver_is_not_author", condition=Q(approver=None) | ~Q(approver=F("author"))
            ),
            models.CheckConstraint(
                name="review_public_is_approved",
                condition=Q(state__in=["proposed", "withdrawn"])
                | Q(approver__isnull=False, published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="review_proposed_is_not_approved",
                condition=~Q(state="proposed") | Q(approver=None, published_at=None),
            ),
            models.CheckConstraint(
                name="review_stale_since_and_why",
                condition=~Q(state="stale") | (Q(stale_at__isnull=False) & ~Q(stale_cause="")),
            ),
            models.CheckConstraint(
                name="review_stale_cause_known", condition=Q(stale_cause__in=["", "words"])
            ),
            models.CheckConstraint(
                name="review_withdrawn_with_reason",
                condition=~Q(state="withdrawn") | ~Q(withdrawal_reason=""),
            ),
            models.CheckConstraint(
                name="review_appearance_with_revision",
                condition=Q(appearance=None, revision=None)
                | Q(appearance__isnull=False, revision__isnull=False),
            ),
            models.CheckConstraint(
                name="review_summary_fits",
                condition=Q(summary__length__lte=SUMMARY_LENGTH) & ~Q(summary=""),
            ),
            models.CheckConstraint(name="review_judges_words", condition=~Q(judged_words="")),
            models.CheckConstraint(
                name="review_judges_known", condition=Q(judges__in=["content", "attribution"])
            ),
            models.CheckConstraint(
                name="review_state_known",
                condition=Q(state__in=["proposed", "published", "stale", "superseded", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="review_not_after_itself", condition=Q(supersedes=None) | ~Q(supersedes=F("id"))
            ),
        )
        permissions = (("publish_review", _("Can approve and publish reviews of others")),)

    def __str__(self) -> str:
        return self.summary[:80]

    @property
    def is_current(self) -> bool:
        return self.state in (self.State.PUBLISHED, self.State.STALE)
