"""`manage.py clear_sign_ins`: sessions that ended and failures to sign in whose wait is over go."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.utils.timezone import now

from newsroom.models import Lockout


class Command(BaseCommand):
    help = (
        "Deletes sessions that have ended, and who failed to sign in once the wait is over. Whoever signs in "
        "clears the failures too: this is for where nobody does."
    )

    def handle(self, **options):
        at = now()
        sessions, _each = Session.objects.filter(expire_date__lte=at).delete()
        failures, _each = Lockout.objects.filter(attempt_time__lte=at - settings.SIGN_IN_WAIT).delete()
        self.stdout.write(f"{sessions} sessions and {failures} failures gone.")
