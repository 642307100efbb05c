"""`manage.py replay_erasures`: after a backup was restored, erases again what had been erased since."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.timezone import now
from rich.console import Console
from rich.progress import Progress

from newsroom.actions.erasure.redacting import key_name
from newsroom.actions.erasure.replaying import replay
from newsroom.models import User
from newsroom.outside import erasures


class Command(BaseCommand):
    help = (
        "Reads the list of erasures, which has keyed hashes and no words, and erases again whatever of it a "
        "restored backup has brought back. Can be interrupted at any moment and started again."
    )

    def add_arguments(self, parser):
        parser.add_argument("--by", required=True, help="Who does it: the name of a user who may erase.")
        parser.add_argument("--list", type=Path, default=None, help="Another list than that of the settings.")

    def handle(self, *, by: str, verbosity: int, **options):
        path = options["list"] or settings.ERASURES_FILE
        try:
            entries = erasures.listed(path)
        except erasures.BrokenList as broken:
            raise CommandError(f"The list is damaged: {broken}.") from broken
        person = User.objects.filter(username=by).first()
        if person is None:
            raise CommandError(f"There is no user {by}.")
        if not entries:
            self.stdout.write(f"Nothing was ever erased, says {path}.")
            return
        if foreign := [entry["uuid"] for entry in entries if entry["key"] != key_name()]:
            raise CommandError(
                f"{len(foreign)} of {len(entries)} erasures were made with another key: set "
                "CONTROLUCE_ERASURE_KEY to that one."
            )
        with Progress(console=Console(stderr=True), disable=verbosity == 0, transient=True) as progress:
            task = progress.add_task("", total=None)

            def tell(name: str, number: int, of: int) -> None:
                progress.update(task, description=name, completed=number, total=of)

            try:
                places = replay(entries, by=person, at=now(), progress=tell)
            except PermissionDenied as denied:
                raise CommandError(f"{by} may not erase.") from denied
        for name, number in sorted(places.items()):
            self.stdout.write(f"{name}: {number}")
        self.stdout.write(f"{len(entries)} erasures replayed, {places.total()} places changed.")
        if connection.vendor == "sqlite" and places and not connection.in_atomic_block:
            # What was replaced would stay legible in the free pages of the file.
            with connection.cursor() as cursor:
                cursor.execute("VACUUM")
