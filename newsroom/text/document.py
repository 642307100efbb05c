"""HTML → canonical text with blocks and inline spans, and back to the same HTML.

An annotation points at characters, a page is a tree, and a rich-text editor writes whatever it likes. So an
article is kept as one string, its *canonical text*, and beside it the structure that puts the string back on
the page. Ways that were not taken: offsets into HTML move with every attribute; offsets into a browser's
``textContent`` depend on the white space between tags; a tree with text in its nodes must be walked for every
question about an offset.

The canonical text is the texts of the blocks joined by one ``"\\n"``. A block holds no line end and no other
block, neither begins nor ends with a blank (a line of preformatted text keeps its indentation), is never
empty, and is in NFC. Offsets are code points of the canonical text. Alternative texts of pictures are not in
it.

A document is a list, not a tree: each block says which elements open before its own element and which close
after it, so the page is written by walking once from first to last, and any run of blocks that balances can
be written alone.

- ``<p>a<br>b</p>`` is two blocks: the first opens ``p``, the second opens ``br`` and closes ``p``, and both
  are ``span``. Line breaks in a row part a paragraph in two; each line of ``pre`` is a block, an empty one a
  further ``br``.
- A list item's own text is a ``div``; ``div`` and ``span`` are for the page, and not written into the
  article's HTML.
- A tag whose name begins with a slash closes what was opened in the same ``opens``: an empty cell that keeps
  its row in step, or the figure of a picture without caption.
- A picture without caption is a row of its own: it stands before the paragraph, list, table or quotation that
  it was in, if it came before that one's text, else after it; behind the last row it is in ``tail``.
- A table's caption is a paragraph before the table; ``q`` becomes quotation marks, which are words to a
  reader.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from itertools import takewhile
from typing import Any, Self

from newsroom.text.outline import Attrs, Node, outline, outline_of_text
from newsroom.text.segments import Span, cut

_VOID = {"br", "img"}
_UNWRITTEN = {"div", "span"}


@dataclass(frozen=True, slots=True)
class Tag:
    """An element that opens, a void element or, called ``/name``, the end of one opened in the same place."""

    name: str
    attrs: Attrs = ()


@dataclass(frozen=True, slots=True)
class Inline:
    """A span of text in one block. Kinds: em, strong, sub, sup, code, link (the only one with ``href``).

    Spans of one kind never overlap nor touch (two links with different addresses may touch); different kinds
    may cross.
    """

    kind: str
    start: int
    end: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """``text[start:end]`` in an element ``tag``; ``opens`` begins outermost, ``closes`` innermost."""

    tag: str
    start: int
    end: int
    opens: tuple[Tag, ...] = ()
    closes: tuple[str, ...] = ()
    attrs: Attrs = ()
    inlines: tuple[Inline, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """Canonical text and the blocks that cover it but for line ends; ``tail`` stands after the last block."""

    text: str
    blocks: tuple[Block, ...]
    tail: tuple[Tag, ...] = ()

    def rows(self) -> list[tuple[Block, ...]]:
        """The blocks grouped by top-level element: each row closes all that it opens."""
        rows: list[tuple[Block, ...]] = []
        row: list[Block] = []
        depth = 0
        for block in self.blocks:
            row.append(block)
            depth += sum(_steps(tag) for tag in block.opens) - len(block.closes)
            if depth == 0:
                rows.append(tuple(row))
                row = []
        return rows

    def to_data(self) -> dict[str, Any]:
        """The structure without the text, for JSON: what is empty is left out."""
        data: dict[str, Any] = {"blocks": [_block_to_data(block) for block in self.blocks]}
        if self.tail:
            data["tail"] = _tags_to_data(self.tail)
        return data

    @classmethod
    def from_data(cls, text: str, data: dict[str, Any]) -> Self:
        """The document that ``to_data`` was called on, with its text."""
        blocks = tuple(block_from_data(block) for block in data["blocks"])
        return cls(text, blocks, _tags_from_data(data.get("tail", ())))


def parse(html: str) -> Document:
    """The document of any HTML, sanitised; text in no block becomes paragraphs. Never raises on odd HTML."""
    return _Linear(outline(html)).document()


def parse_text(plain: str) -> Document:
    """The document of plain text: paragraphs parted by blank lines, single line ends are line breaks."""
    return _Linear(outline_of_text(plain)).document()


def write(document: Document) -> str:
    """Normalised HTML of the subset, one line a row. ``parse(write(d)) == d`` for any ``d`` from a parser."""
    rows = ["".join(_write_block(document.text, block) for block in row) for row in document.rows()]
    if document.tail:
        rows.append("".join(_write_tag(tag) for tag in document.tail))
    return "\n".join(rows)


@dataclass(slots=True)
class _Place:
    """A block in the making."""

    tag: str
    attrs: Attrs
    opens: list[Tag]
    text: str
    inlines: list[tuple[str, int, int, str]]
    closes: list[str] = field(default_factory=list)


class _Linear:
    """Walks an outline once and lays it out as a list of blocks."""

    def __init__(self, nodes: list[Node]) -> None:
        self.places: list[_Place] = []
        self.opens: list[Tag] = []
        for node in nodes:
            self.row_place, self.row_opens = len(self.places), len(self.opens)
            self.after: list[Tag] = []
            self.lay(node)
            self.opens += self.after

    def document(self) -> Document:
        blocks = []
        start = 0
        for place in self.places:
            inlines = tuple(Inline(kind, start + a, start + b, href) for kind, a, b, href in place.inlines)
            end = start + len(place.text)
            opens, closes = tuple(place.opens), tuple(place.closes)
            blocks.append(Block(place.tag, start, end, opens, closes, place.attrs, inlines))
            start = end + 1
        return Document("\n".join(place.text for place in self.places), tuple(blocks), tuple(self.opens))

    def lay(self, node: Node) -> None:
        if node.name == "img":
            self.lay_picture(node)
        elif node.lines:
            self.lay_lines(node)
        else:
            self.opens.append(Tag(node.name, node.attrs))
            for child in node.children:
                if child.name == "img" and node.name == "figure":
                    self.opens.append(Tag("img", child.attrs))
                else:
                    self.lay(child)
            if node.children:
                self.places[-1].closes.append(node.name)
            else:
                self.opens.append(Tag(f"/{node.name}"))

    def lay_picture(self, node: Node) -> None:
        figure = [Tag("figure"), Tag("img", node.attrs), Tag("/figure")]
        if len(self.places) == self.row_place:
            self.opens[self.row_opens : self.row_opens] = figure
            self.row_opens += len(figure)
        else:
            self.after += figure

    def lay_lines(self, node: Node) -> None:
        lines = node.lines or []
        if len(lines) == 1:
            self.places.append(_Place(node.name, node.attrs, self.opens, lines[0].text, lines[0].inlines))
            self.opens = []
            return
        if node.name not in _UNWRITTEN:
            self.opens.append(Tag(node.name, node.attrs))
        for line in lines:
            breaks = [Tag("br")] * line.breaks if line is not lines[0] else []
            self.places.append(_Place("span", (), self.opens + breaks, line.text, line.inlines))
            self.opens = []
        if node.name not in _UNWRITTEN:
            self.places[-1].closes.append(node.name)


def _steps(tag: Tag) -> int:
    if tag.name in _VOID:
        return 0
    return -1 if tag.name.startswith("/") else 1


def _write_tag(tag: Tag) -> str:
    attrs = "".join(f' {name}="{escape(value)}"' for name, value in tag.attrs)
    return f"<{tag.name}{attrs}>"


def _write_block(text: str, block: Block) -> str:
    parts = [_write_tag(tag) for tag in block.opens]
    if block.tag in _UNWRITTEN:
        parts.append(_write_inlines(text, block))
    else:
        parts += [_write_tag(Tag(block.tag, block.attrs)), _write_inlines(text, block), f"</{block.tag}>"]
    parts += [f"</{name}>" for name in block.closes]
    return "".join(parts)


def _write_inlines(text: str, block: Block) -> str:
    if not block.inlines:
        return escape(text[block.start : block.end], quote=False)
    spans = [Span(inline.start, inline.end, inline) for inline in block.inlines]
    segments = cut(text, spans, start=block.start, end=block.end, order=_links_outside)
    parts: list[str] = []
    worn: tuple[Any, ...] = ()
    for words, marks in [*((segment.text, segment.marks) for segment in segments), ("", ())]:
        kept = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(worn, marks, strict=False)))
        parts += [_write_end(inline) for inline in reversed(worn[kept:])]
        parts += [_write_begin(inline) for inline in marks[kept:]]
        parts.append(escape(words, quote=False))
        worn = marks
    return "".join(parts)


def _write_begin(inline: Inline) -> str:
    return _write_tag(Tag("a", (("href", inline.href),)) if inline.kind == "link" else Tag(inline.kind))


def _write_end(inline: Inline) -> str:
    return "</a>" if inline.kind == "link" else f"</{inline.kind}>"


def _links_outside(span: Span) -> tuple[bool, int, int, str]:
    """Where two kinds cross, one must be written in two parts; that is never the link."""
    inline: Any = span.mark  # _write_inlines puts nothing but Inlines there
    return inline.kind != "link", span.start - span.end, span.start, inline.kind


def _tags_to_data(tags: tuple[Tag, ...]) -> list[Any]:
    return [[tag.name, *([name, value] for name, value in tag.attrs)] for tag in tags]


def _tags_from_data(data: Any) -> tuple[Tag, ...]:
    return tuple(Tag(name, tuple((key, value) for key, value in attrs)) for name, *attrs in data)


def _block_to_data(block: Block) -> dict[str, Any]:
    data = {
        "tag": block.tag,
        "start": block.start,
        "end": block.end,
        "opens": _tags_to_data(block.opens),
        "closes": list(block.closes),
        "attrs": [list(pair) for pair in block.attrs],
        "inlines": [
            [inline.kind, inline.start, inline.end, *([inline.href] if inline.href else [])]
            for inline in block.inlines
        ],
    }
    return {name: value for name, value in data.items() if value != []}


def block_from_data(data: dict[str, Any]) -> Block:
    """One block of ``to_data()["blocks"]``."""
    return Block(
        tag=data["tag"],
        start=data["start"],
        end=data["end"],
        opens=_tags_from_data(data.get("opens", ())),
        closes=tuple(data.get("closes", ())),
        attrs=tuple((name, value) for name, value in data.get("attrs", ())),
        inlines=tuple(Inline(*inline) for inline in data.get("inlines", ())),
    )
