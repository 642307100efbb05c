"""`manage.py work`: does what waits, as one of any number of workers on any number of machines."""

from __future__ import annotations

import logging
from datetime import timedelta
from threading import Event, Thread
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections
from django.utils.timezone import now
from django_tasks_db.management.commands.db_worker import Command as DatabaseWorker

from newsroom.models import Delivery, Reading, Shown, Subscriber
from newsroom.tasks import digests, leases, purging
from newsroom.tasks.readings import read_texts
from newsroom.tasks.statistics import EVERY, look_at_tables
from newsroom.tasks.webhooks import send_webhooks

logger = logging.getLogger("newsroom.worker")


class Command(DatabaseWorker):
    help = (
        "Does what waits, and says every few seconds that it is at it: what a worker that was killed left "
        "behind is taken up by another. TERM lets it end the task that it is at."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--silent",
            type=float,
            default=leases.SILENT.total_seconds(),
            metavar="SECONDS",
            help="After which time a worker that is not heard from is given up (%(default)g).",
        )

    def handle(self, **options):
        keeper = Keeper(options["worker_id"], silent=timedelta(seconds=options.pop("silent")))
        # What others left behind is there before this worker looks for its first task.
        keeper.look()
        keeper.start()
        try:
            super().handle(**options)
        finally:
            keeper.end()


class Keeper(Thread):
    """Beside the worker, on a connection of its own, however long a task takes."""

    def __init__(self, worker_id: str, *, silent: timedelta) -> None:
        super().__init__(name="keeper", daemon=True)
        self.worker_id, self.silent, self.ended = worker_id, silent, Event()
        self.tables_seen: float | None = None
        self.digests_seen: float | None = None

    def run(self) -> None:
        while not self.ended.wait(self.silent.total_seconds() / leases.BEATS):
            self.look()
        connections.close_all()

    def look(self) -> None:
        close_old_connections()
        try:
            self.take_care()
        except DatabaseError:
            # It is away, or SQLite is written to for long. The next beat says as much.
            logger.warning("The database did not hear that this worker is at it.", exc_info=True)
        except Exception:
            # Without this thread others would take up what this worker is at.
            logger.exception("The keeper of this worker goes on.")

    def take_care(self) -> None:
        """Of the tasks of workers that are gone, and of what waits that no deed asks for."""
        leases.still_at_it(self.worker_id, at=now())
        if taken := leases.take_up(at=now(), silent=self.silent):
            logger.warning("%s tasks were left behind by workers that are gone.", taken)
        if Reading.objects.left_behind(at=now()).exists() and not leases.waits(read_texts):
            read_texts.enqueue()
        if Delivery.objects.due(at=now()).exists() and not leases.waits(send_webhooks):
            send_webhooks.enqueue()
        # What was announced for a moment that has come, without a deed.
        if purging.waits(at=now()) and not leases.waits(purging.tell_caches):
            purging.tell_caches.enqueue()
        self.look_at_digests()
        self.look_at_tables()

    def look_at_digests(self) -> None:
        """Once in a while: who cannot be written to stays due."""
        if self.digests_seen is not None and monotonic() - self.digests_seen < digests.EVERY.total_seconds():
            return
        if (
            settings.SENDS_MAIL
            and Subscriber.objects.due(at=now()).exists()
            and not leases.waits(digests.send_digests)
        ):
            digests.send_digests.enqueue()
            self.digests_seen = monotonic()

    def look_at_tables(self) -> None:
        """When the worker begins, and every hour."""
        if self.tables_seen is None or monotonic() - self.tables_seen > EVERY.total_seconds():
            look_at_tables()
            Shown.objects.passed(at=now()).delete()
            self.tables_seen = monotonic()

    def end(self) -> None:
        self.ended.set()
        if self.is_alive():
            self.join(30)
