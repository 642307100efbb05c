"""`manage.py train_assistant`: the assistant learns, on this machine, from what the desk decided."""

from __future__ import annotations

from dataclasses import asdict

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now
from rich.console import Console
from rich.progress import Progress, TimeElapsedColumn

from newsroom.actions import learning
from newsroom.models import Erasure, TrainedModel, User
from newsroom.tasks.training import MOST_ARTICLES, Training, train

#: What the figures before and after are.
MEASURES = {
    TrainedModel.Kind.NAMES: "exact F1",
    TrainedModel.Kind.WORTH: "average precision",
    TrainedModel.Kind.OPINION: "macro-F1",
}


class Command(BaseCommand):
    help = (
        "Trains what proposes names, claims worth a check and opinions, from the newsroom's own accepted and "
        "rejected tags. Every fifth article is held back to measure on; a model that is worse than what is "
        "in use is not kept. Can be interrupted at any moment: what was not finished leaves nothing behind."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--as", dest="username", required=True, help="Who trains: the user name that the log shows."
        )
        parser.add_argument("--kind", choices=TrainedModel.Kind.values, help="Only this kind.")
        parser.add_argument("--lang", choices=TrainedModel.Lang.values, help="Only this language.")
        parser.add_argument(
            "--articles",
            type=int,
            default=MOST_ARTICLES,
            help=f"Learn from so many of the newest articles ({MOST_ARTICLES}).",
        )
        parser.add_argument("--dry-run", action="store_true", help="Train and measure, and keep nothing.")

    def handle(self, *, username, kind, lang, articles, dry_run, verbosity, **options):
        by = User.objects.filter(username=username, is_active=True).first()
        if by is None or not by.has_perm("newsroom.add_trainedmodel"):
            raise CommandError(f"{username} is nobody who may train the assistant.")
        columns = (*Progress.get_default_columns()[:3], TimeElapsedColumn())
        with Progress(
            *columns, console=Console(stderr=True), disable=verbosity == 0, transient=True
        ) as progress:
            try:
                for each in [kind] if kind else TrainedModel.Kind.values:
                    for language in [lang] if lang else TrainedModel.Lang.values:
                        self._train(each, language, articles, dry_run, by, progress)
            except KeyboardInterrupt:
                raise CommandError("Interrupted: what was finished is kept, and nothing else.") from None

    def _train(self, kind: str, lang: str, most: int, dry_run: bool, by: User, progress: Progress) -> None:
        bar = progress.add_task(f"{kind} {lang}", total=None)

        def told(what: str, number: int, of: int) -> None:
            progress.update(bar, description=f"{kind} {lang}: {what}", completed=number, total=of)

        read_after = Erasure.last_key()
        training = train(kind, lang, most=most, told=told)
        progress.remove_task(bar)
        said = f"{kind} {lang}: {_data(training)}"
        if training.why_not == "few":
            said += "; too little to learn from, the rules are used"
            in_use = TrainedModel.objects.in_use().filter(kind=kind, lang=lang).exists()
            self.stdout.write(said.replace("the rules are used", "what is in use stays") if in_use else said)
        elif training.why_not == "same":
            self.stdout.write(f"{said}; nothing new since the last training")
        else:
            is_better = training.after >= training.before
            kept = "in use from now on" if is_better else "worse, so not kept"
            if dry_run:
                kept = "would be kept" if is_better else "would not be kept"
            elif not self._keep(training, read_after, by):
                kept = "words were erased meanwhile, so not kept: train again"
            self.stdout.write(
                f"{said}; {MEASURES[kind]} {training.before:.3f} before, {training.after:.3f} after; "
                f"{training.seconds:.1f} s, {len(training.file):,} bytes; {kept}"
            )

    def _keep(self, training: Training, read_after: int, by: User) -> bool:
        facts = asdict(training)
        del facts["why_not"]
        try:
            learning.keep(**facts, read_after=read_after, by=by, at=now())
        except ValidationError:
            return False
        return True


def _data(training: Training) -> str:
    return (
        f"{training.articles} articles with {training.examples} examples and {training.rejections} "
        f"rejections, {training.held_articles} held back"
    )
