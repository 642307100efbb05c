"""What XML may hold."""

from __future__ import annotations

import re

#: Neither written nor escaped may these stand in XML 1.0.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """The text without the characters that no XML may hold."""
    return _ILLEGAL.sub("", text)
