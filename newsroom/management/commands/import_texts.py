"""`manage.py import_texts`: articles with their tags from a file that another program wrote."""

from __future__ import annotations

from collections import Counter
from functools import partial
from itertools import islice
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
        "is wrong. Posts of a blog and items of a feed are stored a hundred at a time, once the whole file "
        "has been read. What is here already gets the tags that it lacks, and no other text: so it can be "
        "started again at any time."
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
        exchange = FORMATS[options["format"]]
        losses = Losses()
        reports: list[importing.Report] = []
        store = partial(importing.store, by=user, rights=rights)
        with Progress(console=Console(stderr=True), disable=verbosity == 0, transient=True) as progress:

            def said() -> str:
                stored = sum(len(report.made) for report in reports)
                return f"{stored} articles are stored; start it again." if stored else "Nothing was stored."

            try:
                with file.open("rb") as reading:
                    if exchange.in_portions:
                        total = len([text.id for text in _read(exchange, reading, losses, progress, "read")])
                        reading.seek(0)
                        texts = _read(exchange, reading, Losses(), progress, "stored", total=total)
                        while some := list(islice(texts, importing.PORTION)):
                            reports.append(store(some, at=now()))
                    else:
                        texts = _read(exchange, reading, losses, progress, "texts")
                        reports.append(store(texts, at=now()))
            except FileNotFoundError:
                raise CommandError(f"{file} is not there.") from None
            except Unreadable as error:
                raise CommandError(f"{error} {said()}") from None
            except (Refused, PermissionDenied) as error:
                words = " ".join(error.messages) if isinstance(error, Refused) else str(error)
                raise CommandError(f"{words} {said()}") from None
            except KeyboardInterrupt:
                raise CommandError(f"Interrupted. {said()}") from None
        self._tell(reports, in_portions=exchange.in_portions)
        report(self.stdout, losses)

    def _tell(self, reports, *, in_portions):
        made, tagged, unchanged, differing = (
            [article for stored in reports for article in getattr(stored, name)]
            for name in ("made", "tagged", "unchanged", "differing")
        )
        named: Counter[str] = Counter()
        left: Counter[str] = Counter()
        for stored in reports:
            named.update(stored.named)
            left.update(stored.left)
        self.stdout.write(
            f"{len(made)} articles made, {len(tagged)} tagged, {len(unchanged)} unchanged; "
            f"{sum(stored.annotations for stored in reports)} annotations; "
            + ", ".join(f"{named[kind]} new {words}" for kind, words in _NEW.items())
        )
        if in_portions:
            for article in unchanged:
                self.stdout.write(f"  already here: {article.headline} ({article.slug})")
        for article in differing:
            self.stdout.write(f"  here with another text, left alone: {article.headline} ({article.slug})")
        for name, times in sorted(left.items()):
            if name != "differing":
                self.stdout.write(f"  not kept: {name} ({times})")


def _read(exchange, file, losses, progress, words, *, total=None):
    bar = progress.add_task(words, total=total)
    assert exchange.read is not None  # one of the choices
    for text in exchange.read(file, losses):
        yield text
        progress.advance(bar)


_NEW = {"claim": "claims", "entity": "entities", "source": "sources"}
