"""`manage.py clear_originals`: originals that never became an article go, and the files of imports."""

from __future__ import annotations

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils.timezone import now
from rich.console import Console
from rich.progress import Progress

from newsroom.actions import imports, originals
from newsroom.actions.refusals import Refused
from newsroom.models import Import, Original, User


class Command(BaseCommand):
    help = (
        "Deletes what was brought in long ago and never made into an article, with its files and pictures; "
        "and the files of imports that nobody has gone on with since: of what was stored the report stays. "
        "Can be interrupted at any moment and started again."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--as", dest="username", required=True, help="Who asks: the user name that the log shows."
        )
        parser.add_argument(
            "--days", type=int, default=30, help="Leave what was brought in within so many days (30)."
        )
        parser.add_argument("--dry-run", action="store_true", help="Delete nothing; say what would go.")

    def handle(self, *, username, days, dry_run, verbosity, **options):
        by = User.objects.filter(username=username, is_active=True).first()
        if by is None or not by.has_perms(["newsroom.delete_original", "newsroom.delete_import"]):
            raise CommandError(f"{username} is nobody who may delete originals.")
        if days < 1:
            raise CommandError("--days is 1 at least: somebody may be at work on what came today.")
        before = now() - timedelta(days=days)
        unused = Original.objects.unused(before=before).defer("draft").order_by("pk")
        keys = list(unused.values_list("pk", flat=True))
        gone = size = 0
        with Progress(console=Console(stderr=True), disable=verbosity == 0, transient=True) as progress:
            task = progress.add_task("originals", total=len(keys))
            for key in keys:
                original = unused.filter(pk=key).first()
                # In the meantime it may have been made into an article, or somebody else cleared it.
                if original is not None and (dry_run or _cleared(original, by)):
                    gone, size = gone + 1, size + original.size
                    if dry_run or verbosity > 1:
                        self.stdout.write(f"{original.at:%Y-%m-%d} {original.state}: {original}")
                progress.advance(task)
        self._clear_imports(before, by=by, dry_run=dry_run, tells=dry_run or verbosity > 1)
        said = "would go" if dry_run else "gone"
        self.stdout.write(f"{gone} of {len(keys)} {said}, {filesizeformat(size)} beside their pictures.")

    def _clear_imports(self, before, *, by, dry_run, tells):
        files = Import.objects.clearable(before=before).defer("found", "losses", "report").order_by("pk")
        gone = size = 0
        for row in list(files):
            if not dry_run:
                try:
                    imports.clear(row, by=by, at=now())
                except Refused:  # somebody has just gone on with it
                    continue
            gone, size = gone + 1, size + row.size
            if tells:
                self.stdout.write(f"{row.at:%Y-%m-%d} {row.state}: {row}")
        if gone:
            said = "would go" if dry_run else "gone"
            self.stdout.write(f"{gone} files of imports {said}, {filesizeformat(size)}.")


def _cleared(original: Original, by: User) -> bool:
    try:
        originals.clear(original, by=by, at=now())
    except Refused:
        return False
    return True
