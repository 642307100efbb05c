"""Tasks that show how far they are by files: for tests that kill the worker in the middle."""

from __future__ import annotations

import time
from pathlib import Path

from django_tasks import task


@task
def mark(folder: str, name: str) -> None:
    """Says that it was begun, in a line of a file, and ends once there is a file `go`, a minute at most."""
    with (Path(folder) / name).open("a") as file:
        file.write("begun\n")
    end = time.monotonic() + 60
    while not (Path(folder) / "go").exists() and time.monotonic() < end:
        time.sleep(0.02)
    with (Path(folder) / name).open("a") as file:
        file.write("ended\n")
