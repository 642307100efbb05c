"""Flags: what readers say about a passage, or about a thing as a whole, and what came of it.

Three parts that live differently long. The flag itself says no word of the reader's: what it is about, what
the desk did with it, and its public outcome. Its targets are where the words stand in each revision, as those
of an annotation are. The letter is the reader's: message, name, address, and what they were answered. It is a
table of its own, left out of archives and cleared in time, as who a confidential source is stands in one.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .article import Article, Revision
from .claim import Appearance, Claim
from .correction import Correction
from .entity import Entity
from .identity import Identified, IdentifiedQuerySet, LangField
from .outgoing import FRESH, Outgoing
from .review import Review
from .source import Source
from .versioned import Versioned

#: In characters.
MESSAGE_LENGTH, ANSWER_LENGTH, OUTCOME_LENGTH = 5000, 5000, 1000


class FlagQuerySet(IdentifiedQuerySet):
    def open(self) -> Self:
        return self.filter(state=Flag.State.OPEN)

    def overdue(self, *, at: datetime) -> Self:
        return self.open().filter(due__lt=at)

    def decided(self) -> Self:
        return self.filter(state__in=(Flag.State.ACCEPTED, Flag.State.REJECTED))

    def carried(self) -> Self:
        """Those that a new revision carries along: open, or with an outcome that stands on the words."""
        return self.filter(state__in=(Flag.State.OPEN, Flag.State.ACCEPTED))

    def with_outcome(self) -> Self:
        """Those with an outcome in the editor's words: what a rectification says is said by its own text."""
        return self.filter(state=Flag.State.ACCEPTED).exclude(outcome="")

    def about_public(self, *, at: datetime) -> Self:
        """Those about things that readers may meet at this moment: each asks for its own, of few flags."""
        shown: dict[str, QuerySet[Any]] = {
            "article": Article.objects.published(at=at),
            "claim": Claim.objects.public(at=at),
            "source": Source.objects.public(),
            "entity": Entity.objects.public(),
        }
        met = (Exists(things.filter(pk=OuterRef(about)).order_by()) for about, things in shown.items())
        return self.filter(reduce(or_, (Q(one) for one in met)))

    def in_order(self) -> Self:
        """What is due first, first."""
        return self.order_by("due", "pk")


class Flag(Versioned, Identified):
    class Kind(models.TextChoices):
        ERROR = "error", _("an error")
        MISSING = "missing", _("a source is missing")
        VIEW = "view", _("another view")
        RECTIFICATION = "rectification", _("request for rectification")
        REPLY = "reply", _("right of reply")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")
        MERGED = "merged", _("merged")

    #: Kinds by which somebody speaks who is named there: they sign with their name.
    SIGNED = (Kind.RECTIFICATION, Kind.REPLY)

    article = models.ForeignKey(
        Article, models.PROTECT, null=True, blank=True, related_name="flags", verbose_name=_("article")
    )
    claim = models.ForeignKey(
        Claim, models.PROTECT, null=True, blank=True, related_name="flags", verbose_name=_("claim")
    )
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="flags", verbose_name=_("source")
    )
    entity = models.ForeignKey(
        Entity, models.PROTECT, null=True, blank=True, related_name="flags", verbose_name=_("entity")
    )
    kind = models.CharField(_("kind"), max_length=13, choices=Kind)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    at = models.DateTimeField(_("received at"))
    due = models.DateTimeField(_("due"))
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="flags",
        verbose_name=_("assigned to"),
    )
    lang = LangField(_("language of the outcome"))
    outcome = models.TextField(_("public outcome"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="flags_decided",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    correction = models.ForeignKey(
        Correction,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="flags",
        verbose_name=_("correction that came of it"),
    )
    review = models.ForeignKey(
        Review,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="flags",
        verbose_name=_("review that came of it"),
    )
    #: Of a letter that came otherwise than by the form: who of the desk copied it.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="flags_entered",
        verbose_name=_("entered by"),
    )
    #: If not since it came: since it was copied, or opened again.
    waits_since = models.DateTimeField(_("waits since"), null=True, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        ordering = ("-at", "-id")
        permissions = (
            ("decide_flag", _("Can decide what comes of a flag")),
            ("refuse_rectification", _("Can refuse a rectification, as the Editor responsible")),
        )
        indexes = (
            models.Index(name="flag_open_by_due", fields=("due", "id"), condition=Q(state="open")),
            models.Index(
                name="flag_outcome_newest", fields=("-decided_at", "-id"), condition=Q(state="accepted")
            ),
            models.Index(name="flag_newest", fields=("at", "id")),
        )
        constraints = (
            models.CheckConstraint(
                name="flag_kind_known",
                condition=Q(kind__in=["error", "missing", "view", "rectification", "reply"]),
            ),
            models.CheckConstraint(
                name="flag_state_known", condition=Q(state__in=["open", "accepted", "rejected", "merged"])
            ),
            models.CheckConstraint(
                name="flag_about_one_thing",
                condition=Q(article__isnull=False, claim=None, source=None, entity=None)
                | Q(article=None, claim__isnull=False, source=None, entity=None)
                | Q(article=None, claim=None, source__isnull=False, entity=None)
                | Q(article=None, claim=None, source=None, entity__isnull=False),
            ),
            models.CheckConstraint(
                name="flag_decided_by_and_at",
                condition=Q(state="open", decided_by=None, decided_at=None)
                | (~Q(state="open") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="flag_accepted_with_outcome",
                # What comes of a rectification is its text.
                condition=(Q(state="accepted") & (~Q(outcome="") | Q(kind="rectification")))
                | (~Q(state="accepted") & Q(outcome="", correction=None, review=None)),
            ),
            models.CheckConstraint(
                name="flag_merged_into_another",
                condition=(Q(state="merged", merged_into__isnull=False) & ~Q(merged_into=F("pk")))
                | (~Q(state="merged") & Q(merged_into=None)),
            ),
            models.CheckConstraint(name="flag_due_after_it_came", condition=Q(due__gte=F("at"))),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.code}"

    @property
    def subject(self) -> Article | Claim | Source | Entity:
        return self.article or self.claim or self.source or self.entity

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    def is_overdue(self, *, at: datetime) -> bool:
        return self.is_open and self.due < at

    def corrections(self) -> QuerySet[Correction]:
        """What was ever corrected of its thing."""
        if self.article_id:
            return Correction.objects.filter(article=self.article_id)
        if self.claim_id:
            return Correction.objects.filter(claims=self.claim_id)
        return Correction.objects.none()

    def corrections_since(self) -> QuerySet[Correction]:
        """What was corrected of its thing since it came, and may have been because of it."""
        return self.corrections().filter(at__gte=self.at)

    def reviews(self) -> QuerySet[Review]:
        """The public reviews of its claim, or of claims of its article."""
        if self.article_id:
            standing = Appearance.objects.live().filter(annotation__article=self.article_id)
            return Review.objects.public().filter(claim__in=standing.values("claim"))
        if self.claim_id:
            return Review.objects.public().filter(claim=self.claim_id)
        return Review.objects.none()

    def reviews_since(self) -> QuerySet[Review]:
        """Those of them that were published since it came."""
        return self.reviews().filter(published_at__gte=self.at)

    def standing(self) -> Flag:
        """The flag that this one was merged into, or itself; merging leaves no chains."""
        return self.merged_into or self

    def letter_lasts(self, *, at: datetime) -> timedelta:
        """For how long from now what was written is kept at least, and a private address opens its page."""
        days, standing = settings.KEEP_DAYS, self.standing()
        waits = standing.waits_since or self.waits_since or self.at
        since, kept = (
            (standing.decided_at, days["letter"]) if standing.decided_at else (waits, days["undecided"])
        )
        return max(since + timedelta(days=kept) - at, timedelta(days=1))


class FlagTarget(Identified):
    """Where the words of a flag stand in one revision: `text[start:end] == exact`, or it lost its place.

    The earliest is where the reader saw them; all others are followed from there.
    """

    class Fate(models.TextChoices):
        EXACT = "exact", _("same words")
        MOVED = "moved", _("moved")
        ALTERED = "altered", _("altered")
        ORPHANED = "orphaned", _("no longer in the text")

    flag = models.ForeignKey(Flag, models.PROTECT, related_name="targets", verbose_name=_("flag"))
    revision = models.ForeignKey(
        Revision, models.PROTECT, related_name="flag_targets", verbose_name=_("revision")
    )
    start = models.PositiveIntegerField(_("start"), null=True, blank=True)
    end = models.PositiveIntegerField(_("end"), null=True, blank=True)
    exact = models.TextField(_("exact words"))
    prefix = models.CharField(_("words before"), max_length=64, blank=True)
    suffix = models.CharField(_("words after"), max_length=64, blank=True)
    fate = models.CharField(_("fate"), max_length=8, choices=Fate, default=Fate.EXACT)
    score = models.FloatField(_("score"), default=1.0)

    class Meta:
        verbose_name = _("target of a flag")
        verbose_name_plural = _("targets of flags")
        ordering = ("flag", "revision")
        constraints = (
            models.UniqueConstraint(name="flag_target_once_per_revision", fields=("flag", "revision")),
            models.CheckConstraint(
                name="flag_target_has_place_or_is_orphan",
                condition=Q(fate="orphaned", start=None, end=None)
                | (~Q(fate="orphaned") & Q(start__isnull=False, end__isnull=False)),
            ),
            models.CheckConstraint(
                name="flag_target_start_before_end", condition=Q(start=None) | Q(start__lt=F("end"))
            ),
            models.CheckConstraint(
                name="flag_target_fate_known",
                condition=Q(fate__in=["exact", "moved", "altered", "orphaned"]),
            ),
            models.CheckConstraint(name="flag_target_words_not_empty", condition=~Q(exact="")),
        )

    def __str__(self) -> str:
        return f"«{self.exact[:60]}»"


class FlagLetterQuerySet(IdentifiedQuerySet):
    def with_address(self) -> Self:
        return self.exclude(address="")

    def unconfirmed(self, *, before: datetime) -> Self:
        """With an address that nobody said is theirs, though they were asked before this moment."""
        return self.with_address().filter(confirmed_at=None, flag__at__lt=before)

    def undecided(self, *, before: datetime) -> Self:
        """Of flags that wait since before this moment: themselves, or what they were merged into."""
        waiting = Q(flag__state="open") | Q(flag__merged_into__state="open")
        since = Coalesce("flag__merged_into__waits_since", "flag__waits_since", "flag__at")
        return self.alias(waits_since=since).filter(waiting, waits_since__lt=before)

    def of_address(self, address: str) -> Self:
        """By who left this address, and those of which whoever copied them says that they came from it."""
        # No part of a longer one: what is found is shown, and deleted.
        whole = rf"(^|[^\w.+-]){re.escape(address)}($|[^\w.-]|\.($|\s))"
        return self.filter(Q(address__iexact=address) | Q(how__iregex=whole))

    def answered(self, *, before: datetime) -> Self:
        """Of flags that were decided before this moment, themselves or by what they were merged into."""
        done = ("accepted", "rejected")
        return self.filter(
            Q(flag__state__in=done, flag__decided_at__lt=before)
            | Q(flag__merged_into__state__in=done, flag__merged_into__decided_at__lt=before)
        )


class FlagLetter(Identified):
    """What a reader wrote, and who they are if they said so. Nothing of it is ever public.

    The address is shown to nobody, the desk included: mail goes to it, once who reads there has said that it
    is theirs.
    """

    flag = models.OneToOneField(Flag, models.PROTECT, related_name="letter", verbose_name=_("flag"))
    message = models.TextField(_("message"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    address = models.EmailField(_("address for an answer"), blank=True)
    lang = LangField(_("language of the reader"))
    confirmed_at = models.DateTimeField(_("address confirmed at"), null=True, blank=True)
    how = models.CharField(
        _("how it came"),
        max_length=200,
        blank=True,
        help_text=_("If not by the form: by certified mail (PEC), by post, on the telephone; from whom."),
    )

    objects = FlagLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter of a reader")
        verbose_name_plural = _("letters of readers")
        constraints = (
            models.CheckConstraint(
                name="flag_letter_fits", condition=~Q(message="") & Q(message__length__lte=MESSAGE_LENGTH)
            ),
            models.CheckConstraint(
                name="flag_letter_confirmed_address", condition=Q(confirmed_at=None) | ~Q(address="")
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.flag_id}"

    @property
    def may_be_written_to(self) -> bool:
        return bool(self.address) and self.confirmed_at is not None


class FlagAnswer(Identified):
    """What the desk answered the reader, for them alone."""

    flag = models.ForeignKey(Flag, models.PROTECT, related_name="answers", verbose_name=_("flag"))
    words = models.TextField(_("answer"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="flag_answers", verbose_name=_("answered by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("answer to a reader")
        verbose_name_plural = _("answers to readers")
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(
                name="flag_answer_fits", condition=~Q(words="") & Q(words__length__lte=ANSWER_LENGTH)
            ),
        )

    def __str__(self) -> str:
        return f"{self.by} · {self.at:%Y-%m-%d %H:%M}"


class AnswerTemplate(Identified):
    """Words that the desk begins an answer with, or a public outcome."""

    class Use(models.TextChoices):
        ANSWER = "answer", _("private answer")
        OUTCOME = "outcome", _("public outcome")

    name = models.CharField(_("name"), max_length=80)
    use = models.CharField(_("what it is for"), max_length=7, choices=Use, default=Use.ANSWER)
    lang = LangField()
    words = models.TextField(_("words"), max_length=ANSWER_LENGTH)

    class Meta:
        verbose_name = _("answer template")
        verbose_name_plural = _("answer templates")
        ordering = ("use", "lang", "name")
        constraints = (
            models.UniqueConstraint(name="answer_template_named_once", fields=("use", "lang", "name")),
            models.CheckConstraint(
                name="answer_template_use_known", condition=Q(use__in=["answer", "outcome"])
            ),
            models.CheckConstraint(name="answer_template_has_words", condition=~Q(name="") & ~Q(words="")),
        )

    def __str__(self) -> str:
        return self.name


class ReaderMail(Outgoing):
    """A mail to a reader who left an address with a flag."""

    class Reason(models.TextChoices):
        CONFIRM = "confirm", _("is asked whether the address is theirs")
        ANSWER = "answer", _("was answered")
        OUTCOME = "outcome", _("a decision was taken")

    flag = models.ForeignKey(Flag, models.PROTECT, related_name="mails", verbose_name=_("flag"))
    reason = models.CharField(_("why"), max_length=7, choices=Reason)

    class Meta(Outgoing.Meta):
        abstract = False
        verbose_name = _("mail to a reader")
        verbose_name_plural = _("mails to readers")
        ordering = ("at", "id")
        constraints = (
            *Outgoing.Meta.constraints,
            models.CheckConstraint(
                name="readermail_reason_known", condition=Q(reason__in=["confirm", "answer", "outcome"])
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_reason_display()} · {self.at:%Y-%m-%d %H:%M}"

    def is_wanted(self, *, at: datetime) -> bool:
        """Whether there is an address still that this may go to, and it is news."""
        letter = FlagLetter.objects.filter(flag=self.flag_id).first()
        if letter is None or not letter.address or self.at <= at - FRESH:
            return False
        if self.reason == self.Reason.CONFIRM:
            return letter.confirmed_at is None
        return letter.may_be_written_to
