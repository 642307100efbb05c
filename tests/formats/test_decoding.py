"""Text in any charset is read as what was written, and what is no text is refused."""

from __future__ import annotations

import codecs

import pytest

from newsroom.formats.decoding import decode
from newsroom.formats.unreadable import WrongKind

ITALIAN = "Perché il ponte è chiuso? La città non lo sa: «È così», dice. Costerà 10 € – forse."
WITHOUT_TYPOGRAPHY = "Perché il ponte è chiuso? La città non lo sa: «È così», dice."


def test_utf_8_is_known_whatever_was_declared() -> None:
    for declared in ("", "utf-8", "iso-8859-1", "nonsense", "rot13"):
        found = decode(ITALIAN.encode(), declared)
        assert (found.text, found.charset, found.guessed) == (ITALIAN, "utf-8", False)


@pytest.mark.parametrize(
    ("mark", "charset"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_byte_order_mark_is_believed_and_is_no_text(mark: bytes, charset: str) -> None:
    assert decode(mark + ITALIAN.encode(charset)).text == ITALIAN


@pytest.mark.parametrize("text", [ITALIAN, "È così.", "perché", "naïve café", "Größe der Straße", "été"])
def test_windows_1252_is_guessed(text: str) -> None:
    found = decode(text.encode("cp1252"))
    assert (found.text, found.charset, found.guessed) == (text, "windows-1252", True)


def test_latin_1_is_guessed() -> None:
    assert decode(WITHOUT_TYPOGRAPHY.encode("latin-1")).text == WITHOUT_TYPOGRAPHY


@pytest.mark.parametrize("label", ["iso-8859-1", "ISO-8859-1", "latin1", "us-ascii", "windows-1252"])
def test_what_the_web_calls_latin_1_is_windows_1252(label: str) -> None:
    found = decode(ITALIAN.encode("cp1252"), label)
    assert (found.text, found.charset, found.guessed) == (ITALIAN, "windows-1252", False)


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Привет, как дела? Это мост через реку.", "windows-1251"),
        ("Zażółć gęślą jaźń, most jest zamknięty", "iso-8859-2"),
        ("Η γέφυρα είναι κλειστή από χθες", "windows-1253"),
        ("橋は閉鎖されています。", "shift_jis"),
        (ITALIAN, "utf-16-le"),
    ],
)
def test_a_declared_charset_is_believed_if_the_text_can_be_in_it(text: str, charset: str) -> None:
    assert decode(text.encode(charset), charset.upper()).text == text


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Привет, как дела? Это мост через реку.", "cp1251"),
        ("Zażółć gęślą jaźń, most jest zamknięty", "cp1250"),
    ],
)
def test_other_scripts_are_guessed_as_well(text: str, charset: str) -> None:
    assert decode(text.encode(charset)).text == text


def test_utf_16_without_a_mark_is_guessed() -> None:
    assert decode(ITALIAN.encode("utf-16-le")).text == ITALIAN


@pytest.mark.parametrize(
    "body",
    [bytes(range(256)) * 4, b"\0" * 100, b"MZ\x90\0\x03\0\0\0" + bytes(range(128)), b"\x7fELF\x02\x01\x01\0"],
)
def test_bytes_that_are_no_text_are_refused(body: bytes) -> None:
    with pytest.raises(WrongKind):
        decode(body)


def test_nothing_is_an_empty_text() -> None:
    assert decode(b"").text == ""
