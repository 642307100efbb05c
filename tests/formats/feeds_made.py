"""Exports of WordPress and feeds in the shape of their standards, made here: of no site."""

from __future__ import annotations

from xml.sax.saxutils import escape

_SPACES = (
    'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"'
)
BODY = "<p>Il ponte è aperto da ieri, dice il sindaco della città di Genova.</p>"


def post(number: int = 7, content: str = BODY, more: str = "", **said: str) -> str:
    """An item of an export; `said` by names with `_` for `:`."""
    standing = {
        "title": f"Il ponte {number}",
        "link": f"https://faro.example/2024/05/ponte-{number}/",
        "pubDate": "Mon, 06 May 2024 22:30:00 +0000",
        "dc_creator": "anna",
        "guid": f"https://faro.example/?p={number}",
        "content_encoded": content,
        "excerpt_encoded": "",
        "wp_post__id": str(number),
        "wp_post__date": "2024-05-07 00:30:00",
        "wp_post__name": f"ponte-{number}",
        "wp_status": "publish",
        "wp_post__type": "post",
        **said,
    }
    return f"<item>{elements(standing)}{more}</item>"


def elements(said: dict[str, str]) -> str:
    named = {
        name.replace("__", "-").replace("_", ":").replace("-", "_"): words for name, words in said.items()
    }
    return "".join(f"<{name}>{escape(words)}</{name}>" for name, words in named.items())


def wxr(*items: str, version: str = "<wp:wxr_version>1.2</wp:wxr_version>") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {_SPACES}><channel><title>Il Faro</title>'
        f"<link>https://faro.example</link><language>it</language>{version}"
        "<wp:base_site_url>https://faro.example</wp:base_site_url><wp:author><wp:author_login>anna"
        "</wp:author_login><wp:author_display_name>Anna Neri</wp:author_display_name></wp:author>"
        f"{''.join(items)}</channel></rss>"
    ).encode()


def rss(*items: str) -> bytes:
    return (
        f'<rss version="2.0" {_SPACES}><channel><title>Il Faro</title><link>https://faro.example</link>'
        f"<language>it</language>{''.join(items)}</channel></rss>"
    ).encode()


def item(**said: str) -> str:
    return f"<item>{elements(said)}</item>"


def atom(*entries: str) -> bytes:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="it" xml:base="https://faro.example/">'
        "<title>Il Faro</title><id>urn:faro</id>"
        f"<updated>2024-05-07T00:00:00Z</updated>{''.join(entries)}</feed>"
    ).encode()
