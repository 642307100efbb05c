"""The map of claims as lengths: nothing overlaps, every arc joins its claims, always the same."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.arcs import NEAR, NEAR_SHARE, PITCH, TALL, Arc, Edge, lay_out


@st.composite
def maps(draw: st.DrawFn) -> tuple[int, list[Edge]]:
    number = draw(st.integers(0, 60))
    if number < 2:
        return number, []
    ends = st.lists(st.integers(0, number - 1), min_size=2, max_size=2, unique=True)
    edges = st.builds(lambda pair, left: Edge(*pair, left), ends, st.booleans())
    return number, draw(st.lists(edges, max_size=120))


def beyond(arc: Arc, y: float) -> float:
    """How far out the half of an ellipse is at a height."""
    half, middle = abs(arc.end - arc.start) / 2, (arc.start + arc.end) / 2
    return arc.reach * max(0.0, 1 - ((y - middle) / half) ** 2) ** 0.5


@given(maps())
def test_no_two_claims_overlap_and_all_stand_in_order(given: tuple[int, list[Edge]]) -> None:
    number, edges = given
    drawing = lay_out(number, edges)
    assert len(drawing.tops) == number
    for upper, lower in zip(drawing.tops, drawing.tops[1:], strict=False):
        assert upper + TALL < lower
    assert all(top >= 0 and top + TALL <= drawing.height for top in drawing.tops)


@given(maps())
def test_every_arc_joins_its_claims(given: tuple[int, list[Edge]]) -> None:
    number, edges = given
    drawing = lay_out(number, edges)
    assert [arc.edge for arc in drawing.arcs] == edges
    for arc in drawing.arcs:
        for claim, y in ((arc.edge.source, arc.start), (arc.edge.target, arc.end)):
            assert drawing.tops[claim] < y < drawing.tops[claim] + TALL
        assert 0 < arc.reach <= 1


@given(maps())
def test_it_is_the_same_each_time(given: tuple[int, list[Edge]]) -> None:
    number, edges = given
    assert lay_out(number, edges) == lay_out(number, list(edges))


@given(maps())
def test_no_two_arcs_meet_a_claim_at_one_point(given: tuple[int, list[Edge]]) -> None:
    number, edges = given
    met: dict[tuple[int, bool], list[float]] = {}
    for arc in lay_out(number, edges).arcs:
        met.setdefault((arc.edge.source, arc.edge.left), []).append(arc.start)
        met.setdefault((arc.edge.target, arc.edge.left), []).append(arc.end)
    assert all(len(points) == len(set(points)) for points in met.values())


@given(maps())
def test_arcs_that_end_at_one_claim_lie_inside_one_another(given: tuple[int, list[Edge]]) -> None:
    """The longer one lies outside over the whole length of the shorter one: they never cross."""
    number, edges = given
    by_claim: dict[tuple[int, bool, bool], list[Arc]] = {}
    for arc in lay_out(number, edges).arcs:
        for here, there in (
            (arc.edge.source, arc.edge.target),
            (arc.edge.target, arc.edge.source),
        ):
            by_claim.setdefault((here, arc.edge.left, there < here), []).append(arc)
    for arcs in by_claim.values():
        for one, other in combinations(arcs, 2):
            inner, outer = sorted((one, other), key=lambda arc: abs(arc.end - arc.start))
            low, high = sorted((inner.start, inner.end))
            assert min(outer.start, outer.end) < low and high < max(outer.start, outer.end)
            for step in range(1, 8):
                y = low + (high - low) * step / 8
                assert beyond(inner, y) < beyond(outer, y)


@given(maps())
def test_a_mark_stands_on_its_arc(given: tuple[int, list[Edge]]) -> None:
    number, edges = given
    for arc in lay_out(number, edges).arcs:
        share, y = arc.mark
        assert share == pytest.approx(beyond(arc, y), abs=0.01)


def test_marks_of_arcs_that_run_together_stand_apart() -> None:
    edges = [Edge(20, 11, True), Edge(20, 10, True), Edge(20, 9, True)]
    marks = [arc.mark for arc in lay_out(21, edges).arcs]
    for (out, y), (other_out, other_y) in combinations(marks, 2):
        assert abs(y - other_y) >= NEAR or abs(out - other_out) >= NEAR_SHARE


def test_a_longer_arc_goes_farther_out() -> None:
    drawing = lay_out(9, [Edge(0, 1), Edge(0, 4), Edge(8, 0)])
    near, far, farthest = (arc.reach for arc in drawing.arcs)
    assert near < far < farthest < 1


def test_an_empty_map_has_no_height_to_speak_of() -> None:
    assert lay_out(0, []).height < PITCH + TALL
    assert lay_out(0, []).arcs == ()


@pytest.mark.parametrize("edge", [Edge(1, 1), Edge(0, 2), Edge(-1, 0)])
def test_what_leads_nowhere_is_refused(edge: Edge) -> None:
    with pytest.raises(ValueError, match="no arc"):
        lay_out(2, [edge])
