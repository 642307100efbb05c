"""Addresses of the web that lead to the same page, as far as that can be known without opening it."""

from __future__ import annotations

import re

_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[^/?#]+)(?P<path>[^?#]*)(?P<query>\?[^#]*)?", re.IGNORECASE
)
_PORT = {"http": ":80", "https": ":443"}


def is_address(words: str) -> bool:
    """Whether this is an address of the web and no words."""
    return _ADDRESS.match(words.strip()) is not None


def spellings(url: str) -> set[str]:
    """How an address may be written: with or without TLS, `www.`, a slash at the end; without its fragment.

    Only the address as it stands if it is none of the web.
    """
    url = url.strip()
    found = _ADDRESS.match(url)
    if not found:
        return {url}
    host = found["host"].lower().removesuffix(_PORT[found["scheme"].lower()]).removeprefix("www.")
    path = found["path"].rstrip("/")
    query = found["query"] or ""
    return {url} | {
        f"{scheme}://{www}{host}{path}{slash}{query}"
        for scheme in ("http", "https")
        for www in ("", "www.")
        for slash in ("", "/")
    }
