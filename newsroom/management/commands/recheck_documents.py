"""`manage.py recheck_documents`: looks at the addresses of documents again, those of long ago first."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from time import monotonic, sleep
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import translation
from django.utils.timezone import now
from rich.console import Console
from rich.progress import Progress

from newsroom.actions import documents
from newsroom.models import Document, DocumentCheck, User
from newsroom.models.stored_copy import oldest_checked_first
from newsroom.tasks.documents import look


class Command(BaseCommand):
    help = (
        "Looks at the addresses of documents that are evidence, and says of each whether it is unchanged, "
        "drifted or gone. Can be interrupted at any moment and started again: it goes on with those that "
        "were looked at longest ago."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--as", dest="username", required=True, help="Who asks: the user name that the log shows."
        )
        parser.add_argument(
            "--days", type=int, default=7, help="Leave out what was looked at within so many days (7)."
        )
        parser.add_argument("--limit", type=int, help="At most so many documents.")
        parser.add_argument(
            "--pause", type=float, default=2, help="Seconds between two questions to one site (2)."
        )

    def handle(self, *, username, days, limit, pause, verbosity, **options):
        by = User.objects.filter(username=username, is_active=True).first()
        if by is None or not by.has_perm("newsroom.add_documentcheck"):
            raise CommandError(f"{username} is nobody who may check documents.")
        due = oldest_checked_first(Document.objects.all())
        due = due.filter(Q(last_check=None) | Q(last_check__lt=now() - timedelta(days=days)))
        keys = list(due.values_list("pk", flat=True)[:limit])
        found: Counter[str] = Counter()
        interrupted = False
        # What a check says is kept, and read by the desk: in its language.
        with (
            translation.override(settings.LANGUAGE_CODE),
            Progress(console=Console(stderr=True), disable=verbosity == 0, transient=True) as progress,
        ):
            bar = progress.add_task("documents", total=len(keys))
            asked: dict[str, float] = {}
            try:
                for key in keys:
                    document = Document.objects.get(pk=key)
                    progress.update(bar, description=document.title[:40])
                    _wait(document, asked, pause)
                    check = self._check(document, by)
                    found[check.finding] += 1
                    if verbosity > 1 or check.finding in DocumentCheck.DOUBTFUL:
                        progress.console.print(f"{check.finding}: {document.title} <{document.url}>")
                    progress.advance(bar)
            except KeyboardInterrupt:
                interrupted = True
        said = ", ".join(f"{finding} {number}" for finding, number in sorted(found.items()))
        self.stdout.write(f"{sum(found.values())} of {len(keys)} looked at. {said}".strip())
        if interrupted:
            raise CommandError("Interrupted: start again to go on with the others.")

    def _check(self, document: Document, by: User) -> DocumentCheck:
        """One that a worker or an interrupted run left behind is taken up."""
        check = documents.ask_for_check(document, by=by, at=now())
        return look(DocumentCheck.objects.select_related("document", "by").get(pk=check.pk))


def _wait(document: Document, asked: dict[str, float], pause: float) -> None:
    """Until `pause` seconds after the last question to the same site."""
    host = urlsplit(document.url).hostname or ""
    if host in asked and (left := asked[host] + pause - monotonic()) > 0:
        sleep(left)
    asked[host] = monotonic()
