"""`manage.py export_claims`: the public list of claims as a table for a spreadsheet."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from django.utils import translation
from django.utils.timezone import now
from rich.console import Console
from rich.progress import Progress

from newsroom.formats import claims_csv
from newsroom.models import Newsroom
from newsroom.presenters.claim_list import HITS, all_listed
from newsroom.presenters.claim_table import claim_rows

from .export_texts import write_whole


class Command(BaseCommand):
    help = (
        "Writes the claims that readers see into a CSV file, a line each. The filter is what stands behind "
        "the question mark in the address of the list. The file is there when it is whole: interrupted, it "
        "leaves the one that was there before."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--filter", default="", metavar="QUERY", help='As "rating=false&lang=it".')
        parser.add_argument(
            "--language", choices=[code for code, _name in settings.LANGUAGES], default=settings.LANGUAGE_CODE
        )

    def handle(self, *, file: Path, language, verbosity, **options):
        at, home = now(), Newsroom.objects.current().address
        with (
            translation.override(language),
            Progress(console=Console(stderr=True), disable=verbosity == 0, transient=True) as progress,
        ):
            given = QueryDict(options["filter"].removeprefix("?")).dict()
            keys, query = all_listed(given, at=at)
            if unknown := {name for name, value in given.items() if value} - set(query):
                raise CommandError(f"Not understood: {', '.join(sorted(unknown))}")
            bar = progress.add_task("claims", total=len(keys))
            number = 0

            def counted():
                nonlocal number
                for row in claim_rows(keys, home=home, at=at):
                    yield row
                    number += 1
                    progress.advance(bar)

            try:
                write_whole(file, claims_csv.write(counted(), lang=language))
            except OSError as error:
                raise CommandError(f"{file} cannot be written: {error.strerror}") from None
            except KeyboardInterrupt:
                raise CommandError("Interrupted: nothing was written.") from None
        self.stdout.write(f"{file}: {number} claims")
        if not home:
            self.stdout.write("  the newsroom has no address: those in the file begin at its root")
        if "q" in query and len(keys) == HITS:
            self.stdout.write(f"  of what words find the first {HITS}")
