"""CoNLL-2003 (https://www.clips.uantwerpen.be/conll2003/ner/): a word a line, its named entity in IOB2.

    -DOCSTART- -X- -X- O

    Milano _ _ B-LOC

The format knows words and names, and no more: claims, attributions, the blanks between words and what is
known of anything are lost. People, organisations and places are PER, ORG and LOC, the rest is MISC.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO

from django.utils.translation import gettext as _

from newsroom.text.sentences import sentences

from . import archives, json_text
from .annotated import (
    MENTION,
    AnnotatedText,
    BadFile,
    Losses,
    Part,
    Room,
    Tag,
    checked,
    in_line,
    trimmed,
    without_lost,
)
from .tokens import tokens

ROOM = Room(html=False, metadata=False, parts=False, links=False)

_START = "-DOCSTART-"
_CLASSES = {"person": "PER", "organisation": "ORG", "place": "LOC"}
_KINDS = {name: kind for kind, name in _CLASSES.items()}
_OTHER = "MISC"


def write(texts: Iterable[AnnotatedText], losses: Losses) -> Iterator[bytes]:
    for number, text in enumerate(texts, start=1):
        yield _document(reduced(text, losses, number))


def reduced(text: AnnotatedText, losses: Losses, number: int) -> AnnotatedText:
    """What CoNLL-2003 has a place for; `number` counts the texts of a file, and is their id afterwards."""
    text = trimmed(ROOM.reduced(text, losses), losses)
    others = [tag for tag in text.tags if tag.kind != MENTION]
    if others:
        losses.add("tag", others[0].kind, times=len(others))
    kept: list[Tag] = []
    for tag in text.tags:
        if tag.kind != MENTION:
            continue
        [part] = tag.parts
        if kept and part.start < kept[-1].end:
            losses.add("overlap", tag.id)
            continue
        name = _CLASSES.get(tag.known.get("entity_kind", ""), _OTHER)
        known = {"entity_kind": _KINDS[name]} if name in _KINDS else {"label": _OTHER}
        if known != tag.known:
            losses.add("attributes", ", ".join(key for key in tag.known if key not in known))
        kept.append(Tag(tag.id, MENTION, (Part(part.start, part.end),), known))
    if kept:
        losses.add("ids", kept[0].id, times=len(kept))
    if text.id != str(number):
        losses.add("text", text.id)
    text = without_lost(replace(text, tags=tuple(kept)), losses)
    return _tidied(replace(text, id=str(number)), losses)


def read(file: BinaryIO, losses: Losses) -> Iterator[AnnotatedText]:
    reading = _Reading()
    for number, line, ended in _lines(file):
        if ended or line.startswith(_START):
            reading.end_sentence()
            if line.startswith(_START) and (text := reading.text()):
                yield text
            continue
        reading.word(line, in_line(number))
    reading.end_sentence()
    if text := reading.text():
        yield text


def _lines(file: BinaryIO) -> Iterator[tuple[int, str, bool]]:
    """Lines by number, and whether a blank one stands before them."""
    last = 0
    for number, line in json_text.lines(file):
        if number > last + 1:
            yield number, "", True
        last = number
        yield number, archives.decoded(line, in_line(number)), False


def _tidied(text: AnnotatedText, losses: Losses) -> AnnotatedText:
    """Words parted by one blank, sentences by one line feed, the tags moved along."""
    bounds = [start for start, _end in sentences(text.text, text.lang or "it")]
    places = tokens(text)
    pieces: list[str] = []
    moved: dict[int, int] = {}
    length = sentence = 0
    for number, (start, end) in enumerate(places):
        this = bisect_left(bounds, start + 1)
        if number:
            pieces.append("\n" if this != sentence else " ")
            length += 1
        sentence = this
        moved[start] = length
        pieces.append(text.text[start:end])
        length += end - start
        moved[-end] = length
    words = "".join(pieces)
    if words != text.text:
        losses.add("blanks", text.text)
    tags = []
    for number, tag in enumerate(text.tags, start=1):
        [part] = tag.parts
        at = Part(moved[part.start], moved[-part.end])
        tags.append(Tag(str(number), MENTION, (at,), tag.known))
    return replace(text, text=words, tags=tuple(tags))


def _document(text: AnnotatedText) -> bytes:
    lines = [f"{_START} -X- -X- O", ""]
    tags = iter(text.tags)
    tag = next(tags, None)
    at = 0
    for sentence in text.text.split("\n"):
        for word in sentence.split(" "):
            while tag is not None and tag.end <= at:
                tag = next(tags, None)
            label = "O"
            if tag is not None and tag.start <= at:
                name = _CLASSES.get(tag.known.get("entity_kind", ""), _OTHER)
                label = f"{'B' if tag.start == at else 'I'}-{name}"
            lines.append(f"{word} _ _ {label}")
            at += len(word) + 1
        lines.append("")
    return ("\n".join(lines) + "\n").encode()


class _Reading:
    """The texts of a file, in the making."""

    def __init__(self) -> None:
        self.count = 0
        self._begin()

    def _begin(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.between = ""
        self.tags: list[tuple[str, int, int]] = []
        self.where = ""

    def word(self, line: str, where: str) -> None:
        columns = line.split()
        label = columns[-1]
        if len(columns) < 2 or not (label == "O" or label[:2] in ("B-", "I-")) or len(label) == 2:
            raise BadFile(where=where, why=_("This is no word with its class, such as “Milano _ _ B-LOC”."))
        self.where = self.where or where
        self.pieces += (self.between, columns[0])
        start = self.length + len(self.between)
        end = self.length = start + len(columns[0])
        name = label[2:]
        if label != "O":
            last = self.tags[-1] if self.tags else None
            # In IOB1 a name begins with I, unless another of its class stands right before it.
            goes_on = label[0] == "I" and last is not None and last[0] == name and last[2] == start - 1
            if goes_on and self.between == " ":
                self.tags[-1] = (name, last[1], end)
            else:
                self.tags.append((name, start, end))
        self.between = " "

    def end_sentence(self) -> None:
        self.between = "\n" if self.pieces else ""

    def text(self) -> AnnotatedText | None:
        if not self.pieces:
            return None
        self.count += 1
        tags = tuple(
            Tag(
                str(number),
                MENTION,
                (Part(start, end),),
                {"entity_kind": _KINDS[name]} if name in _KINDS else {"label": name},
            )
            for number, (name, start, end) in enumerate(self.tags, start=1)
        )
        text = checked(AnnotatedText(str(self.count), "".join(self.pieces), tags=tags), self.where)
        self._begin()
        return text
