"""A task is lent to its worker: whoever is not heard from gives it back.

django-tasks-db marks a task as running in the transaction that locks it (`SKIP LOCKED`, or an exclusive
transaction on SQLite), so two workers never take the same one; but a worker that is killed leaves it running
for ever. So a worker says every few seconds that it is still at it, in the task's `started_at`, which is from
then on when it was last heard from; and whatever was not heard from for a while is ready again, for any
worker on any machine. A task that outlived several workers kills them, as like as not: it ends as failed.

It is done once more from the beginning, so each task of this project can be: what waits is a row of ours, in
a state that it is taken from once. A worker that was only stopped for a while, and finds its task taken up,
does no harm for the same reason.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult

#: After which time nobody is at it any more; how often a worker is heard from within it; and with how many
#: workers a task may end without ending itself.
SILENT, BEATS, MOST_WORKERS = timedelta(minutes=1), 4, 5


def still_at_it(worker_id: str, *, at: datetime) -> int:
    """The worker says that it lives; how many tasks it is at, one at most."""
    running = DBTaskResult.objects.running().only("pk", "worker_ids")
    mine = [task.pk for task in running if task.worker_ids[-1:] == [worker_id]]
    return DBTaskResult.objects.running().filter(pk__in=mine).update(started_at=at)


def left_behind(*, at: datetime, silent: timedelta = SILENT) -> list[DBTaskResult]:
    """What is running, and nobody is at."""
    return list(DBTaskResult.objects.running().filter(started_at__lt=at - silent).order_by("enqueued_at"))


def take_up(*, at: datetime, silent: timedelta = SILENT) -> int:
    """What was left behind is ready again, or has failed if too many left it. How many tasks that were."""
    taken = 0
    for task in left_behind(at=at, silent=silent):
        # As it was read: of two who look, or of one that looks and a worker that wakes, one changes it.
        as_read = DBTaskResult.objects.running().filter(pk=task.pk, started_at=task.started_at)
        if len(task.worker_ids) < MOST_WORKERS:
            taken += as_read.update(status=TaskResultStatus.READY)
        else:
            taken += as_read.update(
                status=TaskResultStatus.FAILED,
                finished_at=at,
                exception_class_path="newsroom.tasks.leases.LeftBehind",
                traceback=f"{len(task.worker_ids)} workers were at it, and none was heard from again.",
            )
    return taken


def waits(task: Task) -> bool:
    """Whether it is in the queue, or somebody is at it."""
    unfinished = DBTaskResult.objects.ready() | DBTaskResult.objects.running()
    return unfinished.filter(task_path=task.module_path).exists()


class LeftBehind(Exception):
    """Named where a task failed: the workers that were at it died."""
