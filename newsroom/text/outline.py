"""Any HTML → an outline: a small tree of the allowed subset, with one way only to write each thing.

nh3 goes first: it builds the tree that a browser would build, keeps what is on the list and writes it out
again, closed and escaped. What it writes needs no second tree builder, so the standard library's tokeniser
reads it.

The outline has containers (quotation, list, table, figure …), leaves that hold lines of text, and pictures. A
container without text is not kept, but an empty cell that keeps its row in step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

from newsroom.text.characters import canonical, trim

Attrs = tuple[tuple[str, str], ...]

_INLINES = {
    "a": "link", "em": "em", "i": "em", "strong": "strong", "b": "strong", "sub": "sub", "sup": "sup",
    "code": "code",
}  # fmt: skip
_LEAVES = {
    "p": "p", "h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4", "pre": "pre",
    "figcaption": "figcaption", "caption": "caption",
}  # fmt: skip
# Where a part of a list, table or figure must stand to be one; elsewhere its tag only parts two blocks.
_PARENTS = {
    "li": {"ul", "ol"}, "thead": {"table"}, "tbody": {"table"}, "tfoot": {"table"}, "caption": {"table"},
    "tr": {"thead", "tbody", "tfoot"}, "th": {"tr"}, "td": {"tr"}, "figcaption": {"figure"},
}  # fmt: skip
_CONTAINERS = {"blockquote", "ul", "ol", "table", "figure"}
# What is put straight into a list or a table belongs in a part of it.
_PARTS = {"ul": "li", "ol": "li", "table": "tbody", "thead": "tr", "tbody": "tr", "tfoot": "tr", "tr": "td"}
# Tags that mean nothing here but that one block ends and another begins.
_BOUNDARIES = {
    "address", "article", "aside", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset", "footer",
    "form", "header", "hgroup", "hr", "legend", "main", "nav", "section", "summary",
}  # fmt: skip
_TAGS = _INLINES.keys() | _LEAVES.keys() | _PARENTS.keys() | _CONTAINERS | _BOUNDARIES | {"br", "img", "q"}
_DROPPED_WHOLE = {
    "audio", "canvas", "iframe", "math", "noscript", "object", "script", "select", "style", "svg", "template",
    "textarea", "title", "video",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"}, "img": {"src", "alt"}, "th": {"scope", "colspan", "rowspan"}, "td": {"colspan", "rowspan"},
}  # fmt: skip
_MAX_NESTING = 16  # a limit for pages and for our own recursion, far beyond what a person writes

_WEB_ADDRESS = re.compile(r"https?://[^/?#\\][^\\]*|/(?![/\\])[^\\]*", re.IGNORECASE)
_LINK_ADDRESS = re.compile(rf"{_WEB_ADDRESS.pattern}|mailto:[^\\]+|#[^\\]*", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(slots=True)
class Line:
    """A line of canonical text, its inline spans as (kind, start, end, href), and the line ends before it."""

    text: str
    inlines: list[tuple[str, int, int, str]] = field(default_factory=list)
    breaks: int = 1


@dataclass(slots=True, eq=False)
class Node:
    """A container (``children``) or a leaf (``lines``); a leaf called ``div`` is text in no paragraph."""

    name: str
    attrs: Attrs = ()
    children: list[Node] = field(default_factory=list)
    lines: list[Line] | None = None


def outline(html: str) -> list[Node]:
    """The tidied top-level nodes of any HTML; never raises on odd HTML."""
    encodable = html.encode("utf-8", "ignore").decode("utf-8")  # nh3 refuses lone surrogates
    clean = nh3.clean(
        encodable,
        tags=_TAGS,
        clean_content_tags=_DROPPED_WHOLE,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(clean)
    reader.close()
    reader.end_leaf()
    return [node for child in reader.root.children for node in _tidy(child)]


def outline_of_text(plain: str) -> list[Node]:
    """The outline of plain text: blank lines part paragraphs, single line ends are line breaks."""
    lines = [Line(canonical(line)[0]) for line in _LINE_END.split(plain)]
    return _tidy(Node("p", lines=lines))


class _Reader(HTMLParser):
    """Builds the outline from sanitised, well-formed HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self.container = self.root
        self.nesting = 0
        self.leaf: Node | None = None
        self.lines_only = False  # in a heading, caption or preformatted text a block is a line
        self.around: list[tuple[Node, int, bool]] = []
        self.links: list[str] = []
        self.opened: dict[tuple[str, str], list[int]] = {}  # (kind, href) -> [depth, start in the line]
        self.closed: list[tuple[str, str, int, int]] = []
        self.pieces: list[str] = []
        self.length = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            # A link in a link is no link: the outer one has the words.
            inside = any(kind == "link" for kind, _ in self.opened)
            href = "" if inside else _address(given.get("href", ""), _LINK_ADDRESS)
            self.links.append(href)
            if href:
                self.begin("link", href)
        elif tag in _INLINES:
            self.begin(_INLINES[tag], "")
        elif tag == "br":
            self.end_line()
        elif tag == "img":
            self.picture(given)
        elif tag == "q":
            self.handle_data("“")
        elif tag == "hr":
            self.part()
        else:
            self.begin_block(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            if href := self.links.pop():
                self.end("link", href)
        elif tag in _INLINES:
            self.end(_INLINES[tag], "")
        elif tag == "q":
            self.handle_data("”")
        else:
            self.container, self.nesting, self.lines_only = self.around.pop()
            self.part()

    def handle_data(self, data: str) -> None:
        if self.leaf is None:
            if not data.strip():
                return
            home = self.home()
            self.begin_leaf("div" if home.name in ("li", "td", "th") else "p", home)
        if self.leaf is not None and self.leaf.name == "pre":
            first, *others = _LINE_END.split(data)
            self.add(first)
            for other in others:
                self.end_line()
                self.add(other)
        else:
            self.add(data)

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)

    def begin_block(self, tag: str, given: dict[str, str]) -> None:
        self.around.append((self.container, self.nesting, self.lines_only))
        self.part()
        if self.lines_only:
            return
        in_place = tag not in _PARENTS or self.container.name in _PARENTS[tag]
        if tag in _LEAVES:
            name = _LEAVES[tag] if in_place else "p"
            self.begin_leaf(name, self.container if tag in _PARENTS and in_place else self.home())
            self.lines_only = name != "p"
        elif tag in _CONTAINERS and self.nesting < _MAX_NESTING:
            self.nesting += 1
            self.begin_container(Node(tag), self.home())
        elif tag in _PARENTS and in_place:
            self.begin_container(Node(tag, _cell_attrs(tag, given)), self.container)

    def part(self) -> None:
        """Part what came from what comes: lines in a heading, caption or preformatted text, else blocks."""
        if self.lines_only:
            self.end_line()
        else:
            self.end_leaf()

    def begin_container(self, node: Node, home: Node) -> None:
        home.children.append(node)
        self.container = node

    def home(self) -> Node:
        """Where text, a leaf or a container may stand: within a list or a table, its last item or cell."""
        node = self.container
        while part := _PARTS.get(node.name):
            if not node.children or node.children[-1].name != part:
                node.children.append(Node(part))
            node = node.children[-1]
        return node

    def begin_leaf(self, name: str, home: Node) -> None:
        self.leaf = Node(name, lines=[])
        self.leaf_home = home
        home.children.append(self.leaf)
        self.begin_line()

    def end_leaf(self) -> None:
        self.end_line()
        self.leaf = None

    def end_line(self) -> None:
        if self.leaf is None or self.leaf.lines is None:
            return
        spans = self.closed + [(*key, start, self.length) for key, (_, start) in self.opened.items()]
        self.leaf.lines.append(_line("".join(self.pieces), spans, keep_blanks=self.leaf.name == "pre"))
        self.begin_line()

    def begin_line(self) -> None:
        self.pieces, self.length, self.closed = [], 0, []
        for inline in self.opened.values():
            inline[1] = 0

    def begin(self, kind: str, href: str) -> None:
        self.opened.setdefault((kind, href), [0, self.length])[0] += 1

    def end(self, kind: str, href: str) -> None:
        inline = self.opened[kind, href]
        inline[0] -= 1
        if not inline[0]:
            del self.opened[kind, href]
            self.closed.append((kind, href, inline[1], self.length))

    def picture(self, given: dict[str, str]) -> None:
        """A picture never parts a line: it stands before its leaf while that is empty, else behind it."""
        src = _address(given.get("src", ""), _WEB_ADDRESS)
        if not src:
            return
        node = Node("img", (("src", src), ("alt", canonical(given.get("alt", ""))[0])))
        if self.leaf is None:
            self.home().children.append(node)
        elif self.leaf.lines or "".join(self.pieces).strip():
            self.leaf_home.children.append(node)
        else:
            self.leaf_home.children.insert(-1, node)


def _line(text: str, spans: list[tuple[str, str, int, int]], *, keep_blanks: bool) -> Line:
    edges = sorted({edge for _, _, start, end in spans for edge in (start, end)})
    line, moved = canonical(text, edges, keep_blanks=keep_blanks)
    at = dict(zip(edges, moved, strict=True))
    merged: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for kind, href, raw_start, raw_end in sorted(spans, key=lambda span: span[2:]):
        start, end = at[raw_start], at[raw_end]
        ranges = merged.setdefault((kind, href), [])
        if ranges and start <= ranges[-1][1]:
            start, end = ranges[-1][0], max(end, ranges.pop()[1])
        ranges.append((start, end))
    inlines = [
        (kind, *trimmed, href)
        for (kind, href), ranges in merged.items()
        for start, end in ranges
        if (trimmed := trim(line, start, end))[0] < trimmed[1]
    ]
    inlines.sort(key=lambda inline: (inline[1], -inline[2], inline[0]))
    return Line(line, inlines)


def _address(value: str, allowed: re.Pattern[str]) -> str:
    """The address as a browser would read it, or "" where it is none that may stand in an article."""
    value = re.sub(r"[\t\n\r]", "", value.strip("\0-\x20")).replace(" ", "%20")
    if value.startswith("//"):
        value = "https:" + value
    return value if value.isprintable() and allowed.fullmatch(value) else ""


def _cell_attrs(tag: str, given: dict[str, str]) -> Attrs:
    kept = []
    if tag == "th" and (scope := given.get("scope", "").lower()) in ("row", "col", "rowgroup", "colgroup"):
        kept.append(("scope", scope))
    for name in ("colspan", "rowspan"):
        if re.fullmatch("[1-9][0-9]?", given.get(name, "")) and given[name] != "1":
            kept.append((name, given[name]))
    return tuple(kept)


def _tidy(node: Node) -> list[Node]:
    """What stands in the place of this node: itself, nothing, or what is worth keeping of it."""
    if node.lines is not None:
        return list(_tidy_leaf(node, node.lines))
    if node.name == "img":
        return [node]
    node.children = [tidied for child in node.children for tidied in _tidy(child)]
    match node.name:
        case "figure":
            return _tidy_figure(node)
        case "table":
            return _tidy_table(node)
        case "tr":
            node.children = _without_trailing_cells(node.children)
        case "li" | "td" | "th":
            _tidy_own_text(node)
    if node.name in ("td", "th"):
        return _tidy_cell(node)
    return [node] if _without_pictures(node.children) else node.children


def _tidy_leaf(node: Node, lines: list[Line]) -> Iterator[Node]:
    """Drop empty lines. They part a paragraph in two; within preformatted text they are counted."""
    kept: list[Line] = []
    breaks = 1
    for line in lines:
        if line.text:
            if kept and breaks > 1 and node.name == "p":
                yield Node("p", lines=kept)
                kept = []
            line.breaks = breaks if node.name == "pre" else 1
            kept.append(line)
            breaks = 1
        else:
            breaks += 1
    if kept:
        yield Node(node.name, node.attrs, lines=kept)


def _without_pictures(nodes: list[Node]) -> list[Node]:
    return [node for node in nodes if node.name != "img"]


def _without_trailing_cells(nodes: list[Node]) -> list[Node]:
    """Empty cells keep those behind them in their columns; the last ones of a row keep nothing."""
    last = max((at for at, node in enumerate(nodes) if node.lines or node.children), default=-1)
    return [node for at, node in enumerate(nodes) if at <= last or node.name == "img"]


def _tidy_figure(figure: Node) -> list[Node]:
    """A figure is kept for its caption, its first or last text; without one its parts stand alone."""
    parts = _without_pictures(figure.children)
    pictures = [node for node in figure.children if node.name == "img"]
    caption = None
    if parts and parts[-1].name == "figcaption":
        caption = parts[-1]
    elif parts and parts[0].name == "figcaption" and not pictures:
        caption = parts[0]
    for part in parts:
        if part.name == "figcaption" and part is not caption:
            part.name = "p"
    if caption is None:
        return figure.children
    figure.children = pictures + parts
    return [figure]


def _tidy_table(table: Node) -> list[Node]:
    """A table's caption becomes a paragraph before it; only its first section may be a head."""
    captions = [node for node in table.children if node.name == "caption"]
    for caption in captions:
        caption.name = "p"
    table.children = [node for node in table.children if node not in captions]
    for section in _without_pictures(table.children)[1:]:
        section.name = "tbody"
    if not (sections := _without_pictures(table.children)):
        return captions + table.children
    if sections[0].name == "tfoot":
        sections[0].name = "tbody"
    return [*captions, table]


def _tidy_own_text(node: Node) -> None:
    """Join own text that nothing parts any more; an only paragraph, if it is first, is own text too."""
    children: list[Node] = []
    own: Node | None = None
    for child in node.children:
        if own is not None and own.lines is not None and child.lines is not None and child.name == "div":
            own.lines += child.lines
            continue
        children.append(child)
        if child.name != "img":
            own = child if child.name == "div" else None
    node.children = children
    texts = [child for child in children if child.name in ("p", "div")]
    if len(texts) == 1 and texts[0] is _without_pictures(children)[0]:
        texts[0].name = "div"


def _tidy_cell(cell: Node) -> list[Node]:
    """A cell with nothing but its own text is a leaf; beside other blocks its own text is a paragraph."""
    parts = _without_pictures(cell.children)
    pictures = [node for node in cell.children if node.name == "img"]
    if not parts:
        return [*pictures, Node(cell.name, cell.attrs)]
    if len(parts) == 1 and parts[0].name == "div":
        return [*pictures, Node(cell.name, cell.attrs, lines=parts[0].lines)]
    for part in parts:
        if part.name == "div":
            part.name = "p"
    return [cell]
