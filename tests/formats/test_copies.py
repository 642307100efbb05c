"""What is kept of a document, and the words in it."""

from __future__ import annotations

import pytest

from newsroom.formats import copies
from newsroom.formats.unreadable import Inflated, Unreadable
from tests.local_web import SENTENCE, page
from tests.making import image
from tests.word import packed, paragraph, parts, word


def test_a_page_has_its_main_text_and_all_its_words() -> None:
    source = page().replace("<body>", "<body><nav>Menù del giorno</nav>")
    read = copies.read(source.encode(), "text/html", url="https://a.example/")
    assert SENTENCE.strip() in read.text and "Menù" not in read.text
    assert "Menù del giorno" in read.whole and SENTENCE.strip() in read.whole


def test_a_page_without_an_article_is_all_its_words() -> None:
    read = copies.read(b"<html><body><table><tr><td>2019</td></tr></table></body></html>", "text/html")
    assert "2019" in read.text


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.txt", SENTENCE.encode()),
        ("a.md", f"**{SENTENCE.strip()}**".encode()),
        ("a.docx", word(paragraph(SENTENCE))),
        ("A.HTML", f"<p>{SENTENCE}</p>".encode()),
    ],
)
def test_files_that_can_be_read_are(name: str, body: bytes) -> None:
    assert SENTENCE.strip() in copies.read_file(body, name).text


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"%PDF-1.7 ...", "application/pdf"), (image(), "image/png"), (image(form="JPEG"), "image/jpeg")],
)
def test_a_pdf_or_a_picture_is_kept_as_it_is_whatever_it_is_called(body: bytes, content_type: str) -> None:
    read = copies.read_file(body, "atto.txt")
    assert (read.content_type, read.text, read.whole) == (content_type, "", "")
    assert copies.ending(content_type)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"MZ\x90", "a.exe"),
        (b"PK\x03\x04", "a.zip"),
        (b"", "a.txt"),
        (b"\0\1\2\3" * 100, "a.txt"),
        (b"<html><body></body></html>", "a.html"),
        (b"PK\x03\x04 damaged", "a.docx"),
        (b"Il ponte.", "senza-estensione"),
    ],
)
def test_anything_else_is_refused_by_name(body: bytes, name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        copies.read_file(body, name)
    assert str(refused.value)


def test_a_zip_bomb_is_not_unpacked() -> None:
    with pytest.raises(Inflated):
        copies.read_file(packed({**parts(paragraph("a")), "bomb.xml": b"\0" * 200_000_000}), "a.docx")
