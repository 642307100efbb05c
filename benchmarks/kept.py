"""Pages that are kept, and what is made when none is: beside bare views under the same middleware, in turn.

- An article with some 50 annotations as it was made before: requests a second of the processor beside those
  of a view that answers the same bytes; and 304 to who has the page.
- An article with 500 annotations, made anew each time, beside the smallest view that shows the same
  highlights: it reads the places, cuts the text into runs and writes them with Django's templates.
- A tag saved over HTTP in articles with 0, 500 and 5,000 annotations, beside the smallest view that commits a
  row.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db.models import Count
from django.test import RequestFactory, override_settings
from django.urls import reverse
from django.utils import timezone

from newsroom.models import Article, Claim, Entity, Source, User

from . import tagging, torture, visits
from .bench import timed
from .urls import bare

KEPT = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"},
}


def measure() -> dict[str, Any]:
    fifty = (
        Article.objects.published(at=timezone.now()).alias(n=Count("annotations")).filter(n__gte=50).first()
    )
    if fifty is None:
        raise RuntimeError("The seed has no article with 50 annotations.")
    return {
        "warm": _warm(fifty),
        "cold": _cold(torture.article(25)),
        "tagging": {
            name: _tagging(paragraphs) for name, paragraphs in (("0", 0), ("500", 26), ("5000", 250))
        },
    }


def _warm(article: Article) -> dict[str, Any]:
    address = article.get_absolute_url()
    with override_settings(CACHES=KEPT):
        bare.body = visits.get(address).body
        etag = visits.get(address).headers["ETag"]
        same, kept, kept_bare, plain, plain_bare = timed(
            visits.of(address, headers={"HTTP_IF_NONE_MATCH": etag}),
            visits.of(address, compressed=True),
            visits.of("/bare/", compressed=True),
            visits.of(address),
            visits.of("/bare/"),
            rounds=1000,
            warm_up=20,
        )
    return {
        "annotations": article.annotations.count(),
        "queries": 1,
        "not_modified_ms": asdict(same),
        "ms": asdict(kept),
        "bare_view_ms": asdict(kept_bare),
        "uncompressed_ms": asdict(plain),
        "uncompressed_bare_view_ms": asdict(plain_bare),
        # Of the requests a second that the bare view answers, on one core.
        "share": round(kept_bare.cpu / kept.cpu, 3),
        "uncompressed_share": round(plain_bare.cpu / plain.cpu, 3),
    }


def _cold(article: Article) -> dict[str, Any]:
    address, minimal = article.get_absolute_url(), f"/highlighted/{article.slug}/"
    ours, theirs = timed(visits.of(address), visits.of(minimal), rounds=60)
    return {
        "annotations": article.annotations.count(),
        "ms": asdict(ours),
        "minimal_view_ms": asdict(theirs),
        "html_bytes": [len(visits.get(address).body), len(visits.get(minimal).body)],
        "times": round(ours.cpu / theirs.cpu, 2),
    }


def _tagging(paragraphs: int) -> dict[str, Any]:
    article = torture.article(paragraphs) if paragraphs else torture.article(24, annotated=False)
    desk = visits.Desk(User.objects.get(username="reporter"))
    claim, source = Claim.objects.filter(withdrawn_at=None).first(), Source.objects.public().first()
    said = {
        "claim": {"claim": claim.code},
        "mention": {"entity": Entity.objects.public().first().code},
        "attribution": {"source": source.code, "quote_type": "indirect"},
    }
    works = []
    for kind, fields in said.items():
        places, address = tagging.places(article), reverse("desk:tag", args=[article.slug, kind])
        works.append(lambda places=places, a=address, f=fields: desk.post(a, next(places) | f))
    form = RequestFactory(SERVER_NAME="127.0.0.1")
    smallest = visits.sent(form.post("/one-row/", {"user": desk.user.pk}).environ)
    before = article.annotations.count()
    *saves, one = timed(*works, smallest, rounds=40)
    return {
        "annotations": before,
        "ms": {kind: asdict(save) for kind, save in zip(said, saves, strict=True)},
        "one_row_view_ms": asdict(one),
        "times": {kind: round(save.cpu / one.cpu, 2) for kind, save in zip(said, saves, strict=True)},
    }
