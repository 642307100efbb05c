"""`manage.py serve`: the site as in production, by granian on WSGI, with a process for each core."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

#: More than this and a machine is large enough for somebody to say what they want.
MOST_WORKERS = 8
#: What one process does at a time. Each thread may need a connection to the database while it does it.
THREADS = 4


class Command(BaseCommand):
    help = (
        "Serves the site by granian. TERM lets it finish what was asked and stop; HUP starts new processes "
        "with the code that is there now, and stops the old ones once they have answered."
    )

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument(
            "--socket", type=Path, metavar="FILE", help="A socket for the proxy, in place of host and port."
        )
        parser.add_argument(
            "--workers", type=int, default=workers(), help=f"Processes (the cores, {MOST_WORKERS} at most)."
        )
        parser.add_argument("--threads", type=int, default=THREADS, help=f"Threads of each ({THREADS}).")
        parser.add_argument(
            "--patience",
            type=int,
            default=330,
            help="Seconds that a request may take to end when it stops (330).",
        )

    def handle(self, *, host, port, socket, workers, threads, patience, **options):
        if workers < 1 or threads < 1:
            raise CommandError("At least one process with one thread.")
        if not (settings.STATIC_ROOT / "staticfiles.json").exists():
            raise CommandError("The static files were not collected: run manage.py collectstatic --no-input.")
        # On PostgreSQL the threads of a process share its connections, of which they never need more.
        environment = {"CONTROLUCE_DATABASE_POOL": str(threads), **os.environ}
        if settings.METRICS:
            # What the processes count they share here; what an earlier server counted is over.
            folder = settings.VAR_DIR / "metrics"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            environment["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
        place = (
            ["--uds", str(socket), "--uds-permissions", "0660"]
            if socket
            else ["--host", host, "--port", str(port)]
        )
        command = [
            *(sys.executable, "-m", "granian", "config.wsgi:application", "--interface", "wsgi"),
            *place,
            *("--workers", str(workers), "--blocking-threads", str(threads), "--runtime-threads", "1"),
            *("--http", "1", "--no-ws", "--backlog", "1024"),
            *("--respawn-failed-workers", "--workers-kill-timeout", str(patience)),
            *("--working-dir", str(settings.BASE_DIR), "--log-level", "info"),
        ]
        self.stderr.write(f"{workers} processes with {threads} threads each.")
        # In place of this process, so that signals reach it and Django is not kept loaded beside its workers.
        os.chdir(settings.BASE_DIR)
        os.execve(sys.executable, command, environment)


def workers() -> int:
    """One for each core that we may use, two at least: while one is replaced another answers."""
    return max(2, min(len(os.sched_getaffinity(0)), MOST_WORKERS))
