"""`manage.py propose_tags`: has texts read for suggestions that were never read, or all of them again."""

from __future__ import annotations

from collections import Counter

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now
from rich.console import Console
from rich.progress import Progress

from newsroom.models import Reading, Revision
from newsroom.tasks.readings import read

#: Texts that are asked for at a time.
PORTION = 50


class Command(BaseCommand):
    help = (
        "Reads every current text that waits or was never read, and proposes tags in it. What is tagged, "
        "proposed or rejected there already is not proposed again, so it may be run as often as wanted, "
        "and be interrupted at any moment."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--again",
            action="store_true",
            help="Read all current texts again: after new names, or after training.",
        )

    def handle(self, *, again: bool, verbosity: int, **options):
        current = Revision.objects.filter(current_of__isnull=False, article__withdrawn_at=None)
        Reading.objects.ask(current.filter(reading=None).only("pk"), at=now())
        if again:
            Reading.objects.of_current_texts().ask_again(at=now())
        states: Counter[str] = Counter()
        due = Reading.objects.due(at=now()).of_current_texts().order_by("at", "pk")
        keys = list(due.values_list("pk", flat=True))
        with Progress(console=Console(stderr=True), disable=verbosity == 0, transient=True) as progress:
            task = progress.add_task("texts", total=len(keys))
            for start in range(0, len(keys), PORTION):
                for state in read(Reading.objects.filter(pk__in=keys[start : start + PORTION])):
                    states[state] += 1
                    progress.advance(task)
        done = Reading.objects.filter(pk__in=keys, state=Reading.State.DONE)
        proposed = sum(done.values_list("proposed", flat=True))
        self.stdout.write(f"{states[Reading.State.DONE]} texts read, {proposed} suggestions.")
        if failed := states[Reading.State.FAILED]:
            raise CommandError(f"{failed} could not be read: the log says why. Run this again later.")
