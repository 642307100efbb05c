"""What comes in, by its kind: which format reads it."""

from __future__ import annotations

from pathlib import PurePath

from django.utils.translation import gettext as _

from . import docx, html_page, markdown, plain_text
from .decoding import decode
from .draft import Draft
from .unreadable import WrongKind

TEXT, MARKDOWN, HTML, WORD = "text", "markdown", "html", "word"

#: How a file is called, in the order in which a person would name them.
ENDINGS = {
    ".txt": TEXT, ".text": TEXT, ".md": MARKDOWN, ".markdown": MARKDOWN, ".html": HTML, ".htm": HTML,
    ".xhtml": HTML, ".docx": WORD,
}  # fmt: skip
TYPES = {
    "text/plain": TEXT,
    "text/markdown": MARKDOWN,
    "text/html": HTML,
    "application/xhtml+xml": HTML,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": WORD,
}

#: PDF, RTF, zip, pictures, Word before 2007: what is called .txt by mistake, and is no text.
_NO_TEXT = (b"%PDF", b"{\\rtf", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0")


def kind_of(file_name: str) -> str:
    """The kind of a file by its name. Raises WrongKind if it is none that is read."""
    try:
        return ENDINGS[PurePath(file_name.lower()).suffix]
    except KeyError:
        raise WrongKind from None


def content_type(kind: str) -> str:
    return next(content_type for content_type, name in TYPES.items() if name == kind)


def ending(content_type: str) -> str:
    """How a file of this type is called; "" if it is none that is read."""
    kind = TYPES.get(content_type)
    return next((suffix for suffix, name in ENDINGS.items() if name == kind), "")


def read(body: bytes, kind: str, *, charset: str = "", url: str = "") -> Draft:
    """The draft of these bytes. `charset` is what was declared, `url` where it was. Raises Unreadable."""
    if kind == WORD:
        if not body.startswith(docx.MAGIC):
            raise WrongKind
        return docx.read(body)
    if body.startswith(_NO_TEXT):
        raise WrongKind
    if kind == HTML:
        charset = charset or html_page.declared_charset(body)
    decoded = decode(body, charset)
    draft = read_text(decoded.text, kind, url=url)
    if decoded.guessed:
        guessed = _("Its characters were taken for %(charset)s: see whether the accents are right.")
        draft = draft.warned(guessed % {"charset": decoded.charset})
    return draft


def read_text(text: str, kind: str, *, url: str = "") -> Draft:
    """The draft of a text whose characters are known. Raises Unreadable."""
    match kind:
        case "html":
            return html_page.read(text, url=url)
        case "markdown":
            return markdown.read(text)
    return plain_text.read(text)
