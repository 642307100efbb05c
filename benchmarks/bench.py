"""The workbench: a newsroom of its own in a temporary folder, and a clock."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, thread_time


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one piece of work, done `rounds` times.

    `cpu` is the median of what the processor worked: on a busy machine it tells more than the clock.
    """

    median: float
    cpu: float
    fastest: float
    p95: float
    rounds: int


@contextmanager
def newsroom(database: str = "") -> Iterator[None]:
    """The seed newsroom, migrated and loaded, with its static files as in production.

    It is in the `database` of that address, or on SQLite and gone at the end. Django is set up here, so
    nothing that needs it may be imported before.
    """
    with TemporaryDirectory(prefix="controluce-") as folder:
        os.environ["BENCHMARK_FOLDER"] = folder
        os.environ["BENCHMARK_DATABASE"] = database
        os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
        import django
        from django.contrib.auth import get_user_model
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0)
        if not get_user_model().objects.exists():
            call_command("loaddata", "seed", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        yield
        connections.close_all()


def stay_on_one_core() -> None:
    """Where the system can: a median over two cores measures its scheduler too."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def timed(*works: Callable[[], object], rounds: int, warm_up: int = 3) -> list[Timing]:
    """Each piece of work `rounds` times, in turn, so that a busy moment of the machine strikes all alike."""
    for _ in range(warm_up):
        for work in works:
            work()
    taken: list[list[float]] = [[] for _ in works]
    worked: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, times, work_times in zip(works, taken, worked, strict=True):
            start, cpu_start = perf_counter(), thread_time()
            work()
            work_times.append((thread_time() - cpu_start) * 1000)
            times.append((perf_counter() - start) * 1000)
    return [_timing(*times) for times in zip(taken, worked, strict=True)]


@contextmanager
def in_the_server(rounds: int) -> Iterator[list[float]]:
    """What the server's process for this connection works meanwhile, each round: milliseconds of processor.

    It is in the list when the work is over. Nothing works beside that process (see the settings). SQLite has
    no server; where there is no /proc, nothing is known and nothing is counted. RuntimeError if the
    connection has become another one, whose process has worked for others.
    """
    worked: list[float] = []
    process, before = _server()
    yield worked
    after_process, after = _server()
    if process != after_process:
        raise RuntimeError("The connection to the database is another one than before.")
    worked.append(round((after - before) / rounds, 1))


def _server() -> tuple[int, float]:
    """The process of the server for this connection, and the milliseconds of processor that it has worked."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0, 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    # In nanoseconds where the kernel counts so; the other counts hundredths of a second.
    exact, coarse = Path(f"/proc/{process}/schedstat"), Path(f"/proc/{process}/stat")
    if exact.exists():
        return process, int(exact.read_text(encoding="utf-8").split()[0]) / 1_000_000
    if not coarse.exists():
        return process, 0
    user, system = coarse.read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
    return process, (int(user) + int(system)) * 1000 / os.sysconf("SC_CLK_TCK")


def _timing(times: list[float], work_times: list[float]) -> Timing:
    times = sorted(times)
    return Timing(
        median=round(statistics.median(times), 4),
        cpu=round(statistics.median(work_times), 4),
        fastest=round(times[0], 4),
        p95=round(times[len(times) * 19 // 20], 4),
        rounds=len(times),
    )
