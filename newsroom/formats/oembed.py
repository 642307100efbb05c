"""oEmbed 1.0 (https://oembed.com): how a page of ours looks on somebody else's, as JSON or XML.

The code of a frame is copied once and stays for years: nothing stands in it that may cease to hold, no rating
above all.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from typing import Any
from xml.sax.saxutils import escape as escape_xml

from .xml_text import legal

#: As links in a page name them, and as answers are sent: section 4 and 2.3.1 of the specification.
DISCOVERED = {"json": "application/json+oembed", "xml": "text/xml+oembed"}
CONTENT_TYPES = {"json": "application/json", "xml": "text/xml; charset=utf-8"}
#: Seconds for which an answer may be kept. The frame itself is always as of today.
CACHE_AGE = 3600
#: No script, no form, no storage. What a reader opens from the card is a page like every other.
_SANDBOX = "allow-popups allow-popups-to-escape-sandbox"

Told = dict[str, Any]


def frame(address: str, *, title: str, width: int, height: int) -> str:
    """HTML to be copied: a frame as wide as told, or as there is room."""
    told = {
        "src": address,
        "title": title,
        "width": width,
        "height": height,
        "loading": "lazy",
        "sandbox": _SANDBOX,
        "referrerpolicy": "no-referrer",
        "style": "border:0;max-width:100%",
    }
    attributes = " ".join(f'{name}="{escape(str(value))}"' for name, value in told.items())
    return f"<iframe {attributes}></iframe>"


def rich(*, title: str, html: str, width: int, height: int, provider: str, home: str) -> Told:
    return _told("rich", title, provider, home) | {"html": html, "width": width, "height": height}


def link(*, title: str, author: str, provider: str, home: str) -> Told:
    return _told("link", title, provider, home) | ({"author_name": author} if author else {})


def _told(kind: str, title: str, provider: str, home: str) -> Told:
    return {
        "version": "1.0",
        "type": kind,
        "title": title,
        "provider_name": provider,
        "provider_url": home,
        "cache_age": CACHE_AGE,
    }


def _json(told: Told) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()


def _xml(told: Told) -> bytes:
    lines = "".join(f"<{name}>{escape_xml(legal(str(value)))}</{name}>\n" for name, value in told.items())
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>\n{lines}</oembed>\n'.encode()


#: By the name that is asked for.
WRITERS: dict[str, Callable[[Told], bytes]] = {"json": _json, "xml": _xml}
