"""Pictures of an article: found in its text, drawn anew, given their place.

No picture is kept as it came. It is decoded and drawn again as WebP, so that what is served is a picture and
nothing else: no metadata (a photograph knows where it was taken), no script, no second file hidden behind it.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace

from PIL import Image, ImageOps, UnidentifiedImageError

from newsroom.text import document
from newsroom.text.document import Document, Tag

#: Where a picture that came along is, until it has its address here: a name that nobody can have (RFC 2606).
EMBEDDED_SITE = "https://embedded.invalid/"
EMBEDDED = EMBEDDED_SITE + "{}.png"

CONTENT_TYPE = "image/webp"
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
#: Points before it is decoded: a file of some kilobytes can unpack to gigabytes.
_POINTS = 50_000_000
#: The longest side afterwards, and the shortest of what is no ornament or counter.
_LONGEST, _SHORTEST = 1600, 32


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as it is kept and served, as WebP."""

    body: bytes
    width: int
    height: int


def draw(body: bytes) -> Drawn | None:
    """The picture drawn anew; None if it is none that can be read, too large, or a mere dot."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a bomb it warns at a limit that is not ours
            with Image.open(io.BytesIO(body), formats=FORMATS) as opened:
                if opened.width * opened.height > _POINTS or min(opened.size) < _SHORTEST:
                    return None
                lossless = opened.format != "JPEG"
                image = ImageOps.exif_transpose(opened)
                image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    image.thumbnail((_LONGEST, _LONGEST))
    written = io.BytesIO()
    image.save(written, "WEBP", lossless=lossless, quality=82)
    return Drawn(written.getvalue(), *image.size)


def addresses(html: str) -> list[str]:
    """The `src` of each picture of a text, once, in order."""
    parsed = document.parse(html)
    tags = [tag for block in parsed.blocks for tag in block.opens] + list(parsed.tail)
    return list(dict.fromkeys(_src(tag) for tag in tags if tag.name == "img"))


def placed(html: str, places: Mapping[str, str]) -> str:
    """The same text with each picture at its new address; one that has none is gone."""
    parsed = document.parse(html)
    moved = Document(
        parsed.text,
        tuple(replace(block, opens=_moved(block.opens, places)) for block in parsed.blocks),
        _moved(parsed.tail, places),
    )
    # Written and read again, so that a figure without its picture goes as well, if it has no caption.
    return document.write(document.parse(document.write(moved)))


def _moved(tags: tuple[Tag, ...], places: Mapping[str, str]) -> tuple[Tag, ...]:
    kept = []
    for tag in tags:
        if tag.name != "img":
            kept.append(tag)
        elif place := places.get(_src(tag)):
            kept.append(
                Tag("img", tuple((name, place if name == "src" else value) for name, value in tag.attrs))
            )
    return tuple(kept)


def _src(tag: Tag) -> str:
    return dict(tag.attrs).get("src", "")
