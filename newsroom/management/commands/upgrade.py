"""`manage.py upgrade`: from the release before to this one, step by step, with the way back said first."""

from __future__ import annotations

from datetime import timedelta
from time import perf_counter

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from newsroom.outside import backups
from newsroom.presenters import condition

#: The age of a backup that still has nearly all that there is.
FRESH = timedelta(hours=1)


class Command(BaseCommand):
    help = (
        "Brings the tables, the search, the roles and the static files to this release, and looks at "
        "everything. Run it with the site and the workers stopped if there are changes of the tables."
    )

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="Say what would be done, and do nothing.")
        parser.add_argument(
            "--without-backup", action="store_true", help="There is another way back (a snapshot, a dump)."
        )

        parser.add_argument(
            "--without-static", action="store_true", help="They were collected where the release was built."
        )

    def handle(self, *, check, without_backup, without_static, **options):
        pending = condition.pending_migrations()
        self.stdout.write(f"{len(pending)} changes of the tables are to be made.")
        for name in pending:
            self.stdout.write(f"  {name}")
        back = self.way_back(needed=bool(pending) and not without_backup)
        if check:
            return
        for title, command, given in (
            ("Tables", "migrate", {"interactive": False}),
            ("Search", "rebuild_search", {}),
            ("Roles", "sync_roles", {}),
            ("Static files", "collectstatic", {"interactive": False}),
        ):
            if command == "collectstatic" and without_static:
                continue
            begun = perf_counter()
            try:
                call_command(command, verbosity=0, stdout=self.stdout, stderr=self.stderr, **given)
            except Exception as fault:
                raise CommandError(f"{title}: {fault} ({command}). {back}") from fault
            self.stdout.write(f"{title}: done in {perf_counter() - begun:.1f} seconds ({command}).")
        # That there is no backup was said, and taken upon oneself.
        said = {"backup"} if without_backup else set()
        found = condition.examine(at=now())
        wrong = [one for one in found if one.state == condition.FAIL and one.name not in said]
        for one in wrong:
            self.stdout.write(f"{one.title}: {one.said} {one.todo}")
        if wrong:
            raise CommandError("Not everything is in order. " + back)
        self.stdout.write("In order. Start the site and the workers.")

    def way_back(self, *, needed: bool) -> str:
        """How to go back, in words. Refuses to go on without a fresh backup, if one is needed."""
        there = backups.kept(settings.BACKUPS_DIR)
        fresh = bool(there) and now() - there[0].at < FRESH
        if needed and not fresh:
            raise CommandError(
                "There is no backup of the last hour: make one with the release that ran until now "
                "(manage.py backup), or say --without-backup."
            )
        if fresh:
            return f"The way back: the release before, and {there[0].path.name} restored by it."
        return "The way back: the release before, and what it knew before."
