"""HTML: a whole page, of which the main text is taken, or a fragment, of which all is.

trafilatura finds the main text and what the page says of itself (JSON-LD, OpenGraph, meta elements). Before
it goes there, everything is made what an article can hold: addresses are absolute or gone, pictures that are
written into the page are taken out of it, and the tree is no larger than an article's can be, since the time
that it takes to judge one grows with its square.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
import trafilatura
from django.utils.translation import gettext as _
from lxml import etree
from lxml.html import HtmlElement, HTMLParser

from newsroom.text import document

from .draft import LONGEST, Draft
from .pictures import EMBEDDED
from .unreadable import Declares, Empty, NoMainText, TooLong

#: Characters of a page, and elements in it: a long feature has some thousands.
_CHARACTERS, _ELEMENTS = 5_000_000, 15_000
#: A document type stands at the beginning.
_HEAD = 4096
#: What runs, or shows what is elsewhere.
_ACTIVE = ("script", "iframe", "frame", "object", "embed", "applet", "form")

#: What only XML knows, and no browser reads: a document type with declarations of its own.
_DECLARES = re.compile(r"<!DOCTYPE[^>\[]*\[[^\]]*<!ENTITY", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_DATA = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,(?P<data>[\w+/=\s%]+)", re.IGNORECASE)
_WEB = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)
_CHARSET = re.compile(rb"""<meta\s[^>]*charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)


def declared_charset(body: bytes) -> str:
    """What a page says of its own bytes, in its first kilobytes; "" if nothing."""
    found = _CHARSET.search(body[:_HEAD])
    return found[1].decode("ascii") if found else ""


def read(source: str, *, url: str = "") -> Draft:
    """The draft of a page, or of a fragment if it is none. `url` is where it was. Raises Unreadable."""
    if not _PAGE.search(source[:_HEAD]) and not url:
        return read_fragment(source)
    tree = _tree(source)
    lang, warnings = _lang(tree), _left_out(tree)
    pictures = _settle(tree, base=url or _own_address(tree))
    found = trafilatura.extract_with_metadata(
        tree,
        url=url or None,
        output_format="html",
        include_comments=False,
        include_formatting=True,
        include_images=True,
        include_links=True,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if found is None or not found.text:
        raise NoMainText
    try:
        return Draft.of(
            document.parse(found.text),
            headline=found.title,
            standfirst=found.description,
            byline=", ".join(name.strip() for name in (found.author or "").split(";")),
            date=found.date or "",
            publisher=found.sitename,
            canonical_url=_absolute(found.url or "", url) or url,
            lang=lang,
            pictures=pictures,
            warnings=warnings,
        )
    except Empty:
        raise NoMainText from None


def read_fragment(source: str, **known: Any) -> Draft:
    """The draft of all that stands in a piece of HTML. Raises Unreadable."""
    tree = _tree(source)
    warnings = _left_out(tree)
    pictures = _settle(tree, base="")
    parsed = document.parse(lxml.html.tostring(tree, encoding="unicode"))
    return Draft.of(parsed, pictures=pictures, warnings=warnings, **known)


def within_bounds(source: str) -> str:
    """The same HTML, closed and no larger or deeper than a page may be. Raises Unreadable."""
    return str(lxml.html.tostring(_tree(source), encoding="unicode"))


def has_active(source: str) -> bool:
    """Whether scripts, frames or forms stand in it, which no draft keeps. Raises Unreadable."""
    return bool(_left_out(_tree(source)))


def _tree(source: str) -> HtmlElement:
    """The page as a tree, if it is neither too large nor too deep: the parser would leave out the rest."""
    if len(source) > _CHARACTERS:
        raise TooLong(limit=LONGEST)
    # Lone surrogates are no characters, and NUL ends a text for the parser.
    encoded = source.replace("\0", "").encode("utf-8", "ignore")
    if _DECLARES.search(source, 0, _HEAD):
        raise Declares
    parser = HTMLParser(encoding="utf-8")
    try:
        tree = lxml.html.document_fromstring(encoded, parser=parser)
    except etree.ParserError:
        raise Empty from None
    too_deep = any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log)
    if too_deep or sum(1 for _element in tree.iter()) > _ELEMENTS:
        raise TooLong(limit=LONGEST)
    return tree


def _settle(tree: HtmlElement, *, base: str) -> dict[str, bytes]:
    """Makes every address absolute, or takes it away; returns the pictures that are written into the page."""
    pictures: dict[str, bytes] = {}
    for link in tree.iter("a"):
        address = link.attrib.pop("href", "").strip()
        if absolute := _absolute(address, base) or (address if address.startswith("mailto:") else ""):
            link.set("href", absolute)
    for picture in tree.iter("img"):
        address = picture.get("src", "").strip()
        if data := _written_in(address):
            address = EMBEDDED.format(len(pictures))
            pictures[address] = data
        else:
            address = _absolute(address, base)
        # An empty one stays: trafilatura knows where pages that load late keep the real one.
        picture.set("src", address)
    return pictures


def _absolute(address: str, base: str) -> str:
    """The address on the web, or "" if it is none. Without a base only what is absolute is one."""
    try:
        joined = urljoin(base, address) if base and not address.startswith("#") else address
        urlsplit(joined)
    except ValueError:
        return ""
    return joined if _WEB.match(joined) else ""


def _written_in(address: str) -> bytes:
    found = _DATA.fullmatch(address)
    try:
        return base64.b64decode(found["data"], validate=False) if found else b""
    except binascii.Error:
        return b""


def _own_address(tree: HtmlElement) -> str:
    """Where a page that came as a file says that it belongs."""
    for path in (
        "//base/@href",
        "//link[@rel='canonical']/@href",
        "//meta[@property='og:url']/@content",
    ):
        for address in tree.xpath(path):
            if found := _absolute(address, ""):
                return found
    return ""


def _lang(tree: HtmlElement) -> str:
    return next(_declared_languages(tree), "")


def _declared_languages(tree: HtmlElement) -> Iterator[str]:
    yield from filter(None, (tree.get("lang"), tree.get("xml:lang")))
    yield from tree.xpath("//meta[@property='og:locale']/@content")


def _left_out(tree: HtmlElement) -> tuple[str, ...]:
    """A warning if it held what runs. To be asked before addresses are settled."""
    if (
        next(tree.iter(*_ACTIVE), None) is not None
        or tree.xpath("boolean(//@*[starts-with(name(), 'on')])")
        or any(
            address.strip().lower().startswith("javascript:") for address in tree.xpath("//@href | //@src")
        )
    ):
        return (_("Scripts, frames and forms that stood in it were left out."),)
    return ()
