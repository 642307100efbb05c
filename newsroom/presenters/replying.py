"""What somebody sees who was asked by a private link: the claim, its words, the draft, what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from newsroom.models import Appearance, Claim, Invitation, Reply, RequestForComment, Review
from newsroom.text.changes import Piece, word_diff

from .in_context import Passage, passages
from .ratings import Badge, Ratings


@dataclass(frozen=True, slots=True)
class Draft:
    """A rating as it is now; `is_public` once readers see it."""

    review: Review
    badge: Badge
    is_public: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """What is another than in the rating of before; empty where nothing is."""

    before: Badge
    after: Badge
    was_public: bool
    at: datetime
    lang: str
    words: tuple[Piece, ...]
    summary: tuple[Piece, ...]
    explanation: tuple[Piece, ...]

    @property
    def is_rated_anew(self) -> bool:
        return self.before.label != self.after.label

    @property
    def is_any(self) -> bool:
        return self.is_rated_anew or any((self.words, self.summary, self.explanation))


@dataclass(frozen=True, slots=True)
class ReplyPage:
    claim: Claim
    invitation: Invitation
    is_opinion: bool
    passage: Passage | None
    draft: Draft | None
    changed: Changed | None

    @property
    def seen(self) -> int | None:
        """The version of the draft that is before the reader."""
        return self.draft.review.row_version if self.draft else None


@dataclass(frozen=True, slots=True)
class RepliedPage:
    """What came of a reply, for who wrote it. `words` are empty once they were deleted."""

    reply: Reply
    words: str
    name: str
    claim_text: str
    claim_lang: str
    url: str


def reply_page(invitation: Invitation, *, at: datetime) -> ReplyPage:
    """`invitation` comes with its request and claim. Nothing of it names who was asked."""
    claim, known = invitation.request.claim, Ratings.load()
    review = invitation.review
    shown = review is not None and (review.is_waiting or review.is_current)
    draft = Draft(review, known.badge(review), review.is_current) if review is not None and shown else None
    return ReplyPage(
        claim=claim,
        invitation=invitation,
        is_opinion=invitation.request.kind == RequestForComment.Kind.OPINION,
        passage=_passage(claim, draft.review if draft else None, at=at),
        draft=draft,
        changed=_changed(invitation, draft, known) if draft else None,
    )


def _passage(claim: Claim, review: Review | None, *, at: datetime) -> Passage | None:
    """Where the words stand in public: those that are judged, else the newest."""
    standing = Appearance.objects.public(at=at).filter(claim=claim)
    standing = standing.order_by("-annotation__article__published_at", "-annotation")
    judged = standing.filter(pk=review.appearance_id) if review and review.appearance_id else standing
    found = judged.values_list("annotation", flat=True)[:1]
    return next(iter(passages(list(found), at=at)), None)


def _changed(invitation: Invitation, draft: Draft, known: Ratings) -> Changed | None:
    """Against what the same person was asked about before, else what readers see; None in a first round."""
    review, request = draft.review, invitation.request
    earlier = Review.objects.filter(claim=request.claim_id).exclude(pk=review.pk).exclude(state="withdrawn")
    asked = Q(
        invitations__request__asked=request.asked,
        invitations__request__kind=request.kind,
        invitations__at__lt=invitation.at,
    )
    before = earlier.filter(asked).order_by("-invitations__at").first()
    before = before or (review.supersedes if review.supersedes_id else earlier.current().first())
    if before is None:
        return None
    return Changed(
        before=known.badge(before),
        after=draft.badge,
        was_public=before.published_at is not None,
        at=before.published_at or before.proposed_at,
        lang=review.lang,
        words=_pieces(before.judged_words, review.judged_words),
        summary=_pieces(before.summary, review.summary),
        explanation=_pieces(before.explanation, review.explanation),
    )


def _pieces(before: str, after: str) -> tuple[Piece, ...]:
    return tuple(word_diff(before, after)) if before != after else ()


def replied_page(reply: Reply, *, at: datetime) -> RepliedPage:
    """Of a claim that is not public, or not any more, it tells no address."""
    letter, request = getattr(reply, "letter", None), reply.request
    claim = request.claim
    public = Claim.objects.public(at=at).filter(pk=claim.pk).exists()
    return RepliedPage(
        reply=reply,
        words=letter.words if letter else request.answer,
        name=letter.name if letter else reply.signature,
        claim_text=claim.text if public else "",
        claim_lang=claim.lang,
        url=claim.get_absolute_url() if public else "",
    )
