"""Files without the words that have to go: texts of any charset, and zips of texts such as Word documents.

A PDF can be read and not rewritten: it goes as a whole if the words stand in it. What is for the eye (a
picture, a scanned page) a person has to look at.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
import zlib
from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from newsroom.text.redaction import MASK, PLAIN, Wanted, found, redacted

from . import pdfs

_TEXTS_IN_ZIPS = (
    ".xml", ".rels", ".txt", ".html", ".xhtml", ".opf", ".ncx", ".json", ".csv", ".md",
    # Of texts with their tags: brat, WebAnno, CoNLL, doccano.
    ".ann", ".conf", ".tsv", ".conll", ".conllu", ".jsonl",
)  # fmt: skip
#: A letter as JSON may write it, in one unit or in two, where no backslash takes its meaning away.
_ESCAPED = re.compile(r"(?<!\\)((?:\\\\)*)((?:\\u[0-9a-fA-F]{4})+)")
#: How deep zips in zips are looked into.
_DEPTH = 2
_MARKS = {"utf-8-sig": codecs.BOM_UTF8, "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)}
_ZIP = b"PK\x03\x04"
#: Bytes that a zip may unpack to; a larger one is taken for one that cannot be read.
_MOST = 200 * 1024**2
#: Bytes within which a PDF says that it is one.
_BEGINNING = 1024


class Seen(Enum):
    """How much of a file was looked into: a picture in it is for a person's eyes."""

    ALL, A_PART, NOTHING = range(3)


@dataclass(frozen=True, slots=True)
class Look:
    """A file after a look into it.

    `content` is the file without the forms, and the very same bytes where there is none. `as_a_whole`: it
    could not be rewritten, and goes.
    """

    content: bytes
    seen: Seen = Seen.ALL
    as_a_whole: bool = False


#: A picture of one grey point (WebP): it stands where a picture stood that had to go.
_POINT = bytes.fromhex("524946461e000000574542505650384c110000002f000000000750c00216b0ff8188e87f0000")


def look_into(content: bytes, wanted: Wanted) -> Look:
    if content.startswith(_ZIP):
        return _zip(content, wanted)
    if pdfs.MAGIC in content[:_BEGINNING]:
        text, seen_all = pdfs.words_of(content)
        if _tells(text, wanted):
            return gone()
        return Look(content) if seen_all else _for_the_eye(content, wanted, text)
    charset = _charset(content)
    if charset is None:
        return _for_the_eye(content, wanted)
    try:
        return Look(_text(content, charset, wanted))
    except UnicodeDecodeError:
        return _for_the_eye(content, wanted)


def gone() -> Look:
    """Of a file that cannot be rewritten."""
    return Look(MASK.encode(), as_a_whole=True)


def blotted(*, is_picture: bool) -> Look:
    """Of a file that a person looked at and marked to go."""
    return Look(_POINT, as_a_whole=True) if is_picture else gone()


def _for_the_eye(content: bytes, wanted: Wanted, text: str = "") -> Look:
    """What is no text may have some in the clear all the same."""
    clear = content.decode("utf-8", "ignore") + content.decode("utf-16-le", "ignore")
    if _tells(clear, wanted):
        return gone()
    return Look(content, Seen.A_PART if text.strip() else Seen.NOTHING)


def _tells(text: str, wanted: Wanted) -> bool:
    return bool(found(unicodedata.normalize("NFC", text), wanted))


def _charset(content: bytes) -> str | None:
    for mark, charset in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return charset
    if b"\0" in content:
        return None
    for charset in ("utf-8", "cp1252", "latin-1"):
        try:
            content.decode(charset)
        except UnicodeDecodeError:
            continue
        return charset
    return None


def _text(content: bytes, charset: str, wanted: Wanted) -> bytes:
    text = content.decode(charset)
    after = redacted(text, wanted)
    if "\\u" in after:
        plain = _ESCAPED.sub(_unescaped, after)
        without = redacted(plain, wanted)
        after = without if without != plain else after
    if after == text:
        return content
    # Of an old charset the mask is written as HTML would.
    return after.encode(charset, "xmlcharrefreplace")


def _unescaped(found: re.Match[str]) -> str:
    """Letters as they are; signs that JSON must write otherwise stay, and halves of letters."""
    units = [int(unit, 16) for unit in found[2].split("\\u")[1:]]
    letters = b"".join(unit.to_bytes(2, "big") for unit in units).decode("utf-16-be", "surrogatepass")
    return found[1] + "".join(letter if _is_plain(letter) else f"\\u{ord(letter):04x}" for letter in letters)


def _is_plain(letter: str) -> bool:
    return letter > "\x1f" and letter not in '"\\' and not "\ud800" <= letter <= "\udfff"


def _zip(content: bytes, wanted: Wanted, *, depth: int = _DEPTH) -> Look:
    try:
        with ZipFile(BytesIO(content)) as before:
            members = before.infolist()
            if sum(member.file_size for member in members) > _MOST:
                return Look(content, Seen.NOTHING)
            written, changed, seen = BytesIO(), False, Seen.ALL
            with ZipFile(written, "w", ZIP_DEFLATED) as after:
                for member in members:
                    was = now = before.read(member)
                    if member.filename.lower().endswith(_TEXTS_IN_ZIPS):
                        now = _text(was, "utf-8", wanted)
                    elif depth > 1 and was.startswith(_ZIP):
                        inner = _zip(was, wanted, depth=depth - 1)
                        now = inner.content
                        seen = seen if inner.seen is Seen.ALL else Seen.A_PART
                    elif was:
                        seen = Seen.A_PART
                    name = redacted(member.filename, wanted, is_address=True, mask=PLAIN)
                    changed = changed or now != was or name != member.filename
                    after.writestr(name, now)
    # A password, a compression that nobody here knows, a damaged file: zipfile names each otherwise.
    except (BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, zlib.error, UnicodeDecodeError):
        return Look(content, Seen.NOTHING)
    return Look(written.getvalue() if changed else content, seen)
