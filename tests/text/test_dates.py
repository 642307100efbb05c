from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.dates import bounds, is_approximate, is_uncertain, is_valid, precision

DOUBTS = st.sampled_from(["", "~", "?", "%"])


@given(st.dates(), DOUBTS)
def test_a_date_lies_in_the_bounds_of_its_day_month_and_year(day: date, doubt: str) -> None:
    assert bounds(f"{day}{doubt}") == (day, day)
    for cut in (4, 7):
        earliest, latest = bounds(f"{str(day)[:cut]}{doubt}")
        assert earliest is not None and latest is not None
        assert earliest <= day <= latest
        assert str(earliest)[:cut] == str(latest)[:cut] == str(day)[:cut]
        assert earliest.day == 1
        assert latest == date.max or (latest + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("edtf", "known", "approximate", "uncertain"),
    [
        ("", "unknown", False, False),
        ("2023", "year", False, False),
        ("2023-08", "month", False, False),
        ("2023-08~", "month", True, False),
        ("2023-08-21", "day", False, False),
        ("2023-08-21?", "day", False, True),
        ("2023%", "year", True, True),
    ],
)
def test_a_date_says_how_far_it_is_known(edtf: str, known: str, approximate: bool, uncertain: bool) -> None:
    assert is_valid(edtf)
    assert precision(edtf) == known
    assert is_approximate(edtf) is approximate
    assert is_uncertain(edtf) is uncertain


def test_an_unknown_date_has_no_bounds() -> None:
    assert bounds("") == (None, None)


@pytest.mark.parametrize("day", ["2023-02-29", "2023-13", "2023-00", "2023-08-00", "0000"])
@pytest.mark.parametrize("ask", [bounds, precision, is_approximate, is_uncertain])
def test_a_date_that_no_calendar_has_is_refused(day: str, ask: Callable[[str], object]) -> None:
    assert not is_valid(day)
    with pytest.raises(ValueError):
        ask(day)


@pytest.mark.parametrize(
    "other",
    [
        "agosto 2023",
        "23",
        "2023-8",
        "2023-08-21T10:00",
        " 2023",
        "2023\n",
        "2023~?",
        "2023/2024",
        "202X",
        "２０２３",
    ],
)
def test_what_the_newsroom_does_not_use_is_refused(other: str) -> None:
    assert not is_valid(other)
