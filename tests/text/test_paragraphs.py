"""Typed text made tidy, and parted into paragraphs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.paragraphs import paragraphs, tidy


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Uno\r\ndue\rtre", "Uno\ndue\ntre"),
        ("  Uno  due \n", "Uno due"),
        ("Uno\n \n\n\n\tdue", "Uno\n\ndue"),
        ("\n\n\n", ""),
        ("", ""),
        ("e\u0301 cosi\u0300", "é così"),
        ("zero\u200blarghezza\x00", "zerolarghezza"),
    ],
)
def test_what_is_typed_is_kept_tidy(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


def test_paragraphs_are_parted_by_an_empty_line() -> None:
    text = "Uno\ndue\n\ntre"
    assert [text[start:end] for start, end in paragraphs(text)] == ["Uno\ndue", "tre"]
    assert paragraphs("") == []


@given(st.text(alphabet="a \n\r\t\u2028", max_size=40))
def test_tidying_twice_changes_nothing_and_paragraphs_lose_nothing(typed: str) -> None:
    text = tidy(typed)
    assert tidy(text) == text
    assert "\n\n".join(text[start:end] for start, end in paragraphs(text)) == text
