"""CoNLL-U (https://universaldependencies.org/format.html): a word a line, tags in the column MISC.

We have no trees: those columns are `_`. `# newdoc`, `# newpar`, `# sent_id`, `# text` and `SpaceAfter=No`
are the standard's own; blanks that these cannot tell are in `SpacesAfter` and `SpacesBefore`, as UDPipe
writes them. A word's `Tags=B-person:1,I-claim:2` says which tags begin or go on there, by number, in IOB2;
the comment `# controluce = {…}` at the beginning of a document has what is known of each number and of the
article. Without it, a tag is what its label says.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from newsroom.text.sentences import sentences

from . import archives, json_text
from .annotated import (
    PLAIN_LABELS,
    AnnotatedText,
    BadFile,
    Link,
    Losses,
    Part,
    Room,
    Tag,
    checked,
    in_line,
    label_of,
    meaning_of_part,
    trimmed,
)
from .tokens import tokens

ROOM = Room()

_ABOUT = "# controluce = "
_ESCAPES = {" ": "\\s", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
_PLAIN = {"s": " ", "t": "\t", "n": "\n", "r": "\r", "p": "|", "\\": "\\"}
_TAG = re.compile(r"([BI])-([^,:|]+(?::[a-z]+)?)(?::(\d{1,9}))?", re.ASCII)


def write(texts: Iterable[AnnotatedText], losses: Losses) -> Iterator[bytes]:
    for text in texts:
        yield _document(trimmed(ROOM.reduced(text, losses), losses))


def read(file: BinaryIO, losses: Losses) -> Iterator[AnnotatedText]:
    reading = _Reading()
    last = 0
    for number, body in json_text.lines(file):
        where = in_line(number)
        line = archives.decoded(body, where)
        if number > last + 1:
            reading.end_sentence()
        last = number
        if line.startswith("#"):
            if re.match(r"#\s*newdoc\b", line) and (text := reading.text(losses)):
                yield text
                reading = _Reading(count=reading.count + 1)
            reading.comment(line, where)
        else:
            reading.word(line, where)
    if text := reading.text(losses):
        yield text


def _document(text: AnnotatedText) -> bytes:
    words = text.text
    places = tokens(text)
    begins = [start for start, _end in places]
    misc: list[list[str]] = [[] for _place in places]
    parts = [(tag, part) for tag in text.tags for part in tag.parts]
    for number, (tag, part) in enumerate(parts, start=1):
        label = label_of(tag, PLAIN_LABELS)
        first, last = bisect_left(begins, part.start), bisect_left(begins, part.end)
        for index in range(first, last):
            misc[index].append(f"{'B' if index == first else 'I'}-{label}:{number}")
    bounds = [start for start, _end in sentences(words, text.lang or "it")]
    lines = [f"# newdoc id = {archives.file_name(text.id)}", _ABOUT + _about(text)]
    sentence, count = -1, 0
    for index, (start, end) in enumerate(places):
        this = bisect_right(bounds, start)
        if this != sentence:
            if sentence >= 0:
                lines.append("")
            sentence, count = this, 0
            if index == 0 or "\n" in words[places[index - 1][1] : start]:
                lines.append("# newpar")
            stop = index
            while stop < len(places) and bisect_right(bounds, places[stop][0]) == this:
                stop += 1
            lines.append(f"# sent_id = {archives.file_name(text.id).replace(' ', '%20')}-{this}")
            lines.append(f"# text = {_said(words, places[index:stop])}")
        count += 1
        about = [f"Tags={','.join(misc[index])}"] if misc[index] else []
        if index == 0 and start > 0:
            about.append(f"SpacesBefore={_escaped(words[:start])}")
        after = words[end : places[index + 1][0] if index + 1 < len(places) else len(words)]
        if after == "":
            about.append("SpaceAfter=No")
        elif after != " ":
            about.append(f"SpacesAfter={_escaped(after)}")
        lines.append("\t".join([str(count), words[start:end], *"_______", "|".join(sorted(about)) or "_"]))
    lines += ["", ""] if places else [""]
    return "\n".join(lines).encode()


def _said(words: str, places: list[tuple[int, int]]) -> str:
    """The sentence as `# text` has it: one blank where there are any."""
    pieces = []
    for index, (start, end) in enumerate(places):
        if index and places[index - 1][1] < start:
            pieces.append(" ")
        pieces.append(words[start:end])
    return "".join(pieces)


def _about(text: AnnotatedText) -> str:
    number = 0
    tags = []
    for tag in text.tags:
        parts = []
        for part in tag.parts:
            number += 1
            parts.append([number, part.role])
        tags.append({"id": tag.id, "kind": tag.kind, "parts": parts, "known": dict(tag.known)})
    about: dict[str, Any] = {
        "id": text.id,
        "lang": text.lang,
        "html": text.html,
        "known": dict(text.known),
        "tags": tags,
        "links": [list(link) for link in text.links],
    }
    return json_text.dumps({name: value for name, value in about.items() if value}).decode()


def _escaped(blanks: str) -> str:
    return "".join(_ESCAPES.get(blank) or f"\\u{ord(blank):04x}" for blank in blanks)


def _unescaped(said: str) -> str:
    return _ESCAPED.sub(
        lambda found: chr(int(found[1], 16)) if found[1] else _PLAIN.get(found[2], found[2]), said
    )


@dataclass(slots=True)
class _Reading:
    """The documents of a file, in the making."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    #: What stands between the last word and the next; None where a blank is meant, or a new paragraph.
    between: str | None = ""
    new_paragraph: bool = False
    spans: dict[Any, tuple[str, int, int]] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    where: str = ""
    count: int = 1
    skip_to: int = 0
    begun: bool = False

    def comment(self, line: str, where: str) -> None:
        if found := re.fullmatch(r"#\s*newdoc(?:\s+id\s*=\s*(.*))?", line):
            self.name = archives.unquote((found[1] or "").strip())
        elif re.match(r"#\s*newpar\b", line):
            self.new_paragraph = True
        elif line.startswith(_ABOUT):
            self.about = json_text.obj(json_text.value(line[len(_ABOUT) :].encode(), where), where)

    def end_sentence(self) -> None:
        self.skip_to = 0

    def word(self, line: str, where: str) -> None:
        columns = line.split("\t")
        if len(columns) != 10:
            raise BadFile(where=where, why=_("A word of CoNLL-U has ten columns, parted by tabs."))
        self.where = self.where or where
        number, form, misc = columns[0], columns[1], columns[9]
        if "." in number:
            return
        first, _dash, last = number.partition("-")
        if not all(re.fullmatch(r"\d{1,6}", end, re.ASCII) for end in (first, last or first)):
            raise BadFile(
                where=where, why=_("“%(number)s” is no number of a word.") % {"number": number[:40]}
            )
        if last:
            # The words that this one is made of follow, and are no text of their own.
            self.skip_to = int(last)
        elif int(first) <= self.skip_to:
            return
        said = dict(item.partition("=")[::2] for item in misc.split("|")) if misc != "_" else {}
        if not self.begun:
            self.between = _unescaped(said.get("SpacesBefore", ""))
            self.begun = True
        elif self.between is None:
            self.between = "\n" if self.new_paragraph else " "
        self.new_paragraph = False
        start = self.length + len(self.between)
        self.pieces += (self.between, form)
        self.length = end = start + len(form)
        if said.get("SpaceAfter") == "No":
            self.between = ""
        elif "SpacesAfter" in said:
            self.between = _unescaped(said["SpacesAfter"])
        else:
            self.between = None
        self._tag(said.get("Tags", ""), start, end, where)

    def _tag(self, said: str, start: int, end: int, where: str) -> None:
        for item in filter(None, said.split(",")):
            found = _TAG.fullmatch(item)
            if not found:
                raise BadFile(where=where, why=_("“%(tag)s” is no tag.") % {"tag": item[:40]})
            begins, label, number = found.groups()
            key: Any = int(number) if number else label
            if key in self.spans and begins == "I":
                self.spans[key] = (label, self.spans[key][1], end)
            elif key in self.spans and number:
                raise BadFile(where=where, why=_("Two tags are called “%(tag)s”.") % {"tag": number})
            else:
                if key in self.spans:
                    self.spans[len(self.spans), label] = self.spans.pop(key)
                self.spans[key] = (label, start, end)

    def text(self, losses: Losses) -> AnnotatedText | None:
        """The document that was read until here; None if nothing was."""
        if not self.pieces:
            return None
        if self.between:
            self.pieces.append(self.between)
        about, where = self.about, self.where
        tags = _tags(about, self.spans, losses, where) if "tags" in about else _labelled(self.spans)
        known = json_text.obj(about.get("known", {}), where)
        text = AnnotatedText(
            id=json_text.words(about.get("id") or self.name or str(self.count), "id", where),
            text="".join(self.pieces),
            lang=json_text.words(about.get("lang", ""), "lang", where),
            html=json_text.words(about.get("html", ""), "html", where),
            known={name: json_text.words(value, name, where) for name, value in known.items()},
            tags=tags,
            links=tuple(_link(item, where) for item in json_text.array(about.get("links"), "links", where)),
        )
        return checked(text, where)


def _labelled(spans: Mapping[Any, tuple[str, int, int]]) -> tuple[Tag, ...]:
    tags = []
    for number, (label, start, end) in enumerate(spans.values(), start=1):
        kind, known, role = meaning_of_part(label)
        tags.append(Tag(str(number), kind, (Part(start, end, role),), known))
    return tuple(tags)


def _tags(
    about: Mapping[str, Any], spans: Mapping[Any, tuple[str, int, int]], losses: Losses, where: str
) -> tuple[Tag, ...]:
    """What the comment says of each number, at the places that the words say."""
    tags = []
    for item in json_text.array(about["tags"], "tags", where):
        item = json_text.obj(item, where)
        parts = []
        for pair in json_text.array(item.get("parts"), "parts", where):
            number, role = (*json_text.array(pair, "parts", where), None, None)[:2]
            if type(number) is int and number in spans:
                _label, start, end = spans[number]
                parts.append(Part(start, end, json_text.words(role, "role", where)))
        name = json_text.words(item.get("id"), "id", where)
        if not parts:
            losses.add("tag", name)
            continue
        known = json_text.obj(item.get("known", {}), where)
        said = {key: json_text.words(value, key, where) for key, value in known.items()}
        tags.append(Tag(name, json_text.words(item.get("kind"), "kind", where), tuple(parts), said))
    return tuple(tags)


def _link(item: Any, where: str) -> Link:
    ends = [json_text.words(end, "links", where) for end in json_text.array(item, "links", where)]
    if len(ends) != 3:
        raise BadFile(where=where, why=_("A relation has two ends."))
    return Link(*ends)
