"""Markdown, as the desk writes explanations and policies, as HTML that is safe to show.

The one place where Markdown becomes HTML for a page. Twice held back: the parser knows no HTML and writes
none but its own, and nh3 then keeps what is on a short list, with addresses of the web and of mail alone.
Headings come under a heading of the page, so they begin at its next level, and none is left out between two.
"""

from __future__ import annotations

from collections.abc import Iterable

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .characters import NOT_TEXT

_TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "em", "strong", "del", "a", "ul", "ol", "li", "blockquote",
    "code", "pre",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
_DEEPEST = 6
#: Old ends of lines and pages, which no page of HTML may hold.
_LINES = str.maketrans("\v\f\x85", "\n\n\n")

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("strikethrough").disable("image")


def to_html(source: str, *, under: int = 2) -> str:
    """The HTML of some Markdown that stands `under` a heading of that level."""
    tokens = _PARSER.parse(NOT_TEXT.sub("", source).translate(_LINES))
    _settle_headings(tokens, under)
    written = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return nh3.clean(
        written,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="external nofollow",
    )


def _settle_headings(tokens: Iterable[Token], under: int) -> None:
    """Whatever levels were written, a heading is one deeper than what it stands under, at the most."""
    open_levels: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1:])
            while open_levels and open_levels[-1] >= level:
                open_levels.pop()
            open_levels.append(level)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(under + len(open_levels), _DEEPEST)}"
