"""The embedding model that the newsroom named, if it named one: what it makes of sentences, or why it cannot.

It is one help more and never in the way: where it is not named, not installed or fails, claims are matched by
their words as ever, the log says why, and the doctor asks here.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

import numpy as np
from django.conf import settings

from newsroom.outside.embedders import embedder
from newsroom.text.embeddings import (
    Embedder,
    UnusableEmbedder,
    Vectors,
    directions,
    in_all_wordings,
    signature,
)

#: Seconds for which nothing is asked of a model that failed.
REST = 60

logger = logging.getLogger(__name__)
_failed: dict[str, tuple[float, str]] = {}


@dataclass(frozen=True, slots=True)
class Meanings:
    """A model that answered as one, and what its vectors are known by."""

    model: Embedder
    of: str

    def encode(self, texts: Sequence[str], lang: str) -> Vectors:
        """A row of length one for each text. Raises `UnusableEmbedder`."""
        return directions(self.model, texts, lang)

    def encode_claims(self, claims: Sequence[Sequence[str]], lang: str) -> Vectors:
        """A row for each claim by its wordings, its own first. Raises `UnusableEmbedder`."""
        return in_all_wordings(self.model, claims, lang)


def meanings() -> Meanings | None:
    """The model that is named; None if none is. Raises `UnusableEmbedder` if it cannot be had."""
    if not settings.EMBEDDINGS:
        return None
    model = embedder(settings.EMBEDDINGS)
    return Meanings(model, signature(model))


def meant(texts: Sequence[str], lang: str) -> tuple[str, Vectors] | None:
    """What these texts mean and to which model; None where none is named, or where it fails, which is logged.

    What failed just now is not asked again for a minute: nobody shall wait for it at every sentence.
    """
    named = settings.EMBEDDINGS
    if not named or not texts:
        return None
    since, _why = _failed.get(named, (-np.inf, ""))
    if monotonic() - since < REST:
        return None
    try:
        asked = meanings()
        return (asked.of, asked.encode(texts, lang)) if asked else None
    except UnusableEmbedder as unusable:
        _failed[named] = (monotonic(), str(unusable))
        logger.error("The embedding model %s is not used, claims are matched by words: %s", named, unusable)
        return None
