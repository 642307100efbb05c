"""Pictures are drawn anew, small and without what a photograph knows; in the text they find their place."""

from __future__ import annotations

import io
import zlib

import pytest
from PIL import Image

from newsroom.formats.pictures import addresses, draw, placed
from tests.making import image

TEXT = (
    '<p>Prima.</p>\n<figure><img src="https://a.example/1.jpg" alt="Uno">'
    "<figcaption>Uno</figcaption></figure>\n"
    '<p>Poi.</p>\n<figure><img src="https://a.example/2.jpg" alt=""></figure>'
)


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("GIF", "P"),
        ("WEBP", "RGB"),
    ],
)
def test_a_picture_is_drawn_as_webp(form: str, mode: str) -> None:
    drawn = draw(image(mode=mode, form=form))
    assert drawn is not None
    made = Image.open(io.BytesIO(drawn.body))
    assert (made.format, made.size, (drawn.width, drawn.height)) == ("WEBP", (80, 60), (80, 60))


def test_transparency_stays() -> None:
    drawn = draw(image(mode="RGBA", colour="#ff000080"))
    assert drawn is not None
    assert Image.open(io.BytesIO(drawn.body)).mode == "RGBA"


def test_what_a_photograph_knows_is_forgotten_but_which_side_is_up() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "Casa di Nerina"
    drawn = draw(image((80, 60), form="JPEG", exif=exif))
    assert drawn is not None
    made = Image.open(io.BytesIO(drawn.body))
    assert made.size == (60, 80)
    assert not made.getexif() and b"Nerina" not in drawn.body


def test_a_large_picture_is_made_smaller() -> None:
    drawn = draw(image((3200, 1000)))
    assert drawn is not None
    assert (drawn.width, drawn.height) == (1600, 500)


def bomb() -> bytes:
    """A PNG whose header promises 60,000 × 60,000 points."""
    header = b"IHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    return image()[:12] + header + zlib.crc32(header).to_bytes(4, "big") + image()[33:]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x89PNG un ponte",
        image()[:60],
        image((16, 400)),
        image((1, 1), form="GIF"),
        bomb(),
        b'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="60"/>',
        image(form="TIFF"),
        image(form="PDF"),
    ],
    ids=["nothing", "none", "cut off", "a rule", "a dot", "a bomb", "SVG", "TIFF", "PDF"],
)
def test_what_cannot_be_drawn_is_left_out(body: bytes) -> None:
    assert draw(body) is None


def test_what_hides_behind_a_picture_is_gone() -> None:
    drawn = draw(image() + b"<script>alert(1)</script>")
    assert drawn is not None
    assert b"script" not in drawn.body


def test_the_pictures_of_a_text_are_found_in_order() -> None:
    assert addresses(TEXT) == ["https://a.example/1.jpg", "https://a.example/2.jpg"]


def test_a_picture_finds_its_place_and_one_without_a_place_goes() -> None:
    html = placed(TEXT, {"https://a.example/1.jpg": "/pictures/1.webp"})
    assert '<img src="/pictures/1.webp" alt="Uno">' in html
    assert addresses(html) == ["/pictures/1.webp"]
    assert html.endswith("<p>Poi.</p>")


def test_a_caption_stays_when_its_picture_goes() -> None:
    assert "<figcaption>Uno</figcaption>" in placed(TEXT, {})
    assert addresses(placed(TEXT, {})) == []
