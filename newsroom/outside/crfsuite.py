"""CRFsuite learns into a file: examples → weights, through a folder that is gone afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pycrfsuite

_ROUND = re.compile(r"\*+ Iteration #(\d+)")


class _Trainer(pycrfsuite.Trainer):
    """Says of each round which it is; the library writes all it does in lines, and prints them."""

    told: Callable[[int], None]

    def message(self, line: str) -> None:
        if found := _ROUND.match(line):
            self.told(int(found[1]))


def trained(
    examples: Iterable[tuple[Sequence[Sequence[str]], Sequence[str]]],
    algorithm: str,
    settings: Mapping[str, Any],
    told: Callable[[int], None] = lambda _round: None,
) -> bytes:
    """The weights, as CRFsuite writes them. Each example has features and a tag for each word."""
    trainer = _Trainer(algorithm=algorithm, params=dict(settings), verbose=False)
    trainer.told = told
    for features, tags in examples:
        trainer.append(features, tags)
    with TemporaryDirectory(prefix="controluce-") as folder:
        path = Path(folder) / "weights"
        trainer.train(str(path))
        return path.read_bytes()
