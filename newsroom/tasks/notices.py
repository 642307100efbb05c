"""Mail to the desk: what the deeds left in the outbox is sent, each notice at most once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import now
from django_tasks import task

from newsroom.models import Newsroom, Notice
from newsroom.models.outgoing import OutgoingQuerySet
from newsroom.outside import mail
from newsroom.presenters.letters import notice_letter


@task
def send_notices() -> dict[str, int]:
    """What was never tried; a mail that failed is tried again by the command of this name."""
    return dict(Counter(sent(Notice.objects.waiting())))


def sent(notices: OutgoingQuerySet) -> Iterator[str]:
    """Sends these notices, one after another, and yields the state that each one has then."""
    if not settings.SENDS_MAIL:
        return
    newsroom = Newsroom.objects.current()
    for notice in notices.select_related(
        "user",
        "comment__by",
        "comment__thread__annotation__article",
        "comment__thread__claim",
        "assignment__by",
        "assignment__claim",
        "review__claim",
        "reply__request__claim",
        "flag__article",
        "flag__claim",
        "flag__source",
        "flag__entity",
        "webhook",
    ):
        if state := _send(notice, newsroom):
            yield state


def _send(notice: Notice, newsroom: Newsroom) -> str:
    """The state that it has then; "" if somebody else was quicker."""
    if not notice.is_wanted(at=now()):
        return str(Notice.State.DROPPED) if notice.drop() else ""
    letter = _written(notice, newsroom)
    if not notice.take(at=now()):
        return ""
    state, failure = handed_over(letter)
    notice.settle(state, failure=failure)
    return state


def handed_over(letter: mail.Letter) -> tuple[str, str]:
    """The state that follows, and what was against it."""
    try:
        mail.send(letter)
    except mail.Unsent as fault:
        return str(Notice.State.FAILED), str(fault)
    except mail.Unsure as fault:
        return str(Notice.State.SENDING), str(fault)
    return str(Notice.State.SENT), ""


def _written(notice: Notice, newsroom: Newsroom) -> mail.Letter:
    with translation.override(notice.user.language):
        letter = notice_letter(notice, newsroom)
        body = render_to_string("mail/notice.txt", {"letter": letter})
    return mail.Letter(notice.user.email, letter.subject, body, f"notice.{notice.uuid}")
