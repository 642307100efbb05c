"""Reviews: dated judgements of a claim, each tied to the very words that it judged."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Length
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from .article import Revision
from .claim import Appearance, Claim
from .identity import Identified, IdentifiedQuerySet, LangField
from .rating import RatingLevel
from .request import RequestForComment
from .user import User

SUMMARY_LENGTH = 160

models.TextField.register_lookup(Length, "length")


class ReviewQuerySet(IdentifiedQuerySet):
    def met(self, *, at: datetime) -> Self:
        """Those of claims that readers meet at this moment; asked of each, for they are few of many."""
        return self.filter(Exists(Claim.objects.public(at=at).filter(pk=OuterRef("claim"))))

    def current(self) -> Self:
        """The reviews that readers see with their claims: at most one a claim, published or gone stale."""
        return self.filter(state__in=Review.CURRENT)

    def waiting(self) -> Self:
        """Proposed, sent back or approved: no reader has seen them yet."""
        return self.filter(
            state__in=[Review.State.PROPOSED, Review.State.CHANGES, Review.State.APPROVED], published_at=None
        )

    def following_words(self) -> Self:
        """Those of them that go stale when the words they judged change, and hold again when these return."""
        return self.current().filter(stale_cause__in=["", Review.StaleCause.WORDS])

    def gone(self) -> Self:
        """Readers saw them once, and they were withdrawn."""
        return self.filter(state=Review.State.WITHDRAWN, published_at__isnull=False)

    def public(self) -> Self:
        """All that were ever public and are not withdrawn, the superseded ones included."""
        return self.filter(state__in=[Review.State.PUBLISHED, Review.State.STALE, Review.State.SUPERSEDED])

    def versions(self) -> Self:
        """All that readers ever saw, as they came, the withdrawn ones included: the first is version 1."""
        return self.exclude(published_at=None).order_by("published_at", "pk")


class Review(Identified):
    """Made and moved by the deeds of `actions/reviews/` alone; no form edits a published one."""

    class Judges(models.TextChoices):
        CONTENT = "content", _("the content")
        ATTRIBUTION = "attribution", _("that the source said it")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        CHANGES = "changes", _("changes requested")
        APPROVED = "approved", pgettext_lazy("review", "approved")
        PUBLISHED = "published", _("published")
        STALE = "stale", _("to be checked again")
        SUPERSEDED = "superseded", _("superseded")
        WITHDRAWN = "withdrawn", _("withdrawn")

    #: What readers see with the claim.
    CURRENT = (State.PUBLISHED, State.STALE)

    class StaleCause(models.TextChoices):
        WORDS = "words", _("the words changed")
        DOCUMENT = "document", _("a document that it rests on changed")
        DESK = "desk", _("the desk wants a new look")

    class Confirmation(models.TextChoices):
        """What an editor confirms of a claim that accuses somebody; each is a field of this name."""

        PUBLIC_INTEREST = "public_interest", _("it is of public interest")
        MEASURED_WORDING = "measured_wording", _("its wording is measured")
        PRESUMPTION_OF_INNOCENCE = "presumption_of_innocence", _("nobody is called guilty before judgement")

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
    no_primary_reason = models.TextField(
        _("why no document was opened"),
        blank=True,
        help_text=_("Required for “false” if all that was opened are republications."),
    )
    no_request_reason = models.TextField(
        _("why nobody was asked for comment"),
        blank=True,
        help_text=_("Required if the claim accuses somebody who was not asked."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews", verbose_name=_("written by")
    )
    contributors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="contributed_reviews",
        verbose_name=_("also written by"),
        help_text=_("Who changed it after it was proposed: they do not approve it either."),
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    amended_at = models.DateTimeField(_("amended at"), null=True, blank=True)
    changes_note = models.TextField(_("changes requested"), blank=True)
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="approved_reviews",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    accuses = models.BooleanField(
        _("the claim accuses"), default=False, help_text=_("As it was when this was approved.")
    )
    request = models.ForeignKey(
        RequestForComment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name=_("request for comment"),
    )
    public_interest = models.BooleanField(_("public interest"), default=False)
    measured_wording = models.BooleanField(_("measured wording"), default=False)
    presumption_of_innocence = models.BooleanField(_("presumption of innocence"), default=False)
    override_reason = models.TextField(_("why a rule was overridden"), blank=True)
    overridden = models.JSONField(_("rules overridden"), default=list, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    stale_cause = models.CharField(_("why stale"), max_length=8, choices=StaleCause, blank=True)
    stale_at = models.DateTimeField(_("stale since"), null=True, blank=True)
    stale_reason = models.TextField(_("why it needs a new look"), blank=True)
    supersedes = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name=_("supersedes"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawal_reason = models.TextField(_("reason for withdrawal"), blank=True)
    row_version = models.PositiveIntegerField(_("row version"), default=1)

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
                condition=Q(state__in=["proposed", "changes", "approved", "withdrawn"])
                | Q(approver__isnull=False, published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="review_proposed_is_not_approved",
                condition=~Q(state__in=["proposed", "changes"])
                | Q(approver=None, approved_at=None, published_at=None),
            ),
            models.CheckConstraint(
                name="review_approved_by_and_at",
                condition=~Q(state="approved")
                | Q(approver__isnull=False, approved_at__isnull=False, published_at=None),
            ),
            # What the claim is stands in another row: `reviews.approve` copies it here, where this can hold.
            models.CheckConstraint(
                name="review_accusing_is_confirmed",
                condition=Q(accuses=False)
                | Q(state__in=["proposed", "changes", "withdrawn"])
                | ~Q(override_reason="")
                | (
                    Q(public_interest=True, measured_wording=True, presumption_of_innocence=True)
                    & (Q(request__isnull=False) | ~Q(no_request_reason=""))
                ),
            ),
            models.CheckConstraint(
                name="review_changes_have_note", condition=~Q(state="changes") | ~Q(changes_note="")
            ),
            models.CheckConstraint(
                name="review_stale_since_and_why",
                condition=~Q(state="stale") | (Q(stale_at__isnull=False) & ~Q(stale_cause="")),
            ),
            models.CheckConstraint(
                name="review_stale_cause_known",
                condition=Q(stale_cause__in=["", "words", "document", "desk"]),
            ),
            models.CheckConstraint(
                name="review_stale_by_desk_with_reason",
                condition=~Q(state="stale", stale_cause="desk") | ~Q(stale_reason=""),
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
                condition=Q(
                    state__in=[
                        "proposed",
                        "changes",
                        "approved",
                        "published",
                        "stale",
                        "superseded",
                        "withdrawn",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="review_not_after_itself", condition=Q(supersedes=None) | ~Q(supersedes=F("id"))
            ),
        )
        indexes = (
            # The front page: what was rated last.
            models.Index(name="review_newest", fields=("-published_at", "-id")),
            # The list of the admin, in the order in which they were written.
            models.Index(name="review_by_proposal", fields=("proposed_at", "id")),
            # The board and the desk's first page: the first that wait, among very many that were decided.
            models.Index(
                name="review_waiting",
                fields=("state", "proposed_at", "id"),
                condition=Q(published_at=None),
            ),
            models.Index(name="review_stale", fields=("stale_at", "id"), condition=Q(state="stale")),
            # The filters of the admin's list: in which languages there are any.
            models.Index(name="review_by_language", fields=("lang",)),
            # The feed of ratings: which of them ceased to hold lately.
            models.Index(
                Coalesce("withdrawn_at", "stale_at").desc(),
                name="review_ceased",
                condition=Q(state__in=["stale", "withdrawn"]),
            ),
            # The list of claims: which of them wear a rating. The claim stands first, for who comes from it.
            models.Index(name="review_by_claim", fields=("claim", "state", "judges", "level")),
        )
        permissions = (
            ("publish_review", _("Can approve and publish reviews of others")),
            ("override_review", _("Can publish a review that a rule stands against")),
        )

    def __str__(self) -> str:
        return self.summary[:80]

    def get_absolute_url(self) -> str:
        return reverse("reader:review", args=[self.code])

    @property
    def is_current(self) -> bool:
        return self.state in (self.State.PUBLISHED, self.State.STALE)

    @property
    def is_waiting(self) -> bool:
        """Whether no reader has seen it yet, and one may."""
        return self.state in (self.State.PROPOSED, self.State.CHANGES, self.State.APPROVED)

    @property
    def confirmed(self) -> list[str]:
        return [name for name in self.Confirmation.values if getattr(self, name)]

    def was_written_by(self, user: User) -> bool:
        """Whether this person wrote it or changed it since: such a one does not approve it."""
        return self.author_id == user.pk or self.contributors.filter(pk=user.pk).exists()
