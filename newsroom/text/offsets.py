"""Code points ↔ UTF-16 units. Offsets are code points everywhere but in a browser, and this is its door.

The two differ by one for each character beyond U+FFFF (emoji, historic scripts) that stands before the
offset.
"""

from __future__ import annotations

import re
from bisect import bisect_left

_TWO_UNITS = re.compile("[\U00010000-\U0010ffff]")


class Utf16Offsets:
    """Many conversions on one text: built in one pass, each O(log n) of the characters beyond U+FFFF."""

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._wide = [found.start() for found in _TWO_UNITS.finditer(text)]
        self._wide_units = [offset + index for index, offset in enumerate(self._wide)]

    @property
    def length(self) -> int:
        """The length of the text in UTF-16 units."""
        return self._length + len(self._wide)

    def to_utf16(self, offset: int) -> int:
        """The UTF-16 offset of a code point offset. ValueError unless ``0 <= offset <= len(text)``."""
        if not 0 <= offset <= self._length:
            raise ValueError(f"{offset} is outside a text of {self._length} characters")
        return offset + bisect_left(self._wide, offset)

    def from_utf16(self, units: int) -> int:
        """The code point offset of a UTF-16 one. ValueError outside the text or inside a surrogate pair."""
        if not 0 <= units <= self._length + len(self._wide):
            raise ValueError(f"{units} is outside a text of {self._length + len(self._wide)} UTF-16 units")
        before = bisect_left(self._wide_units, units)
        if before and self._wide_units[before - 1] == units - 1:
            raise ValueError(f"{units} is inside a surrogate pair")
        return units - before


def to_utf16(text: str, offset: int) -> int:
    """One conversion by ``Utf16Offsets.to_utf16``."""
    return Utf16Offsets(text).to_utf16(offset)


def from_utf16(text: str, units: int) -> int:
    """One conversion by ``Utf16Offsets.from_utf16``."""
    return Utf16Offsets(text).from_utf16(units)
