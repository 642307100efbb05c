"""Who was asked by a private link answers there, without an account or a cookie, and sees what came of it.

A link that is used, closed, too old or made up says so on a page of its own, with what was typed in the
meantime: nobody loses a reply because somebody else was faster, or the day was over.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt

from newsroom.actions import replies
from newsroom.actions.refusals import Overtaken
from newsroom.forms.proved import issue_token, read_token
from newsroom.forms.replying import ReplyForm
from newsroom.forms.reviewing import show_refusal
from newsroom.models import Capability, Invitation, Reply, RequestForComment
from newsroom.models.reply import REPLY_LENGTH
from newsroom.presenters.replying import replied_page, reply_page
from newsroom.tasks.notices import send_notices

from . import pacing
from .flagging import kept_nowhere, of_a_reader, require_own_origin
from .pages import public_page


@pacing.keeps_own_pace
@csrf_exempt
@kept_nowhere
@of_a_reader
def reply(request: HttpRequest, secret: str) -> HttpResponse:
    """The form behind a private link; or, behind the one that came of it, what was decided."""
    at, purposes = now(), Capability.Purpose
    links = Capability.objects.select_related("invitation__request__claim", "invitation__review__level")
    capability = links.with_secret(secret, purpose=purposes.REPLY).first()
    if capability is not None:
        return _form(request, secret, capability.invitation, at=at)
    followed = links.with_secret(secret, purpose=purposes.REPLIED).first()
    if followed is not None and followed.expires_at > at and request.method != "POST":
        return _came(request, followed.invitation, at=at)
    return _closed(request, "expired" if followed else "unknown")


def _form(request: HttpRequest, secret: str, invitation: Invitation, *, at: datetime) -> HttpResponse:
    subject = f"reply:{invitation.code}"
    if (why := _why_closed(invitation, at=at)) and not _was_sent(request, invitation, subject):
        return _closed(request, why)
    is_opinion = invitation.request.kind == RequestForComment.Kind.OPINION
    page = reply_page(invitation, at=at)
    if request.method != "POST":
        form = ReplyForm(
            initial={"token": issue_token(subject), "seen": page.seen}, subject=subject, is_opinion=is_opinion
        )
        return _page(request, form, invitation, at=at)
    require_own_origin(request)
    form = ReplyForm(request.POST, subject=subject, is_opinion=is_opinion)
    if wait := pacing.seconds_to_wait(request, "stranger"):
        return _page(request, form, invitation, at=at, status=429, wait=wait)
    if not form.is_valid():
        return _page(request, form, invitation, at=at, status=422)
    try:
        received = replies.receive(secret, **form.said, uuid=form.identity, at=at)
    except ValidationError as refusal:
        if getattr(refusal, "code", "") == "link":
            invitation.refresh_from_db()
            invitation.request.refresh_from_db()
            return _closed(request, _why_closed(invitation, at=at) or "used")
        show_refusal(form, refusal)
        form.renew()
        invitation.review.refresh_from_db() if invitation.review else None
        form.look_again(reply_page(invitation, at=at).seen)
        status = 409 if isinstance(refusal, Overtaken) else 422
        return _page(request, form, invitation, at=at, status=status)
    # Without a worker the timer sends what the desk is told: nobody waits for that.
    if settings.HAS_WORKER:
        send_notices.enqueue()
    return HttpResponseRedirect(reverse("reader:reply", args=[received.secret]))


def _was_sent(request: HttpRequest, invitation: Invitation, subject: str) -> bool:
    """Whether this very form came before, and is only sent once more."""
    try:
        identity = read_token(request.POST.get("token", ""), subject)
    except ValidationError:
        return False
    return Reply.objects.filter(request=invitation.request_id, uuid=identity).exists()


def _why_closed(invitation: Invitation, *, at: datetime) -> str:
    """Why its link opens nothing any more; "" if it does."""
    if Reply.objects.filter(request=invitation.request_id).exists():
        return "used"
    if invitation.request.claim.withdrawn_at or invitation.closed_at or not invitation.request.is_open:
        return "closed"
    return "" if invitation.expires_at > at else "expired"


def _page(
    request: HttpRequest,
    form: ReplyForm,
    invitation: Invitation,
    *,
    at: datetime,
    status: int = 200,
    wait: int = 0,
) -> HttpResponse:
    answer = public_page(
        request,
        "reader/reply.html",
        page=reply_page(invitation, at=at),
        form=form,
        wait=-(-wait // 60),
        status=status,
        unlisted=True,
    )
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


def _closed(request: HttpRequest, why: str) -> HttpResponse:
    """410, or 404 of what was never a link; with what was typed, to be copied."""
    typed = {name: request.POST.get(name, "")[: 2 * REPLY_LENGTH] for name in ("words", "name")}
    status = 404 if why == "unknown" else 410
    return public_page(
        request, "reader/reply_closed.html", why=why, typed=typed, status=status, unlisted=True
    )


def _came(request: HttpRequest, invitation: Invitation, *, at: datetime) -> HttpResponse:
    found = Reply.objects.select_related("request__claim", "letter").get(request=invitation.request_id)
    return public_page(request, "reader/replied.html", page=replied_page(found, at=at), unlisted=True)
