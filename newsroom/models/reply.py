"""Replies by private link: who is asked, with which draft before them, and what became of their words.

Four parts, by whom they concern. The request for comment (`request.py`) is what the newsroom did, and the one
record that somebody was asked and has answered. The invitation is the link of it. The reply is what an editor
decided. The letter holds the words until then: in a table of its own, left out of archives. Accepted, they
move into the request's `answer` and stand in public; refused, they stay where they are and are cleared in
time.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .identity import Identified, IdentifiedQuerySet, LangField
from .outgoing import Outgoing
from .request import RequestForComment
from .review import Review
from .user import User
from .versioned import Versioned

#: In characters.
REPLY_LENGTH, REASON_LENGTH = 4000, 1000


class InvitationQuerySet(IdentifiedQuerySet):
    def with_address(self) -> Self:
        return self.exclude(address="")


class Invitation(Identified):
    """A request for comment that is answered by a private link; `review` is the draft that it shows.

    The address is shown to nobody, the desk included, from the moment that it was typed.
    """

    request = models.OneToOneField(
        RequestForComment, models.PROTECT, related_name="invitation", verbose_name=_("request for comment")
    )
    review = models.ForeignKey(
        Review,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("draft that is shown"),
    )
    address = models.EmailField(_("address"), blank=True)
    lang = LangField(_("language of who is asked"))
    at = models.DateTimeField(_("at"))
    expires_at = models.DateTimeField(_("expires at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to reply")
        verbose_name_plural = _("invitations to reply")
        constraints = (
            models.CheckConstraint(name="invitation_expires_later", condition=Q(expires_at__gt=F("at"))),
        )

    def __str__(self) -> str:
        return f"{self.request}"

    def is_open(self, *, at: datetime) -> bool:
        return self.closed_at is None and self.expires_at > at and self.request.is_open


class InvitationMail(Outgoing):
    """A mail to whoever was asked by mail."""

    class Reason(models.TextChoices):
        ASK = "ask", _("is asked")
        OUTCOME = "outcome", _("a decision was taken")

    invitation = models.ForeignKey(
        Invitation, models.PROTECT, related_name="mails", verbose_name=_("invitation")
    )
    reason = models.CharField(_("why"), max_length=7, choices=Reason)

    class Meta(Outgoing.Meta):
        abstract = False
        verbose_name = _("mail to who is asked")
        verbose_name_plural = _("mails to who is asked")
        ordering = ("at", "id")
        constraints = (
            *Outgoing.Meta.constraints,
            models.CheckConstraint(
                name="invitationmail_reason_known", condition=Q(reason__in=["ask", "outcome"])
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_reason_display()} · {self.at:%Y-%m-%d %H:%M}"

    def is_wanted(self, *, at: datetime) -> bool:
        """Whether there is an address still that this may go to, and a link that opens something."""
        invitation = Invitation.objects.select_related("request").get(pk=self.invitation_id)
        if not invitation.address:
            return False
        return invitation.is_open(at=at) if self.reason == self.Reason.ASK else True


class ReplyQuerySet(IdentifiedQuerySet):
    def waiting(self) -> Self:
        return self.filter(state=Reply.State.WAITING)

    def accepted(self) -> Self:
        """Those that readers see, beside a review that they see."""
        return self.filter(state=Reply.State.ACCEPTED)


class Reply(Versioned, Identified):
    """What came back by the link, and what was decided. Accepted, its words are the request's `answer`."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("reply", "waiting")
        ACCEPTED = "accepted", pgettext_lazy("reply", "accepted")
        REFUSED = "refused", pgettext_lazy("reply", "refused")
        KEPT = "kept", pgettext_lazy("reply", "for the desk alone")

    class Opinion(models.TextChoices):
        APPROVES = "approves", _("approves the draft")
        OBJECTS = "objects", _("objects to the draft")

    class Ground(models.TextChoices):
        UNLAWFUL = "unlawful", _("it has unlawful content")
        THIRD_PARTIES = "third", _("it has data of third parties")

    request = models.OneToOneField(
        RequestForComment, models.PROTECT, related_name="reply", verbose_name=_("request for comment")
    )
    review = models.ForeignKey(
        Review,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name=_("draft that was shown"),
    )
    opinion = models.CharField(_("opinion"), max_length=8, choices=Opinion, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    lang = LangField(_("language of the reply"))
    at = models.DateTimeField(_("received at"))
    #: Who is asked for comment replies in public; an expert says whether they want to.
    may_be_public = models.BooleanField(_("may be published"), default=True)
    signature = models.CharField(_("signed"), max_length=120, blank=True)
    ground = models.CharField(_("ground of the refusal"), max_length=8, choices=Ground, blank=True)
    reason = models.TextField(_("reason of the refusal"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replies_decided",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ("at", "id")
        permissions = (("decide_reply", _("Can decide whether a reply is published")),)
        indexes = (
            models.Index(name="reply_waiting", fields=("at", "id"), condition=Q(state="waiting")),
            models.Index(name="reply_newest", fields=("-at", "-id")),
        )
        constraints = (
            models.CheckConstraint(
                name="reply_state_known",
                condition=Q(state__in=["waiting", "accepted", "refused", "kept"]),
            ),
            models.CheckConstraint(
                name="reply_opinion_known", condition=Q(opinion__in=["", "approves", "objects"])
            ),
            models.CheckConstraint(
                name="reply_refused_with_reason",
                condition=(Q(state="refused", ground__in=["unlawful", "third"]) & ~Q(reason=""))
                | (~Q(state="refused") & Q(ground="", reason="")),
            ),
            models.CheckConstraint(
                name="reply_decided_by_and_at",
                condition=Q(state__in=["waiting", "kept"], decided_by=None, decided_at=None)
                | (~Q(state="waiting") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="reply_accepted_is_signed",
                condition=(Q(state="accepted", may_be_public=True) & ~Q(signature=""))
                | (~Q(state="accepted") & Q(signature="")),
            ),
            models.CheckConstraint(name="reply_kept_is_opinion", condition=~Q(state="kept") | ~Q(opinion="")),
            models.CheckConstraint(
                name="reply_for_the_desk_is_opinion", condition=Q(may_be_public=True) | ~Q(opinion="")
            ),
            models.CheckConstraint(
                name="reply_opinion_on_a_draft", condition=Q(opinion="") | Q(review__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_state_display()} · {self.at:%Y-%m-%d %H:%M}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    def judges_work_of(self, user: User) -> bool:
        """Whether this person wrote a rating of the claim that is public or waits to be; or the draft."""
        theirs = Review.objects.filter(Q(author=user) | Q(contributors=user), claim=self.request.claim_id)
        of_now = Q(state__in=("proposed", "changes", "approved", "published", "stale"))
        return theirs.filter(of_now | Q(pk=self.review_id)).exists()


class ReplyLetterQuerySet(IdentifiedQuerySet):
    def done(self, *, before: datetime) -> Self:
        """Of replies that stay inside since before this moment."""
        inside = Q(reply__state="refused", reply__decided_at__lt=before)
        kept = Q(reply__state="kept") & (
            Q(reply__decided_at__lt=before) | Q(reply__decided_at=None, reply__at__lt=before)
        )
        return self.filter(inside | kept)


class ReplyLetter(Identified):
    """The words of a reply that is not public, and who signed them. None of an accepted one."""

    reply = models.OneToOneField(Reply, models.PROTECT, related_name="letter", verbose_name=_("reply"))
    words = models.TextField(_("words"))
    name = models.CharField(_("name"), max_length=120)

    objects = ReplyLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("words of a reply")
        verbose_name_plural = _("words of replies")
        constraints = (
            models.CheckConstraint(
                name="reply_letter_fits",
                condition=~Q(words="") & ~Q(name="") & Q(words__length__lte=REPLY_LENGTH),
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.reply_id}"
