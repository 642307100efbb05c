"""A thousand articles with a hundred thousand annotations, out of the database as doccano JSONL and in again.

The articles have three claims and ninety-seven mentions each, of a hundred entities. Time is the processor's,
of one core. Out is from the first query to the last byte; in is from the bytes to `AnnotatedText`s, and
beside it the same and stored, with records and search entries, taken back afterwards. Memory is what
Python has allocated at its peak above what was there before, at a hundred articles and at a thousand.
"""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Callable
from time import process_time
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from newsroom.actions import importing
from newsroom.formats import doccano
from newsroom.formats.annotated import CLAIM, MENTION, AnnotatedText, Losses, Part, Tag
from newsroom.models import Article, User
from newsroom.presenters.exporting import annotated_texts

ARTICLES, TAGS, CLAIMS, ENTITIES, ROUNDS = 1_000, 100, 3, 100, 3
SENTENCE = "Secondo la delibera del Comune il ponte di via Verdi costa dieci milioni e sarà aperto a maggio. "


def measure() -> dict[str, Any]:
    by, at = User.objects.get(username="editor"), now()
    stored = importing.store(map(_text, range(ARTICLES)), by=by, at=at, rights="ours")
    keys = [article.pk for article in stored.made]
    few, all_of_them = (
        Article.objects.filter(pk__in=keys[:count]).order_by("pk") for count in (100, ARTICLES)
    )

    def out(articles: Any) -> int:
        texts = annotated_texts(articles, at=now(), demo=True, for_the_desk=True)
        return sum(len(piece) for piece in doccano.write(texts, Losses()))

    texts = annotated_texts(all_of_them, at=now(), demo=True, for_the_desk=True)
    body = b"".join(doccano.write(texts, Losses()))
    lines = body.splitlines(keepends=True)

    def read(body: bytes) -> int:
        return sum(len(text.tags) for text in doccano.read(io.BytesIO(body), Losses()))

    def store() -> None:
        fresh = body.replace(b'{"id":"', b'{"id":"di nuovo ')
        with transaction.atomic():
            importing.store(doccano.read(io.BytesIO(fresh), Losses()), by=by, at=now())
            transaction.set_rollback(True)

    return {
        "articles": ARTICLES,
        "annotations": stored.annotations,
        "bytes": len(body),
        "articles_a_second": {
            "out": _rate(lambda: out(all_of_them)),
            "in": _rate(lambda: read(body)),
            "in and stored": _rate(store, rounds=1),
        },
        "peak_kib": {
            "out": [_peak(lambda: out(few)), _peak(lambda: out(all_of_them))],
            "in": [_peak(lambda: read(b"".join(lines[:100]))), _peak(lambda: read(body))],
        },
    }


def _text(number: int) -> AnnotatedText:
    """One that is made of sentences, with a tag at every few words."""
    text = "\n".join([SENTENCE.strip()] * 40)
    tags = [
        Tag(
            f"c{index}",
            CLAIM,
            (Part(97 * index, 97 * index + 96),),
            {"text": f"Il ponte {index % 7} è aperto."},
        )
        for index in range(CLAIMS)
    ]
    for index in range(TAGS - CLAIMS):
        start = 25 + 37 * index
        kind = {"name": f"Comune {(number + index) % ENTITIES}", "entity_kind": "organisation"}
        tags.append(Tag(f"m{index}", MENTION, (Part(start, start + 6),), kind))
    return AnnotatedText(
        f"bench-{number}", text, lang="it", known={"headline": f"Il ponte {number}"}, tags=tuple(tags)
    )


def _rate(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        begin = process_time()
        work()
        times.append(process_time() - begin)
    return round(ARTICLES / min(times), 1)


def _peak(work: Callable[[], object]) -> int:
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak // 1024
