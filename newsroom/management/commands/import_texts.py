"""`manage.py import_texts`: articles with their tags from a file that another program wrote."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now
from rich.console import Console
from rich.progress import Progress

from newsroom.actions import importing
from newsroom.actions.refusals import Refused
from newsroom.formats.annotated import Losses
from newsroom.formats.exchanges import FORMATS, incoming
from newsroom.formats.unreadable import Unreadable
from newsroom.models import Rights, User

from .export_texts import report


class Command(BaseCommand):
    help = (
        "Makes a draft of each text in a file, and an annotation of each tag: all, or nothing if something "
        "is wrong. What is here already gets the tags that it lacks, so it can be started again at any time."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--format", required=True, choices=[exchange.key for exchange in incoming()])
        parser.add_argument("--by", required=True, metavar="USERNAME", help="Who brings them.")
        parser.add_argument("--rights", choices=Rights.values, default=Rights.QUOTATION)

    def handle(self, *, file: Path, by, rights, verbosity, **options):
        user = User.objects.filter(username=by, is_active=True).first()
        if user is None:
            raise CommandError(f"{by} is nobody here.")
        losses = Losses()
        with Progress(console=Console(stderr=True), disable=verbosity == 0, transient=True) as progress:
            bar = progress.add_task("texts", total=None)

            def counted(texts):
                for text in texts:
                    yield text
                    progress.advance(bar)

            try:
                with file.open("rb") as reading:
                    read = FORMATS[options["format"]].read
                    assert read is not None  # one of the choices
                    texts = read(reading, losses)
                    stored = importing.store(counted(texts), by=user, at=now(), rights=rights)
            except FileNotFoundError:
                raise CommandError(f"{file} is not there.") from None
            except Unreadable as error:
                raise CommandError(f"{error} Nothing was stored.") from None
            except (Refused, PermissionDenied) as error:
                words = " ".join(error.messages) if isinstance(error, Refused) else str(error)
                raise CommandError(f"{words} Nothing was stored.") from None
            except KeyboardInterrupt:
                raise CommandError("Interrupted: nothing was stored.") from None
        self.stdout.write(
            f"{len(stored.made)} articles made, {len(stored.tagged)} tagged, "
            f"{len(stored.unchanged)} unchanged; {stored.annotations} annotations; "
            + ", ".join(f"{stored.named[kind]} new {words}" for kind, words in _NEW.items())
        )
        for name, times in sorted(stored.left.items()):
            self.stdout.write(f"  not kept: {name} ({times})")
        report(self.stdout, losses)


_NEW = {"claim": "claims", "entity": "entities", "source": "sources"}
