"""Files without the words that have to go: texts of any charset, and zips of texts such as Word documents.

What cannot be read as text (a PDF, a picture) cannot be rewritten: of such a file only whether the words
stand in it in the clear is known.
"""

from __future__ import annotations

import codecs
import unicodedata
from io import BytesIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from newsroom.text.redaction import PLAIN, Wanted, found, redacted

_TEXTS_IN_ZIPS = (".xml", ".rels", ".txt", ".html", ".xhtml", ".opf", ".ncx", ".json", ".csv")
_MARKS = {"utf-8-sig": codecs.BOM_UTF8, "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)}
#: Bytes that a zip may unpack to; a larger one is taken for one that cannot be read.
_MOST = 200 * 1024**2


class Unreadable(ValueError):
    """No text. `tells`: the words stand in it in the clear all the same."""

    def __init__(self, *, tells: bool) -> None:
        self.tells = tells
        super().__init__("This file cannot be read as text.")


def redacted_file(content: bytes, wanted: Wanted) -> bytes:
    """The file without the forms; the very same bytes where there is none. Raises Unreadable."""
    if content.startswith(b"PK\x03\x04"):
        return _redacted_zip(content, wanted)
    charset = _charset(content)
    if charset is None:
        clear = content.decode("utf-8", "ignore") + content.decode("utf-16-le", "ignore")
        raise Unreadable(tells=bool(found(unicodedata.normalize("NFC", clear), wanted)))
    return _redacted_text(content, charset, wanted)


def _charset(content: bytes) -> str | None:
    for mark, charset in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return charset
    if b"\0" in content or content.startswith(b"%PDF"):
        return None
    for charset in ("utf-8", "cp1252", "latin-1"):
        try:
            content.decode(charset)
        except UnicodeDecodeError:
            continue
        return charset
    return None


def _redacted_text(content: bytes, charset: str, wanted: Wanted) -> bytes:
    try:
        text = content.decode(charset)
    except UnicodeDecodeError:
        raise Unreadable(tells=False) from None
    after = redacted(text, wanted)
    if after == text:
        return content
    # Of an old charset the mask is written as HTML would.
    return after.encode(charset, "xmlcharrefreplace")


def _redacted_zip(content: bytes, wanted: Wanted) -> bytes:
    try:
        with ZipFile(BytesIO(content)) as before:
            members = before.infolist()
            if sum(member.file_size for member in members) > _MOST:
                raise Unreadable(tells=False)
            written, changed = BytesIO(), False
            with ZipFile(written, "w", ZIP_DEFLATED) as after:
                for member in members:
                    was = now = before.read(member)
                    if member.filename.lower().endswith(_TEXTS_IN_ZIPS):
                        now = _redacted_text(was, "utf-8", wanted)
                    name = redacted(member.filename, wanted, is_address=True, mask=PLAIN)
                    changed = changed or now != was or name != member.filename
                    after.writestr(name, now)
    # A password, a compression that nobody here knows, a damaged file: zipfile names each otherwise.
    except (BadZipFile, RuntimeError, NotImplementedError, OSError):
        raise Unreadable(tells=False) from None
    return written.getvalue() if changed else content
