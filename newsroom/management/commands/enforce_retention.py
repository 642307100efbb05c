"""`manage.py enforce_retention`: what is kept on people goes when its time is over."""

from __future__ import annotations

from contextlib import nullcontext

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.timezone import now

from newsroom.actions import retention


class Command(BaseCommand):
    help = (
        "Deletes what is kept on readers, on people of the desk and of what programs did for no longer than "
        "the settings say (CONTROLUCE_KEEP_DAYS; docs/privacy.md). With --as also what was brought in and "
        "never used, in the name of that account. May be run as often as wanted, and interrupted."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--as", dest="username", help="Who deletes unused imports: the user name that the log shows."
        )
        parser.add_argument("--dry-run", action="store_true", help="Delete nothing; say what would go.")

    def handle(self, *, username, dry_run, verbosity, **options):
        with transaction.atomic() if dry_run else nullcontext():
            gone = retention.enforce(at=now())
            if dry_run:
                transaction.set_rollback(True)
        for what, number in gone.items():
            self.stdout.write(f"{number} {what} {'would go' if dry_run else 'gone'}.")
        if username:
            call_command(
                "clear_originals",
                username=username,
                days=settings.KEEP_DAYS["import"],
                dry_run=dry_run,
                verbosity=verbosity,
                stdout=self.stdout,
            )
