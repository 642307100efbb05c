"""What comes in is read by its kind, and is refused by name if it is of none."""

from __future__ import annotations

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from newsroom.formats import unreadable
from newsroom.formats.incoming import HTML, MARKDOWN, TEXT, WORD, content_type, kind_of, read, read_text
from newsroom.formats.unreadable import Empty, Unreadable, WrongKind
from newsroom.text import document
from tests.text.hostile import HTML as HOSTILE_HTML
from tests.text.hostile import TEXTS
from tests.word import paragraph, word

WORDS = "Perché il ponte è chiuso? La città non lo sa."


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ponte.txt", TEXT),
        ("PONTE.TXT", TEXT),
        ("il ponte.bozza.md", MARKDOWN),
        ("ponte.html", HTML),
        ("ponte.htm", HTML),
        ("ponte.docx", WORD),
    ],
)
def test_a_file_is_known_by_its_ending(name: str, kind: str) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    "name", ["ponte", "ponte.pdf", "ponte.doc", "ponte.odt", "ponte.exe", ".txt.zip", ""]
)
def test_other_endings_are_refused(name: str) -> None:
    with pytest.raises(WrongKind):
        kind_of(name)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (WORDS.encode(), TEXT),
        (WORDS.encode(), MARKDOWN),
        (f"<p>{WORDS}</p>".encode(), HTML),
        (word(paragraph(WORDS)), WORD),
    ],
)
def test_each_kind_is_read(body: bytes, kind: str) -> None:
    assert read(body, kind).html == f"<p>{WORDS}</p>"


@pytest.mark.parametrize("kind", [TEXT, MARKDOWN, HTML])
def test_latin_1_is_read_and_the_guess_is_said(kind: str) -> None:
    made = read(WORDS.encode("latin-1"), kind)
    assert made.document.text == WORDS
    assert ["windows-1252" in warning for warning in made.warnings] == [True]


def test_a_page_in_the_charset_that_it_declares_is_no_guess() -> None:
    body = f'<meta charset="iso-8859-1"><p>{WORDS}</p>'.encode("latin-1")
    made = read(body, HTML)
    assert (made.document.text, made.warnings) == (WORDS, ())


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7\n1 0 obj << >> endobj",
        b"{\\rtf1\\ansi Il ponte}",
        word(paragraph("a")),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        bytes(range(256)),
    ],
)
@pytest.mark.parametrize("kind", [TEXT, MARKDOWN, HTML])
def test_another_kind_under_a_false_name_is_refused(body: bytes, kind: str) -> None:
    with pytest.raises(WrongKind):
        read(body, kind)


def test_a_text_that_is_called_docx_is_refused() -> None:
    with pytest.raises(WrongKind):
        read(WORDS.encode(), WORD)


@pytest.mark.parametrize("kind", [TEXT, MARKDOWN, HTML])
def test_nothing_is_refused_as_empty(kind: str) -> None:
    for body in (b"", b" \n\t ", "\u200b\ufeff".encode()):
        with pytest.raises(Empty):
            read(body, kind)
        with pytest.raises(Empty):
            read_text(body.decode(), kind)


@given(st.one_of(HOSTILE_HTML, TEXTS), st.sampled_from([TEXT, MARKDOWN, HTML]), st.booleans())
def test_whatever_comes_is_a_normal_draft_or_a_reason(source: str, kind: str, whole: bool) -> None:
    """Normal: in the subset, as it is written, so nothing else is in it (tests/text/test_document.py).

    Whole: with so much text around it that a page's main text is found.
    """
    if whole:
        source = f"<html><body><article><p>{WORDS * 8}</p>{source}<p>{WORDS * 8}</p></article></body></html>"
    try:
        made = read_text(source, kind, url="https://a.example/" if whole else "")
    except Unreadable:
        return
    assert document.write(document.parse(made.html)) == made.html
    assert made.document.text


@given(st.binary(max_size=400), st.sampled_from([TEXT, MARKDOWN, HTML, WORD]))
def test_any_bytes_are_a_draft_or_a_reason(body: bytes, kind: str) -> None:
    for given_bytes in (body, b"PK\x03\x04" + body):
        try:
            read(given_bytes, kind)
        except Unreadable:
            continue


def test_a_kind_has_its_content_type() -> None:
    assert content_type(HTML) == "text/html"
    assert content_type(TEXT) == "text/plain"


def test_each_reason_speaks_the_language_of_the_page() -> None:
    named = [reason for reason in Unreadable.__subclasses__() if reason.__module__ == unreadable.__name__]
    reasons = [reason(limit="10 MB") for reason in named]
    assert len(reasons) == 8 and unreadable.WrongKind in named
    for reason in reasons:
        with translation.override("en"):
            english = str(reason)
        with translation.override("it"):
            italian = str(reason)
        assert english and italian and english != italian
