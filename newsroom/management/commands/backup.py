"""`manage.py backup`: everything into one encrypted file, while people work, and restored on trial."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils.timezone import now
from rich.console import Console
from rich.progress import Progress

from newsroom.actions import backups as deeds
from newsroom.formats.newsroom_archive import BACKUP, SHORTEST_PASSPHRASE, Sealing, Writer
from newsroom.formats.unreadable import Unreadable
from newsroom.outside import backups

from .export_newsroom import telling


class Command(BaseCommand):
    help = (
        "Writes every table and every stored file into one encrypted file, as they are at one moment, while "
        "others write. The file is there when it is whole. Older ones go, but for those that are to be kept."
    )

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, default=None, metavar="FOLDER", help="CONTROLUCE_BACKUPS.")
        parser.add_argument("--keep-days", type=int, default=7, help="The newest of so many days (7),")
        parser.add_argument("--keep-weeks", type=int, default=5, help="of so many weeks (5),")
        parser.add_argument("--keep-months", type=int, default=6, help="and of so many months (6).")
        parser.add_argument(
            "--drill",
            action="store_true",
            help="Then restore it into a temporary place, compare every table and file, and keep the date.",
        )
        parser.add_argument(
            "--drill-database",
            metavar="URL",
            default=None,
            help="An empty database for the drill; else a temporary one of SQLite.",
        )

    def handle(self, *, to, keep_days, keep_weeks, keep_months, drill, drill_database, verbosity, **options):
        folder, key = to or settings.BACKUPS_DIR, backup_key()
        try:
            with backups.alone(folder):
                file = self._made(folder, key, verbosity)
                if drill:
                    self._drill(folder, file, key, drill_database)
                there = backups.kept(folder)
                for old in backups.superfluous(there, days=keep_days, weeks=keep_weeks, months=keep_months):
                    old.path.unlink()
                    self.stdout.write(f"  {old.path.name} went")
        except backups.Busy:
            raise CommandError(f"Another backup is being made in {folder}.") from None

    def _made(self, folder: Path, key: str, verbosity: int) -> Path:
        at = now()
        with Progress(console=Console(stderr=True), disable=verbosity == 0, transient=True) as progress:
            try:
                with backups.appearing(folder, at) as writing:
                    sealing = cast(BinaryIO, Sealing(writing, key))
                    with closing(Writer(sealing, format=BACKUP)) as writer:
                        done = deeds.take(writer, at=at, progress=telling(progress))
                    sealing.close()
            except (OSError, Unreadable) as error:
                raise CommandError(f"{error} No backup was made.") from error
            except KeyboardInterrupt:
                raise CommandError("Interrupted: no backup was made.") from None
        made = backups.kept(folder)[0]
        self.stdout.write(
            f"{made.path}: {sum(done.rows.values())} rows, {done.files} files, {filesizeformat(made.size)}"
        )
        for name in done.missing:
            self.stdout.write(f"  not there, though a row names it: {name}")
        return made.path

    def _drill(self, folder: Path, file: Path, key: str, database: str | None) -> None:
        """As somebody would who has the file and the key and nothing else: another process, another place."""
        begun = time.monotonic()
        hidden = {"CONTROLUCE_BACKUP_KEY_FILE", "CONTROLUCE_ERASURES_FILE"}
        environment = {name: value for name, value in os.environ.items() if name not in hidden}
        with backups.place_of_drill(folder) as place:
            environment |= {
                "CONTROLUCE_BACKUP_KEY": key,
                "CONTROLUCE_VAR_DIR": str(place),
                "DATABASE_URL": database or f"sqlite:///{place}/newsroom.sqlite3",
                "DJANGO_SETTINGS_MODULE": "config.settings",
            }
            tried = subprocess.run(
                [sys.executable, settings.BASE_DIR / "manage.py", "restore", file, "--json"],
                env=environment,
                capture_output=True,
                text=True,
            )
        if tried.returncode:
            raise CommandError(f"The drill failed, and {file} is not to be relied upon.\n{tried.stderr}")
        done = json.loads(tried.stdout)
        about = {
            "at": now().isoformat(),
            "backup": file.name,
            **done,
            "seconds": round(time.monotonic() - begun),
        }
        backups.note_drill(folder, about)
        self.stdout.write(
            f"Restored on trial and equal: {done['tables']} tables, {done['rows']} rows, "
            f"{done['files']} files, {about['seconds']} seconds."
        )


def backup_key() -> str:
    if len(settings.BACKUP_KEY) < SHORTEST_PASSPHRASE:
        raise CommandError(
            f"Set CONTROLUCE_BACKUP_KEY_FILE, or CONTROLUCE_BACKUP_KEY, to a key of {SHORTEST_PASSPHRASE} "
            "characters at least: a backup says who confidential sources are, and is always encrypted."
        )
    return settings.BACKUP_KEY
