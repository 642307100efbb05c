"""`manage.py send_notices`: sends the mail that waits, to desk and readers, and tries again what failed."""

from __future__ import annotations

from collections import Counter
from itertools import chain

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from newsroom.models import InvitationMail, Notice, ReaderMail
from newsroom.tasks import invitations, reader_mail
from newsroom.tasks.notices import sent


class Command(BaseCommand):
    help = (
        "Sends the notices that wait and those that failed; may be run at any time, and as often as wanted."
    )

    def handle(self, **options):
        if not settings.SENDS_MAIL:
            raise CommandError("No mail server is named: set CONTROLUCE_MAIL_URL.")
        due, to_readers = Notice.objects.due(), ReaderMail.objects.due()
        to_asked = InvitationMail.objects.due()
        states: Counter[str] = Counter()
        total = due.count() + to_readers.count() + to_asked.count()
        mails = chain(sent(due), reader_mail.sent(to_readers), invitations.sent(to_asked))
        for number, state in enumerate(mails, start=1):
            states[state] += 1
            self.stdout.write(f"{number} of {total}: {state}")
            self.stdout.flush()
        outboxes = (Notice, ReaderMail, InvitationMail)
        unsure = sum(outbox.objects.unsure(at=now()).count() for outbox in outboxes)
        self.stdout.write(
            f"{states[Notice.State.SENT]} sent, {states[Notice.State.DROPPED]} not wanted any more."
        )
        if unsure:
            self.stdout.write(f"{unsure} may have been sent or not, and will not be sent again.")
        if failed := states[Notice.State.FAILED]:
            raise CommandError(f"{failed} failed: run this again later.")
