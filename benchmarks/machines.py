"""What a page costs the processor: of the site, and of PostgreSQL. By this docs/scaling.md reckons.

    python tests/with_postgres.py python -m benchmarks.machines

Serves the seed newsroom by granian on the PostgreSQL of `DATABASE_URL` and asks each page some hundred
times, one after the other. Counted are the seconds of processor that the processes used, which another
program on the machine changes little; how long an answer took is not told, since it would.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

BASE = Path(__file__).resolve().parent.parent
TIMES = 200
TICK = os.sysconf("SC_CLK_TCK")


class Connection(http.client.HTTPConnection):
    """To a socket that is a file."""

    def __init__(self, place: Path) -> None:
        super().__init__("localhost", timeout=60)
        self.place = place

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.place))


def children(pid: int) -> set[int]:
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def used(pids: set[int]) -> float:
    """Seconds of processor."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def main() -> None:
    url = os.environ["DATABASE_URL"]
    with TemporaryDirectory(prefix="m-") as name:
        folder = Path(name)
        environment = {
            **os.environ,
            "CONTROLUCE_DEMO": "1",
            "CONTROLUCE_VAR_DIR": str(folder),
            "DATABASE_URL": url + ("&" if "?" in url else "?") + "application_name=measured",
        }
        for command in (
            ["migrate", "-v0"],
            ["loaddata", "seed", "-v0"],
            ["sync_roles"],
            ["collectstatic", "--no-input", "-v0"],
        ):
            subprocess.run([sys.executable, "manage.py", *command], cwd=BASE, env=environment, check=True)
        serving = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--socket", str(folder / "web.sock"), "--workers", "1"],
            cwd=BASE,
            env=environment,
            stderr=subprocess.DEVNULL,
        )
        try:
            print(json.dumps(measured(serving.pid, folder / "web.sock", url), indent=2))
        finally:
            serving.terminate()
            serving.wait(60)


def measured(pid: int, place: Path, url: str) -> dict[str, Any]:
    def ask(path: str) -> bytes:
        asking = Connection(place)
        asking.request("GET", path)
        answer = asking.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status)
        asking.close()
        return body

    end = time.monotonic() + 120
    while True:
        try:
            ask("/health/live")
            break
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.2)
    front = ask("/").decode()
    article = "/articles/" + front.partition('href="/articles/')[2].partition('"')[0]
    told: dict[str, Any] = {}
    with psycopg.connect(url, autocommit=True) as asking:
        for path in ("/method/", "/claims/", article):
            for _warm in range(10):
                ask(path)
            rows = asking.execute("SELECT pid FROM pg_stat_activity WHERE application_name = 'measured'")
            site, database = children(pid), {row[0] for row in rows}
            before = used(site), used(database)
            for _time in range(TIMES):
                ask(path)
            told[path] = {
                "site_ms": round((used(site) - before[0]) / TIMES * 1000, 2),
                "database_ms": round((used(database) - before[1]) / TIMES * 1000, 2),
            }
    return told


if __name__ == "__main__":
    main()
