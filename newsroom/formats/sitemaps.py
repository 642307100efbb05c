"""Sitemaps (sitemaps.org, version 0.9), their index, languages, and news as Google reads them.

Written piece by piece: a map is many megabytes at most, and never stands in memory twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from .xml_text import legal

CONTENT_TYPE = "application/xml; charset=utf-8"
SITEMAP, NEWS, XHTML = (
    "http://www.sitemaps.org/schemas/sitemap/0.9",
    "http://www.google.com/schemas/sitemap-news/0.9",
    "http://www.w3.org/1999/xhtml",
)
#: What one map may hold.
ADDRESSES, BYTES, IN_NEWS = 50_000, 50 * 1024**2, 1000

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True, slots=True)
class Place:
    """A page, by its address in each language; the first one is for whoever asks for none of them."""

    addresses: Mapping[str, str]
    changed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fresh:
    """An article that is news."""

    address: str
    lang: str
    title: str
    published: datetime


def index(addresses: Iterable[str]) -> bytes:
    """The maps that there are."""
    lines = "".join(f"<sitemap><loc>{escape(address)}</loc></sitemap>\n" for address in addresses)
    return f'{_HEAD}<sitemapindex xmlns="{SITEMAP}">\n{lines}</sitemapindex>\n'.encode()


def pages(places: Iterable[Place]) -> Iterator[bytes]:
    """Each page in each of its languages, and each time all of these."""
    yield f'{_HEAD}<urlset xmlns="{SITEMAP}" xmlns:xhtml="{XHTML}">\n'.encode()
    for place in places:
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang={quoteattr(lang)} href={quoteattr(address)}/>'
            for lang, address in {
                **place.addresses,
                "x-default": next(iter(place.addresses.values())),
            }.items()
        )
        changed = f"<lastmod>{_moment(place.changed)}</lastmod>" if place.changed else ""
        for address in place.addresses.values():
            yield f"<url><loc>{escape(address)}</loc>{changed}{others}</url>\n".encode()
    yield b"</urlset>\n"


def news(articles: Iterable[Fresh], *, publication: str) -> bytes:
    lines = "".join(
        f"<url><loc>{escape(one.address)}</loc><news:news>"
        f"<news:publication><news:name>{escape(legal(publication))}</news:name>"
        f"<news:language>{escape(one.lang.partition('-')[0].lower())}</news:language></news:publication>"
        f"<news:publication_date>{_moment(one.published)}</news:publication_date>"
        f"<news:title>{escape(legal(one.title))}</news:title></news:news></url>\n"
        for one in articles
    )
    return f'{_HEAD}<urlset xmlns="{SITEMAP}" xmlns:news="{NEWS}">\n{lines}</urlset>\n'.encode()


def _moment(at: datetime) -> str:
    """W3C Datetime, in whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
