"""The article page: the server's time, the bytes of a first visit, the queries.

Beside it, in turn, a bare view that answers the same bytes under the same middleware: the difference is ours.
"""

from __future__ import annotations

import gzip
from dataclasses import asdict
from html.parser import HTMLParser
from typing import Any

import brotli
from django.conf import settings
from django.utils import timezone

from newsroom.models import Article

from . import torture, visits
from .bench import timed
from .urls import bare

ROUNDS = 300
ALL_LAYERS = "?layer=claims&layer=attributions&layer=entities&layer=none"


def measure() -> dict[str, Any]:
    """The seed article as a reader first sees it: from nothing, without any cache."""
    address = _address()
    return _served(address, rounds=ROUNDS) | {
        "all_layers": _served(address + ALL_LAYERS, rounds=ROUNDS // 3),
        "bytes": _transferred(address),
    }


def measure_torture() -> dict[str, Any]:
    """An article with 5,000 annotations that cross, nest and cover scripts of every kind."""
    article = torture.article()
    address = article.get_absolute_url()
    return {"annotations": article.annotations.count()} | {
        name: _served(address + query, rounds=5) | {"html_bytes": _sizes(visits.get(address + query).body)}
        for name, query in (("default", ""), ("all_layers", ALL_LAYERS))
    }


def _address() -> str:
    article = Article.objects.published(at=timezone.now()).newest_first().first()
    if article is None:
        raise RuntimeError("The seed has no article that is public by now.")
    return article.get_absolute_url()


def _served(address: str, *, rounds: int) -> dict[str, Any]:
    page = visits.get(address)
    if page.status != 200:
        raise RuntimeError(f"{address} answered {page.status}.")
    bare.body = page.body
    plain, bare_plain, compressed, bare_compressed = timed(
        visits.of(address),
        visits.of("/bare/"),
        visits.of(address, compressed=True),
        visits.of("/bare/", compressed=True),
        rounds=rounds,
    )
    return {
        "queries": visits.queries_of(visits.of(address)),
        "ms": asdict(compressed),
        "bare_view_ms": asdict(bare_compressed),
        "uncompressed_ms": asdict(plain),
        "uncompressed_bare_view_ms": asdict(bare_plain),
    }


def _transferred(address: str) -> dict[str, Any]:
    """Bytes of a first visit, bodies only.

    The page leaves as gzip, files as brotli where a browser takes it, which is over HTTPS alone: the sum with
    gzip everywhere is the one to hold to a bar.
    """
    page = visits.get(address)
    assets = _Assets()
    assets.feed(page.body.decode())
    sums: dict[str, dict[str, int]] = {"html": _sizes(page.body)}
    # What the server really sends; the middleware pads a little, at random.
    sums["html"]["gzip"] = len(visits.get(address, compressed=True).body)
    for kind, addresses in assets.files.items():
        files = [_sizes_of_file(address) for address in addresses]
        sums[kind] = {"files": len(files)} | {
            how: sum(file[how] for file in files) for how in ("raw", "gzip", "brotli")
        }
    return sums | {
        "first_visit_gzip": sum(kind["gzip"] for kind in sums.values()),
        "first_visit_brotli_files": sums["html"]["gzip"] + sum(sums[kind]["brotli"] for kind in assets.files),
    }


def _sizes(body: bytes) -> dict[str, int]:
    return {
        "raw": len(body),
        "gzip": len(gzip.compress(body, compresslevel=6)),
        "brotli": len(brotli.compress(body, quality=5)),
    }


def _sizes_of_file(url: str) -> dict[str, int]:
    """Of a static file as it was collected; one that is not worth compressing has no second form."""
    path = settings.STATIC_ROOT / url.removeprefix(settings.STATIC_URL)
    raw = path.stat().st_size
    found = {"raw": raw}
    for how, suffix in (("gzip", ".gz"), ("brotli", ".br")):
        form = path.with_name(path.name + suffix)
        found[how] = form.stat().st_size if form.exists() else raw
    return found


class _Assets(HTMLParser):
    """The files that a page asks for. One of a kind that is not known would make the sum a lie: it raises."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, list[str]] = {"css": [], "js": [], "images": []}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag, given.get("rel"):
            case "link", "stylesheet":
                self.files["css"].append(given["href"])
            case "link", "icon":
                self.files["images"].append(given["href"])
            case "link", "canonical" | "alternate":
                pass
            case "script", _:
                self.files["js"] += [given["src"]] if "src" in given else []
            case "img", _:
                self.files["images"].append(given["src"])
            case "link" | "iframe" | "video" | "audio" | "object" | "embed", _:
                raise RuntimeError(f"A {tag} that is not counted: {given}.")
