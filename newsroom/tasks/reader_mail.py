"""Mail to readers who left an address with a flag: each at most once, each with a link of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from django_tasks import task

from newsroom.actions.reader_addresses import TO_CONFIRM
from newsroom.models import Capability, FlagLetter, Newsroom, ReaderMail
from newsroom.models.outgoing import OutgoingQuerySet
from newsroom.outside import mail
from newsroom.presenters.letters import reader_letter

from .notices import handed_over


@task
def send_reader_mail() -> dict[str, int]:
    """What was never tried; a mail that failed is tried again by `manage.py send_notices`."""
    return dict(Counter(sent(ReaderMail.objects.waiting())))


def sent(mails: OutgoingQuerySet) -> Iterator[str]:
    """Sends these, one after another, and yields the state that each one has then."""
    if not settings.SENDS_MAIL:
        return
    newsroom = Newsroom.objects.current()
    for row in mails.select_related("flag__article", "flag__claim", "flag__source", "flag__entity"):
        if state := _send(row, newsroom):
            yield state


def _send(row: ReaderMail, newsroom: Newsroom) -> str:
    """The state that it has then; "" if somebody else was quicker."""
    if not row.is_wanted(at=now()):
        return str(ReaderMail.State.DROPPED) if row.drop() else ""
    if not row.take(at=now()):
        return ""
    # After it was taken: the secret of its link is in this letter and nowhere else.
    try:
        letter = _written(row, newsroom)
    except FlagLetter.DoesNotExist:  # whoever wrote has deleted it meanwhile, and this mail with it
        return ""
    state, failure = handed_over(letter)
    # Servers that refuse a mail quote the address, which is kept in one place alone.
    row.settle(state, failure=failure.replace(letter.to, "…"))
    return state


def _written(row: ReaderMail, newsroom: Newsroom) -> mail.Letter:
    letter, at = FlagLetter.objects.get(flag=row.flag_id), now()
    confirms = row.reason == ReaderMail.Reason.CONFIRM
    purpose = Capability.Purpose.CONFIRM if confirms else Capability.Purpose.FOLLOW
    lasts = TO_CONFIRM if confirms else row.flag.letter_lasts(at=at)
    secret = Capability.grant(purpose, at=at, lasts=lasts, flag=row.flag)
    with translation.override(letter.lang if letter.lang in dict(settings.LANGUAGES) else None):
        url = reverse("reader:flag-confirm" if confirms else "reader:flag", args=[secret])
        written = reader_letter(row, newsroom, url=url, at=at)
        body = render_to_string("mail/reader.txt", {"letter": written})
    return mail.Letter(letter.address, written.subject, body, f"reader.{row.uuid}")
