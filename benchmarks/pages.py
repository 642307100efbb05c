"""All pages and lists over a corpus, the readers', the desk's and the admin's: milliseconds, statements.

`python -m benchmarks.pages` makes a small corpus; the bar is for the big one:

    python -m benchmarks.pages --claims 100000 --articles 10000 --annotations 1000000
    python tests/with_postgres.py sh -c 'python -m benchmarks.pages --database "$DATABASE_URL" --claims …'

With `--database sqlite:////file` the corpus is kept, and measured again without being made again. A page
whose time is over the bar comes with the plans of its slowest statements. The bar is held to the milliseconds
that the processor worked, which other work on the machine disturbs less; what PostgreSQL's process for this
connection worked is counted with them.
"""

from __future__ import annotations

import argparse
import json
import platform
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from http import HTTPStatus
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.progress import Progress

from .bench import in_the_server, newsroom, stay_on_one_core, timed
from .corpus import Sizes, Words, fill, sizes_from

BAR_MS = 60
ROUNDS = 7
LAYERS = "layer=claims&layer=attributions&layer=entities"
#: Statements of a page over the bar whose plans are printed, the slowest first.
PLANS = 3

#: What a page is called, a visit to it that can be repeated, its address.
Visited = tuple[str, Callable[[], Any], str]


def main() -> None:
    run(__doc__, prog="python -m benchmarks.pages", of=visits_of)


def run(description: str | None, *, prog: str, of: Callable[[Sizes], Iterator[Visited]]) -> None:
    """Makes the corpus if it is not there, measures what `of` names in it, prints the figures as JSON."""
    sizes, database = sizes_from(argparse.ArgumentParser(prog=prog, description=description))
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
        with connection.cursor() as cursor:
            # As autovacuum would have done: of rows that are a minute old a database knows nothing.
            cursor.execute("ANALYZE")
        found: dict[str, Any] = {
            "python": platform.python_version(),
            "django": django.get_version(),
            "database": connection.vendor,
            "calibration": calibrate.measure(),
            "seconds_to_make": round(perf_counter() - started),
        }
        ratio = found["calibration"]["ratios"]["bare_view_ms"]
        with console.status("Measuring"):
            found["pages"] = measure(of(sizes), limit=BAR_MS * ratio)
    found["bars"] = [
        bar(
            f"{name}, ms of server time on one core",
            round(page["ms"]["cpu"] + page["ms"]["server_cpu"], 1),
            BAR_MS,
            ratio,
        )
        for name, page in found["pages"].items()
    ]
    for one in found["bars"]:
        console.print(
            f"{'met' if one['met'] else 'NOT MET':>8}  {one['what']}: {one['measured']} of {one['bar']}"
        )
    print(json.dumps(found, indent=1, ensure_ascii=False))


def measure(visited: Iterable[Visited], *, limit: float) -> dict[str, Any]:
    """For each page its milliseconds, statements and bytes; plans where it is over the limit."""
    from . import visits

    measured = {}
    for name, visit, address in visited:
        answer = visit()
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"{name}: {address} answered {answer.status}.")
        with in_the_server(ROUNDS + 1) as worked:
            [timing] = timed(visit, rounds=ROUNDS, warm_up=1)
        [server_cpu] = worked
        measured[name] = {
            "address": address,
            "ms": asdict(timing) | {"server_cpu": server_cpu},
            "queries": visits.queries_of(visit),
            "bytes": len(answer.body),
        }
        if timing.cpu + server_cpu > limit:
            measured[name]["slowest"] = list(plans(visit))
    return measured


def visits_of(sizes: Sizes) -> Iterator[Visited]:
    """The readers' pages, then those of somebody who may everything."""
    from newsroom.models import User

    from . import visits

    everything = {"is_staff": True, "is_superuser": True}
    editor = visits.Desk(User.objects.update_or_create(username="measuring", defaults=everything)[0])
    for name, address in addresses(sizes):
        yield name, visits.of(address), address
    for name, address in addresses_of_the_desk(sizes):
        yield name, editor.visit(address), address


def addresses(sizes: Sizes) -> Iterator[tuple[str, str]]:
    """Every kind of public list and page, first and far pages, filters that keep much, little and nothing."""
    from newsroom.models import Article, Claim, Entity, Source

    words = Words(sizes.seed).roots
    slug = f"corpus-{sizes.seed}"
    rated = Article.objects.filter(annotations__appearance__claim__reviews__state="published")
    article = rated.filter(slug__startswith=slug, withdrawn_at=None).exclude(published_at=None).earliest("pk")
    shown = Claim.objects.filter(appearances__annotation__article=article)
    claim = shown.filter(reviews__state="published").earliest("pk")
    source = shown.exclude(claimant=None).earliest("pk").claimant
    entity = Entity.objects.filter(mentions__annotation__article=article).earliest("pk")
    middle = Claim.objects.newest_first()[Claim.objects.count() // 2]
    name = Entity.objects.order_by("sort_key")[Entity.objects.count() // 2]
    speaker = Source.objects.order_by("sort_key")[Source.objects.count() // 2]

    yield "front", "/"
    yield "article", article.get_absolute_url()
    yield (
        "article, all layers",
        f"{article.get_absolute_url()}?{LAYERS}",
    )
    yield "map", f"{article.get_absolute_url()}map/"
    yield "history", f"{article.get_absolute_url()}history/"
    yield "search, all kinds", f"/search/?q={words[40]}o"
    yield "search, claims", f"/search/?q={words[40]}o&kind=claims"
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
    yield "version of a claim", claim.reviews.get(state="published").get_absolute_url()
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


def addresses_of_the_desk(sizes: Sizes) -> Iterator[tuple[str, str]]:
    """Every kind of page and list that the desk and the admin have, of somebody who may see them all."""
    from django.contrib import admin
    from django.urls import reverse

    from newsroom.models import Article, Claim, Document, Entity
    from newsroom.presenters.board import LISTS

    words = Words(sizes.seed).roots
    with_evidence = Article.objects.filter(annotations__appearance__claim__evidence__isnull=False)
    article = with_evidence.filter(slug__startswith=f"corpus-{sizes.seed}", withdrawn_at=None).earliest("pk")
    shown = Claim.objects.filter(appearances__annotation__article=article)
    claim = shown.filter(evidence__isnull=False).earliest("pk")
    entity = Entity.objects.filter(mentions__annotation__article=article).earliest("pk")
    document = Document.objects.filter(evidence__claim=claim).earliest("pk")

    for name in (
        "home",
        "checks",
        "orphans",
        "flags",
        "replies",
        "threads",
        "entities",
        "documents",
        "me",
        "erase",
    ):
        yield f"desk, {name}", reverse(f"desk:{name}")
    for name in ("article", "text", "tags", "sentences", "revisions", "map", "threads-article"):
        yield f"desk, {name} of an article", reverse(f"desk:{name}", args=[article.slug])
    for name in ("claim", "claim-dossier", "relations", "threads-claim"):
        yield f"desk, {name}", reverse(f"desk:{name}", args=[claim.code])
    board = reverse("desk:reviews")
    yield "desk, board", board
    for name in LISTS:
        yield f"desk, board, {name}", f"{board}?list={name}"
    yield "desk, board, of nobody and late", f"{board}?who=none&due=late"
    yield "desk, board, of an article", f"{board}?article={article.slug}"
    for kind in ("claim", "mention", "attribution"):
        finding = reverse("desk:find", args=[article.slug, kind])
        yield f"desk, finding a {kind}", f"{finding}?q={words[5]}"
    yield (
        "desk, finding a claim to relate",
        f"{reverse('desk:relations-find', args=[claim.code])}?q={words[5]}",
    )
    yield "desk, entity", reverse("desk:entity", args=[entity.code])
    yield "desk, entities with a frequent word", f"{reverse('desk:entities')}?q={words[5]}o"
    yield "desk, document", reverse("desk:document", args=[document.code])
    yield "desk, documents with a frequent word", f"{reverse('desk:documents')}?q={words[5]}o"
    for model in admin.site._registry:
        if model._meta.app_label == "newsroom":
            name = model._meta.model_name
            listed = reverse(f"admin:newsroom_{name}_changelist")
            yield f"admin, {name}", listed
            yield f"admin, {name}, found by a word", f"{listed}?q={words[5]}o"


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
