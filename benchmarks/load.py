"""Readers and editors together: `python -m benchmarks.load [--minutes 5] [--readers 200] [--editors 20]`.

The site is served as in production (`manage.py serve`, two processes) with the seed newsroom on SQLite, or on
the database of `--database`, which must be empty. Two hundred readers open a page, read for some seconds and
open another; twenty editors tag, comment and change texts, a deed every few seconds each. Counted are errors
and milliseconds by the clock of who asks; afterwards the database is looked through: nothing that was
acknowledged is lost or doubled (tests/faults/world.py). JSON on the standard output.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

BASE = Path(__file__).resolve().parent.parent
#: Seconds that a reader reads, and that an editor thinks: between half of it and one and a half.
READS, THINKS = 10.0, 6.0
#: Milliseconds in which 95 of 100 pages are to be there.
PAGE_MS = 150


class Load:
    """What everybody saw."""

    def __init__(self) -> None:
        self.stop, self.lock = threading.Event(), threading.Lock()
        self.ms: list[float] = []
        self.writes_ms: list[float] = []
        self.statuses: Counter[str] = Counter()

    def note(self, ms: float, status: str, *, wrote: bool = False) -> None:
        with self.lock:
            (self.writes_ms if wrote else self.ms).append(ms)
            self.statuses[status] += 1

    def pause(self, random: Random, seconds: float) -> None:
        self.stop.wait(random.uniform(0.5, 1.5) * seconds)


def reader(load: Load, port: int, pages: list[str], number: int) -> None:
    """Keeps the connection, as a browser does."""
    random = Random(f"reader {number}")
    load.pause(random, READS)
    there = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while not load.stop.is_set():
        begun = time.perf_counter()
        try:
            there.request("GET", random.choice(pages), headers={"Accept-Encoding": "gzip"})
            answer = there.getresponse()
            answer.read()
            load.note((time.perf_counter() - begun) * 1000, str(answer.status))
        except (OSError, http.client.HTTPException) as error:
            load.note((time.perf_counter() - begun) * 1000, type(error).__name__)
            there.close()
        load.pause(random, READS)
    there.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--editors", type=int, default=20)
    parser.add_argument(
        "--database", default="", help="The address of an empty one (SQLite, gone at the end)."
    )
    given = parser.parse_args()
    with TemporaryDirectory(prefix="load-") as folder:
        print(json.dumps(measure(Path(folder), given), indent=1))


def measure(folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    port = 8765
    environment = {
        **os.environ,
        "CONTROLUCE_DEMO": "1",
        "CONTROLUCE_VAR_DIR": str(folder),
        "CONTROLUCE_WORKER": "1",
        "DATABASE_URL": given.database or f"sqlite:///{folder / 'load.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        # All ask from one address.
        "CONTROLUCE_PACES": "search=0,stranger=0",
        "WORLD_PEOPLE": str(given.editors),
    }

    def run(*command: str, said: str = "") -> str:
        done = subprocess.run(
            [sys.executable, *command], cwd=BASE, env=environment, input=said, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(done.stderr[-3_000:])
        return done.stdout

    run("manage.py", "migrate", "--verbosity", "0")
    run("manage.py", "loaddata", "seed", "--verbosity", "0")
    run("manage.py", "collectstatic", "--no-input", "--verbosity", "0")
    world = json.loads(run("-m", "tests.faults.world", "make"))
    site = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port), "--workers", "2"],
        cwd=BASE,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        return under_load(port, given, world, run)
    finally:
        site.terminate()
        site.wait(60)


def under_load(port: int, given: argparse.Namespace, world: dict[str, Any], run: Any) -> dict[str, Any]:
    from tests.faults.people import NOTES, Lost, Person

    load = Load()

    class Editor(Person):
        """Comments, tags and changes texts; opens the page of it each time."""

        def run(self) -> None:
            deeds, count = [self.comment, self.tag, self.revise], 0
            load.pause(self.random, THINKS)
            while not load.stop.is_set():
                count += 1
                try:
                    self.random.choice(deeds)(f"{self.number}-{count}")
                except Lost:
                    load.note(0, "lost", wrote=True)
                load.pause(self.random, THINKS)

        def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str, str]:
            begun = time.perf_counter()
            answer = super().ask(method, path, body, **headers)
            load.note((time.perf_counter() - begun) * 1000, str(answer[0]), wrote=method == "POST")
            return answer

    pages = wait_for_pages(port)
    editors = [Editor(("127.0.0.1", port), n, one, "load") for n, one in enumerate(world["people"])]
    readers = [
        threading.Thread(target=reader, args=(load, port, pages, number)) for number in range(given.readers)
    ]
    begun = time.monotonic()
    for thread in (*editors, *readers):
        thread.start()
    load.stop.wait(given.minutes * 60)
    load.stop.set()
    for thread in (*editors, *readers):
        thread.join()
    seconds = time.monotonic() - begun
    tried: dict[str, Any] = {"notes": NOTES}
    for editor in editors:
        for kind, marks in editor.tried.items():
            tried.setdefault(kind, {}).update(marks)
    wrong = json.loads(run("-m", "tests.faults.world", "look", said=json.dumps(tried)))
    errors = {status: number for status, number in load.statuses.items() if not status.startswith(("2", "3"))}
    p95 = percentile(load.ms, 95)
    return {
        "readers": given.readers,
        "editors": given.editors,
        "seconds": round(seconds, 1),
        "load_of_the_machine": [round(each, 1) for each in os.getloadavg()],
        "cores": len(os.sched_getaffinity(0)),
        "pages": len(load.ms),
        "pages_a_second": round(len(load.ms) / seconds, 1),
        "page_ms": {
            "median": round(statistics.median(load.ms), 1),
            "p95": p95,
            "p99": percentile(load.ms, 99),
        },
        "deeds": {kind: sum(marks.values()) for kind, marks in tried.items() if kind != "notes" and marks},
        "deed_ms": {
            "median": round(statistics.median(load.writes_ms), 1),
            "p95": percentile(load.writes_ms, 95),
        },
        "statuses": dict(load.statuses),
        "errors": errors,
        "surprises": [each for editor in editors for each in editor.surprises],
        "lost_or_doubled": wrong,
        "bars": [
            {"what": "errors", "measured": sum(errors.values()), "bar": 0, "met": not errors},
            {"what": "pages, p95 in ms", "measured": p95, "bar": PAGE_MS, "met": p95 <= PAGE_MS},
            {"what": "lost or doubled", "measured": len(wrong), "bar": 0, "met": not wrong},
        ],
    }


def figures(times: list[float]) -> dict[str, float]:
    middle = round(statistics.median(times), 1)
    return {"median": middle, "p95": percentile(times, 95), "p99": percentile(times, 99)}


def percentile(times: list[float], which: int) -> float:
    return round(sorted(times)[min(len(times) * which // 100, len(times) - 1)], 1)


def wait_for_pages(port: int) -> list[str]:
    """Pages that readers open: the first, the lists, the articles and claims that the site map tells."""
    end = time.monotonic() + 90
    while True:
        there = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            there.request("GET", "/api/v1/articles?limit=5")
            articles = json.loads(there.getresponse().read())
            there.request("GET", "/api/v1/claims?limit=20")
            claims = json.loads(there.getresponse().read())
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
            continue
        finally:
            there.close()
        urls = [row["url"] for found in (articles, claims) for row in found["items"]]
        paths = [urlsplit(url).path for url in urls]
        return ["/", "/claims/", "/sources/", "/method/", "/search/?q=ponte", *paths]


if __name__ == "__main__":
    main()
