"""Word documents are read, and those that are made to harm are not opened."""

from __future__ import annotations

import io
import zipfile

import pytest

from newsroom.formats import docx
from newsroom.formats.docx import read
from newsroom.formats.pictures import EMBEDDED
from newsroom.formats.unreadable import Damaged, Declares, Empty, Inflated, TooLong
from tests.word import XML, packed, paragraph, parts, picture, word

PNG = b"\x89PNG un ponte"
BOLD = "<w:rPr><w:b/></w:rPr>"


def test_styles_become_the_subset() -> None:
    made = read(
        word(
            paragraph("Il ponte", "Title"),
            paragraph("Che cosa si sa", "Subtitle"),
            paragraph("È chiuso, dicono Ada &amp; Ugo."),
            paragraph("I tempi", "Heading1"),
            paragraph("Da maggio", properties=BOLD),
            author="Ada Neri",
        )
    )
    assert (made.headline, made.standfirst, made.byline) == ("Il ponte", "Che cosa si sa", "Ada Neri")
    assert made.html == (
        "<p>È chiuso, dicono Ada &amp; Ugo.</p>\n<h2>I tempi</h2>\n<p><strong>Da maggio</strong></p>"
    )


def test_a_document_without_a_heading_has_the_title_of_its_properties() -> None:
    assert read(word(paragraph("È chiuso."), title="Il ponte")).headline == "Il ponte"


def test_a_picture_is_taken_out() -> None:
    made = read(word(paragraph("Prima."), picture(alt="Il ponte da sud"), image=PNG))
    assert made.pictures == {EMBEDDED.format(0): PNG}
    assert f'<img src="{EMBEDDED.format(0)}" alt="Il ponte da sud">' in made.html


def test_a_picture_that_lies_elsewhere_is_not_looked_for() -> None:
    spoilt = parts(paragraph("Prima."), picture(), image=PNG)
    name = "word/_rels/document.xml.rels"
    for target in ("file:///etc/passwd", "http://127.0.0.1/a.png"):
        spoilt[name] = spoilt[name].replace(
            b'Target="media/1.png"', f'Target="{target}" TargetMode="External"'.encode()
        )
        made = read(packed(spoilt))
        assert made.pictures == {}
        assert EMBEDDED.format(0) in made.html


def test_an_empty_document_is_told() -> None:
    with pytest.raises(Empty):
        read(word(paragraph("  ")))


@pytest.mark.parametrize(
    "body",
    [
        b"PK\x03\x04",
        b"PK\x03\x04 non e uno zip",
        word(paragraph("a"))[:-40],
        packed({"altro.txt": b"niente"}),
        packed({"word/document.xml": b"<w:document>"}),
        packed({**parts(paragraph("a")), "word/document.xml": b"<html/>"}),
    ],
    ids=["nothing", "no zip", "cut off", "another zip", "broken XML", "other XML"],
)
def test_a_damaged_document_is_told(body: bytes) -> None:
    with pytest.raises((Damaged, Empty)):
        read(body)


def test_a_document_with_a_wrong_checksum_is_told() -> None:
    body = bytearray(word(paragraph("a" * 1000)))
    start = body.index(b"word/document.xml") + 60
    body[start : start + 8] = b"\xff" * 8
    with pytest.raises(Damaged):
        read(bytes(body))


# Bombs


def test_a_zip_bomb_is_not_unpacked() -> None:
    """A gigabyte of nothing in a megabyte: its declared size is enough to refuse it."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(100):
            archive.writestr(f"word/media/{number}.xml", b"\0" * 10_000_000)
    assert len(body.getvalue()) < 2_000_000
    with pytest.raises(Inflated):
        read(body.getvalue())


def test_a_zip_bomb_that_lies_about_its_size_is_not_unpacked() -> None:
    body = bytearray(packed({**parts(paragraph("a")), "bomb.xml": b"\0" * 200_000_000}))
    size = (200_000_000).to_bytes(4, "little")
    while size in body:
        at = body.index(size)
        body[at : at + 4] = (100).to_bytes(4, "little")
    with pytest.raises(Damaged):
        read(bytes(body))


def test_what_is_counted_while_it_is_read_has_its_own_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx, "_LARGEST_XML", 1000)
    with pytest.raises(Inflated):
        read(word(paragraph("a" * 2000)))


def test_a_document_of_very_many_parts_is_not_opened() -> None:
    with pytest.raises(Inflated):
        read(packed({f"{number}.xml": b"<a/>" for number in range(2001)}))


BILLION_LAUGHS = (
    '<!DOCTYPE w [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
EXTERNAL = '<!DOCTYPE w [<!ENTITY i SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declaration", [BILLION_LAUGHS, EXTERNAL, "<!DOCTYPE w>"])
@pytest.mark.parametrize("name", ["word/document.xml", "word/styles.xml", "docProps/core.xml", "_rels/.rels"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_that_declares_entities_is_not_opened(declaration: str, name: str, encoding: str) -> None:
    spoilt = parts(paragraph("&i;" if "document" in name else "a"))
    text = spoilt[name].decode().removeprefix(XML)
    spoilt[name] = f'<?xml version="1.0" encoding="{encoding}"?>{declaration}{text}'.encode(encoding)
    with pytest.raises(Declares):
        read(packed(spoilt))


def test_a_document_that_nests_without_end_is_refused() -> None:
    nested = "<w:sdt><w:sdtContent>" * 20_000 + paragraph("a") + "</w:sdtContent></w:sdt>" * 20_000
    with pytest.raises((TooLong, Damaged)):
        read(word(nested))
