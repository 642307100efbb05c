"""Claims that are matched in the database: how well, and how long one sentence takes.

    python -m benchmarks.matched --claims 1000000
    python -m benchmarks.matched --posts FOLDER       # claims.tsv, queries.tsv, qrels.tsv
    python tests/with_postgres.py sh -c 'python -m benchmarks.matched --database "$DATABASE_URL" --claims …'

Claims are made of invented words, alike for one seed; what is asked for is every other word of one of them
among other words. With `--posts` the claims are those of a folder as `assistant.py` has it, and MAP@5 is what
a newsroom gets from `matched_claims`. With `--database` the claims are kept: interrupted, it goes on.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from .assisting.matching import FIRST, precision, table
from .bench import in_the_server, newsroom, stay_on_one_core, timed
from .corpus import Words

PORTION = 5_000
SENTENCES, ROUNDS = 40, 3
#: What the claims that are made here are known by.
NOTE = "benchmark"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matched", description=__doc__)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--posts", type=Path, help="A folder of claims and of posts that repeat them.")
    parser.add_argument("--lang", default="en", help="The language of the posts.")
    parser.add_argument(
        "--database", default="", help="As DATABASE_URL; without it one that is gone at the end."
    )
    given = parser.parse_args()
    console = Console(stderr=True)
    stay_on_one_core()
    with newsroom(given.database):
        from django.db import connection

        rows = table(given.posts / "claims.tsv")[1:] if given.posts else []
        texts = [" ".join(some) for _number, *some in rows]
        made = texts or [*islice(invented(given.seed), given.claims)]
        lang = given.lang if texts else "it"
        with Progress(console=console) as progress:
            first = fill(made, lang, progress)
        found: dict[str, Any] = {
            "python": platform.python_version(),
            "database": connection.vendor,
            "claims": len(made),
        }
        if given.posts:
            found["map_at_5"] = _precision_of(given.posts, [row[0] for row in rows], first, lang)
            asked = [text for _number, text, *_rest in table(given.posts / "queries.tsv")[1:]][:SENTENCES]
        else:
            asked = _repeated(made, given.seed)
        found |= _times(asked, lang)
    print(json.dumps(found, indent=1))


def fill(texts: Sequence[str], lang: str, progress: Progress) -> int:
    """Writes the claims that are not there yet, in their order; the key of the first."""
    from django.db import connection, models, transaction

    from newsroom.models import Claim, ClaimEntry, SearchDebt
    from newsroom.models.searchable import newest_first
    from newsroom.text.stems import indexed

    written = Claim.objects.filter(note=NOTE)
    before = written.count()
    task = progress.add_task("Claims", total=len(texts), completed=before)
    for at in range(before, len(texts), PORTION):
        with transaction.atomic():
            some = [Claim(text=text, lang=lang, note=NOTE) for text in texts[at : at + PORTION]]
            # Past what pays debts one by one: the entries are written here.
            made = models.QuerySet(Claim).bulk_create(some)
            ClaimEntry.objects.bulk_create(
                ClaimEntry(row=row, place=newest_first(None, row.pk), title=indexed((row.text, lang)))
                for row in made
            )
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {SearchDebt._meta.db_table}")
        progress.advance(task, len(some))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return written.earliest("pk").pk


def invented(seed: int) -> Iterator[str]:
    words, choose = Words(seed), random.Random(f"{seed} claims")
    while True:
        yield words.sentence(choose, "it", choose.randint(6, 16))


def _repeated(claims: Sequence[str], seed: int) -> list[str]:
    """Sentences that say every other word of a claim, and as many of their own."""
    words, choose = Words(seed), random.Random(f"{seed} sentences")
    said = (text.split()[::2] for text in choose.sample(claims, SENTENCES))
    return [" ".join(some + words.some(choose, "it", len(some))) for some in said]


def _precision_of(folder: Path, numbers: Sequence[str], first: int, lang: str) -> float:
    from newsroom.models import Claim
    from newsroom.presenters.matched import matched_claims

    wanted: dict[str, set[str]] = defaultdict(set)
    for query, _zero, claim, *_rest in table(folder / "qrels.tsv"):
        wanted[query].add(claim)
    precisions = []
    for query, text, *_rest in table(folder / "queries.tsv")[1:]:
        if right := wanted.get(query):
            best = matched_claims(text, lang, among=Claim.objects.filter(note=NOTE), most=FIRST)
            precisions.append(precision([numbers[one.claim.pk - first] in right for one in best], len(right)))
    return round(statistics.fmean(precisions), 4)


def _times(asked: Sequence[str], lang: str) -> dict[str, Any]:
    """Milliseconds of one sentence, and of each when all are asked for at once.

    By the clock, by the processor in this process and, where there is one, in the server's.
    """
    from newsroom.models import Claim
    from newsroom.presenters.matched import matched_in

    among = Claim.objects.filter(withdrawn_at=None)
    one = timed(*((lambda text=text: matched_in([text], lang, among=among)) for text in asked), rounds=ROUNDS)
    server = []
    for text in asked:
        with in_the_server(ROUNDS) as worked:
            for _round in range(ROUNDS):
                matched_in([text], lang, among=among)
        server += worked
    [together] = timed(lambda: matched_in(asked, lang, among=among), rounds=ROUNDS, warm_up=1)
    return {
        "sentence_ms": round(statistics.median(timing.median for timing in one), 1),
        "sentence_cpu_ms": round(statistics.median(timing.cpu for timing in one), 1),
        "server_cpu_ms": round(statistics.median(server), 1),
        "slowest_server_cpu_ms": round(max(server), 1),
        "slowest_sentence_ms": round(max(timing.median for timing in one), 1),
        "sentence_of_many_ms": round(together.median / len(asked), 1),
    }


if __name__ == "__main__":
    main()
