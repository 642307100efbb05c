"""How fast this machine is: three pieces of work that know nothing of Controluce.

A bar in milliseconds holds on the machine whose figures stand in `reference.json`. On another one it scales
by the ratio of a figure here to the figure there.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from . import visits
from .bench import timed

REFERENCE = Path(__file__).with_name("reference.json")
SCANNED = 1_000_000


def measure() -> dict[str, Any]:
    """Milliseconds: a bare view under the project's middleware, a one-row commit, a scan of 1 MB.

    A commit waits for the disk, so it is by the clock; the others are the processor's work.
    """
    with connection.cursor() as cursor:
        # A database that is kept has the table from the last time.
        cursor.execute("DROP TABLE IF EXISTS calibration")
        cursor.execute("CREATE TABLE calibration (number integer)")
        cursor.execute("INSERT INTO calibration VALUES (0)")
    text = "".join(random.Random(1).choices("abcdefghij ", k=SCANNED))
    words = re.compile(r"\b(?:ab|cd)\w+(?=e\b)")
    figures = {
        "bare_view_ms": timed(visits.of("/bare/"), rounds=2000, warm_up=50)[0].cpu,
        "commit_ms": timed(commit, rounds=500)[0].median,
        "scan_ms": timed(lambda: sum(1 for _ in words.finditer(text)), rounds=30)[0].cpu,
    }
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    return figures | {
        "ratios": {name: round(figures[name] / reference[name], 3) for name in figures if name in reference}
    }


def commit() -> None:
    """Of one row, with nothing of Controluce around it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE calibration SET number = number + 1")
