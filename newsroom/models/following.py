"""Readers who follow something by mail: an address, what it follows, and the mail that it is owed.

There is no account. An address gets nothing but one question before who reads there has said that it is
theirs, and of one that wants nothing any more no row is left. It is kept as it is, since mail is to go there;
it is shown to nobody, the desk and the admin included, and leaves in no archive.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext_lazy as _

from .article import Article
from .claim import Claim
from .entity import Entity
from .identity import Identified, IdentifiedQuerySet, LangField
from .outgoing import FRESH, Outgoing
from .source import Source
from .token import digest_of

#: What is done bears the moment at which it began: so much later all of it is there to be told.
SETTLED = timedelta(minutes=10)


class Rhythm(models.TextChoices):
    DAILY = "daily", _("every day")
    WEEKLY = "weekly", _("every Monday")


def latest_digest(rhythm: str, *, at: datetime) -> datetime:
    """The last moment up to which digests of this rhythm tell: an hour of the newsroom's day, or Monday."""
    zone = get_default_timezone()
    then = localtime(at - SETTLED, zone)
    hour, day = time(settings.DIGEST_HOUR), then.date()
    if datetime.combine(day, hour, zone) > then:
        day -= timedelta(days=1)
    if rhythm == Rhythm.WEEKLY:
        day -= timedelta(days=day.weekday())
    return datetime.combine(day, hour, zone)


class SubscriberQuerySet(IdentifiedQuerySet):
    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def due(self, *, at: datetime) -> Self:
        """Those who were not told yet what came up to the last moment of their rhythm."""
        behind = Q()
        for rhythm in Rhythm.values:
            behind |= Q(rhythm=rhythm, told_until__lt=latest_digest(rhythm, at=at))
        return self.confirmed().filter(behind)


class Subscriber(Identified):
    """Somebody at an address. Until who reads there has said that it is theirs, it is only asked that."""

    address = models.EmailField(_("address"))
    #: By which it is found again, however it is written.
    key = models.CharField(_("key"), max_length=64, unique=True, editable=False)
    rhythm = models.CharField(_("how often"), max_length=6, choices=Rhythm, default=Rhythm.DAILY)
    lang = LangField(_("language of the mail"))
    at = models.DateTimeField(_("at"))
    confirmed_at = models.DateTimeField(_("address confirmed at"), null=True, blank=True)
    told_until = models.DateTimeField(_("was told what came until"), null=True, blank=True)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("reader who follows something")
        verbose_name_plural = _("readers who follow something")
        ordering = ("at", "id")
        indexes = (
            models.Index(
                name="subscriber_by_told",
                fields=("rhythm", "told_until"),
                condition=Q(confirmed_at__isnull=False),
            ),
        )
        constraints = (
            models.CheckConstraint(name="subscriber_has_address", condition=~Q(address="") & ~Q(key="")),
            models.CheckConstraint(
                name="subscriber_rhythm_known", condition=Q(rhythm__in=["daily", "weekly"])
            ),
            models.CheckConstraint(
                name="subscriber_told_once_confirmed",
                condition=Q(confirmed_at=None, told_until=None)
                | Q(confirmed_at__isnull=False, told_until__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.code}"

    @staticmethod
    def key_of(address: str) -> str:
        return digest_of(address.strip().casefold())


class FollowQuerySet(IdentifiedQuerySet):
    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def with_things(self) -> Self:
        return self.select_related("article", "claim", "source", "entity__merged_into")


class Follow(Identified):
    """One thing that a reader follows, or wants to: then with the rhythm and the language that they chose."""

    subscriber = models.ForeignKey(
        Subscriber, models.PROTECT, related_name="follows", verbose_name=_("reader")
    )
    article = models.ForeignKey(
        Article, models.PROTECT, null=True, blank=True, related_name="follows", verbose_name=_("article")
    )
    claim = models.ForeignKey(
        Claim, models.PROTECT, null=True, blank=True, related_name="follows", verbose_name=_("claim")
    )
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="follows", verbose_name=_("source")
    )
    entity = models.ForeignKey(
        Entity, models.PROTECT, null=True, blank=True, related_name="follows", verbose_name=_("entity")
    )
    rhythm = models.CharField(_("how often"), max_length=6, choices=Rhythm, default=Rhythm.DAILY)
    lang = LangField(_("language of the mail"))
    at = models.DateTimeField(_("at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    objects = FollowQuerySet.as_manager()

    class Meta:
        verbose_name = _("thing that a reader follows")
        verbose_name_plural = _("things that readers follow")
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(name="follow_rhythm_known", condition=Q(rhythm__in=["daily", "weekly"])),
            models.CheckConstraint(
                name="follow_one_thing",
                condition=Q(article__isnull=False, claim=None, source=None, entity=None)
                | Q(article=None, claim__isnull=False, source=None, entity=None)
                | Q(article=None, claim=None, source__isnull=False, entity=None)
                | Q(article=None, claim=None, source=None, entity__isnull=False),
            ),
            *(
                models.UniqueConstraint(name=f"follow_{thing}_once", fields=("subscriber", thing))
                for thing in ("article", "claim", "source", "entity")
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.code}"

    @property
    def subject(self) -> Article | Claim | Source | Entity:
        """What they follow now: of an entity that was merged, the one that stays."""
        return self.article or self.claim or self.source or self.entity.standing()


class FollowerMail(Outgoing):
    """A mail to a reader who follows something. A digest holds no words: it is written when it is sent."""

    class Reason(models.TextChoices):
        CONFIRM = "confirm", _("is asked whether they want to follow something")
        LINK = "link", _("asked for their private address")
        DIGEST = "digest", _("something is new")

    subscriber = models.ForeignKey(Subscriber, models.PROTECT, related_name="mails", verbose_name=_("reader"))
    follow = models.ForeignKey(
        Follow, models.PROTECT, null=True, blank=True, related_name="mails", verbose_name=_("thing")
    )
    reason = models.CharField(_("why"), max_length=7, choices=Reason)
    since = models.DateTimeField(_("tells what came after"), null=True, blank=True)
    until = models.DateTimeField(_("and until"), null=True, blank=True)

    class Meta(Outgoing.Meta):
        abstract = False
        verbose_name = _("mail to a reader who follows something")
        verbose_name_plural = _("mails to readers who follow something")
        ordering = ("at", "id")
        constraints = (
            *Outgoing.Meta.constraints,
            # Whatever runs twice: no digest goes out twice.
            models.UniqueConstraint(name="followermail_once", fields=("subscriber", "until")),
            models.CheckConstraint(
                name="followermail_reason_known",
                condition=Q(reason="confirm", follow__isnull=False, since=None, until=None)
                | Q(reason="link", follow=None, since=None, until=None)
                | Q(
                    reason="digest",
                    follow=None,
                    since__isnull=False,
                    until__isnull=False,
                    since__lt=F("until"),
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_reason_display()} · {self.at:%Y-%m-%d %H:%M}"

    def is_wanted(self, *, at: datetime) -> bool:
        return self.at > at - FRESH
