"""CRFsuite learns into a file: examples → weights, through a folder that is gone afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pycrfsuite


def trained(
    examples: Iterable[tuple[Sequence[Sequence[str]], Sequence[str]]],
    algorithm: str,
    settings: Mapping[str, Any],
) -> bytes:
    """The weights, as CRFsuite writes them. Each example has features and a tag for each word."""
    trainer = pycrfsuite.Trainer(algorithm=algorithm, params=dict(settings), verbose=False)
    for features, tags in examples:
        trainer.append(features, tags)
    with TemporaryDirectory(prefix="controluce-") as folder:
        path = Path(folder) / "weights"
        trainer.train(str(path))
        return path.read_bytes()
