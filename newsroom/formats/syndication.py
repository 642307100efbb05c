"""Feeds that somebody brought as a file: RSS 0.9 to 2.0, RSS 1.0 (RDF) and Atom. Each item is an article.

Its text is the full one if it is there (`content:encoded`, Atom's `content`), else the description, and that
is told. Nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import BinaryIO
from urllib.parse import urljoin

from django.utils.translation import gettext as _
from lxml import etree

from . import xml_text
from .annotated import AnnotatedText, BadFile, Losses
from .atom import ATOM, XHTML, XML
from .posts import Post, day_of, plain, text_of

_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
_MEDIA = "http://search.yahoo.com/mrss/"
#: What RSS says of a person: `who@example.org (Who)`.
_MAIL = re.compile(r"\S+@\S+\s*\((?P<name>[^()]+)\)")
_ADDRESS = re.compile(r"[A-Za-z][\w+.-]*:")
_ROOTS = {"rss", "RDF", "feed"}


def read(file: BinaryIO, losses: Losses) -> Iterator[AnnotatedText]:
    """Raises BadFile."""
    lang = publisher = home = ""
    seen: set[str] = set()
    number, root = 0, ""
    for element in xml_text.children(file, {"channel", "RDF", "feed"}):
        if not root:
            top = element.getroottree().getroot()
            root, lang = xml_text.name_of(top), top.get(f"{{{XML}}}lang", "")
            if root not in _ROOTS:
                break
        match xml_text.name_of(element):
            case "language":
                lang = _words(element)
            case "title":
                publisher = plain(_html(element))
            case "link" if not home:
                home = _words(element)
            case "item" | "entry" as kind:
                number += 1
                where = _("Item %(number)s") % {"number": number}
                arranged = _of_atom if kind == "entry" else _of_rss
                post = arranged(element, losses, lang=lang, publisher=publisher)
                post = replace(post, name=_named(post, home))
                if post.name in seen:
                    raise BadFile(
                        where=where, why=_("Two items are called “%(name)s”.") % {"name": post.name[:80]}
                    )
                seen.add(post.name)
                if (text := text_of(post, losses)) is not None:
                    yield text
    if root not in _ROOTS:
        raise BadFile(where=_("The file"), why=_("This is no feed (RSS or Atom)."))


def _named(post: Post, home: str) -> str:
    """An address, or a name that only this feed gives."""
    if _ADDRESS.match(post.name):
        return post.name
    return f"{home}#{post.name or f'{post.headline}{chr(10)}{post.html}'}"


def _of_rss(item: etree._Element, losses: Losses, *, lang: str, publisher: str) -> Post:
    said: dict[str, str] = {}
    for child in item:
        space, name = xml_text.namespace_of(child), xml_text.name_of(child)
        prefix = {_CONTENT: "content:", _DC: "dc:"}.get(space, "")
        if name == "enclosure" or space == _MEDIA:
            losses.add("pictures", child.get("url", ""))
        elif name in ("category", "subject"):
            losses.add("terms", _words(child))
        elif name == "guid" and child.get("isPermaLink", "true") == "true":
            said.setdefault("permalink", _words(child))
        said.setdefault(prefix + name, _words(child))
    full, headline = said.get("content:encoded", ""), said.get("title", "")
    description = said.get("description", "")
    if not full and description:
        losses.add("summary", headline)
    author = said.get("dc:creator") or said.get("author", "")
    mail = _MAIL.fullmatch(author)
    return Post(
        name=said.get("guid") or said.get("link", ""),
        html=full or description,
        headline=headline,
        standfirst=description if full else "",
        byline=mail["name"].strip() if mail else author,
        publisher=publisher,
        date=_day(said.get("pubDate") or said.get("dc:date", ""), losses),
        address=said.get("link") or said.get("permalink", ""),
        lang=said.get("dc:language") or lang,
    )


def _of_atom(entry: etree._Element, losses: Losses, *, lang: str, publisher: str) -> Post:
    said: dict[str, str] = {}
    authors: list[str] = []
    address = ""
    for child in entry:
        match xml_text.name_of(child):
            case "link":
                relation = child.get("rel", "alternate")
                if relation == "enclosure":
                    losses.add("pictures", child.get("href", ""))
                elif relation == "alternate" and not address:
                    address = urljoin(_base(child), child.get("href", ""))
            case "author":
                authors += [_words(part) for part in child if xml_text.name_of(part) == "name"]
            case "category":
                losses.add("terms", child.get("label") or child.get("term", ""))
            case "content" if child.get("src"):
                losses.add("summary", child.get("src", ""))
            case "title" | "summary" | "content" as name:
                said.setdefault(name, _html(child))
            case name:
                said.setdefault(name, _words(child))
    full, summary = said.get("content", ""), said.get("summary", "")
    headline = plain(said.get("title", ""))
    if not full and summary:
        losses.add("summary", headline)
    return Post(
        name=said.get("id") or address,
        html=full or summary,
        headline=headline,
        standfirst=summary if full else "",
        byline=", ".join(filter(None, authors)),
        publisher=publisher,
        date=_day(said.get("published") or said.get("updated", ""), losses),
        address=address,
        lang=_lang(entry) or lang,
    )


def _html(element: etree._Element) -> str:
    """As HTML what an element of Atom says: plain words, HTML that is escaped, or XHTML; of RSS its words."""
    if xml_text.namespace_of(element) != ATOM:
        return _words(element)
    kind = element.get("type", "text")
    if kind == "xhtml":
        for part in element.iter(f"{{{XHTML}}}*"):
            part.tag = xml_text.name_of(part)
        return "".join(etree.tostring(part, encoding="unicode", method="html") for part in element)
    return _words(element) if kind in ("html", "text/html") else escape(_words(element))


def _day(written: str, losses: Losses) -> str:
    day = day_of(written)
    if day:
        losses.add("hour", written)
    return day


def _lang(entry: etree._Element) -> str:
    """Of the entry, or of its text."""
    return next(
        (each.get(f"{{{XML}}}lang", "") for each in (entry, *entry) if each.get(f"{{{XML}}}lang")), ""
    )


def _base(element: etree._Element) -> str:
    return element.base or ""


def _words(element: etree._Element) -> str:
    return (element.text or "").strip()
