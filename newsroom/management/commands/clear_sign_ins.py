"""`manage.py clear_sign_ins`: who failed to sign in is forgotten once the wait is over."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.timezone import now

from newsroom.models import Lockout


class Command(BaseCommand):
    help = (
        "Deletes failures to sign in whose wait is over. Whoever signs in or fails clears them too: this is "
        "for where nobody does."
    )

    def handle(self, **options):
        gone, _each = Lockout.objects.filter(attempt_time__lte=now() - settings.SIGN_IN_WAIT).delete()
        self.stdout.write(f"{gone} gone.")
