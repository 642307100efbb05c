"""Replies by private link: who is named is asked, answers there, and an editor takes the answer whole or not.

What is asked leaves the one record of it that there is, a request for comment (`requests.py`), and so does
the answer. Whoever answers has no account: `receive` asks no permission, and the log tells of it first when
an editor decides. No record has words of a reply, before or after.

Who wrote the rating that somebody replies to does not decide alone that nobody reads the reply: to refuse one
is for another editor, and so is to take an accepted one back. Accepting takes nothing from anybody, and is
for any editor.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from newsroom.models import (
    Capability,
    Claim,
    Invitation,
    InvitationMail,
    Reply,
    ReplyLetter,
    RequestForComment,
    Review,
    Source,
    User,
)
from newsroom.models.reply import REASON_LENGTH, REPLY_LENGTH
from newsroom.text.paragraphs import tidy

from .deeds import record
from .notices import tell_of_reply
from .refusals import Overtaken, Refused, Sent, require
from .requests import ask_for_comment
from .reviews.rows import locked_claim

#: For how many days a link may be open; and for how long one that is not says why, before it is unknown.
MOST_DAYS, TOLD = 60, timedelta(days=90)


class Invited(NamedTuple):
    """`secret` opens the page where the reply is written; it is in no row, record or log."""

    invitation: Invitation
    secret: str


class Received(NamedTuple):
    """`secret` opens the page that tells what came of it."""

    reply: Reply
    secret: str


@transaction.atomic
def invite(
    claim: Claim,
    *,
    kind: str,
    asked: str,
    lang: str,
    days: int,
    by: User,
    at: datetime,
    review: Review | None = None,
    source: Source | None = None,
    address: str = "",
    uuid: UUID | None = None,
) -> Invited:
    """Asks somebody by a link that is theirs, with a draft before them if one is named.

    With an `address` the link goes there and nowhere else; without, its secret is for whoever hands it over.
    An expert is asked about a draft. With the `uuid` of a request that is here it asks no second time, and
    has a new secret.
    """
    require(by, "add_requestforcomment")
    claim = locked_claim(claim.pk)
    if not 1 <= days <= MOST_DAYS:
        raise Refused(_("A link is open for 1 to %(most)s days."), params={"most": MOST_DAYS}, code="days")
    if review is not None and (review.claim_id != claim.pk or not _is_shown(review)):
        raise Refused(_("This draft is of another claim, or nobody works on it any more."), code="review")
    if kind == RequestForComment.Kind.OPINION and review is None:
        raise Refused(_("Choose the draft that the expert is to look at."), code="review")
    how = _("by a private link, sent by mail") if address else _("by a private link")
    made = RequestForComment.objects.filter(uuid=uuid).first() if uuid else None
    if made is not None and (made.claim_id, made.kind) != (claim.pk, kind):
        raise Sent
    asked_at = made.asked_at if made else at
    request = ask_for_comment(
        claim, kind=kind, asked=asked, how=how, asked_at=asked_at, source=source, uuid=uuid, by=by, at=at
    )
    invitation = Invitation.objects.filter(request=request).first()
    if invitation is not None and invitation.address != address:
        raise Sent
    if invitation is None:
        if not request.is_open or request.at != at:
            raise Sent
        invitation = Invitation(
            request=request,
            review=review,
            address=address,
            lang=lang,
            at=at,
            expires_at=at + timedelta(days=days),
        )
        invitation.clean_fields(exclude=["request", "review"])
        invitation.save()
        if address:
            InvitationMail.objects.create(invitation=invitation, reason=InvitationMail.Reason.ASK, at=at)
    if invitation.address or not invitation.is_open(at=at):
        return Invited(invitation, "")
    lasts = invitation.expires_at - at
    secret = Capability.grant(Capability.Purpose.REPLY, at=at, lasts=lasts, invitation=invitation)
    return Invited(invitation, secret)


@transaction.atomic
def close(invitation: Invitation, *, by: User, at: datetime) -> Invitation:
    """Its link opens nothing any more, and says so. The request stays open: an answer may come otherwise."""
    require(by, "change_requestforcomment")
    locked_claim(invitation.request.claim_id)
    invitation = _locked(invitation)
    if not invitation.is_open(at=at):
        raise Refused(_("This link is not open any more."), code="state")
    invitation.closed_at = at
    invitation.save(update_fields=["closed_at"])
    request = invitation.request
    record("request.close", by=by, at=at, objects=[request, request.claim])
    return invitation


@transaction.atomic
def receive(
    secret: str,
    *,
    words: str,
    name: str,
    seen: int | None,
    uuid: UUID,
    at: datetime,
    opinion: str = "",
    may_be_public: bool = True,
) -> Received:
    """What somebody answers by their link, once. `seen` is the version of the draft that was before them.

    Refused, with the code `link`, if the link is used, closed or too old; Overtaken if the draft was changed.
    Sent twice, with the same `uuid`, it is one.
    """
    words, name = tidy(words), " ".join(name.split())
    capability = Capability.objects.with_secret(secret, purpose=Capability.Purpose.REPLY).first()
    if capability is None:
        raise Refused(_("This link opens nothing."), code="link")
    locked_claim(capability.invitation.request.claim_id)
    invitation = _locked(capability.invitation)
    request = invitation.request
    made = Reply.objects.filter(request=request, uuid=uuid).first()
    if made is not None:
        return Received(made, _followed(invitation, at=at))
    if not invitation.is_open(at=at):
        raise Refused(_("This link is not open any more."), code="link")
    if not words:
        raise Refused(_("Write your reply."), code="words")
    if len(words) > REPLY_LENGTH:
        raise Refused(
            _("A reply has at most %(most)s characters."), params={"most": REPLY_LENGTH}, code="words"
        )
    if not name:
        raise Refused(_("Sign with your name."), code="name")
    is_opinion = request.kind == RequestForComment.Kind.OPINION
    if is_opinion != bool(opinion):
        raise Refused(_("Say whether you approve of the draft or object to it."), code="opinion")
    review = invitation.review
    if review is not None and _is_shown(review) and review.row_version != seen:
        raise Overtaken(
            _("The newsroom changed its draft while you wrote: look at it, and send your reply again."),
            code="outdated",
        )
    stays_inside = is_opinion and not may_be_public
    reply = Reply(
        uuid=uuid,
        request=request,
        review=review,
        opinion=opinion,
        state=Reply.State.KEPT if stays_inside else Reply.State.WAITING,
        lang=invitation.lang,
        at=at,
        may_be_public=not stays_inside,
    )
    reply.clean_fields(exclude=["request", "review", "decided_by"])
    reply.save(force_insert=True)
    letter = ReplyLetter(reply=reply, words=words, name=name)
    letter.clean_fields(exclude=["reply"])
    letter.save()
    request.answered_at = max(at, request.asked_at)
    request.save(update_fields=["answered_at"])
    invitation.capabilities.filter(purpose=Capability.Purpose.REPLY).update(used_at=at)
    tell_of_reply(reply, at=at)
    return Received(reply, _followed(invitation, at=at))


@transaction.atomic
def accept(reply: Reply, *, by: User, at: datetime, row_version: int) -> Reply:
    """Whole, as it was written: it stands beside the rating, with its date and who signed it."""
    require(by, "decide_reply")
    reply = _waiting(_taken(reply, row_version))
    letter = ReplyLetter.objects.select_for_update(of=("self",)).filter(reply=reply).first()
    if letter is None:
        raise Refused(_("Its words were deleted, as their time was over."), code="state")
    request = reply.request
    request.answer = letter.words
    request.save(update_fields=["answer"])
    reply.signature = letter.name
    letter.delete()
    return _decided("reply.accept", reply, Reply.State.ACCEPTED, by=by, at=at)


@transaction.atomic
def refuse(reply: Reply, *, ground: str, reason: str, by: User, at: datetime, row_version: int) -> Reply:
    """Nobody outside the desk reads it; who wrote it is told why, and may be asked again."""
    require(by, "decide_reply")
    reply = _waiting(_taken(reply, row_version))
    _require_another(reply, by)
    reason = tidy(reason)
    if not reason:
        raise Refused(_("Say why: who wrote it reads this."), code="reason")
    if len(reason) > REASON_LENGTH:
        raise Refused(
            _("A reason has at most %(most)s characters."), params={"most": REASON_LENGTH}, code="reason"
        )
    reply.ground, reply.reason = ground, reason
    return _decided("reply.refuse", reply, Reply.State.REFUSED, by=by, at=at)


@transaction.atomic
def keep(reply: Reply, *, by: User, at: datetime, row_version: int) -> Reply:
    """An expert's opinion stays with the desk, though it might be published."""
    require(by, "decide_reply")
    reply = _waiting(_taken(reply, row_version))
    if not reply.opinion:
        raise Refused(_("A reply is accepted whole, or refused with a reason."), code="state")
    _require_another(reply, by)
    return _decided("reply.keep", reply, Reply.State.KEPT, by=by, at=at)


@transaction.atomic
def reopen(reply: Reply, *, by: User, at: datetime, row_version: int) -> Reply:
    """Decided, it is looked at again: what was public of it is not any more."""
    require(by, "decide_reply")
    reply = _taken(reply, row_version)
    was = reply.state
    letter = ReplyLetter.objects.filter(reply=reply).first()
    if reply.is_waiting or not reply.may_be_public:
        raise Refused(_("There is nothing to decide again."), code="state")
    if was == Reply.State.ACCEPTED:
        _require_another(reply, by)
        request = reply.request
        ReplyLetter.objects.create(reply=reply, words=request.answer, name=reply.signature)
        request.answer, reply.signature = "", ""
        request.save(update_fields=["answer"])
    elif letter is None:
        raise Refused(_("Its words were deleted, as their time was over."), code="state")
    reply.state, reply.decided_by, reply.decided_at = Reply.State.WAITING, None, None
    reply.ground = reply.reason = ""
    reply.save()
    _record("reply.reopen", reply, by=by, at=at, before={"state": was})
    return reply


@transaction.atomic
def forget_replies(address: str) -> Mapping[str, int]:
    """Deletes what is kept on who was asked at this address, but for what is public; how many words went."""
    theirs = Invitation.objects.select_for_update(of=("self",)).filter(address__iexact=address)
    keys = list(theirs.values_list("pk", flat=True))
    _forget_addresses(keys)
    return {"replies": _forget_letters(ReplyLetter.objects.filter(reply__request__invitation__in=keys))}


@transaction.atomic
def forget(*, at: datetime) -> Mapping[str, int]:
    """Clears what is kept on those who were asked no longer than the settings say; with how many of each.

    An address goes so many days after the decision, or after a link to which nobody replied was closed or
    expired; the words of a reply that is not public, so many days after it was decided, and of one that
    nobody decided on, in the end too.
    """
    before = at - _days("address")
    unanswered = Q(request__reply=None) & (Q(closed_at__lt=before) | Q(expires_at__lt=before))
    decided = Q(request__reply__decided_at__lt=before)
    inside = Q(request__reply__state="kept", request__reply__decided_at=None, request__reply__at__lt=before)
    left = Q(request__reply__state="waiting", request__reply__at__lt=at - _days("undecided"))
    done = Invitation.objects.with_address().filter(unanswered | decided | inside | left)
    old = ReplyLetter.objects.done(before=at - _days("letter"))
    undecided = ReplyLetter.objects.filter(reply__state="waiting", reply__at__lt=at - _days("undecided"))
    links = Capability.objects.filter(invitation__isnull=False)
    return {
        "addresses of who was asked": _forget_addresses(list(done.values_list("pk", flat=True))),
        "replies": _forget_letters(old) + _forget_letters(undecided),
        "links to replies": links.expired(at=at - TOLD).delete()[0],
    }


def _forget_addresses(invitations: list[int]) -> int:
    # Servers that refuse a mail quote the address.
    InvitationMail.objects.filter(invitation__in=invitations).exclude(failure="").update(failure="")
    return Invitation.objects.filter(pk__in=invitations).exclude(address="").update(address="")


def _forget_letters(letters: QuerySet[ReplyLetter]) -> int:
    return letters.delete()[0]


def _days(kind: str) -> timedelta:
    return timedelta(days=settings.KEEP_DAYS[kind])


def _followed(invitation: Invitation, *, at: datetime) -> str:
    """Open until it is decided, and then as long as the words are kept (`_decided`)."""
    lasts = max(_days("undecided"), _days("letter"))
    return Capability.grant(Capability.Purpose.REPLIED, at=at, lasts=lasts, invitation=invitation)


def _is_shown(review: Review) -> bool:
    """Whether the desk still stands by it, or readers see it."""
    return review.is_waiting or review.is_current


def _locked(invitation: Invitation) -> Invitation:
    """With its request, both locked, as they are now."""
    RequestForComment.objects.select_for_update(of=("self",)).get(pk=invitation.request_id)
    locked = Invitation.objects.select_for_update(of=("self",))
    return locked.select_related("request__claim", "review").get(pk=invitation.pk)


def _taken(reply: Reply, row_version: int) -> Reply:
    """The reply, locked as it was shown; before it its claim and its request."""
    locked_claim(reply.request.claim_id)
    RequestForComment.objects.select_for_update(of=("self",)).get(pk=reply.request_id)
    locked = Reply.objects.select_for_update(of=("self",))
    reply = locked.select_related("request__claim", "review").get(pk=reply.pk)
    if reply.row_version != row_version:
        raise Overtaken.on_row(reply)
    return reply


def _waiting(reply: Reply) -> Reply:
    if not reply.is_waiting:
        raise Refused(_("This reply was decided already."), code="state")
    return reply


def _require_another(reply: Reply, by: User) -> None:
    if reply.judges_work_of(by):
        raise Refused(
            _("You wrote a rating of this claim: another editor decides that this reply is not published."),
            code="author",
        )


def _decided(verb: str, reply: Reply, state: str, *, by: User, at: datetime) -> Reply:
    reply.state, reply.decided_by, reply.decided_at = state, by, at
    reply.clean_fields(exclude=["request", "review", "decided_by"])
    reply.save()
    invitation = Invitation.objects.filter(request=reply.request_id).first()
    links = Capability.objects.filter(invitation=invitation, purpose=Capability.Purpose.REPLIED)
    links.filter(expires_at__gt=at).update(expires_at=at + _days("letter"))
    if invitation is not None and invitation.address and state != Reply.State.KEPT:
        InvitationMail.objects.create(invitation=invitation, reason=InvitationMail.Reason.OUTCOME, at=at)
    after = {"ground": reply.ground} if reply.ground else {}
    _record(verb, reply, by=by, at=at, after=after)
    return reply


def _record(
    verb: str,
    reply: Reply,
    *,
    by: User,
    at: datetime,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    objects = [reply, reply.request, reply.request.claim]
    record(verb, by=by, at=at, objects=objects, before=before, after=after)
