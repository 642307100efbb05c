"""`manage.py purge_shared`: tells the cache on the way what to forget, also what it did not take before."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from newsroom.outside.purging import Untold
from newsroom.tasks.purging import told


class Command(BaseCommand):
    help = "Tells CONTROLUCE_PURGE_URL which pages are shown otherwise now; may be run as often as wanted."

    def handle(self, **options):
        if not settings.PURGE_URL:
            raise CommandError("No cache on the way is named: set CONTROLUCE_PURGE_URL.")
        try:
            number = told(at=now())
        except Untold as fault:
            raise CommandError(f"It was not told ({fault}): run this again later.") from fault
        self.stdout.write(f"{number} things told.")
