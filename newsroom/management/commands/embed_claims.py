"""`manage.py embed_claims`: has the embedding model that was named read the claims that it has not read."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from newsroom.presenters.meanings import meanings
from newsroom.tasks.embedding import embedded, waiting
from newsroom.text.embeddings import UnusableEmbedder


class Command(BaseCommand):
    help = (
        "Reads the claims that the embedding model named in CONTROLUCE_EMBEDDINGS has not read yet, so that "
        "they are matched by their meaning besides. May be run as often as wanted, and be interrupted at any "
        "moment."
    )

    def handle(self, *, verbosity: int, **options):
        made = 0
        try:
            model = meanings()
            if model is None:
                raise CommandError("No embedding model is named: set CONTROLUCE_EMBEDDINGS.")
            with Progress(console=Console(stderr=True), disable=verbosity == 0, transient=True) as progress:
                task = progress.add_task("claims", total=waiting(model))
                for number in embedded(model):
                    made += number
                    progress.advance(task, number)
        except UnusableEmbedder as unusable:
            raise CommandError(f"{settings.EMBEDDINGS}: {unusable}") from unusable
        self.stdout.write(f"{model.of}: {made} claims read.")
