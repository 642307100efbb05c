"""What is kept of a document, and the words in it: a page of the web, a text, a Word document.

A PDF or a picture is kept as it is. Nobody looks for words in it but a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from newsroom.text import document

from . import html_page, incoming
from .decoding import decode
from .unreadable import Empty, NoMainText, NoSuchCopy

#: How a file begins whose words are not read -> its type.
_AS_IT_IS = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}
_ENDINGS = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
}

#: What a person may choose in a file dialog.
ACCEPTED = (*incoming.ENDINGS, *_ENDINGS.values(), ".jpeg")


@dataclass(frozen=True, slots=True)
class Read:
    """`text` is the main text, `whole` all that stands on a page; both are empty of what is kept as it is."""

    content_type: str
    text: str = ""
    whole: str = ""


def read(body: bytes, content_type: str, *, charset: str = "", url: str = "") -> Read:
    """The words of something of a type that is fetched. Raises Unreadable."""
    kind = incoming.TYPES[content_type]
    if kind == incoming.HTML:
        return _page(body, content_type, charset=charset, url=url)
    draft = incoming.read(body, kind, charset=charset, url=url)
    return Read(content_type, _joined(draft.headline, draft.document.text))


def read_file(body: bytes, file_name: str) -> Read:
    """The words of a file that somebody has. Raises Unreadable, of what is none of these kinds too."""
    for beginning, content_type in _AS_IT_IS.items():
        if body.startswith(beginning):
            return Read(content_type)
    kind = incoming.ENDINGS.get(PurePath(file_name.lower()).suffix)
    if kind is None:
        raise NoSuchCopy
    return read(body, incoming.content_type(kind))


def ending(content_type: str) -> str:
    """How a copy of this type is called; "" if nobody knows."""
    return _ENDINGS.get(content_type) or incoming.ending(content_type)


def _page(body: bytes, content_type: str, *, charset: str, url: str) -> Read:
    """A page without the text of an article is one all the same: a table, a list, a register."""
    try:
        draft = incoming.read(body, incoming.HTML, charset=charset, url=url)
        text = _joined(draft.headline, draft.standfirst, draft.document.text)
    except NoMainText:
        text = ""
    charset = charset or html_page.declared_charset(body)
    source = decode(body, charset).text
    whole = document.parse(html_page.within_bounds(source)).text
    if not (text or whole):
        raise Empty
    return Read(content_type, text or whole, whole)


def _joined(*texts: str) -> str:
    return "\n".join(filter(None, texts))
