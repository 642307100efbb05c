"""Words quoted from another page of the same text are found by what they say."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.requoted import requoted

TEXT = "Il ponte è aperto.\nIl ponte costa dieci milioni.\nIl ponte è aperto, dice il sindaco."


def words(*asked: Any) -> str | None:
    found = requoted(TEXT, *asked)
    return None if found is None else TEXT[found[0] : found[1]]


def test_words_that_stand_once_are_found_whatever_is_around_them() -> None:
    assert words("costa dieci", "altro ", " altro") == "costa dieci"


def test_blanks_are_those_of_the_other_page() -> None:
    assert words("aperto.\n\n    Il  ponte costa") == "aperto.\nIl ponte costa"
    assert words("  costa\tdieci \n") == "costa dieci"


def test_of_equal_words_those_with_the_same_around_them_are_meant() -> None:
    assert requoted(TEXT, "Il ponte è aperto", "", ", dice il") == (49, 66)
    assert requoted(TEXT, "Il ponte è aperto", "", ".\n  Il ponte costa") == (0, 17)


def test_of_equal_words_without_anything_around_them_the_hint_decides_or_nothing() -> None:
    assert requoted(TEXT, "Il ponte", hint=19) == (19, 27)
    assert requoted(TEXT, "Il ponte", hint=20) is None
    assert requoted(TEXT, "Il ponte") is None


def test_words_that_are_not_there_are_nowhere() -> None:
    assert requoted(TEXT, "Il fiume") is requoted(TEXT, " ") is requoted("", "a") is None


@given(st.text("ab \n", min_size=1, max_size=40), st.data())
def test_what_is_found_says_the_same_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = requoted(text, text[start:end], text[:start], text[end:], start)
    if found is None:
        return
    assert text[found[0] : found[1]].split() == text[start:end].split()
    assert text[found[0] : found[1]].strip() == text[found[0] : found[1]]
