"""Mail to who is asked for a reply: each at most once, each with a link of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from django_tasks import task

from newsroom.models import Capability, InvitationMail, Newsroom
from newsroom.models.outgoing import OutgoingQuerySet
from newsroom.outside import mail
from newsroom.presenters.letters import invitation_letter

from .notices import handed_over


@task
def send_invitations() -> dict[str, int]:
    """What was never tried; a mail that failed is tried again by `manage.py send_notices`."""
    return dict(Counter(sent(InvitationMail.objects.waiting())))


def sent(mails: OutgoingQuerySet) -> Iterator[str]:
    """Sends these, one after another, and yields the state that each one has then."""
    if not settings.SENDS_MAIL:
        return
    newsroom = Newsroom.objects.current()
    for row in mails.select_related("invitation__request"):
        if state := _send(row, newsroom):
            yield state


def _send(row: InvitationMail, newsroom: Newsroom) -> str:
    """The state that it has then; "" if somebody else was quicker."""
    if not row.is_wanted(at=now()):
        return str(InvitationMail.State.DROPPED) if row.drop() else ""
    if not row.take(at=now()):
        return ""
    # After it was taken: the secret of its link is in this letter and nowhere else.
    letter = _written(row, newsroom)
    state, failure = handed_over(letter)
    # Servers that refuse a mail quote the address, which is kept in one place alone.
    row.settle(state, failure=failure.replace(letter.to, "…"))
    return state


def _written(row: InvitationMail, newsroom: Newsroom) -> mail.Letter:
    invitation, at = row.invitation, now()
    if row.reason == InvitationMail.Reason.ASK:
        purpose, lasts = Capability.Purpose.REPLY, invitation.expires_at - at
    else:
        purpose, lasts = Capability.Purpose.REPLIED, timedelta(days=settings.KEEP_DAYS["letter"])
    secret = Capability.grant(purpose, at=at, lasts=lasts, invitation=invitation)
    with translation.override(invitation.lang if invitation.lang in dict(settings.LANGUAGES) else None):
        written = invitation_letter(row, newsroom, url=reverse("reader:reply", args=[secret]))
        body = render_to_string("mail/reader.txt", {"letter": written})
    return mail.Letter(invitation.address, written.subject, body, f"reply.{row.uuid}")
