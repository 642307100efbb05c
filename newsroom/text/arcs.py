"""A map of claims: one under the other, in the order of the text, with an arc for each relation.

**The problem.** A newsroom wants to see at one glance which claims carry others and which contradict them. A
free drawing of such a net is different each time, puts nodes where nobody looks for them, and at a hundred
claims is a knot.

**The ways.** Forces that push nodes apart depend on chance and have no order to read in. Layers by what
supports what are good for arguments that flow one way; an article repeats itself, and relations contradict.

**The one taken.** An article is a line, and readers know it from top to bottom. So the claims stand in that
order, and relations are arcs beside them: on the right those that carry, on the left those that answer. A
claim is always found at its place; a chain is a stair, a thesis that much rests on is where many arcs end.

Arcs that end at one claim get ports of their own, so ordered that arcs of one claim do not cross each other:
from the top those that come from above, the nearest first, then those that go below, the farthest first.
An arc is half an ellipse. How far it goes out grows with the root of its length: then of two that end at one
claim the longer lies outside the shorter over all its length, and a map of long arcs stays narrow.
Lengths are in pixels of the page; `reach` is the share of the room beside the claims that an arc takes,
since that room is as wide as the window allows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, sin

#: From one claim to the next; how tall a claim is; above the first and below the last.
PITCH, TALL, MARGIN = 32, 26, 4
#: Between two ports, if there is room; from the edge of a claim to the first one, at least.
BETWEEN_PORTS, INSIDE = 6.0, 3.0
#: The share of the room that the longest arc takes, and how long an arc must be to take it; the least share.
MOST_REACH, FAR, LEAST_REACH = 0.97, 320, 0.1
#: Where on an arc its mark may stand, as angles from its middle; how near another one is too near.
MARK_ANGLES = (0.0, 0.4, -0.4, 0.75, -0.75)
NEAR, NEAR_SHARE = 13, 0.08


@dataclass(frozen=True, slots=True)
class Edge:
    """From one place of the order to another, on one side."""

    source: int
    target: int
    left: bool = False


@dataclass(frozen=True, slots=True)
class Arc:
    """Where an edge begins and ends (from above), and how far out it goes, of 1.

    `mark` is a point of it, how far out and from above, where something may stand on it.
    """

    edge: Edge
    start: float
    end: float
    reach: float
    mark: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The upper edge of each claim, and the arcs in the order of their edges."""

    height: int
    tops: tuple[int, ...]
    arcs: tuple[Arc, ...]


def lay_out(number: int, edges: Sequence[Edge]) -> Drawing:
    """Places for so many claims and their relations: the same for the same, whenever it is asked.

    Raises ValueError for an edge to nowhere, or from a claim to itself.
    """
    for edge in edges:
        if edge.source == edge.target or not {edge.source, edge.target} <= set(range(number)):
            raise ValueError(f"no arc can be drawn for {edge}")
    tops = tuple(MARGIN + PITCH * place for place in range(number))
    ports = _ports(edges)
    ends = [
        (tops[edge.source] + ports[index, edge.source], tops[edge.target] + ports[index, edge.target])
        for index, edge in enumerate(edges)
    ]
    longest = max([FAR, *(abs(start - end) for start, end in ends)])
    reaches = [
        round(max(LEAST_REACH, MOST_REACH * (abs(start - end) / longest) ** 0.5), 4) for start, end in ends
    ]
    marks = _marks(edges, ends, reaches)
    arcs = tuple(
        Arc(edge, start, end, reach, mark)
        for edge, (start, end), reach, mark in zip(edges, ends, reaches, marks, strict=True)
    )
    return Drawing(2 * MARGIN + PITCH * max(number - 1, 0) + TALL, tops, arcs)


def _span(edge: Edge) -> int:
    return abs(edge.source - edge.target)


def _marks(
    edges: Sequence[Edge], ends: Sequence[tuple[float, float]], reaches: Sequence[float]
) -> Iterable[tuple[float, float]]:
    """A point of each arc, its middle if no other mark is near: those of short arcs have the choice."""
    marks: dict[int, tuple[float, float]] = {}
    #: Marks that have their place, by side and by stripes as high as what is too near.
    placed: dict[tuple[bool, int], list[tuple[float, float]]] = defaultdict(list)

    def is_free(left: bool, point: tuple[float, float]) -> bool:
        stripe = int(point[1] // NEAR)
        return not any(
            abs(point[0] - other[0]) < NEAR_SHARE and abs(point[1] - other[1]) < NEAR
            for near in (stripe - 1, stripe, stripe + 1)
            for other in placed[left, near]
        )

    for index in sorted(range(len(edges)), key=lambda index: (reaches[index], index)):
        (start, end), reach, left = ends[index], reaches[index], edges[index].left
        middle, half = (start + end) / 2, abs(end - start) / 2
        points = [
            (round(reach * cos(angle), 4), round(middle + half * sin(angle), 2)) for angle in MARK_ANGLES
        ]
        point = next((point for point in points if is_free(left, point)), points[0])
        placed[left, int(point[1] // NEAR)].append(point)
        marks[index] = point
    return [marks[index] for index in range(len(edges))]


def _ports(edges: Sequence[Edge]) -> dict[tuple[int, int], float]:
    """How far below the upper edge of a claim an edge meets it, by (index of the edge, claim)."""
    meeting: dict[tuple[int, bool], list[tuple[tuple[int, int, int], int]]] = defaultdict(list)
    for index, edge in enumerate(edges):
        for here, there in ((edge.source, edge.target), (edge.target, edge.source)):
            # Of two between the same claims the second lies outside: last from above, first to below.
            place = (0, _span(edge), index) if there < here else (1, -_span(edge), -index)
            meeting[here, edge.left].append((place, index))
    ports = {}
    for (claim, _left), met in meeting.items():
        room = TALL - 2 * INSIDE
        step = min(BETWEEN_PORTS, room / max(len(met) - 1, 1))
        first = TALL / 2 - step * (len(met) - 1) / 2
        for order, (_place, index) in enumerate(sorted(met)):
            ports[index, claim] = round(first + step * order, 2)
    return ports
