"""What known claims mean to the embedding model, if one is named: made beforehand, for they are many.

An entry of the search that has no vector of that model waits for one; it needs no outbox. So new claims,
other words, a database that was restored and another model all come to the same. What fails is tried again by
the next run.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from django.conf import settings
from django_tasks import task

from newsroom.models import ClaimEntry
from newsroom.presenters.meanings import Meanings, meanings
from newsroom.text.embeddings import UnusableEmbedder, packed

from . import leases

#: Claims that one task reads, and a worker goes on; claims that a model is given at once.
AT_ONCE, PORTION = 200, 20

logger = logging.getLogger(__name__)


@task
def embed_claims() -> int:
    """Some of those that wait; how many have a vector now."""
    try:
        model = meanings()
        if model is None:
            return 0
        made = sum(embedded(model, most=AT_ONCE))
        if made and settings.HAS_WORKER and ClaimEntry.without_vector(model.of).exists():
            embed_claims.enqueue()
    except UnusableEmbedder as unusable:
        logger.error("The embedding model %s cannot read claims: %s", settings.EMBEDDINGS, unusable)
        return 0
    return made


def embed_soon() -> None:
    """A worker shall do it; without one it is left to the command, for nobody's request shall wait for it."""
    if not (settings.EMBEDDINGS and settings.HAS_WORKER):
        return
    try:
        # One chain of them: two would read the same claims.
        if not leases.waits(embed_claims):
            embed_claims.enqueue()
    except Exception:
        logger.exception("Nobody could be asked to read claims with the embedding model.")


def waiting(model: Meanings) -> int:
    return ClaimEntry.without_vector(model.of).count()


def embedded(model: Meanings, *, most: int | None = None) -> Iterator[int]:
    """Reads claims that wait, some at a time, and yields how many of them have a vector since.

    Each once: what cannot be kept, since it changed under way, waits for the next run. Raises
    `UnusableEmbedder`.
    """
    keys = list(ClaimEntry.without_vector(model.of).values_list("pk", flat=True)[:most])
    for start in range(0, len(keys), PORTION):
        some = ClaimEntry.objects.filter(pk__in=keys[start : start + PORTION])
        by_lang: dict[str, list[ClaimEntry]] = {}
        for entry in some.select_related("row").prefetch_related("row__wordings"):
            by_lang.setdefault(entry.row.lang, []).append(entry)
        vectors: dict[tuple[int, str], bytes] = {}
        for lang, entries in by_lang.items():
            rows = model.encode_claims([_wordings(entry) for entry in entries], lang)
            vectors |= {
                (entry.place, entry.title): packed(row) for entry, row in zip(entries, rows, strict=True)
            }
        yield ClaimEntry.keep_vectors(model.of, vectors)


def _wordings(entry: ClaimEntry) -> list[str]:
    """All wordings of a claim, its own first."""
    others = sorted((wording.lang, wording.text) for wording in entry.row.wordings.all())
    return [entry.row.text, *(text for _lang, text in others)]
