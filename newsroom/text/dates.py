"""Dates that are known in part: the subset of EDTF (Library of Congress, ISO 8601-2) that the newsroom uses.

``2023``, ``2023-08``, ``2023-08-21``; behind it ``~`` approximate, ``?`` uncertain, ``%`` both; "" unknown.
The ``edtf`` package reads far more (seasons, intervals, unspecified digits) than a page here could print, and
stretches an approximate month over two years, so the few lines stand here.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Literal

Precision = Literal["day", "month", "year", "unknown"]

_EDTF = re.compile(r"(?P<year>[0-9]{4})(-(?P<month>[0-9]{2})(-(?P<day>[0-9]{2}))?)?(?P<doubt>[~?%])?")


def bounds(edtf: str) -> tuple[date | None, date | None]:
    """The earliest and latest day of what is written; both None for an unknown date.

    ``~`` and ``?`` do not widen it: how far they reach is not written. ValueError if ``edtf`` is not valid.
    """
    if not edtf:
        return None, None
    year, month, day, _ = _parts(edtf)
    earliest = date(year, month or 1, day or 1)
    last_month = month or 12
    return earliest, date(year, last_month, day or monthrange(year, last_month)[1])


def is_valid(edtf: str) -> bool:
    """Whether it is "" or a date of the subset that the calendar has, in the years 1 to 9999."""
    try:
        bounds(edtf)
    except ValueError:
        return False
    return True


def precision(edtf: str) -> Precision:
    """How far the date is known. ValueError if ``edtf`` is not valid."""
    if not edtf:
        return "unknown"
    _, month, day, _ = _parts(edtf)
    if day:
        return "day"
    return "month" if month else "year"


def is_approximate(edtf: str) -> bool:
    """Whether it says "about" (``~`` or ``%``). ValueError if ``edtf`` is not valid."""
    return bool(edtf) and _parts(edtf)[3] in ("~", "%")


def is_uncertain(edtf: str) -> bool:
    """Whether it says "perhaps" (``?`` or ``%``). ValueError if ``edtf`` is not valid."""
    return bool(edtf) and _parts(edtf)[3] in ("?", "%")


def _parts(edtf: str) -> tuple[int, int, int, str]:
    """Year, month, day (0 where it is not written) and the sign of doubt."""
    found = _EDTF.fullmatch(edtf)
    if found is None:
        raise ValueError(f"{edtf!r} is no date such as 2023, 2023-08 or 2023-08-21~")
    year, month, day = (int(part or 0) for part in found.group("year", "month", "day"))
    date(year, month if found["month"] else 1, day if found["day"] else 1)  # raises on what no calendar has
    return year, month, day, found["doubt"] or ""
