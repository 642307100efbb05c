"""A save on the tagging page: a form of htmx in, the blocks that it touched out, the commit included.

The article has 500 annotations already, as dense as twenty in a paragraph. Beside the saves, in turn, stands
a commit of one row to the same database: as many of them a second is what the database could do at best.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import cycle
from typing import Any

from django.urls import reverse

from newsroom.models import Article, Claim, Entity, Source, User

from . import torture, visits
from .bench import timed
from .calibrate import commit

PARAGRAPHS, ROUNDS = 25, 100


def measure() -> dict[str, Any]:
    article = torture.article(PARAGRAPHS)
    annotations = article.annotations.count()
    desk = visits.Desk(User.objects.get(username="reporter"))
    answers: list[visits.Answer] = []

    def saving(kind: str, said: dict[str, Any]) -> Any:
        found = places(article)
        address = reverse("desk:tag", args=[article.slug, kind])
        return lambda: answers.append(desk.post(address, next(found) | said))

    claim, source = Claim.objects.filter(withdrawn_at=None).first(), Source.objects.public().first()
    works = {
        "claim": saving("claim", {"claim": claim.code}),
        "mention": saving("mention", {"entity": Entity.objects.public().first().code}),
        "attribution": saving("attribution", {"source": source.code, "quote_type": "indirect"}),
    }
    queries = {kind: visits.queries_of(work) for kind, work in works.items()}
    taken = timed(*works.values(), commit, rounds=ROUNDS)
    *saves, bare = (asdict(timing) for timing in taken)
    return {
        "annotations": annotations,
        "queries": queries,
        "queries_at_the_end": {kind: visits.queries_of(work) for kind, work in works.items()},
        "ms": dict(zip(works, saves, strict=True)),
        "commit_ms": bare,
        "annotations_per_second": {
            kind: round(1000 / save["median"], 1) for kind, save in zip(works, saves, strict=True)
        },
        "commits_per_second": round(1000 / bare["median"], 1),
        "largest_answer_bytes": max(len(answer.body) for answer in answers),
    }


def places(article: Article) -> Iterator[dict[str, Any]]:
    """Twelve code points of one paragraph after another, as a selection sends them."""
    revision = article.current_revision
    for number, block in enumerate(cycle(revision.document.blocks)):
        start = block.start + number // len(revision.document.blocks) % 40
        words = revision.text[start : start + 12]
        start += len(words) - len(words.lstrip())
        words = words.strip()
        yield {"start": start, "end": start + len(words), "words": words, "based_on": revision.number}
