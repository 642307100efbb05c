from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.characters import canonical, is_latin, joins
from tests.text.hostile import TEXTS


def test_whatever_composes_with_the_character_before_it_is_known_to_join() -> None:
    for number in range(sys.maxunicode + 1):
        parts = unicodedata.decomposition(chr(number)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            composed = unicodedata.normalize("NFC", "".join(chr(int(part, 16)) for part in parts))
            assert joins(chr(int(parts[1], 16))) or len(composed) == 2


@given(TEXTS)
def test_a_canonical_line_is_canonical(text: str) -> None:
    line, _ = canonical(text)
    assert canonical(line) == (line, [])
    assert unicodedata.is_normalized("NFC", line)


@given(st.data())
def test_edges_stay_in_order_and_cut_the_same_line(data: st.DataObject) -> None:
    text = data.draw(TEXTS)
    edges = sorted(data.draw(st.lists(st.integers(0, len(text)))))
    line, moved = canonical(text, edges)
    assert line == canonical(text)[0]
    assert moved == sorted(moved) and len(moved) == len(edges)
    assert all(0 <= edge <= len(line) for edge in moved)


def test_an_edge_goes_with_the_words_that_it_parts() -> None:
    assert canonical(" a \n b ", [0, 2, 4, 5, 7]) == ("a b", [0, 1, 2, 2, 3])
    assert canonical("\u200be\u0301t", [1, 2, 3]) == ("ét", [0, 1, 1])


def test_what_writing_needs_is_kept_and_what_is_no_text_is_dropped() -> None:
    assert (
        canonical("👩\u200d👧 🏴\U000e0067\U000e007f ️a\u200cb \u200fש")[0]
        == "👩\u200d👧 🏴\U000e0067\U000e007f ️a\u200cb \u200fש"
    )
    assert canonical("a\0b\x1bc\xadd\u200be\ufefff\ud800g\ufffch")[0] == "abcdefgh"
    assert canonical(" \u200e\u2066 ")[0] == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il ponte è aperto", True),
        ("الجسر مفتوح", False),
        ("IBM и Мета", False),
        ("12 %", False),
        ("", False),
    ],
)
def test_a_text_is_latin_if_most_of_its_letters_are(text: str, expected: bool) -> None:
    assert is_latin(text) is expected
