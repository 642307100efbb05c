"""The words of a PDF, as far as a program can read them."""

from __future__ import annotations

import re
from io import BytesIO
from typing import NamedTuple

from pypdf import PdfReader

MAGIC = b"%PDF-"

#: A word that a line's end parts.
_PARTED = re.compile(r"(?<=\w)[-\xad]\s*\n\s*(?=\w)")


class Words(NamedTuple):
    """`all_of_it`: nothing in it is for the eye alone, as a scanned page is."""

    text: str
    all_of_it: bool


def words_of(content: bytes) -> Words:
    """The text of every page and what the file says of itself, words that a line parts joined as well."""
    said: list[str] = []
    all_of_it = True
    try:
        reader = PdfReader(BytesIO(content))
        said += map(str, (reader.metadata or {}).values())
        for page in reader.pages:
            said.append(page.extract_text())
            all_of_it = all_of_it and bool(said[-1].strip()) and not page.images
    except Exception:  # the reader raises whatever a damaged file makes of its assumptions
        all_of_it = False
    text = "\n".join(said)
    joined = _PARTED.sub("", text)
    return Words(text if joined == text else f"{text}\n{joined}", all_of_it)
