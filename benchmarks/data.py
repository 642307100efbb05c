"""What other programs ask for, over a corpus: feeds, maps, reconciliation, annotations, linked data, the API.

    python -m benchmarks.data --database sqlite:////file --claims 100000 --articles 10000 --annotations …

The sister of `benchmarks.pages`, with the same corpus, the same bar and the same figures for each address.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from .corpus import Sizes, Words
from .pages import Visited, run

#: Names in a batch of questions, as OpenRefine sends them.
BATCH = 10


def main() -> None:
    run(__doc__, prog="python -m benchmarks.data", of=visits_of)


def visits_of(sizes: Sizes) -> Iterator[Visited]:
    from . import visits

    for name, address in addresses(sizes):
        yield name, visits.of(address), address


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
