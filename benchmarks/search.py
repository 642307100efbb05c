"""The search over a corpus: first pages of every kind of query, in the QuerySet and on the page.

`python -m benchmarks.search` makes a small corpus; the bar is for the big one:

    python -m benchmarks.search --claims 100000 --articles 10000 --annotations 1000000
    python tests/with_postgres.py sh -c 'python -m benchmarks.search --database "$DATABASE_URL" --claims …'

With `--database sqlite:////file` the corpus is kept, and measured again without being made again. Beside the
milliseconds of the clock stand those of this process: on a machine that others use, the second tell more, but
they do not know what PostgreSQL's own processes do.

Forty queries have their hits written down in `hits.json`, for the big corpus: how many claims each finds, and
which come first in which order. Another answer, on either database, is an error. What this
database finds stands in the figures under `hits`, to be written there for a corpus of another size.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import random
import statistics
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path
from time import perf_counter, process_time
from typing import Any
from urllib.parse import quote

from rich.console import Console
from rich.progress import Progress

from .bench import newsroom, stay_on_one_core
from .corpus import Sizes, Words, fill, sizes_from

BAR_MS = 100
ROUNDS = 7
#: By size of corpus and query, how many claims are found and a hash of the first of them.
HITS = Path(__file__).with_name("hits.json")
FIRST = 20


def main() -> None:
    sizes, database = sizes_from(
        argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
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
        _settle()
        found: dict[str, Any] = {
            "python": platform.python_version(),
            "django": django.get_version(),
            "database": f"{connection.vendor} {_version()}",
            "calibration": calibrate.measure(),
            "corpus": _corpus() | {"seconds_to_make": round(perf_counter() - started)},
        }
        with console.status("Measuring"):
            found["search"] = measure(sizes)
            found["hits"] = hits(sizes)
    wanted = json.loads(HITS.read_text(encoding="utf-8")).get(_size(sizes))
    found["hits_as_written_down"] = None if wanted is None else wanted == found["hits"]
    ratio = found["calibration"]["ratios"]["bare_view_ms"]
    search = found["search"]
    found["bars"] = [
        bar(f"search, {name}, median of medians of its queries in ms", search[name]["median"], BAR_MS, ratio)
        for name in ("claims", "page")
    ]
    for one in found["bars"]:
        console.print(
            f"{'met' if one['met'] else 'NOT MET':>8}  {one['what']}: {one['measured']} of {one['bar']}"
        )
    print(json.dumps(found, indent=1, ensure_ascii=False))
    if wanted is None:
        console.print(f"No hits are written down for a corpus of {_size(sizes)}.")
    elif wanted != found["hits"]:
        others = [typed for typed, hit in found["hits"].items() if wanted.get(typed) != hit]
        raise SystemExit(f"Other hits than written down: {others}")


def hits(sizes: Sizes) -> dict[str, list[Any]]:
    """Of each of the forty queries how many claims it finds, and a hash of the first, in their order."""
    from newsroom.models import Claim

    found: dict[str, list[Any]] = {}
    for typed in fixed(Words(sizes.seed), sizes.seed):
        rows = Claim.objects.search(typed)
        keys = rows.first_keys(FIRST)
        uuids = {claim.pk: claim.uuid.hex for claim in Claim.objects.filter(pk__in=keys)}
        first = " ".join(uuids[key] for key in keys)
        found[typed] = [rows.count(), hashlib.sha256(first.encode()).hexdigest()[:16]]
    return found


def fixed(words: Words, seed: int) -> list[str]:
    """Forty queries: those that are measured, and more of each kind."""
    roots, asked = words.roots, list(queries(words, seed).values())
    more = (f"{roots[rank]}o" for rank in (12, 75, 130, 420, 900, 1800, 6000, 12_000))
    pairs = (f"{roots[rank]}a {roots[rank + 9]}e" for rank in (20, 45, 110, 210))
    without = (f"{roots[rank]}i -{roots[rank // 4]}o" for rank in (16, 64))
    phrases = (f'"{roots[rank]}o {roots[rank + 1]}o"' for rank in (0, 3))
    return [*asked, *more, *pairs, *without, *phrases]


def _size(sizes: Sizes) -> str:
    return "/".join(map(str, astuple(sizes)))


def measure(sizes: Sizes) -> dict[str, Any]:
    """For each way to search the milliseconds of every query: the median of some rounds."""
    from django.utils.timezone import now

    from newsroom.models import Article, Claim

    from . import visits

    at = now()
    ways: dict[str, Callable[[str], Callable[[], object]]] = {
        "claims": lambda typed: lambda: list(Claim.objects.public(at=at).search(typed)[:20]),
        "claims_as_you_type": lambda typed: lambda: list(Claim.objects.search(typed, as_you_type=True)[:10]),
        "articles": lambda typed: (
            lambda: list(
                Article.objects.published(at=at).search_shown(typed, demo=False)[:20].values_list("pk")
            )
        ),
        "page": lambda typed: visits.of(f"/search/?q={quote(typed)}"),
        "page_of_claims": lambda typed: visits.of(f"/search/?q={quote(typed)}&kind=claims"),
    }
    asked = queries(Words(sizes.seed), sizes.seed)
    found: dict[str, Any] = {"hits_of_claims": {}}
    for kind, typed in asked.items():
        found["hits_of_claims"][kind] = Claim.objects.search(typed).count()
    for name, way in ways.items():
        taken = {kind: _timed(way(typed)) for kind, typed in asked.items()}
        walls = {kind: wall for kind, (wall, _cpu) in taken.items()}
        slowest = max(walls, key=lambda kind: walls[kind])
        found[name] = {
            "median": round(statistics.median(walls.values()), 2),
            "median_cpu": round(statistics.median(cpu for _wall, cpu in taken.values()), 2),
            "slowest": {slowest: walls[slowest]},
            "ms": walls,
        }
    found["queries_to_the_database"] = visits.queries_of(visits.of(f"/search/?q={quote(asked['middling'])}"))
    return found


def queries(words: Words, seed: int) -> dict[str, str]:
    """What people type, from the most frequent word to one that stands nowhere."""
    from newsroom.models import Claim

    choose = random.Random(f"{seed} queries")

    def word(rank: int) -> str:
        return words.roots[rank] + choose.choice("oaei")

    claims = Claim.objects.filter(lang="it").order_by("uuid")
    texts = list(claims.values_list("text", flat=True)[:4])
    parts = [text.rstrip(".").split() for text in texts]
    return {
        "most frequent": word(0),
        "very frequent": word(5),
        "frequent": word(40),
        "middling": word(300),
        "rare": word(3000),
        "very rare": word(25_000),
        "nowhere": "xyzzyx",
        "two frequent": f"{word(1)} {word(7)}",
        "two middling": f"{word(150)} {word(250)}",
        "frequent and rare": f"{word(2)} {word(4000)}",
        "three frequent": f"{word(3)} {word(8)} {word(15)}",
        "with little words": f"il {word(60)} della {word(20)}",
        "little words alone": "il della",
        "phrase": f'"{" ".join(parts[0][1:4])}"',
        "frequent phrase": f'"della {words.roots[0]}o"',
        "phrase and word": f'"{" ".join(parts[1][2:4])}" {parts[1][0]}',
        "frequent without frequent": f"{word(4)} -{word(1)}",
        "middling without frequent": f"{word(200)} -{word(0)}",
        "without a phrase": f'{word(9)} -"{words.roots[9]}o della"',
        "whole sentence": texts[2],
        "beginning": words.roots[500][:3],
        "longer beginning": f"{word(10)} {words.roots[700][:4]}",
        "number": "12.400",
        "name": f"{words.roots[11]}o {words.roots[90]}a",
    }


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    work()
    walls, cpus = [], []
    for _ in range(ROUNDS):
        wall, cpu = perf_counter(), process_time()
        work()
        walls.append((perf_counter() - wall) * 1000)
        cpus.append((process_time() - cpu) * 1000)
    return round(statistics.median(walls), 2), round(statistics.median(cpus), 2)


def _settle() -> None:
    """What PostgreSQL does by itself some minutes after so many writes."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _version() -> str:
    from django.db import connection

    if connection.vendor == "sqlite":
        import sqlite3

        return sqlite3.sqlite_version
    return str(connection.pg_version)


def _corpus() -> dict[str, int]:
    from newsroom.models import Annotation, Article, Claim, Document, Entity, Source

    return {
        model._meta.model_name: model.objects.count()
        for model in (Article, Claim, Annotation, Source, Entity, Document)
    }


if __name__ == "__main__":
    main()
