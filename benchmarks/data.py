"""What other programs ask for, over a corpus: feeds, maps, reconciliation, annotations, linked data, the API.

    python -m benchmarks.data --database sqlite:////file --claims 100000 --articles 10000 --annotations …

The sister of `benchmarks.pages`, with the same corpus, the same bar and the same figures for each address.
"""

from __future__ import annotations

import argparse
import json
import platform
from collections.abc import Iterator
from dataclasses import asdict
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from rich.console import Console
from rich.progress import Progress

from .bench import in_the_server, newsroom, stay_on_one_core, timed
from .corpus import Sizes, Words, fill, sizes_from
from .pages import BAR_MS, ROUNDS, plans

#: Names in a batch of questions, as OpenRefine sends them.
BATCH = 10


def main() -> None:
    sizes, database = sizes_from(
        argparse.ArgumentParser(prog="python -m benchmarks.data", description=__doc__)
    )
    console = Console(stderr=True)
    stay_on_one_core()
    with newsroom(database):
        import django
        from django.db import connection

        from . import calibrate
        from .__main__ import bar

        with Progress(console=console) as progress:
            fill(sizes, progress)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        calibration = calibrate.measure()
        ratio = calibration["ratios"]["bare_view_ms"]
        found: dict[str, Any] = {
            "python": platform.python_version(),
            "django": django.get_version(),
            "database": connection.vendor,
            "calibration": calibration,
        }
        with console.status("Measuring"):
            found["addresses"] = measure(sizes, limit=BAR_MS * ratio)
    found["bars"] = [
        bar(
            f"{name}, ms of server time on one core",
            round(one["ms"]["cpu"] + one["ms"]["server_cpu"], 1),
            BAR_MS,
            ratio,
        )
        for name, one in found["addresses"].items()
    ]
    for one in found["bars"]:
        console.print(
            f"{'met' if one['met'] else 'NOT MET':>8}  {one['what']}: {one['measured']} of {one['bar']}"
        )
    print(json.dumps(found, indent=1, ensure_ascii=False))


def measure(sizes: Sizes, *, limit: float) -> dict[str, Any]:
    """For each address its milliseconds, statements and bytes; plans where it is over the limit."""
    from . import visits

    measured = {}
    for name, address in addresses(sizes):
        visit = visits.of(address)
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


def addresses(sizes: Sizes) -> Iterator[tuple[str, str]]:
    """Every kind of address without a language, far pages as well; the CSV of all claims is no page."""
    from django.urls import reverse

    from newsroom.models import Article, Claim, Entity, Source

    words = Words(sizes.seed).roots
    rated = Article.objects.filter(annotations__appearance__claim__reviews__state="published")
    rated = rated.filter(slug__startswith=f"corpus-{sizes.seed}", withdrawn_at=None)
    article = rated.exclude(published_at=None).earliest("pk")
    shown = Claim.objects.filter(appearances__annotation__article=article)
    claim = shown.filter(reviews__state="published").earliest("pk")
    annotation = article.annotations.filter(state="accepted").earliest("pk")
    names = list(Entity.objects.filter(mentions__annotation__article=article).distinct()[:BATCH])
    source = Source.objects.exclude(claims=None).filter(entity=None).first() or Source.objects.earliest("pk")

    for name in ("articles", "reviews", "claims", "corrections"):
        yield f"feed of {name}", reverse(f"data:feed-{name}")
    yield "feed of claims, false", f"{reverse('data:feed-claims')}?rating=false"
    yield "feed of claims, frequent word", f"{reverse('data:feed-claims')}?q={words[5]}o"
    yield "feed of a search", f"{reverse('data:feed-search')}?q={words[40]}o"
    yield "sitemap index", reverse("data:sitemap")
    yield "sitemap of news", reverse("data:sitemap-news")
    yield "sitemap of standing pages", reverse("data:sitemap-pages")

    reconcile, suggest = reverse("data:reconcile"), reverse("data:suggest-entity")
    yield "reconciliation, manifest", reconcile
    one = {"q0": {"query": names[0].name}}
    many = {f"q{number}": {"query": each.name} for number, each in enumerate(names)}
    typed = {f"q{number}": {"query": words[5 + number], "type": "claim"} for number in range(BATCH)}
    for label, asked in (("one name", one), (f"{BATCH} names", many), (f"{BATCH} claims", typed)):
        yield f"reconciliation, {label}", f"{reconcile}?{urlencode({'queries': json.dumps(asked)})}"
    yield "reconciliation, suggest", f"{suggest}?prefix={words[5][:3]}"
    yield "reconciliation, suggest of two letters", f"{suggest}?prefix={words[5][:2]}"
    ids = [
        candidate["id"]
        for candidate in _candidates(f"{reconcile}?{urlencode({'queries': json.dumps(many)})}")
    ]
    yield "reconciliation, preview", f"{reverse('data:reconcile-preview')}?{urlencode({'id': ids[0]})}"
    wanted = {"ids": ids[:BATCH], "properties": [{"id": "description"}, {"id": "url"}]}
    yield f"reconciliation, extend {BATCH}", f"{reconcile}?{urlencode({'extend': json.dumps(wanted)})}"

    container = reverse("data:annotations")
    within = reverse("data:article-annotations", args=[article.slug])
    yield "annotations, container", container
    yield "annotations, container of addresses", f"{container}?iris=1"
    yield "annotations, first page", f"{container}?iris=0&page=first"
    yield "annotations, last page", f"{container}?iris=0&page=last"
    yield "annotations, container of an article", within
    yield "annotations, last page of an article", f"{within}?iris=0&page=last"
    yield "annotation", reverse("data:annotation", args=[annotation.uuid])

    yield "ClaimReview feed", reverse("data:claim-reviews")
    for name in ("ninjs", "nif"):
        yield f"{name} of an article", reverse(f"data:article-{name}", args=[article.slug])
    for ending in ("json", "ttl"):
        yield f"PROV of a claim, {ending}", f"{claim.get_absolute_url()}prov.{ending}"
    yield (
        "oEmbed",
        f"{reverse('data:oembed')}?{urlencode({'url': f'http://127.0.0.1{claim.get_absolute_url()}'})}",
    )

    api = "/api/v1"
    for name in ("articles", "claims", "sources", "entities", "reviews", "documents"):
        listed = f"{api}/{name}"
        yield f"API, {name}", listed
        yield f"API, {name}, 100 of them", f"{listed}?limit=100"
    for name in ("articles", "claims", "sources", "entities", "reviews"):
        after = _following(f"{api}/{name}?limit=100", turns=5)
        yield f"API, {name}, further on", after
    yield "API, claims, false", f"{api}/claims?rating=false"
    yield "API, claims, unchecked", f"{api}/claims?rating=unchecked"
    yield "API, claims, of an article", f"{api}/claims?article={article.uuid}"
    yield "API, claims, of a source", f"{api}/claims?claimant={source.uuid}"
    yield "API, claims, naming somebody", f"{api}/claims?entity={names[0].uuid}"
    yield "API, claims, frequent word", f"{api}/claims?q={words[5]}o"
    yield "API, claims, of a year", f"{api}/claims?since=2019-01-01&until=2019-12-31"
    yield "API, entities, frequent word", f"{api}/entities?q={words[5]}o"
    yield "API, articles, changed since", f"{api}/articles?updated_since=2020-01-01T00:00:00Z"
    yield "API, article", f"{api}/articles/{article.uuid}"
    yield "API, annotations of an article", f"{api}/articles/{article.uuid}/annotations?limit=100"
    yield "API, claim", f"{api}/claims/{claim.uuid}"
    yield "API, search", f"{api}/search?{urlencode({'q': f'{words[40]}o'})}"
    # Last: a map is of 10,000 rows, and takes the longest.
    for name in ("articles", "claims", "sources", "entities"):
        yield f"sitemap of {name}", reverse("data:sitemap-rows", args=[name, 1])


def _candidates(address: str) -> list[dict[str, Any]]:
    from . import visits

    found = json.loads(visits.get(address).body)
    return [candidate for each in found.values() for candidate in each["result"]]


def _following(address: str, *, turns: int) -> str:
    """The address of a page that stands further on in a list, as the list itself names it."""
    from . import visits

    for _turn in range(turns):
        following = json.loads(visits.get(address).body)["next"]
        if following is None:
            break
        address = following.partition("127.0.0.1")[2]
    return address


if __name__ == "__main__":
    main()
