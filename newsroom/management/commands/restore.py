"""`manage.py restore`: a backup becomes the newsroom of an empty database, SQLite or PostgreSQL."""

from __future__ import annotations

import json
from pathlib import Path
from typing import BinaryIO, cast

from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.timezone import now
from rich.console import Console
from rich.progress import Progress

from newsroom.actions import backups
from newsroom.actions.backups import restoring
from newsroom.actions.refusals import Refused
from newsroom.formats.newsroom_archive import BACKUP, Archive, Opening, is_sealed
from newsroom.formats.unreadable import Unreadable

from .backup import backup_key
from .export_newsroom import in_words, telling


class Command(BaseCommand):
    help = (
        "Proves a backup, stores all of it in a database that is empty, compares every table and file with "
        "what was taken, and erases again what was erased since. All, or nothing if something is wrong: it "
        "can be interrupted at any moment and started again. Which database the backup comes from does not "
        "matter: so a newsroom moves from SQLite to PostgreSQL."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--by",
            default="",
            metavar="USERNAME",
            help="Who erases again what was erased since; needed if anything was.",
        )
        parser.add_argument("--check", action="store_true", help="Only prove the file, and store nothing.")
        parser.add_argument("--json", action="store_true", help="Say what was done as JSON.")

    def handle(self, *, file: Path, by: str, check: bool, verbosity: int, **options):
        key = backup_key()
        with Progress(console=Console(stderr=True), disable=verbosity == 0, transient=True) as progress:
            tell = telling(progress)
            try:
                with file.open("rb") as reading:
                    tell("proving", 0, 0)
                    if not is_sealed(reading):
                        raise CommandError(f"{file} is no backup: a backup is encrypted.")
                    opened = cast(BinaryIO, Opening(reading, key, file.name))
                    backup = Archive(opened, file.name, format=BACKUP)
                    if check:
                        restoring.fits(backup)
                        self.stdout.write(f"{file}: whole, made at {backup.about.get('made_at')}")
                        return
                    if found := restoring.in_the_way():
                        said = ", ".join(f"{name} ({number})" for name, number in found.items())
                        raise CommandError(f"This database is not empty: {said}. Nothing was stored.")
                    tell("tables", 0, 0)
                    call_command("migrate", verbosity=0, interactive=False)
                    done = backups.restore(backup, at=now(), erased_by=by, progress=tell)
            except FileNotFoundError:
                raise CommandError(f"{file} is not there.") from None
            except (backups.BadBackup, Refused, PermissionDenied, Unreadable) as error:
                raise CommandError(f"{in_words(error, by)} Nothing was stored.") from error
            except KeyboardInterrupt:
                raise CommandError("Interrupted: nothing was stored.") from None
        if connection.vendor == "sqlite" and done.replayed and not connection.in_atomic_block:
            # What was replaced would stay legible in the free pages of the file.
            with connection.cursor() as cursor:
                cursor.execute("VACUUM")
        self._tell(file, backup.about, done, as_json=options["json"])

    def _tell(self, file: Path, about, done: backups.Restored, *, as_json: bool) -> None:
        rows = sum(done.rows.values())
        if as_json:
            said = {"tables": len(done.rows), "rows": rows, "files": done.files, "replayed": done.replayed}
            self.stdout.write(json.dumps(said))
            return
        self.stdout.write(f"{file}, made at {about['made_at']} on {about['database']}:")
        self.stdout.write(
            f"{len(done.rows)} tables, {rows} rows, {done.files} files, each compared and equal."
        )
        for name in done.missing:
            self.stdout.write(f"  was not there when it was made: {name}")
        if done.erasures:
            self.stdout.write(f"  {done.erasures} erasures were newer: {done.replayed} places erased again.")
        self.stdout.write("Everybody has to sign in anew. Tokens and accounts are as they were then.")
