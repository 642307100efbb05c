from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.offsets import Utf16Offsets, from_utf16, to_utf16

TEXTS = st.text(st.sampled_from("aè😀👩🏽\u200d\ufe0f𝒜ש\u0301") | st.characters(), max_size=30)


@given(TEXTS)
def test_offsets_are_those_of_the_text_encoded_in_utf_16_and_come_back(text: str) -> None:
    offsets = Utf16Offsets(text)
    inside = set(range(len(text.encode("utf-16-le", "surrogatepass")) // 2 + 1))
    for offset in range(len(text) + 1):
        units = len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2
        assert offsets.to_utf16(offset) == to_utf16(text, offset) == units
        assert offsets.from_utf16(units) == from_utf16(text, units) == offset
        inside.remove(units)
    for units in inside:
        with pytest.raises(ValueError, match="surrogate pair"):
            offsets.from_utf16(units)


@pytest.mark.parametrize("outside", [-1, 4])
def test_an_offset_outside_the_text_is_refused(outside: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        to_utf16("a😀b", outside)
    with pytest.raises(ValueError, match="outside"):
        from_utf16("a😀b", outside if outside < 0 else outside + 1)
