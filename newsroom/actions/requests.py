"""Requests for comment: who is accused is asked, and what they answer is noted, or that nothing came."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.models import Claim, Invitation, RequestForComment, Source, User

from .deeds import record
from .refusals import Refused, Sent, require
from .reviews.rows import locked_claim


@transaction.atomic
def ask_for_comment(
    claim: Claim,
    *,
    asked: str,
    how: str,
    asked_at: datetime,
    by: User,
    at: datetime,
    kind: str = RequestForComment.Kind.COMMENT,
    source: Source | None = None,
    uuid: UUID | None = None,
) -> RequestForComment:
    """Notes that somebody was asked what they say to a claim. The log does not tell whom.

    With the `uuid` of a request that is here it notes nothing: that request, or Sent if it says something
    else.
    """
    require(by, "add_requestforcomment")
    claim = locked_claim(claim.pk)
    made = RequestForComment.objects.filter(uuid=uuid).first() if uuid else None
    if made is not None:
        if (made.asked, made.how, made.asked_at) != (asked.strip(), how.strip(), asked_at):
            raise Sent
        return made
    if asked_at > at:
        raise Refused(_("This moment is still to come."), code="asked_at")
    request = RequestForComment(
        claim=claim,
        kind=kind,
        whom=claim.accused,
        source=source,
        asked=asked.strip(),
        how=how.strip(),
        asked_at=asked_at,
        by=by,
        at=at,
    )
    request.uuid = uuid or request.uuid
    request.full_clean()
    request.save()
    after = {"asked_at": asked_at.isoformat()}
    record("request.ask", by=by, at=at, objects=[request, claim], after=after)
    return request


@transaction.atomic
def note_answer(
    request: RequestForComment, *, answer: str, answered_at: datetime, by: User, at: datetime
) -> RequestForComment:
    """What was answered, and when; with no `answer`, that none had come by then."""
    require(by, "change_requestforcomment")
    request = (
        RequestForComment.objects.select_for_update(of=("self",)).select_related("claim").get(pk=request.pk)
    )
    if not request.is_open:
        raise Refused(_("An answer, or that none came, was noted already."), code="state")
    if not request.asked_at <= answered_at <= at:
        raise Refused(_("An answer comes after the question, and before now."), code="answered_at")
    request.answer, request.answered_at = answer.strip(), answered_at
    request.full_clean()
    request.save(update_fields=["answer", "answered_at"])
    # Who was asked by a link and answered otherwise, or not, finds it closed.
    Invitation.objects.filter(request=request, closed_at=None).update(closed_at=at)
    after = {"answered_at": answered_at.isoformat(), "answered": bool(request.answer)}
    record("request.answer", by=by, at=at, objects=[request, request.claim], after=after)
    return request
