"""Markdown: CommonMark and tables, with what a header between lines of `---` says about the text."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from . import html_page
from .draft import Draft

_HEADER = re.compile(r"\A---[^\S\n]*\n(?P<lines>.*?)\n(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL)
#: What such headers call the things that a draft knows.
_NAMES = {
    "title": "headline", "headline": "headline",
    "description": "standfirst", "subtitle": "standfirst", "summary": "standfirst",
    "author": "byline", "byline": "byline",
    "lang": "lang", "language": "lang",
    "date": "date", "publisher": "publisher",
    "url": "canonical_url", "canonical_url": "canonical_url", "link": "canonical_url",
}  # fmt: skip


def read(text: str) -> Draft:
    """Its draft. HTML inside it is kept as far as the subset goes; raises Unreadable if it is empty."""
    known: dict[str, str] = {}
    if header := _HEADER.match(text):
        known, text = _header(header["lines"]), text[header.end() :]
    source = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)
    return html_page.read_fragment(source, **known)


def _header(lines: str) -> dict[str, str]:
    """Lines `name: value`. What is nested or a list is left alone: it is for another program."""
    known: dict[str, str] = {}
    for line in lines.splitlines():
        name, colon, value = line.partition(":")
        value = value.strip()
        if value[:1] in "\"'" and value[-1:] == value[:1]:
            value = value[1:-1]
        if colon and value and name in _NAMES:
            known.setdefault(_NAMES[name], value)
    if "date" in known:
        known["date"] = known["date"][:10]
    return known
