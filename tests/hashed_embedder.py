"""A small embedding model that is one: the pieces of words, hashed into a vector. It knows `Embedder` alone.

What is written alike is alike to it, whatever the words: *romagnoli* and *Romagna*.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray


class Hashed:
    name, version, dimension = "hashed", "1.0", 256

    def encode(self, texts: Sequence[str], lang: str) -> NDArray[Any]:
        rows = np.zeros((len(texts), self.dimension))
        for row, text in zip(rows, texts, strict=True):
            said = f" {' '.join(text.casefold().split())} "
            for at in range(len(said) - 3):
                row[crc32(said[at : at + 4].encode(errors="replace")) % self.dimension] += 1
        return rows


class Newer(Hashed):
    version = "2.0"


class Short(Hashed):
    """Forgets the last text."""

    def encode(self, texts: Sequence[str], lang: str) -> NDArray[Any]:
        return super().encode(texts[:-1], lang)


class Unsound(Hashed):
    """What it answers are no numbers."""

    def encode(self, texts: Sequence[str], lang: str) -> NDArray[Any]:
        return super().encode(texts, lang) / np.float64(0)


class Failing(Hashed):
    def encode(self, texts: Sequence[str], lang: str) -> NDArray[Any]:
        raise MemoryError("too little")


class Nameless(Hashed):
    name = ""
