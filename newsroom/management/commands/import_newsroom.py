"""`manage.py import_newsroom`: an archive becomes this newsroom."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, cast

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now
from rich.console import Console
from rich.progress import Progress

from newsroom.actions import archiving
from newsroom.actions.refusals import Refused
from newsroom.formats.newsroom_archive import Archive, Opening, is_sealed
from newsroom.formats.unreadable import Unreadable

from .export_newsroom import in_words, passphrase, person, tell_pseudonyms, telling


class Command(BaseCommand):
    help = (
        "Reads an archive of export_newsroom, proves all of it, and stores it in a newsroom that is empty "
        "but for accounts: all, or nothing if something is wrong. Can be interrupted at any moment and "
        "started again."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="Who brings it in.")
        parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="Of an encrypted archive.")
        parser.add_argument("--check", action="store_true", help="Only prove the file, and store nothing.")

    def handle(self, *, file: Path, by, passphrase_file, check, verbosity, **options):
        user = person(by)
        with Progress(console=Console(stderr=True), disable=verbosity == 0, transient=True) as progress:
            tell = telling(progress)
            try:
                with file.open("rb") as reading:
                    tell("proving", 0, 0)
                    if is_sealed(reading):
                        opened = cast(BinaryIO, Opening(reading, passphrase(passphrase_file), file.name))
                    else:
                        opened = reading
                    archive = Archive(opened, file.name)
                    if check:
                        self.stdout.write(f"{file}: whole, made at {archive.about.get('made_at')}")
                        return
                    done = archiving.restore(archive, by=user, at=now(), progress=tell)
            except FileNotFoundError:
                raise CommandError(f"{file} is not there.") from None
            except (Refused, PermissionDenied, Unreadable) as error:
                raise CommandError(f"{in_words(error, by)} Nothing was stored.") from None
            except KeyboardInterrupt:
                raise CommandError("Interrupted: nothing was stored.") from None
        self.stdout.write(f"{file}: {sum(done.rows.values())} rows, {done.files} files")
        tell_pseudonyms(self.stdout, done.pseudonyms)
        for name in done.missing:
            self.stdout.write(f"  was not there when it was made: {name}")
        if done.replayed:
            self.stdout.write(f"  {done.replayed} places were erased again")
        self.stdout.write("Nobody who came with it has a password: set them with changepassword.")
