"""`manage.py import_notes`: what readers noted beside articles elsewhere, as suggestions for the desk."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now
from rich.console import Console
from rich.progress import Progress

from newsroom.actions import importing
from newsroom.actions.refusals import Refused
from newsroom.formats.annotated import Losses
from newsroom.formats.exchanges import NOTES
from newsroom.formats.unreadable import Unreadable
from newsroom.models import User
from newsroom.presenters.noted import by_article

from .export_texts import report

_LEFT = {
    "lost": "words that are not in the text, or not in one place for certain",
    "answers": "answers to a note that did not come",
    "cut": "the end of notes that are too long",
    "resolved": "answers in threads that are resolved here",
}


class Command(BaseCommand):
    help = (
        "Places notes on articles that are here, by the address of the article or of its original: the words "
        "are suggested as a claim, what was said is a comment inside the newsroom. The whole file is read "
        "first; then it is stored article by article, so it can be interrupted and started again."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--format", choices=list(NOTES), default="hypothesis")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="Who brings them.")

    def handle(self, *, file: Path, by, verbosity, **options):
        user = User.objects.filter(username=by, is_active=True).first()
        if user is None:
            raise CommandError(f"{by} is nobody here.")
        losses = Losses()
        reports: list[importing.NotesReport] = []
        with Progress(console=Console(stderr=True), disable=verbosity == 0, transient=True) as progress:
            try:
                with file.open("rb") as reading:
                    here, elsewhere = by_article(NOTES[options["format"]].read(reading, losses))
                bar = progress.add_task("articles", total=len(here))
                for article, notes in here.items():
                    reports.append(importing.note(article, notes=notes, by=user, at=now()))
                    progress.advance(bar)
            except FileNotFoundError:
                raise CommandError(f"{file} is not there.") from None
            except Unreadable as error:
                raise CommandError(f"{error} Nothing was stored.") from None
            except (Refused, PermissionDenied) as error:
                words = " ".join(error.messages) if isinstance(error, Refused) else str(error)
                raise CommandError(f"{words} {_stored(reports)}") from None
            except KeyboardInterrupt:
                raise CommandError(f"Interrupted. {_stored(reports)}") from None
        self.stdout.write(
            f"{len(reports)} articles: {sum(done.annotations for done in reports)} suggestions, "
            f"{sum(done.comments for done in reports)} comments, "
            f"{sum(done.unchanged for done in reports)} here already"
        )
        if elsewhere:
            address = next((address for note in elsewhere for address in note.addresses), "")
            self.stdout.write(f"  not kept: notes on pages that are not here ({len(elsewhere)}): {address}")
        left: Counter[str] = Counter()
        for done in reports:
            left.update(done.left)
        for name, times in sorted(left.items()):
            example = next(done.examples[name] for done in reports if name in done.examples)
            self.stdout.write(f"  not kept: {_LEFT[name]} ({times}): {example}")
        report(self.stdout, losses)


def _stored(reports) -> str:
    return (
        f"Those of {len(reports)} articles are stored; start it again." if reports else "Nothing was stored."
    )
