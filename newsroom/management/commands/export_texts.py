"""`manage.py export_texts`: articles with their tags into one file of a format that others read."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now
from rich.console import Console
from rich.progress import Progress

from newsroom.formats.annotated import Losses
from newsroom.formats.exchanges import FORMATS, outgoing
from newsroom.models import Article
from newsroom.presenters.exporting import annotated_texts


class Command(BaseCommand):
    help = (
        "Writes articles with their tags into a file, and says what the format has no place for. Without "
        "--public it is what the desk sees, drafts included; never whom a confidential source really is. The "
        "file is there when it is whole: interrupted, it leaves the one that was there before."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--format", required=True, choices=[exchange.key for exchange in outgoing()])
        parser.add_argument(
            "--article", action="append", default=[], metavar="SLUG", help="Only this one; may be repeated."
        )
        parser.add_argument("--public", action="store_true", help="Only what readers see.")

    def handle(self, *, file: Path, verbosity, public, **options):
        exchange = FORMATS[options["format"]]
        articles = Article.objects.order_by("pk")
        if slugs := set(options["article"]):
            articles = articles.filter(slug__in=slugs)
            if unknown := slugs - set(articles.values_list("slug", flat=True)):
                raise CommandError(f"No such article: {', '.join(sorted(unknown))}")
        losses = Losses()
        number = 0
        with Progress(console=Console(stderr=True), disable=verbosity == 0, transient=True) as progress:
            bar = progress.add_task("articles", total=articles.count())

            def counted():
                nonlocal number
                for text in annotated_texts(articles, at=now(), demo=settings.DEMO, for_the_desk=not public):
                    yield text
                    number += 1
                    progress.advance(bar)

            try:
                assert exchange.write is not None  # one of the choices
                write_whole(file, exchange.write(counted(), losses))
            except KeyboardInterrupt:
                raise CommandError("Interrupted: nothing was written.") from None
        self.stdout.write(f"{file}: {number} articles")
        report(self.stdout, losses)


def report(stdout, losses: Losses) -> None:
    """What has no place, in words, with how often and the first of each."""
    for loss in losses.told():
        stdout.write(f"  lost: {loss.words} ({loss.times}){f': {loss.example}' if loss.example else ''}")


def write_whole(file: Path, pieces) -> None:
    """Into a file beside it, which then takes its name: nobody ever sees half of it."""
    with NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}-", delete=False) as writing:
        try:
            for piece in pieces:
                writing.write(piece)
            writing.flush()
            os.fsync(writing.fileno())
        except BaseException:
            Path(writing.name).unlink()
            raise
    os.replace(writing.name, file)
