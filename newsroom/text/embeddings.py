"""Meanings as vectors: what an embedding model must be, and what is done with what it answers.

Words that are shared find most claims, and none that is told in other words altogether (`claim_matching.py`).
A model of sentences can do that, weighs many megabytes and explains nothing. So there is a place for one and
none in it: `Embedder` is all that is asked, and whoever runs a newsroom may name one.

A vector is kept as half floats, two bytes a number: the order of likeness is the same, to the third
decimal. What a model answers is looked at before it is believed (`directions`): a wrong number of rows,
or one that is no number, would spoil every order silently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
#: Of a name with its version, and of a vector: more is refused.
LONGEST_NAME, MOST_NUMBERS = 80, 4_096
#: How a claim is read (`in_all_wordings`): vectors that were made another way are made anew.
READING = 2
_HALF = np.dtype("<f2")


class UnusableEmbedder(Exception):
    """What is named as an embedding model is none, or does not answer as one."""


class Embedder(Protocol):
    """A model of sentences. What one version made can be compared with nothing of another one."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def dimension(self) -> int: ...

    def encode(self, texts: Sequence[str], lang: str) -> NDArray[Any]:
        """A row of `dimension` numbers for each text; `lang` is "" if it is not known."""
        ...


def signature(embedder: Embedder) -> str:
    """What its vectors are known by: `e5 1.0/2/384`. `UnusableEmbedder` if it says no name of its own."""
    said = (embedder.name, embedder.version, embedder.dimension)
    name, version, dimension = said
    if not (isinstance(name, str) and isinstance(version, str) and isinstance(dimension, int)):
        raise UnusableEmbedder(f"It is known by words and a number, not by {said!r}.")
    told = f"{name} {version}/{READING}/{dimension}"
    if not (name.strip() and version.strip() and 0 < dimension <= MOST_NUMBERS and len(told) <= LONGEST_NAME):
        raise UnusableEmbedder(
            f"It is known by {told!r}: a name, a version, and a number of 1 to {MOST_NUMBERS}."
        )
    return told


def dimension(signature: str) -> int:
    """How many numbers the vectors of a signature have."""
    return int(signature.rpartition("/")[2])


def directions(embedder: Embedder, texts: Sequence[str], lang: str) -> Vectors:
    """The rows that a model answers, of length one; a text that says nothing to it has a row of zeros.

    Raises `UnusableEmbedder` if it does not answer a row of numbers for each text, or fails.
    """
    try:
        rows: Vectors = np.array(embedder.encode(texts, lang), dtype=np.float32)
    except Exception as fault:
        # Whatever it is made of: another library, and what that stumbles over.
        raise UnusableEmbedder(f"{type(fault).__name__}: {fault}") from fault
    if rows.shape != (len(texts), embedder.dimension):
        raise UnusableEmbedder(f"Its answer has the shape {rows.shape}, for {len(texts)} texts.")
    if not np.isfinite(rows).all():
        raise UnusableEmbedder("Not all that it answers are numbers.")
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    rows /= np.where(lengths > 0, lengths, np.float32(1))
    return rows


def in_all_wordings(embedder: Embedder, claims: Sequence[Sequence[str]], lang: str) -> Vectors:
    """A row for each claim, of its wordings: the mean of what they say together and what each says alone.

    So a sentence is as like a claim as it is on average to all of these: a model that reads two wordings as
    one text sees less in it than in either. Of one wording it is that one’s. Rows are no longer than one.

    Raises `UnusableEmbedder` as `directions` does.
    """
    if not claims:
        return np.zeros((0, embedder.dimension), np.float32)
    texts = [[*dict.fromkeys(("\n".join(wordings), *wordings))] for wordings in claims]
    rows = directions(embedder, [text for some in texts for text in some], lang)
    ends = np.cumsum([len(some) for some in texts])[:-1]
    return np.array([part.mean(axis=0) for part in np.split(rows, ends)], dtype=np.float32)


def packed(row: Vectors) -> bytes:
    return row.astype(_HALF).tobytes()


def unpacked(vectors: Sequence[bytes], dimension: int) -> Vectors:
    """Kept vectors as rows; one of another length, which nobody here wrote, is a row of zeros."""
    size = dimension * _HALF.itemsize
    whole = b"".join(vector if len(vector) == size else bytes(size) for vector in vectors)
    rows = np.frombuffer(whole, dtype=_HALF).reshape(len(vectors), dimension).astype(np.float32)
    rows[~np.isfinite(rows)] = 0
    return rows


def nearest(asked: Vectors, known: Vectors, most: int) -> list[int]:
    """Which rows are most like a vector, by their numbers, the likest first; of equals the first."""
    if not len(known):
        return []
    alike = np.round(known @ asked, 4)
    some = np.argpartition(-alike, min(most, len(known)) - 1)[:most]
    return sorted(map(int, some), key=lambda number: (-alike[number], number))


def likeness(asked: Vectors, known: Mapping[int, bytes]) -> dict[int, float]:
    """How like one vector the kept ones of these keys are: a cosine, from -1 to 1."""
    rows = unpacked(list(known.values()), len(asked))
    return dict(zip(known, map(float, rows @ asked), strict=True))
