"""Atom (RFC 4287), a long feed in pages (RFC 5005, section 3).

Every name is a tag URI (RFC 4151) of the site's host and the UUID of the thing: it stays when a headline, a
slug or a rating changes. What somebody wrote stands in their language, by `xml:lang`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from lxml import etree

from newsroom.models import Newsroom
from newsroom.text.news import Channel, Item, Words

from .xml_text import legal

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
ATOM, XHTML, XML = (
    "http://www.w3.org/2005/Atom",
    "http://www.w3.org/1999/xhtml",
    "http://www.w3.org/XML/1998/namespace",
)
#: The year in which names of this form began: a tag URI wants one.
BEGAN = "2026"
#: Of a feed in which nothing stands yet.
NEVER = datetime(2026, 1, 1, tzinfo=UTC)


def feed(channel: Channel, *, lang: str, newsroom: Newsroom, subtitle: str = "") -> bytes:
    """`lang` is that of labels and titles; `newsroom` comes with an absolute address."""
    home = newsroom.address
    root = etree.Element(_atom("feed"), nsmap={None: ATOM})
    _language(root, lang)
    _text(root, "id", tag(home, channel.name))
    _text(root, "title", f"{newsroom.name}: {channel.title}")
    if subtitle:
        _text(root, "subtitle", subtitle)
    _text(root, "updated", _moment(updated(channel)))
    links = (
        ("self", channel.self_url, "application/atom+xml"),
        ("alternate", channel.page_url, "text/html"),
        ("first", channel.first_url, ""),
        ("previous", channel.previous_url, ""),
        ("next", channel.next_url, ""),
    )
    for rel, address, kind in links:
        if address:
            _link(root, rel, home + address, kind)
    author = etree.SubElement(root, _atom("author"))
    _text(author, "name", newsroom.name)
    _text(author, "uri", f"{home}/")
    _text(root, "generator", "Controluce")
    for item in channel.items:
        _entry(root, item, lang, newsroom)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def updated(channel: Channel) -> datetime:
    """When something in it changed last."""
    return max((item.updated for item in channel.items), default=NEVER)


def tag(home: str, name: str) -> str:
    """The name of a thing of this site, which is never an address."""
    host = (urlsplit(home).hostname or "localhost").encode("idna").decode()
    return f"tag:{host},{BEGAN}:{name}"


def _entry(root: etree._Element, item: Item, lang: str, newsroom: Newsroom) -> None:
    home = newsroom.address
    entry = etree.SubElement(root, _atom("entry"))
    _text(entry, "id", tag(home, item.name))
    _words(entry, "title", item.title, lang)
    _text(entry, "updated", _moment(item.updated))
    _text(entry, "published", _moment(item.published))
    if item.author:
        _text(etree.SubElement(entry, _atom("author")), "name", item.author)
    _link(entry, "alternate", home + item.path, "text/html")
    if item.original:
        _link(entry, "via", item.original, "")
    for path, title in item.related:
        _link(entry, "related", home + path, "text/html").set("title", legal(title))
    for topic in item.topics:
        etree.SubElement(entry, _atom("category"), term=topic.term, label=legal(topic.label))
    if item.summary is not None:
        _words(entry, "summary", item.summary, lang)
    if item.html:
        content = etree.SubElement(entry, _atom("content"), type="html")
        # Its pictures and links are addresses on this site.
        content.set(f"{{{XML}}}base", home + item.path)
        _language(content, item.lang)
        content.text = legal(_before(item) + item.html)
    elif item.before or item.said:
        content = etree.SubElement(entry, _atom("content"), type="xhtml")
        division = etree.SubElement(content, f"{{{XHTML}}}div", nsmap={None: XHTML})
        for words in (*item.before, *item.said):
            line = etree.SubElement(division, f"{{{XHTML}}}{_element(words)}")
            line.text = legal(words.text)
            if words.lang != lang:
                _language(line, words.lang)
                line.set("lang", words.lang)


def _before(item: Item) -> str:
    """The same as HTML."""
    found = []
    for words in item.before:
        line = etree.Element(_element(words), lang=words.lang)
        line.text = legal(words.text)
        found.append(etree.tostring(line, encoding="unicode", method="html"))
    return "".join(found)


def _element(words: Words) -> str:
    return "blockquote" if words.quoted else "p"


def _link(parent: etree._Element, rel: str, address: str, kind: str) -> etree._Element:
    link = etree.SubElement(parent, _atom("link"), rel=rel)
    if kind:
        link.set("type", kind)
    link.set("href", legal(address))
    return link


def _words(parent: etree._Element, name: str, words: Words, lang: str) -> None:
    child = _text(parent, name, words.text)
    if words.lang != lang:
        _language(child, words.lang)


def _text(parent: etree._Element, name: str, text: str) -> etree._Element:
    child = etree.SubElement(parent, _atom(name))
    child.text = legal(text)
    return child


def _language(element: etree._Element, lang: str) -> None:
    element.set(f"{{{XML}}}lang", lang)


def _atom(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _moment(at: datetime) -> str:
    """RFC 3339, in whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
