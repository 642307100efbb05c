"""The trained models that are in use, read once in each process; what cannot be read is not used."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field
from functools import lru_cache

from newsroom.models import TrainedModel
from newsroom.text.check_worthiness.learned import SentenceModel
from newsroom.text.mentions import Model, UnusableModel

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Learned:
    """What is given to `propose()` and `check_worthiness()`: None where the rules are used."""

    names: Model | None = None
    worth: SentenceModel | None = None
    opinions: SentenceModel | None = None
    #: The kinds of models that are in use and cannot be read.
    unusable: tuple[str, ...] = field(default=())


def learned_models(lang: str) -> Learned:
    """Those of a language. One query; a file is read again only where another version is in use."""
    rows = TrainedModel.objects.in_use().filter(lang=lang.partition("-")[0].lower())
    read = {row.kind: _read(*_named(row)) for row in rows.defer("file")}
    names, worth, opinions = (read.get(kind) for kind in TrainedModel.Kind.values)
    return Learned(
        names=names if isinstance(names, Model) else None,
        worth=worth if isinstance(worth, SentenceModel) else None,
        opinions=opinions if isinstance(opinions, SentenceModel) else None,
        unusable=tuple(sorted(kind for kind, model in read.items() if model is None)),
    )


def is_usable(row: TrainedModel) -> bool:
    """Of a version that is in use: whether it can be read."""
    return _read(*_named(row)) is not None


def _named(row: TrainedModel) -> tuple[int, str, str, str]:
    return row.pk, row.sha256, row.kind, row.lang


@lru_cache(maxsize=12)
def _read(key: int, sha256: str, kind: str, lang: str) -> Model | SentenceModel | None:
    """A version by its key and the hash of its file; None, and a line in the log, where it cannot be read."""
    row = TrainedModel.objects.filter(pk=key).first()
    file = bytes(row.file) if row else b""
    try:
        if row is None or hashlib.sha256(file).hexdigest() != sha256:
            raise UnusableModel("The file is not what was trained.")
        if kind == TrainedModel.Kind.NAMES:
            return Model.from_bytes(file)
        model = SentenceModel.from_bytes(file)
        if (model.kind, model.lang) != (kind, lang):
            raise UnusableModel("The file is another model.")
    except UnusableModel as unusable:
        logger.error("Trained model %s is not used, the rules are: %s", key, unusable)
        return None
    return model
