"""Logistic regression over sparse rows, in numpy alone.

A library for it would weigh more than the whole assistant. A newsroom has some thousand sentences with some
hundred features each: a quasi-Newton method (L-BFGS) is through with them in seconds, and its answer does not
depend on chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_MEMORY = 10
#: A step is halved so often at most before the search gives up.
_HALVINGS = 30


@dataclass(frozen=True, slots=True)
class Rows:
    """Row `i` has `values[starts[i]:starts[i + 1]]` in the columns of the same places; none is empty."""

    starts: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: Floats
    width: int

    @classmethod
    def of(cls, rows: Sequence[tuple[NDArray[np.int64], Floats]], width: int) -> Rows:
        ends = np.cumsum([len(columns) for columns, _ in rows])
        starts = np.concatenate(([0], ends)).astype(np.int64)
        return cls(
            starts,
            np.concatenate([columns for columns, _ in rows]),
            np.concatenate([values for _, values in rows]),
            width,
        )

    def times(self, weights: Floats) -> Floats:
        return np.add.reduceat(self.values * weights[self.columns], self.starts[:-1])

    def back(self, residues: Floats) -> Floats:
        """The transpose times one figure for each row."""
        spread = np.repeat(residues, np.diff(self.starts))
        columns = np.bincount(self.columns, weights=self.values * spread, minlength=self.width)
        return columns.astype(np.float64, copy=False)


def sigmoid(margin: Floats) -> Floats:
    return 0.5 * (1 + np.tanh(margin / 2))


def fitted(
    rows: Rows, labels: NDArray[np.bool_], *, strength: float, iterations: int = 100, tolerance: float = 1e-3
) -> tuple[Floats, float]:
    """Weights and bias: both classes count alike, whatever their size. ValueError unless there are both.

    `strength` is what an example may cost against the square of the weights: more of it fits closer.
    """
    if labels.all() or not labels.any():
        raise ValueError("there is but one class")
    sign = np.where(labels, 1.0, -1.0)
    share = np.where(labels, 0.5 / labels.mean(), 0.5 / (1 - labels.mean())) * strength

    def cost(point: Floats) -> tuple[float, Floats]:
        margin = sign * (rows.times(point[:-1]) + point[-1])
        residues = -share * sign * sigmoid(-margin)
        down = np.append(point[:-1] + rows.back(residues), residues.sum())
        return float(share @ np.logaddexp(0, -margin) + 0.5 * point[:-1] @ point[:-1]), down

    point = np.zeros(rows.width + 1)
    value, down = cost(point)
    first = np.abs(down).max()
    steps: list[tuple[Floats, Floats, float]] = []
    for _ in range(iterations):
        way = -_curved(down, steps)
        slope = float(down @ way)
        size = 1.0 if steps else 1.0 / max(1.0, float(np.linalg.norm(down)))
        for _ in range(_HALVINGS):
            there = point + size * way
            lower, further = cost(there)
            if lower <= value + 1e-4 * size * slope:
                break
            size /= 2
        else:
            break
        step, change = there - point, further - down
        curvature = float(step @ change)
        if curvature > 1e-12:
            steps = [*steps[1 - _MEMORY :], (step, change, 1 / curvature)]
        point, value, down = there, lower, further
        if np.abs(down).max() < tolerance * first:
            break
    return point[:-1], float(point[-1])


def _curved(down: Floats, steps: Sequence[tuple[Floats, Floats, float]]) -> Floats:
    """The gradient, bent by the curvature that the last steps saw."""
    way = down.copy()
    shares = []
    for step, change, inverse in reversed(steps):
        shares.append(inverse * float(step @ way))
        way -= shares[-1] * change
    if steps:
        step, change, inverse = steps[-1]
        way /= inverse * float(change @ change)
    for (step, change, inverse), share in zip(steps, reversed(shares), strict=True):
        way += (share - inverse * float(change @ way)) * step
    return way
