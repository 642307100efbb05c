"""A page of ours as a PDF for people: tagged, in its language, in the order in which it is read.

It is PDF/UA-1 (ISO 14289-1). What stands in it is what stands in the page, for it is made of that: the HTML
becomes a tree of blocks and words, and `tagged_pdf.typ` says how they are set. Whatever is added to a page is
in its PDF at once. What is for a screen alone (forms, buttons, what waits to be opened, words for screen
readers beside what a PDF tells them by its tags) stays out, as it does when the page is printed.

Typst sets it: a renderer in a wheel, with its fonts, that needs nothing of the system. Text in a script for
which it has no letters cannot be said to be accessible: such a page comes without the claim of PDF/UA, tagged
all the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
from lxml.html import HtmlElement

from newsroom.outside.typesetting import typeset

_LAYOUT = Path(__file__).with_suffix(".typ")
_NOT_ON_PAPER = frozenset(
    "audio button canvas dialog embed fieldset form iframe input link meta noscript object script select"
    " style template textarea video".split()
)
_NOT_SHOWN = frozenset(("visually-hidden", "tools", "feed-link", "embed-code", "note-flag"))
_BLOCKS = frozenset(
    "address article aside blockquote body caption dd details div dl dt figcaption figure footer h1 h2 h3 h4"
    " h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_INLINE = {
    "em": "em", "i": "em", "cite": "em", "strong": "strong", "b": "strong", "sub": "sub", "sup": "sup",
    "code": "code", "kbd": "code", "del": "del", "s": "del", "ins": "ins", "mark": "mark",
}  # fmt: skip
_BLANKS = re.compile(r"[ \t\r\n\f]+")
#: What no font has and no reader sees, which would keep a page from being PDF/UA.
_UNSEEN = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b\u2060\ufeff]")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a PDF says of itself. `address` is where the page is; `foot` stands at the foot of each sheet."""

    title: str
    lang: str
    address: str
    at: datetime
    authors: tuple[str, ...] = ()
    foot: str = ""
    #: Pictures by the address that the page has for them; one that is not here is shown by its words.
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def page(html: str, sheet: Sheet) -> bytes:
    """The `main` part of a page of ours as PDF. What goes in alike comes out alike, byte for byte."""
    tree = _Tree(sheet)
    content = tree.blocks(_main(html))
    told = {
        "title": sheet.title,
        "authors": list(sheet.authors),
        "lang": sheet.lang.split("-")[0],
        "at": sheet.at.timetuple()[:6],
        "foot": sheet.foot,
        "address": sheet.address,
        "content": content,
    }
    data = json.dumps(told, ensure_ascii=False).encode()
    return typeset({"main.typ": _LAYOUT.read_bytes(), "page.json": data, **tree.pictures})


def content(html: str, sheet: Sheet) -> list[Json]:
    """What stands in the PDF, without the bytes of its pictures: it tells one PDF of a page from another."""
    return _Tree(sheet).blocks(_main(html))


def words(html: str, sheet: Sheet) -> Iterator[str]:
    """The words that the PDF has, in the order in which they are read."""
    return _words(content(html, sheet))


def pictures_in(html: str) -> list[str]:
    """The addresses of the pictures that a page shows."""
    return [str(address) for address in _main(html).xpath(".//img/@src")]


def _main(html: str) -> HtmlElement:
    whole = lxml.html.document_fromstring(html)
    return next(iter(whole.xpath("//main")), whole.body)


def _words(nodes: list[Any]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        else:
            for key in ("i", "c", "head", "rows", "side"):
                yield from _words(node.get(key) or [])


class _Tree:
    """Walks a page once. Blocks have blocks in `c` or words in `i`; words are text or have theirs in `i`."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.pictures: dict[str, bytes] = {}
        self.names: set[str] = set()

    # Blocks

    def blocks(self, element: HtmlElement) -> list[Json]:
        """What stands in an element, as blocks: words between blocks are a paragraph."""
        found: list[Json] = []
        words: list[Any] = []

        def close() -> None:
            if line := _trimmed(words):
                found.append({"k": "p", "i": line})
            words.clear()

        words.append(element.text or "")
        for child in element:
            if _is_shown(child):
                if _is_block(child):
                    close()
                    found += self.block(child)
                else:
                    words += self.inline(child)
            words.append(child.tail or "")
        close()
        return found

    def block(self, element: HtmlElement) -> list[Json]:
        name, classes = element.tag, _classes(element)
        about = self.about(element)
        if name in _HEADINGS:
            return self.line({"k": "h", "level": _HEADINGS[name], **about}, element)
        if name == "hr":
            return [{"k": "hr"}]
        if name == "table":
            return self.table(element, about)
        if name in ("ul", "ol"):
            items = [self.item(child) for child in element if child.tag == "li" and _is_shown(child)]
            kind = "notes" if "notes-list" in classes else name
            return [{"k": kind, "c": items, **about}] if items else []
        if name == "dl":
            return self.terms(element, about)
        if "row" in classes:
            return [self.row(element, about)]
        if "columns" in classes or name != "p":
            return self.group(element, about)
        return self.line({"k": "lead" if "standfirst" in classes else "p", **about}, element)

    def line(self, block: Json, element: HtmlElement) -> list[Json]:
        """A block of words; with blocks in it after all, those."""
        if any(_is_shown(child) and _is_block(child) for child in element):
            return self.blocks(element)
        words = _trimmed(self.words(element))
        return [{**block, "i": words}] if words else []

    def group(self, element: HtmlElement, about: Json) -> list[Json]:
        inside = self.blocks(element)
        kind = {"blockquote": "quote", "pre": "pre", "figcaption": "small", "footer": "small"}.get(
            element.tag, "div"
        )
        if kind == "pre":
            text = _UNSEEN.sub("", element.text_content())
            return [{"k": "pre", "i": [text], **about}] if text.strip() else []
        if kind == "div" and not about:
            return inside
        return [{"k": kind, "c": inside, **about}] if inside or "id" in about else []

    def item(self, element: HtmlElement) -> Json:
        return {"k": "item", "c": self.blocks(element), **self.about(element)}

    def row(self, element: HtmlElement, about: Json) -> Json:
        """A part of the text with its notes beside it."""
        text: list[Json] = []
        beside: list[Json] = []
        for child in element:
            if _is_shown(child):
                (beside if "notes" in _classes(child) else text).extend(self.block(child))
        return {"k": "row", "c": text, "side": beside, **about}

    def terms(self, element: HtmlElement, about: Json) -> list[Json]:
        """Terms and what is said of them; a div round a pair lends it its tone."""
        pairs: list[Json] = []
        for child in element:
            if not _is_shown(child):
                continue
            inner = list(child) if child.tag == "div" else [child]
            given = self.about(child) if child.tag == "div" else {}
            for part in inner:
                if part.tag == "dt":
                    pairs.append({"k": "term", "i": _trimmed(self.words(part)), "c": [], **given})
                elif part.tag == "dd" and pairs:
                    pairs[-1]["c"] += self.blocks(part)
        return [{"k": "terms", "c": pairs, **about}] if pairs else []

    def table(self, element: HtmlElement, about: Json) -> list[Json]:
        head: list[Json] = []
        rows: list[Json] = []
        caption: list[Any] = []
        width = 0
        for part in element.iter("caption", "tr"):
            if part.tag == "caption":
                caption = _trimmed(self.words(part))
                continue
            cells = [self.cell(cell) for cell in part if cell.tag in ("td", "th")]
            width = max(width, sum(cell["across"] for cell in cells))
            in_head = part.getparent().tag == "thead"
            (head if in_head else rows).append({"k": "tr", "c": cells})
        if not width:
            return []
        said = [{"k": "small", "c": [{"k": "p", "i": caption}]}] if caption else []
        return [*said, {"k": "table", "width": width, "head": head, "rows": rows, **about}]

    def cell(self, element: HtmlElement) -> Json:
        return {
            "k": element.tag,
            "c": self.blocks(element),
            "across": _number(element.get("colspan")),
            "down": _number(element.get("rowspan")),
            **self.about(element),
        }

    # Words

    def words(self, element: HtmlElement) -> list[Any]:
        words: list[Any] = [element.text or ""]
        for child in element:
            if _is_shown(child):
                words += self.inline(child)
            words.append(child.tail or "")
        return words

    def inline(self, element: HtmlElement) -> list[Any]:
        name, classes = element.tag, _classes(element)
        if name == "br":
            return [{"k": "br", "i": []}]
        if name == "wbr":
            return []
        if name == "svg":
            return [
                {
                    "k": "icon",
                    "svg": lxml.html.tostring(element, encoding="unicode", with_tail=False),
                    "i": [],
                }
            ]
        if name == "img":
            return self.picture(element)
        about = self.about(element)
        inside = self.words(element)
        if "noteref" in classes:
            about |= {"k": "ref"}
            inside = [element.get("data-n", "")]
        elif name in _INLINE:
            about["k"] = _INLINE[name]
        elif "claim" in classes:
            about |= {"k": "claim", "under": _after("u-", classes), "stale": "is-stale" in classes}
        elif "attribution" in classes or "entity" in classes:
            about["k"] = "named"
        elif classes & {"badge", "note-number", "muted", "kind", "stale", "line-meta"}:
            about["k"] = "badge" if "badge" in classes else "muted"
        if href := element.get("href"):
            about |= self.link(href)
        if not about:
            return inside
        return [*_before_the_link(about, inside), {"k": "span", **about, "i": inside}]

    def link(self, href: str) -> Json:
        """Where a link leads: to a place on the page, or to an address of the web."""
        if href.startswith("#"):
            return {"to": href[1:]}
        address = urljoin(self.sheet.address, href)
        return {"href": address} if urlsplit(address).scheme in ("http", "https", "mailto") else {}

    def picture(self, element: HtmlElement) -> list[Any]:
        address, words = element.get("src", ""), element.get("alt", "").strip()
        body = self.sheet.pictures.get(address)
        if body is None:
            return [{"k": "muted", "i": [f"[{words}]"]}] if words else []
        name = f"picture-{len(self.pictures)}"
        self.pictures[name] = body
        return [{"k": "picture", "file": name, "alt": words, "i": []}]

    def about(self, element: HtmlElement) -> Json:
        """What any element may say of itself: its name, its language, its tone."""
        said: Json = {}
        name = element.get("id")
        # A name may stand once, and a page may be cut out of a larger one.
        if name and name not in self.names:
            self.names.add(name)
            said["id"] = name
        if lang := element.get("lang"):
            said["lang"] = lang.split("-")[0]
        if tone := _after("tone-", _classes(element)):
            said["tone"] = tone
        return said


def _before_the_link(about: Json, inside: list[Any]) -> list[Any]:
    """The icons at the beginning of a link, taken out of it: no ornament may be a link (ISO 14289-1, 7.1)."""
    icons: list[Any] = []
    if "to" in about or "href" in about:
        while inside and (inside[0] == "" or isinstance(inside[0], dict) and inside[0]["k"] == "icon"):
            icon = inside.pop(0)
            if icon:
                icons.append({**icon, "tone": about["tone"]} if "tone" in about else icon)
    return icons


def _classes(element: HtmlElement) -> set[str]:
    return set(element.get("class", "").split())


def _after(beginning: str, classes: set[str]) -> str:
    return next((name.removeprefix(beginning) for name in sorted(classes) if name.startswith(beginning)), "")


def _number(value: str | None) -> int:
    return max(1, min(int(value), 100)) if value and value.isascii() and value.isdigit() else 1


def _is_shown(element: HtmlElement) -> bool:
    name = element.tag
    if not isinstance(name, str) or name in _NOT_ON_PAPER:
        return False
    if name == "nav":
        # What leads elsewhere; the counts of the ratings say something by themselves.
        return "counts" in _classes(element)
    if name == "summary":
        # What it would open is open on paper.
        return False
    hidden = (
        element.get("hidden") is not None
        or element.get("popover") is not None
        or element.get("role") == "status"
    )
    return not hidden and not _NOT_SHOWN & _classes(element)


def _is_block(element: HtmlElement) -> bool:
    """A line of words in which blocks stand is one, too."""
    return element.tag in _BLOCKS or any(_is_shown(child) and _is_block(child) for child in element)


def _trimmed(words: list[Any]) -> list[Any]:
    """Words as a browser shows them: blanks in a row are one, and none stands at the edges of a block."""
    line, _open = _collapsed(words, after_blank=True)
    while line and isinstance(line[-1], str):
        line[-1] = line[-1].rstrip(" ")
        if line[-1]:
            break
        line.pop()
    return line


def _collapsed(words: list[Any], *, after_blank: bool) -> tuple[list[Any], bool]:
    line: list[Any] = []
    for word in words:
        if isinstance(word, str):
            text = _BLANKS.sub(" ", _UNSEEN.sub("", word))
            if after_blank:
                text = text.removeprefix(" ")
            if text:
                after_blank = text.endswith(" ")
                line.append(text)
        else:
            inside, after_blank = _collapsed(word["i"], after_blank=after_blank or word["k"] == "br")
            line.append({**word, "i": inside})
    return line, after_blank
