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

#: Articles of each kind that are named, if nobody asks for all.
MOST_TOLD = 20


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
        told = _Told()
        store = partial(importing.store, by=user, rights=rights)
        with Progress(console=Console(stderr=True), disable=verbosity == 0, transient=True) as progress:

            def said() -> str:
                stored = told.counts["made"]
                return f"{stored} articles are stored; start it again." if stored else "Nothing was stored."

            try:
                with file.open("rb") as reading:
                    if exchange.in_portions:
                        total = sum(map(bool, _read(exchange, reading, losses, progress, "read")))
                        reading.seek(0)
                        texts = _read(exchange, reading, Losses(), progress, "stored", total=total)
                        while some := list(islice(texts, importing.PORTION)):
                            told.add(store(some, at=now()))
                    else:
                        texts = _read(exchange, reading, losses, progress, "texts")
                        told.add(store(texts, at=now()))
            except FileNotFoundError:
                raise CommandError(f"{file} is not there.") from None
            except Unreadable as error:
                raise CommandError(f"{error} {said()}") from None
            except (Refused, PermissionDenied) as error:
                words = " ".join(error.messages) if isinstance(error, Refused) else str(error)
                raise CommandError(f"{words} {said()}") from None
            except KeyboardInterrupt:
                raise CommandError(f"Interrupted. {said()}") from None
        self._tell(told, in_portions=exchange.in_portions, most=None if verbosity > 1 else MOST_TOLD)
        report(self.stdout, losses)

    def _tell(self, told, *, in_portions, most):
        counts = told.counts
        self.stdout.write(
            f"{counts['made']} articles made, {counts['tagged']} tagged, {counts['unchanged']} unchanged; "
            f"{counts['annotations']} annotations; "
            + ", ".join(f"{told.named[kind]} new {words}" for kind, words in _NEW.items())
        )
        for name, words in _HERE.items():
            if name == "differing" or in_portions:
                for line in told.articles[name][:most]:
                    self.stdout.write(f"  {words}: {line}")
                if most and counts[name] > most:
                    self.stdout.write(f"  {words}: and {counts[name] - most} more (-v 2 names all)")
        for name, times in sorted(told.left.items()):
            if name != "differing":
                self.stdout.write(f"  not kept: {name} ({times})")


class _Told:
    """What became of what was stored, portion by portion: of articles only what they are called is kept."""

    def __init__(self):
        self.counts: Counter[str] = Counter()
        self.named: Counter[str] = Counter()
        self.left: Counter[str] = Counter()
        self.articles: dict[str, list[str]] = {name: [] for name in _HERE}

    def add(self, stored: importing.Report) -> None:
        for name in ("made", "tagged", "unchanged", "differing"):
            articles = getattr(stored, name)
            self.counts[name] += len(articles)
            if name in _HERE:
                self.articles[name] += [f"{article.headline} ({article.slug})" for article in articles]
        self.counts["annotations"] += stored.annotations
        self.named.update(stored.named)
        self.left.update(stored.left)


def _read(exchange, file, losses, progress, words, *, total=None):
    bar = progress.add_task(words, total=total)
    assert exchange.read is not None  # one of the choices
    for text in exchange.read(file, losses):
        yield text
        progress.advance(bar)


_HERE = {"unchanged": "already here", "differing": "here with another text, left alone"}
_NEW = {"claim": "claims", "entity": "entities", "source": "sources"}
