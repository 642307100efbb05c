"""Bytes → text, whatever they were written in.

A declared charset is often wrong, so what can be known goes first: a byte order mark, or that the bytes are
valid UTF-8, which no other text is by chance. After the declared one comes windows-1252, which is what the
web and every Western desk mean by latin-1; it is taken if the text then looks like one (charset-normalizer
judges), and only then is guessed among all.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from .unreadable import WrongKind

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Labels that stand for windows-1252 on the web (WHATWG Encoding Standard).
_WESTERN = {"ascii", "us-ascii", "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "l1", "cp1252"}
#: Those that are charsets of the web: Python knows others, which are none.
_CHARSET = re.compile(
    "utf-16(le|be)?|iso-?8859-1?[0-9]|(windows-|cp)(125[0-8]|866|874)|koi8-[ru]|mac(intosh|-?roman)|"
    "gb2312|gbk|gb18030|big5|euc-(jp|kr)|iso-2022-jp|shift[-_]jis"
)
_CONTROLS = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, the charset that it was read by, and whether that was guessed."""

    text: str
    charset: str
    guessed: bool = False


def decode(body: bytes, declared: str = "") -> Decoded:
    """The text of these bytes. Raises WrongKind if they are no text."""
    found = _known(body) or _declared(body, declared) or _guessed(body)
    if found is None or len(_CONTROLS.findall(found.text)) > len(found.text) // 100:
        raise WrongKind
    return found


def _known(body: bytes) -> Decoded | None:
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return _by(charset, body[len(mark) :])
    return _by("utf-8", body) if b"\0" not in body else None


def _declared(body: bytes, declared: str) -> Decoded | None:
    label = declared.strip().lower()
    label = "windows-1252" if label in _WESTERN else label
    return _by(label, body) if _CHARSET.fullmatch(label) else None


def _guessed(body: bytes) -> Decoded | None:
    best = from_bytes(body, cp_isolation=["cp1252"]).best() or from_bytes(body).best()
    if best is None:
        return None
    charset = "windows-1252" if best.encoding == "cp1252" else best.encoding.replace("_", "-")
    return Decoded(str(best), charset, guessed=True)


def _by(charset: str, body: bytes) -> Decoded | None:
    try:
        return Decoded(body.decode(charset), charset)
    except (UnicodeDecodeError, LookupError):
        return None
