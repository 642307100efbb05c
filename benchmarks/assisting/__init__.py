"""The parts of `benchmarks/assistant.py`, one module each.

A module has `PARTS`, from the folder that a part is measured on (`names`, `opinions/it`) to its `Part`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any


@dataclass(frozen=True, slots=True)
class Bar:
    """What is asked of a figure; `figure` is its name in what was measured, with a stop at each level."""

    figure: str
    limit: float
    at_least: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """`measure` is given the part's own folder and answers figures that JSON can hold."""

    measure: Callable[[Path], dict[str, Any]]
    bars: tuple[Bar, ...] = ()


def megabytes() -> float:
    """The most memory that this process had until now."""
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024
