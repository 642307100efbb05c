from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.selectors import Match, Selector, describe, match, occurrences
from tests.text.hostile import TEXTS

REPETITIVE = st.text("ab", max_size=60) | st.text("a", max_size=40) | TEXTS


@given(REPETITIVE, st.integers(0, 40), st.data())
def test_any_span_of_any_text_is_found_again_by_its_description(
    text: str, context: int, data: st.DataObject
) -> None:
    text += "a"
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    selector = describe(text, start, end, context=context)
    assert selector.prefix + selector.exact + selector.suffix in text
    found = match(text, selector)
    assert found is not None
    assert (found.start, found.end, found.score) == (start, end, 1.0)


@given(REPETITIVE, REPETITIVE, st.text("ab", min_size=1, max_size=4))
def test_a_match_always_stands_on_the_exact_words(text: str, other: str, exact: str) -> None:
    found = match(text, Selector(exact, other[:5], other[5:10], 3, 3 + len(exact)))
    assert (found is None) == (exact not in text)
    if found is not None:
        assert text[found.start : found.end] == exact
        assert 0 <= found.score <= 1


@given(REPETITIVE, st.text("ab", min_size=1, max_size=4))
def test_occurrences_are_all_places_of_the_words_overlapping_ones_too(text: str, exact: str) -> None:
    assert occurrences(text, exact) == [at for at in range(len(text)) if text.startswith(exact, at)]


def test_a_description_keeps_the_words_on_both_sides() -> None:
    assert describe("uno due tre", 4, 7, context=3) == Selector("due", "no ", " tr", 4, 7)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (2, 1), (-1, 2), (0, 4), (4, 5)])
def test_a_place_that_is_none_has_no_description(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no place"):
        describe("abc", start, end)


@pytest.mark.parametrize(
    ("text", "selector", "found"),
    [
        ("il cane", Selector("gatto", "", ""), None),
        ("il cane", Selector("", "", ""), None),
        # Once: with no context, the whole of it, less than half of each side, half of one.
        ("il cane", Selector("cane", "", ""), Match(3, 7, 1.0, certain=True)),
        ("il cane", Selector("cane", "il ", ""), Match(3, 7, 1.0, certain=True)),
        ("il cane", Selector("cane", "un gatto il ", " dorme"), Match(3, 7, 3 / 18, certain=False)),
        ("il cane", Selector("cane", "qui il ", " dorme"), Match(3, 7, 3 / 13, certain=False)),
        ("e il cane", Selector("cane", "qui il ", " dorme"), Match(5, 9, 4 / 13, certain=True)),
        # More than once: the whole context around one only, around both, around neither.
        ("a cane b, c cane d", Selector("cane", "c ", " d"), Match(12, 16, 1.0, certain=True)),
        ("a cane b, a cane b", Selector("cane", "a ", " b", 9, 13), Match(12, 16, 1.0, certain=False)),
        ("a cane b, c cane d", Selector("cane", "x, c ", " e"), Match(12, 16, 5 / 7, certain=False)),
        # Nothing but the position is left to choose by; without one, the first.
        ("cane cane cane", Selector("cane", "", "", 6, 10), Match(5, 9, 1.0, certain=False)),
        ("cane cane cane", Selector("cane", "", ""), Match(0, 4, 1.0, certain=False)),
        # Context comes before position.
        ("a cane b, c cane d", Selector("cane", "c ", " d", 2, 6), Match(12, 16, 1.0, certain=True)),
    ],
)
def test_context_decides_then_the_position_and_doubt_is_said(
    text: str, selector: Selector, found: Match | None
) -> None:
    assert match(text, selector) == found
