"""Words that have to go: found wherever they are written, and replaced so that everything else stands.

A person gives the exact forms (*Mario Rossi*, *Rossi*): inflection and case are theirs to list. A form is
found at the edges of words, whatever blanks are between them, in composed Unicode (NFC), and across what is
not seen: the tags of ``Mario <em>Rossi</em>``, the entities of HTML, the stars of Markdown. Two more shapes
follow from a form, since nobody writes them by hand: that of addresses (``mario-rossi``, ``mario_rossi``,
``mariorossi@…``, ``Mario%20Rossi``), looked for in what looks like an address, and that of sort keys.

A text is taken apart into *tokens*, runs of letters and digits or single other characters, and each run of as
many tokens as a form has is asked whether it is one. So a form may be known by a keyed hash alone
(``Hashed``), as it must be where the words are never kept: a backup that is restored has them again.

What is found is replaced by ``MASK``; where only plain letters may stand, by ``PLAIN``.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from html import unescape
from typing import Any, NamedTuple, Protocol
from urllib.parse import unquote_plus

from newsroom.text import document as documents
from newsroom.text.characters import joins, trim
from newsroom.text.document import Block, Document, Inline, Tag
from newsroom.text.folding import fold

MASK = "▮▮▮▮"
PLAIN = "omissis"

_TOKEN = re.compile(r"[^\W_]+|\S")
_WORD = re.compile(r"[^\W_]+")
_NEITHER = re.compile(r"[\W_]+")
_PLAIN_LETTERS = re.compile(r"[0-9A-Za-z]+")
#: What looks like a part of an address, a handle, a file's name; and what is one beyond doubt.
_ADDRESS_LIKE = re.compile(r"\S*[-_./@=%+#]\S*")
_ADDRESS = re.compile(r"://|@|=|/|#|www\.")
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
#: What a reader does not see of a marked-up text: tags, marks of emphasis, characters without width.
_UNSEEN = re.compile(r"<[^<>]*>|&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);|[*~`_]+|[\xad\u200b\u2060\ufeff]")
#: What may part the letters of a word, or write them otherwise.
_HIDING = re.compile(r"[<&*~`_\xad\u200b\u2060\ufeff]|%[0-9A-Fa-f]{2}")
#: One of these characters stands in whatever `_HIDING` finds, and in what is a plain letter once it is
#: composed or folded.
HIDDEN_BY = "<&*~_`%\xad\u200b\u2060\ufeff\u212aſİı"
_TAG_NAME = re.compile(r"</?\s*([\w:]+)")
#: Tags that part no words. Of a Word document all but paragraphs, breaks, tabs and cells.
_INLINE_TAGS = {
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
}  # fmt: skip
_PARTING_TAGS = {"w:p", "w:br", "w:tab", "w:tr", "w:tc", "w:cr"}


class Shape(StrEnum):
    EXACT = "exact"
    ADDRESS = "address"
    FOLDED = "folded"


class Span(NamedTuple):
    start: int
    end: int


class Wanted(Protocol):
    """Forms that are looked for, known as themselves or by their hashes."""

    def lengths(self, shape: Shape) -> Iterable[int]:
        """How many tokens the forms of this shape have."""

    def knows(self, shape: Shape, said: str) -> bool: ...

    def begins(self, shape: Shape, token: str) -> bool:
        """Whether a form may begin with this token; True if that is not known."""

    def may_stand_in(self, text: str) -> bool:
        """False if it is plain at first sight that none does."""

    def plain_parts(self) -> tuple[str, ...] | None:
        """A part of each, in plain letters: a text without any of these, whatever its case, and without any
        of `HIDDEN_BY`, has none of them. None if that is not known."""


# The forms


@dataclass(frozen=True)
class Forms:
    """Words as a person gave them."""

    words: tuple[str, ...]
    _said: dict[Shape, frozenset[str]] = field(init=False, repr=False, compare=False)
    _lengths: dict[Shape, tuple[int, ...]] = field(init=False, repr=False, compare=False)
    _first: dict[Shape, frozenset[str]] = field(init=False, repr=False, compare=False)
    _at_first_sight: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _bare: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        said: dict[Shape, set[str]] = {shape: set() for shape in Shape}
        lengths: dict[Shape, set[int]] = {shape: set() for shape in Shape}
        first: dict[Shape, set[str]] = {shape: set() for shape in Shape}
        for shape, length, form in shapes(self.words):
            said[shape].add(form)
            lengths[shape].add(length)
            first[shape].add(_TOKEN.findall(form)[0])
        for name, found in (("_said", said), ("_first", first)):
            object.__setattr__(self, name, {shape: frozenset(some) for shape, some in found.items()})
        known = re.compile("|".join(map(re.escape, map(_plain_part, self.words))), re.IGNORECASE)
        object.__setattr__(self, "_at_first_sight", known)
        object.__setattr__(self, "_bare", frozenset(map(_bare, self.words)))
        object.__setattr__(self, "_lengths", {shape: tuple(sorted(lengths[shape])) for shape in Shape})

    @classmethod
    def of(cls, words: Iterable[str]) -> Forms:
        """ValueError for a form without a letter or digit, of one character, or with the mask in it."""
        tidy = dict.fromkeys(said(unicodedata.normalize("NFC", form)) for form in words)
        forms = tuple(form for form in tidy if form)
        for form in forms:
            if len(form) < 2 or not _WORD.search(form) or MASK[0] in form:
                raise ValueError(form)
        return cls(forms)

    def lengths(self, shape: Shape) -> Iterable[int]:
        return self._lengths[shape]

    def knows(self, shape: Shape, said: str) -> bool:
        return said in self._said[shape]

    def begins(self, shape: Shape, token: str) -> bool:
        return (fold(token) if shape == Shape.ADDRESS else token) in self._first[shape]

    def may_stand_in(self, text: str) -> bool:
        if not (_HIDING.search(text) or self._at_first_sight.search(text)):
            return False
        # However a form is parted, escaped or accented, its letters and digits stand there one after another.
        written = map(_bare, _ways_to_read(text))
        return any(form in one for one in written for form in self._bare)

    def plain_parts(self) -> tuple[str, ...] | None:
        found = tuple({_plain_part(form) for form in self.words})
        return found if all(found) else None

    def hashed(self, key: bytes) -> list[list[Any]]:
        """What may be kept of them: shape, number of tokens, keyed hash."""
        kept = {(str(shape), length, digest(key, shape, form)) for shape, length, form in shapes(self.words)}
        return sorted([list(one) for one in kept])


class Hashed:
    """Forms of which nothing is known but how long they are, and their keyed hashes."""

    def __init__(self, key: bytes, kept: Iterable[Iterable[Any]]) -> None:
        self._key = key
        self._kept: dict[Shape, set[str]] = {shape: set() for shape in Shape}
        self._lengths: dict[Shape, set[int]] = {shape: set() for shape in Shape}
        self._asked: dict[tuple[Shape, str], bool] = {}
        for shape, length, hexadecimal in kept:
            self._kept[Shape(shape)].add(hexadecimal)
            self._lengths[Shape(shape)].add(length)

    def lengths(self, shape: Shape) -> Iterable[int]:
        return sorted(self._lengths[shape])

    def knows(self, shape: Shape, said: str) -> bool:
        asked = shape, said
        if asked not in self._asked:
            if len(self._asked) > 500_000:
                self._asked.clear()
            self._asked[asked] = digest(self._key, shape, said) in self._kept[shape]
        return self._asked[asked]

    def begins(self, shape: Shape, token: str) -> bool:
        return True

    def may_stand_in(self, text: str) -> bool:
        return True

    def plain_parts(self) -> tuple[str, ...] | None:
        return None


def shapes(words: Iterable[str]) -> Iterator[tuple[Shape, int, str]]:
    """(shape, number of tokens, form) of all that is looked for because of these words."""
    for form in words:
        yield Shape.EXACT, len(_TOKEN.findall(form)), form
        folded = fold(form)
        if folded:
            yield Shape.FOLDED, len(_TOKEN.findall(folded)), folded
        parts = [fold(part) for part in _WORD.findall(form)]
        yield Shape.ADDRESS, len(parts), "-".join(parts)
        if len(parts) > 1:
            yield Shape.ADDRESS, 1, "".join(parts)


def digest(key: bytes, shape: str, form: str) -> str:
    return hmac.new(key, f"{shape}\0{form}".encode(), hashlib.sha256).hexdigest()


def _bare(text: str) -> str:
    """Its letters and digits alone, without case and accents: what is alike in any shape is the same here."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return _NEITHER.sub("", text.casefold())


def _ways_to_read(text: str) -> Iterator[str]:
    """As it is written, as it is seen, and as an address means it."""
    yield text
    if _UNSEEN.search(text):
        yield _UNSEEN.sub(lambda unseen: _stands_for(unseen[0]), text)
    if _ESCAPED.search(text):
        yield unquote_plus(text)


def _plain_part(form: str) -> str:
    """The longest run of plain letters and digits in one of its words: *lodie* of *Élodie*.

    Whatever stands between words, in an address other things may stand; of an accented letter neither the
    case nor the way in which it is composed is known, and of the letters beside it nothing changes.
    """
    return max(_PLAIN_LETTERS.findall(form), key=len, default="")


def composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def said(text: str) -> str:
    """With single blanks, as forms are compared."""
    return " ".join(text.split())


# Finding


def found(text: str, wanted: Wanted, *, is_address: bool = False) -> list[Span]:
    """Where the forms stand in a composed text, in order and apart: what overlaps is one place."""
    places = list(_exact(text, wanted, Shape.EXACT))
    if is_address:
        places += _in_address(text, wanted, 0)
    else:
        for token in _ADDRESS_LIKE.finditer(text):
            places += _in_address(token[0], wanted, token.start())
    return _merged(places)


def found_folded(text: str, wanted: Wanted) -> list[Span]:
    """The same in a sort key."""
    return _merged(_exact(text, wanted, Shape.FOLDED))


def _exact(text: str, wanted: Wanted, shape: Shape) -> Iterator[Span]:
    tokens = list(_TOKEN.finditer(text))
    lengths = list(wanted.lengths(shape))
    for number, token in enumerate(tokens):
        if not wanted.begins(shape, token[0]):
            continue
        start = token.start()
        for length in lengths:
            if number + length > len(tokens):
                continue
            end = tokens[number + length - 1].end()
            if wanted.knows(shape, said(text[start:end])) and _is_apart(text, start, end):
                yield Span(start, end)


def _is_apart(text: str, start: int, end: int) -> bool:
    """Whether no letter at an edge is only a part of one: its accents may be characters of their own."""
    if end < len(text) and joins(text[end]):
        return False
    return not (joins(text[start]) or (start and text[start].isalnum() and joins(text[start - 1])))


def _in_address(token: str, wanted: Wanted, offset: int) -> list[Span]:
    if _ESCAPED.search(token):
        # Where a letter of it stands cannot be said of what is escaped: all of it goes.
        plain = unquote_plus(token)
        if _exact_or_address(plain, wanted):
            return [Span(offset, offset + len(token))]
    words = list(_WORD.finditer(token))
    alone = bool(_ADDRESS.search(token)) or not offset
    spans = []
    for number, word in enumerate(words):
        if not (wanted.begins(Shape.ADDRESS, word[0])):
            continue
        for length in wanted.lengths(Shape.ADDRESS):
            if number + length > len(words) or (length == 1 and not alone):
                continue
            run = words[number : number + length]
            if wanted.knows(Shape.ADDRESS, "-".join(fold(one[0]) for one in run)):
                spans.append(Span(offset + run[0].start(), offset + run[-1].end()))
    return spans


def _exact_or_address(plain: str, wanted: Wanted) -> bool:
    if next(_exact(plain, wanted, Shape.EXACT), None):
        return True
    return not _ESCAPED.search(plain) and bool(_in_address(plain, wanted, 0))


def _merged(places: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(places):
        if merged and start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Span(start, end))
    return merged


# Replacing


def redacted(text: str, wanted: Wanted, *, is_address: bool = False, mask: str = "") -> str:
    """The text without the forms, marked-up or not; the very same text where there is none."""
    before = composed(text)
    if not wanted.may_stand_in(before):
        return text
    mask = mask or (PLAIN if is_address else MASK)
    after = before
    if not is_address and _UNSEEN.search(before):
        # First, or a form that is a part of another would leave the rest of it behind.
        after = _redacted_as_seen(before, wanted)
    after = _masked(after, found(after, wanted, is_address=is_address), mask)
    return text if after == before else after


def redacted_folded(text: str, wanted: Wanted) -> str:
    return _masked(text, found_folded(text, wanted), MASK)


def _masked(text: str, places: Iterable[Span], mask: str) -> str:
    parts, at = [], 0
    for start, end in places:
        parts += [text[at:start], mask]
        at = end
    return "".join([*parts, text[at:]])


def _seen(text: str) -> tuple[str, list[Span]]:
    """The text as it is seen, and where each of its characters stands in what is written."""
    shown: list[str] = []
    where: list[Span] = []

    def show(said: str, start: int, end: int | None = None) -> None:
        for number, character in enumerate(said):
            shown.append(character)
            where.append(Span(start, end) if end is not None else Span(start + number, start + number + 1))

    at = 0
    for unseen in _UNSEEN.finditer(text):
        show(text[at : unseen.start()], at)
        show(_stands_for(unseen[0]), unseen.start(), unseen.end())
        at = unseen.end()
    show(text[at:], at)
    return "".join(shown), where


def found_as_seen(text: str, wanted: Wanted) -> list[Span]:
    """Where forms stand that are there once marks of emphasis and the like are looked through."""
    if not _UNSEEN.search(text):
        return []
    seen, where = _seen(text)
    return [Span(where[start].start, where[end - 1].end) for start, end in _exact(seen, wanted, Shape.EXACT)]


def _redacted_as_seen(text: str, wanted: Wanted) -> str:
    seen, where = _seen(text)
    places = _merged(_exact(seen, wanted, Shape.EXACT)) if seen != text else []
    parts: list[str] = []
    at = 0
    for start, end in places:
        first = True
        for character in range(start, end):
            gone = where[character]
            if text[gone.start] == "<" and gone.end - gone.start > 1:
                continue  # a tag that stands for a blank stays
            if gone.end <= at:
                continue
            parts.append(text[at : gone.start])
            if first:
                parts.append(MASK)
                first = False
            at = gone.end
    return "".join([*parts, text[at:]])


def _stands_for(unseen: str) -> str:
    if unseen[0] == "&":
        return unescape(unseen)
    if unseen[0] == "<":
        name = _TAG_NAME.match(unseen)
        tag = name[1].lower() if name else ""
        parts_words = tag in _PARTING_TAGS if ":" in tag else tag not in _INLINE_TAGS
        return "\n" if parts_words else ""
    return ""


def redacted_data(data: Any, rewrite: Callable[[str], str]) -> Any:
    """JSON with every string in it, keys included, rewritten."""
    if isinstance(data, str):
        return rewrite(data)
    if isinstance(data, list):
        return [redacted_data(one, rewrite) for one in data]
    if isinstance(data, Mapping):
        return {rewrite(key): redacted_data(value, rewrite) for key, value in data.items()}
    return data


# A text with its blocks


@dataclass(frozen=True)
class Moves:
    """Where the offsets of a text went: what begins or ends inside replaced words takes all of the mask."""

    places: tuple[Span, ...]

    def start(self, offset: int) -> int:
        return self._moved(offset, inside=0)

    def end(self, offset: int) -> int:
        return self._moved(offset, inside=len(MASK))

    def _moved(self, offset: int, *, inside: int) -> int:
        shift = 0
        for start, end in self.places:
            if offset <= start:
                break
            if offset < end:
                return start + shift + inside
            shift += len(MASK) - (end - start)
        return offset + shift


def redacted_document(document: Document, wanted: Wanted) -> tuple[Document, Moves]:
    """The document without the forms, in its text, its links and its pictures; and where its offsets went.

    Words that a line end parts are replaced on each of its sides, so that blocks stay what they are.
    """
    places = _merged([*found(document.text, wanted), *found_as_seen(document.text, wanted)])
    moves = Moves(tuple(_within_blocks(document, places)))
    text = _masked(document.text, moves.places, MASK)
    blocks = tuple(_redacted_block(text, block, moves, wanted) for block in document.blocks)
    after = Document(text, blocks, _redacted_tags(document.tail, wanted))
    if after == document:
        return document, moves
    tidy = documents.parse(documents.write(after))
    return (tidy if tidy.text == text else after), moves


def _within_blocks(document: Document, places: Iterable[Span]) -> Iterator[Span]:
    for start, end in places:
        for block in document.blocks:
            if block.start < end and start < block.end:
                begin, stop = max(start, block.start), min(end, block.end)
                while begin < stop and document.text[begin].isspace():
                    begin += 1
                while begin < stop and document.text[stop - 1].isspace():
                    stop -= 1
                if begin < stop:
                    yield Span(begin, stop)


def _redacted_block(text: str, block: Block, moves: Moves, wanted: Wanted) -> Block:
    return replace(
        block,
        start=moves.start(block.start),
        end=moves.end(block.end),
        opens=_redacted_tags(block.opens, wanted),
        inlines=_redacted_inlines(text, block.inlines, moves, wanted),
    )


def _redacted_inlines(
    text: str, inlines: Iterable[Inline], moves: Moves, wanted: Wanted
) -> tuple[Inline, ...]:
    """Spans of one kind that meet in a mask become one; of two links the first has it."""
    kept: list[Inline] = []
    last: dict[str, int] = {}
    moved = (
        Inline(
            inline.kind,
            moves.start(inline.start),
            moves.end(inline.end),
            redacted(inline.href, wanted, is_address=True),
        )
        for inline in inlines
    )
    for inline in sorted(moved, key=lambda inline: inline.start):
        start, end = inline.start, inline.end
        before = kept[last[inline.kind]] if inline.kind in last else None
        if before is not None and start <= before.end:
            if before.href == inline.href:
                kept[last[inline.kind]] = replace(before, end=max(before.end, end))
                continue
            start = max(start, before.end)
        start, end = trim(text, start, max(start, end))
        if start < end:
            last[inline.kind] = len(kept)
            kept.append(replace(inline, start=start, end=end))
    return tuple(sorted(kept, key=lambda inline: (inline.start, -inline.end, inline.kind)))


def _redacted_tags(tags: Iterable[Tag], wanted: Wanted) -> tuple[Tag, ...]:
    return tuple(
        replace(
            tag,
            attrs=tuple(
                (name, redacted(value, wanted, is_address=name in ("src", "href")))
                for name, value in tag.attrs
            ),
        )
        for tag in tags
    )
