"""A browser's way of finding annotations again, run by Node where it is installed.

REANCHORING_PEER names a folder in which the npm package approx-string-match was installed. Without it, or
without Node, there is nobody to compare with, and `why_not` says so.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from newsroom.text.offsets import Utf16Offsets

SCRIPT = Path(__file__).with_name("peer.mjs")
CONTEXT = 32  # characters on each side that Hypothesis remembers of a quotation

Span = tuple[int, int]
Job = tuple[str, str, list[Span]]


class Peer:
    """`version` is empty if it cannot be asked; then it answers None."""

    def __init__(self) -> None:
        self._folder = os.environ.get("REANCHORING_PEER", "")
        self._node = shutil.which("node")
        self.version = self.why_not = ""
        if not self._node:
            self.why_not = "Node is not installed"
        elif not self._folder:
            self.why_not = "REANCHORING_PEER names no folder where approx-string-match is installed"
        else:
            asked = self._run([])
            self.version, self.why_not = asked.get("version", ""), asked.get("error", "")

    def places(self, jobs: list[Job]) -> list[list[Span | None]] | None:
        """For each job (old text, new text, spans) the places in the new text, in code points."""
        if not self.version:
            return None
        found = self._run([_quotations(*job) for job in jobs])["answers"]
        return [
            _in_code_points(new, answer["places"]) for (_, new, _), answer in zip(jobs, found, strict=True)
        ]

    def cpu_ms(self, jobs: list[Job], rounds: int) -> list[float] | None:
        """The least milliseconds of CPU that each job takes in so many rounds."""
        if not self.version:
            return None
        found = self._run([_quotations(*job) | {"rounds": rounds} for job in jobs])["answers"]
        return [min(answer["ms"]) for answer in found]

    def _run(self, jobs: list[dict[str, Any]]) -> dict[str, Any]:
        assert self._node
        done = subprocess.run(
            [self._node, str(SCRIPT), self._folder],
            input="\n".join(map(json.dumps, jobs)),
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        if done.returncode:
            errors = [line for line in done.stderr.splitlines() if line.startswith("Error")]
            return {"error": errors[0].strip() if errors else f"Node ended with {done.returncode}"}
        return json.loads(done.stdout)


def _quotations(old: str, new: str, spans: list[Span]) -> dict[str, Any]:
    offsets = Utf16Offsets(old)
    return {
        "text": new,
        "quotations": [
            {
                "exact": old[start:end],
                "prefix": old[max(0, start - CONTEXT) : start],
                "suffix": old[end : end + CONTEXT],
                "hint": offsets.to_utf16(start),
            }
            for start, end in spans
        ],
    }


def _in_code_points(text: str, places: list[Span | None]) -> list[Span | None]:
    wide = text.encode("utf-16-le", "surrogatepass")
    return [
        place
        and (
            len(wide[: 2 * place[0]].decode("utf-16-le", "ignore")),
            len(wide[: 2 * place[1]].decode("utf-16-le", "ignore")),
        )
        for place in places
    ]
