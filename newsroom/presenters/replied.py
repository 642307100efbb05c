"""Replies that readers see beside a rating: whole, with who signed them and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from newsroom.models import Reply, RequestForComment, Review, Source


@dataclass(frozen=True, slots=True)
class StandingReply:
    """`signature` is empty where who was asked is not to be named; `opinion` is empty of a reply."""

    code: str
    words: str
    signature: str
    lang: str
    at: datetime
    opinion: str
    #: Of an opinion the draft that it is about, by its key: it stands beside that one alone.
    review: int | None

    @property
    def id(self) -> str:
        return f"reply-{self.code}"

    def stands_beside(self, review: int) -> bool:
        return not self.opinion or self.review == review


def standing_replies(
    claims: Collection[int], *, as_of: datetime | None = None
) -> dict[int, list[StandingReply]]:
    """Of these claims what was accepted, or had been at a moment, as it came: one query."""
    if not claims:
        return {}
    accepted = Reply.objects.accepted().filter(request__claim__in=claims)
    if as_of is not None:
        accepted = accepted.filter(decided_at__lte=as_of)
    found: dict[int, list[StandingReply]] = defaultdict(list)
    for reply in accepted.select_related("request__source__confidential").order_by("at", "pk"):
        request = reply.request
        found[request.claim_id].append(
            StandingReply(
                code=reply.code,
                words=request.answer,
                signature=reply.signature if _is_named(request.source) else "",
                lang=reply.lang,
                at=reply.at,
                opinion=reply.get_opinion_display(),
                review=reply.review_id if request.kind == RequestForComment.Kind.OPINION else None,
            )
        )
    return found


def replies_beside(claim: int, review: int, *, before: datetime | None = None) -> tuple[StandingReply, ...]:
    """Those that stand beside one review of a claim, and came before a moment."""
    return tuple(
        reply
        for reply in standing_replies([claim]).get(claim, [])
        if reply.stands_beside(review) and (before is None or reply.at < before)
    )


def replies_to(reviews: Collection[Review]) -> dict[int, tuple[StandingReply, ...]]:
    """The same of many reviews at once, by their keys: two queries. None beside one that was withdrawn."""
    shown = [review for review in reviews if review.state != Review.State.WITHDRAWN]
    standing = standing_replies({review.claim_id for review in shown})
    keys = [review.pk for review in shown if review.claim_id in standing]
    later = Review.objects.filter(supersedes__in=keys).values_list("supersedes", "published_at")
    ended = dict(later.order_by()) if keys else {}
    return {
        review.pk: tuple(
            reply
            for reply in standing.get(review.claim_id, [])
            if reply.stands_beside(review.pk) and (not (end := ended.get(review.pk)) or reply.at < end)
        )
        for review in shown
    }


def _is_named(source: Source | None) -> bool:
    return source is None or (source.has_page and not hasattr(source, "confidential"))
