"""Annotations and their targets: a tag on words, and where the words stand in each revision.

An annotation belongs to an article and outlives its revisions. A target is one span of one annotation in one
revision: every revision has target rows of its own, so the article as it was is a filter, not a computation.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .article import Article, Revision
from .identity import Identified, IdentifiedQuerySet


class AnnotationQuerySet(IdentifiedQuerySet):
    def public(self) -> Self:
        """What a reader may see: accepted by a person and not withdrawn. A proposal never is."""
        return self.filter(state=Annotation.State.ACCEPTED)

    def live(self) -> Self:
        """What a new revision has to carry along: all but the rejected and the withdrawn."""
        return self.filter(state__in=Annotation.LIVE)


class OfAnnotationQuerySet(IdentifiedQuerySet):
    """Rows that hang on an annotation: targets, appearances, mentions, attributions."""

    def public_in(self, article: Article | int, *, as_of: datetime | None = None) -> Self:
        """Those of an article's public annotations, whatever the revision; `as_of`, as they were then."""
        standing = Q(annotation__state=Annotation.State.ACCEPTED)
        if as_of is not None:
            standing |= Q(annotation__state=Annotation.State.WITHDRAWN, annotation__withdrawn_at__gt=as_of)
        return self.filter(standing, annotation__article=article)

    def live(self) -> Self:
        """Those of annotations that a new revision carries along."""
        return self.filter(annotation__state__in=Annotation.LIVE)

    def public(self, *, at: datetime) -> Self:
        """Those of public annotations of articles that are published at this moment."""
        return self.filter(
            annotation__state=Annotation.State.ACCEPTED,
            annotation__article__published_at__lte=at,
            annotation__article__withdrawn_at=None,
        )


class Annotation(Identified):
    class Kind(models.TextChoices):
        CLAIM = "claim", _("claim")
        MENTION = "mention", _("mention")
        ATTRIBUTION = "attribution", _("attribution")

    class State(models.TextChoices):
        SUGGESTED = "suggested", _("suggested")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    LIVE = (State.ACCEPTED, State.SUGGESTED)

    article = models.ForeignKey(
        Article, models.PROTECT, related_name="annotations", verbose_name=_("article")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ACCEPTED)
    #: Which program proposed it; empty when a person tagged it by hand.
    generator = models.CharField(_("generator"), max_length=80, blank=True)
    confidence = models.FloatField(_("confidence"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="annotations", verbose_name=_("tagged by")
    )
    at = models.DateTimeField(_("at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)
    withdrawal_reason = models.TextField(_("reason for withdrawal"), blank=True, editable=False)
    #: When it was last said otherwise: moved, confirmed, taken back.
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True, editable=False)
    #: The name that it keeps wherever it goes, if who sent it gave it one; and the addresses it came from.
    canonical = models.CharField(_("canonical address"), max_length=1000, blank=True, editable=False)
    via = models.JSONField(_("came from"), default=list, blank=True, editable=False)
    #: Counts the saves, so that two people on one annotation notice each other.
    row_version = models.PositiveIntegerField(_("row version"), default=1, editable=False)

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        verbose_name = _("annotation")
        verbose_name_plural = _("annotations")
        indexes = (
            # The list of the admin: the newest among very many.
            models.Index(name="annotation_by_moment", fields=("at", "id")),
            # What waits for a person, in one article or in all: few rows among very many.
            models.Index(
                name="annotation_pending", fields=("article", "kind"), condition=Q(state="suggested")
            ),
            # How many tags of each kind an article has: counted at each save, and from the index alone.
            models.Index(name="annotation_counted", fields=("article", "state", "kind")),
        )
        constraints = (
            models.CheckConstraint(
                name="annotation_kind_known", condition=Q(kind__in=["claim", "mention", "attribution"])
            ),
            models.CheckConstraint(
                name="annotation_state_known",
                condition=Q(state__in=["suggested", "accepted", "rejected", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="annotation_suggested_by_program", condition=~Q(state="suggested") | ~Q(generator="")
            ),
            models.CheckConstraint(
                name="annotation_withdrawn_with_reason",
                condition=(~Q(state="withdrawn") & Q(withdrawn_at=None, withdrawal_reason=""))
                | (Q(state="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")),
            ),
            models.CheckConstraint(
                name="annotation_confidence_is_share",
                condition=Q(confidence=None) | Q(confidence__gte=0, confidence__lte=1),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.code}"

    @property
    def is_live(self) -> bool:
        """Whether a new revision has to carry it along."""
        return self.state in self.LIVE


class TargetQuerySet(OfAnnotationQuerySet):
    def placed(self) -> Self:
        """Targets that have a place in their revision."""
        return self.exclude(fate=Target.Fate.ORPHANED)

    def orphaned(self) -> Self:
        """Those without a place, by what their index is made of."""
        return self.filter(start=None)

    def current(self) -> Self:
        """Those of the revision that is current in their article."""
        return self.filter(revision=F("annotation__article__current_revision"))

    def to_check(self) -> Self:
        """Targets that a program placed and is not sure of, until a person says that they are right."""
        return self.live().current().placed().filter(needs_check=True)

    def lost(self) -> Self:
        """Targets that have no place in the current text, until a person gives them one or withdraws them."""
        return self.live().current().orphaned()


class Target(Identified):
    """A span of code points, start inclusive and end exclusive, and its quotation (W3C TextQuoteSelector).

    `text[start:end] == exact` of its revision, always; an orphan has no place and keeps the lost quotation.
    """

    class Role(models.TextChoices):
        CONTENT = "content", _("content")
        SOURCE = "source", _("source")
        CUE = "cue", _("cue")
        HEDGE = "hedge", _("hedge")

    class Fate(models.TextChoices):
        EXACT = "exact", _("same words")
        MOVED = "moved", _("moved")
        ALTERED = "altered", _("altered")
        ORPHANED = "orphaned", _("no longer in the text")

    annotation = models.ForeignKey(
        Annotation, models.PROTECT, related_name="targets", verbose_name=_("annotation")
    )
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="targets", verbose_name=_("revision"))
    role = models.CharField(_("role"), max_length=8, choices=Role, default=Role.CONTENT)
    ordinal = models.PositiveSmallIntegerField(_("ordinal"), default=0)
    start = models.PositiveIntegerField(_("start"), null=True, blank=True)
    end = models.PositiveIntegerField(_("end"), null=True, blank=True)
    exact = models.TextField(_("exact words"))
    prefix = models.CharField(_("words before"), max_length=64, blank=True)
    suffix = models.CharField(_("words after"), max_length=64, blank=True)
    fate = models.CharField(_("fate"), max_length=8, choices=Fate, default=Fate.EXACT)
    score = models.FloatField(_("score"), default=1.0)
    needs_check = models.BooleanField(_("needs a check"), default=False)
    reason = models.CharField(_("reason"), max_length=20, blank=True)
    #: Places that were thought of and rejected, best first: `[[start, end, score], …]` in this revision.
    candidates = models.JSONField(_("candidates"), default=list, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="confirmed_targets",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ("annotation", "revision", "role", "ordinal")
        constraints = (
            models.UniqueConstraint(
                name="target_once_per_revision", fields=("annotation", "revision", "role", "ordinal")
            ),
            models.CheckConstraint(
                name="target_has_place_or_is_orphan",
                condition=Q(fate="orphaned", start=None, end=None)
                | (~Q(fate="orphaned") & Q(start__isnull=False, end__isnull=False)),
            ),
            models.CheckConstraint(
                name="target_start_before_end", condition=Q(start=None) | Q(start__lt=F("end"))
            ),
            models.CheckConstraint(
                name="target_confirmed_by_and_at",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="target_role_known", condition=Q(role__in=["content", "source", "cue", "hedge"])
            ),
            models.CheckConstraint(
                name="target_fate_known", condition=Q(fate__in=["exact", "moved", "altered", "orphaned"])
            ),
            models.CheckConstraint(name="target_words_not_empty", condition=~Q(exact="")),
        )
        indexes = (
            # The annotated article reads all targets of one revision in order of place; what lies on one of
            # its blocks is told by their ends as well, which the index has.
            models.Index(name="target_by_place", fields=("revision", "start", "end", "annotation")),
            # The two queues of the desk: few rows among very many, and all that is asked of them.
            models.Index(
                name="target_lost", fields=("annotation", "revision", "start"), condition=Q(start=None)
            ),
            models.Index(
                name="target_to_check",
                fields=("annotation", "revision", "fate", "needs_check"),
                condition=Q(needs_check=True),
            ),
        )

    def __str__(self) -> str:
        return f"«{self.exact[:60]}»"
