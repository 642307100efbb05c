"""What WordPress exports (WXR, Tools → Export): an RSS file with elements of its own, all posts of a site.

Posts and pages become articles. Drafts and what is still to be published come as well, since here all begin
as drafts; private ones and those with a password only by `read_all`. The day is that on the site's own clock.
The format has no description but the program that writes it: `wp-admin/includes/export.php`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _
from lxml import etree

from . import xml_text
from .annotated import AnnotatedText, BadFile, Losses
from .posts import Post, day_of, day_written, paragraphs, text_of, without_shortcodes

_OURS = "http://wordpress.org/export/"
_PREFIXES = {
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
}
_KINDS = {"post", "page"}
#: What is public there, or may be; else it is a draft, in the bin, or only for some.
_PUBLIC, _DRAFTS, _GONE = {"publish"}, {"draft", "pending", "future"}, {"trash", "auto-draft", "inherit"}


def read(file: BinaryIO, losses: Losses) -> Iterator[AnnotatedText]:
    """Posts and pages but the private ones. Raises BadFile."""
    return _read(file, losses, private=False)


def read_all(file: BinaryIO, losses: Losses) -> Iterator[AnnotatedText]:
    """The private ones too. Raises BadFile."""
    return _read(file, losses, private=True)


def _read(file: BinaryIO, losses: Losses, *, private: bool) -> Iterator[AnnotatedText]:
    lang, version, site = "", "", ""
    authors: dict[str, str] = {}
    seen: set[str] = set()
    number = 0
    for element in xml_text.children(file, {"channel"}):
        name = _name(element)
        match name:
            case "wp:wxr_version":
                version = _words(element)
            case "language":
                lang = _words(element)
            case "wp:base_site_url":
                site = _words(element)
            case "wp:author":
                said = _said(element)
                authors[said.get("wp:author_login", "")] = said.get("wp:author_display_name", "")
            case "item":
                number += 1
                if not version:
                    break
                where = _("Post %(number)s") % {"number": number}
                post = _post(element, losses, site=site, authors=authors, lang=lang, private=private)
                if post is None:
                    continue
                if post.name in seen:
                    raise BadFile(
                        where=where, why=_("Two posts are called “%(name)s”.") % {"name": post.name[:80]}
                    )
                seen.add(post.name)
                if (text := text_of(post, losses)) is not None:
                    yield text
    if not version:
        raise BadFile(where=_("The file"), why=_("This is no export of WordPress (WXR)."))


def _post(
    item: etree._Element, losses: Losses, *, site: str, authors: dict[str, str], lang: str, private: bool
) -> Post | None:
    """None, and told, if it is nothing that comes."""
    said = _said(item)
    headline = said.get("title", "")
    kind, status = said.get("wp:post_type", "post"), said.get("wp:status", "publish")
    if kind == "attachment":
        losses.add("pictures", headline)
        return None
    if kind not in _KINDS or status in _GONE:
        losses.add("kinds", f"{kind if kind not in _KINDS else status}: {headline}")
        return None
    if (status not in _PUBLIC | _DRAFTS or said.get("wp:post_password")) and not private:
        losses.add("private", headline)
        return None
    _tell(item, losses)
    if status in _PUBLIC:
        losses.add("status", headline)
    day = day_written(said.get("wp:post_date", "")) or day_of(said.get("pubDate", ""))
    if day:
        losses.add("hour", said.get("wp:post_date", "") or said.get("pubDate", ""))
    login = said.get("dc:creator", "")
    return Post(
        name=said.get("guid") or f"{site}/?p={said.get('wp:post_id', '')}",
        html=paragraphs(without_shortcodes(said.get("content:encoded", ""), losses)),
        headline=headline,
        standfirst=said.get("excerpt:encoded", ""),
        byline=authors.get(login) or login,
        date=day,
        address=said.get("link", ""),
        slug=said.get("wp:post_name", ""),
        lang=lang,
    )


def _tell(item: etree._Element, losses: Losses) -> None:
    """What hangs on a post and has no place here."""
    for child in item:
        match _name(child):
            case "wp:comment":
                losses.add("comments", _said(child).get("wp:comment_content", ""))
            case "category":
                losses.add("terms", _words(child))
            case "wp:postmeta":
                losses.add("fields", _said(child).get("wp:meta_key", ""))


def _said(element: etree._Element) -> dict[str, str]:
    """The words of its children, by their names; of two of one name the first."""
    said: dict[str, str] = {}
    for child in element:
        said.setdefault(_name(child), _words(child))
    return said


def _words(element: etree._Element) -> str:
    return (element.text or "").strip()


def _name(element: etree._Element) -> str:
    space, local = xml_text.namespace_of(element), xml_text.name_of(element)
    if space.startswith(_OURS):
        return f"{'excerpt' if space.endswith('/excerpt/') else 'wp'}:{local}"
    return _PREFIXES.get(space, "") + local
