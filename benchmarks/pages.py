"""The public pages and lists over a corpus: milliseconds of server time, statements to the database.

`python -m benchmarks.pages` makes a small corpus; the bar is for the big one:

    python -m benchmarks.pages --claims 100000 --articles 10000 --annotations 1000000
    python tests/with_postgres.py sh -c 'python -m benchmarks.pages --database "$DATABASE_URL" --claims …'

With `--database sqlite:////file` the corpus is kept, and measured again without being made again. A page
whose time is over the bar comes with the plans of its slowest statements. The bar is held to the milliseconds
that the processor worked, which other work on the machine disturbs less; on PostgreSQL its own processes are
not in them, and the clock tells more.
"""

from __future__ import annotations

import argparse
import json
import platform
from collections.abc import Iterator
from dataclasses import asdict
from http import HTTPStatus
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.progress import Progress

from .bench import newsroom, stay_on_one_core, timed
from .corpus import Sizes, Words, fill, sizes_from

BAR_MS = 60
ROUNDS = 7
#: Statements of a page over the bar whose plans are printed, the slowest first.
PLANS = 3


def main() -> None:
    sizes, database = sizes_from(
        argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    )
    console = Console(stderr=True)
    stay_on_one_core()
    with newsroom(database):
        import django
        from django.db import connection

        from . import calibrate
        from .__main__ import bar

        with Progress(console=console) as progress:
            started = perf_counter()
            fill(sizes, progress)
        found: dict[str, Any] = {
            "python": platform.python_version(),
            "django": django.get_version(),
            "database": connection.vendor,
            "calibration": calibrate.measure(),
            "seconds_to_make": round(perf_counter() - started),
        }
        ratio = found["calibration"]["ratios"]["bare_view_ms"]
        with console.status("Measuring"):
            found["pages"] = measure(sizes, limit=BAR_MS * ratio)
    found["bars"] = [
        bar(f"{name}, ms of server time on one core", page["ms"]["cpu"], BAR_MS, ratio)
        for name, page in found["pages"].items()
    ]
    for one in found["bars"]:
        console.print(
            f"{'met' if one['met'] else 'NOT MET':>8}  {one['what']}: {one['measured']} of {one['bar']}"
        )
    print(json.dumps(found, indent=1, ensure_ascii=False))


def measure(sizes: Sizes, *, limit: float) -> dict[str, Any]:
    """For each page its milliseconds, statements and bytes; plans where it is over the limit."""
    from . import visits

    measured = {}
    for name, address in addresses(sizes):
        visit = visits.of(address)
        answer = visit()
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"{name}: {address} answered {answer.status}.")
        [timing] = timed(visit, rounds=ROUNDS, warm_up=1)
        measured[name] = {
            "address": address,
            "ms": asdict(timing),
            "queries": visits.queries_of(visit),
            "bytes": len(answer.body),
        }
        if timing.cpu > limit:
            measured[name]["slowest"] = list(plans(visit))
    return measured


def addresses(sizes: Sizes) -> Iterator[tuple[str, str]]:
    """Every kind of public list and page, first and far pages, filters that keep much, little and nothing."""
    from newsroom.models import Article, Claim, Entity, Source

    words = Words(sizes.seed).roots
    slug = f"corpus-{sizes.seed}"
    article = Article.objects.filter(slug__startswith=slug, withdrawn_at=None).exclude(published_at=None)[0]
    shown = Claim.objects.filter(appearances__annotation__article=article)
    claim, source = shown.filter(reviews__isnull=False)[0], shown[0].claimant
    entity = Entity.objects.filter(mentions__annotation__article=article)[0]
    middle = Claim.objects.newest_first()[Claim.objects.count() // 2]
    name = Entity.objects.order_by("sort_key")[Entity.objects.count() // 2]
    speaker = Source.objects.order_by("sort_key")[Source.objects.count() // 2]

    yield "front", "/"
    yield "claims", "/claims/"
    yield "claims, half way", f"/claims/?after={middle.code}"
    yield "claims, half way back", f"/claims/?before={middle.code}"
    for key in ("false", "attribution", "stale", "unchecked"):
        yield f"claims, {key}", f"/claims/?rating={key}"
    yield "claims, false, half way", f"/claims/?rating=false&after={middle.code}"
    yield "claims, of a kind", "/claims/?kind=statistic"
    yield "claims, in English", "/claims/?lang=en"
    yield "claims, of a kind, in English, false", "/claims/?kind=prediction&lang=en&rating=false"
    yield "claims, of a year", "/claims/?since=2019-01-01&until=2019-12-31"
    yield "claims, of a day, false", "/claims/?since=2019-05-01&until=2019-05-01&rating=false"
    yield "claims, of an article", f"/claims/?article={article.slug}"
    yield "claims, of a source", f"/claims/?source={source.code}"
    yield "claims, naming somebody", f"/claims/?entity={entity.code}"
    yield "claims, frequent word", f"/claims/?q={words[5]}o"
    yield "claims, rare word", f"/claims/?q={words[3000]}o"
    yield "claims, frequent word, false, in English", f"/claims/?q={words[40]}s&rating=false&lang=en"
    yield "claim", claim.get_absolute_url()
    yield "version of a claim", f"{claim.get_absolute_url()}versions/1/"
    yield "sources", "/sources/"
    yield "sources, half way", f"/sources/?after={speaker.code}"
    yield "sources, of an article", f"/sources/?article={article.slug}"
    yield "source", source.get_absolute_url()
    yield "entities", "/entities/"
    yield "entities, half way", f"/entities/?after={name.code}"
    yield "entities, of a kind and letter", "/entities/?kind=concept&letter=m"
    yield "entities, frequent word", f"/entities/?q={words[5]}o"
    yield "entities, of an article", f"/entities/?article={article.slug}"
    yield "entity", entity.get_absolute_url()
    yield "corrections", "/corrections/"
    yield "method", "/method/"


def plans(visit: Any) -> Iterator[dict[str, Any]]:
    """The slowest statements of a visit, with what the database says that it does for them."""
    from django.db import connection

    taken: list[tuple[float, str, Any]] = []

    def clock(execute, sql, params, many, context):
        started = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            taken.append(((perf_counter() - started) * 1000, sql, params))

    with connection.execute_wrapper(clock):
        visit()
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN ANALYZE"
    for ms, sql, params in sorted(taken, key=lambda one: -one[0])[:PLANS]:
        with connection.cursor() as cursor:
            cursor.execute(f"{explain} {sql}", params)
            plan = [str(row[-1]) for row in cursor.fetchall()]
        yield {"ms": round(ms, 2), "sql": sql, "plan": plan}


if __name__ == "__main__":
    main()
