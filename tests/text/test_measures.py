"""Figures that say how well something is told apart or ranked."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.measures import average_precision, macro_f1

PAIRS = st.lists(st.tuples(st.booleans(), st.booleans()))
RANKED = st.lists(st.tuples(st.floats(0, 1), st.booleans()))


def test_who_says_always_the_same_does_half_as_well_as_the_larger_sort() -> None:
    assert macro_f1([(True, False), *[(False, False)] * 3]) == pytest.approx(3 / 7)
    assert macro_f1([(True, True), (False, False)]) == 1
    assert macro_f1([]) == 0


def test_the_right_ones_at_the_head_are_worth_most() -> None:
    assert average_precision([(0.9, True), (0.8, True), (0.1, False)]) == 1
    assert average_precision([(0.9, False), (0.8, True)]) == 0.5
    assert average_precision([(0.5, True), (0.5, False)]) == 0.5
    assert average_precision([(0.5, False)]) == average_precision([]) == 0


@given(PAIRS)
def test_it_is_a_share_whatever_is_measured_and_alike_for_both_sorts(pairs: list[tuple[bool, bool]]) -> None:
    assert 0 <= macro_f1(pairs) <= 1
    assert macro_f1((not so, not said) for so, said in pairs) == pytest.approx(macro_f1(pairs))


@given(RANKED, st.randoms())
def test_a_ranking_is_a_share_in_any_order(ranked: list[tuple[float, bool]], chance: Random) -> None:
    mixed = list(ranked)
    chance.shuffle(mixed)
    assert 0 <= average_precision(mixed) == average_precision(ranked) <= 1
