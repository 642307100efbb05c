"""`manage.py send_digests`: writes to readers who follow something, each at most once for what is new."""

from __future__ import annotations

from collections import Counter

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from newsroom.models import FollowerMail, Subscriber
from newsroom.presenters.digests import News
from newsroom.tasks.digests import owed, sent


class Command(BaseCommand):
    help = (
        "Sends the digests that are due to readers of whose things something public is new, and tries again "
        "what failed. May be stopped and run again at any time: nobody gets one twice."
    )

    def handle(self, **options):
        if not settings.SENDS_MAIL:
            raise CommandError("No mail server is named: set CONTROLUCE_MAIL_URL.")
        news = News()
        total, written = Subscriber.objects.due(at=now()).count(), 0
        for number, has_news in enumerate(owed(news), start=1):
            written += has_news
            if number % 100 == 0 or number == total:
                self.stdout.write(f"{number} of {total} readers looked at: {written} digests.")
                self.stdout.flush()
        states: Counter[str] = Counter()
        due = FollowerMail.objects.due()
        total = due.count()
        for number, state in enumerate(sent(due, news), start=1):
            states[state] += 1
            self.stdout.write(f"{number} of {total}: {state}")
            self.stdout.flush()
        State = FollowerMail.State
        self.stdout.write(f"{states[State.SENT]} sent, {states[State.DROPPED]} not wanted any more.")
        if unsure := FollowerMail.objects.unsure(at=now()).count():
            self.stdout.write(f"{unsure} may have been sent or not, and will not be sent again.")
        if failed := states[State.FAILED]:
            raise CommandError(f"{failed} failed: run this again later.")
