"""`manage.py verify_dossier FILE`: whether a dossier is what this newsroom signed."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from newsroom.formats import dossier
from newsroom.formats.dossier import Unproved


class Command(BaseCommand):
    help = "Says whether every file of a dossier is what was signed, and by whose key. Fails if not."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--key", type=Path, help="The public key of whoever signed it (PEM); else this site's own."
        )

    def handle(self, *, file: Path, key: Path | None, **options):
        try:
            body = file.read_bytes()
            if key is not None:
                expected = dossier.public_key(key.read_text(encoding="utf-8", errors="replace"))
            else:
                expected = settings.SIGNING_KEY.public_key() if settings.SIGNING_KEY else None
            proved = dossier.verify(body, expected)
        except OSError as fault:
            raise CommandError(str(fault)) from None
        except Unproved as reason:
            raise CommandError(f"Not proved: {reason}") from None
        about = proved.about
        self.stdout.write(f"Proved: {proved.files} files are what was signed with the key {proved.key}.")
        self.stdout.write(f"The claim as of {about.get('as_of')}: {about.get('claim', {}).get('text')}")
        if expected is None:
            self.stdout.write(
                "The key is the one in the dossier, since this site has none: ask the newsroom whether it is "
                "theirs."
            )
