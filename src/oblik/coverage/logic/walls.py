"""Buildings as walls in a metric frame, and the grid by which those near a camera are found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SIDE_M: Final = 40.0  # of a grid square: about a house with its yard (measured, see benchmarks/coverage_speed)


@dataclass(frozen=True, slots=True, eq=False)
class Walls:
    """Walls of buildings with the building's side on the left of each, and the grid over the buildings.

    x1_m ... y2_m: (walls,) ends in the order of buildings; first_wall: (buildings + 1,) where each one's walls begin;
    low_m, high_m: (buildings,) least and greatest height that the building may have; box_m: (buildings, 4) west, south,
    east, north. The grid: corner_m and shape, then the buildings of each square one after the other.
    """

    x1_m: Floats
    y1_m: Floats
    x2_m: Floats
    y2_m: Floats
    first_wall: Integers
    low_m: Floats
    high_m: Floats
    box_m: Floats
    corner_m: Floats
    shape: Integers
    first_in_square: Integers
    in_square: Integers

    @property
    def count(self) -> int:
        """How many buildings."""
        return len(self.low_m)

    def arrays(self) -> tuple[Any, ...]:
        """The columns in the order in which the kernels take them."""
        return (self.x1_m, self.y1_m, self.x2_m, self.y2_m, self.first_wall, self.box_m, self.corner_m, self.shape,
                self.first_in_square, self.in_square)  # fmt: skip


def walls_of(rings: Sequence[Floats], *, building: Sequence[int], low_m: Floats, high_m: Floats | None = None) -> Walls:
    """The walls of buildings drawn as rings.

    rings: each (n, 2) x east, y north in metres, closed or not, in any direction; a ring inside another ring of the
    same building is its courtyard. building: which building each ring belongs to, ascending from 0. Rings of fewer than
    three corners stand nowhere. high_m defaults to low_m. No rings give no walls.
    """
    corners = np.concatenate(rings) if len(rings) else np.empty((0, 2))
    offsets = np.concatenate([[0], np.cumsum([len(r) for r in rings])]).astype(np.int64)
    return walls_of_arrays(
        corners[:, 0].astype(np.float64), corners[:, 1].astype(np.float64), offsets=offsets,
        building=np.asarray(building, dtype=np.int64), low_m=low_m, high_m=high_m,
    )  # fmt: skip


def walls_of_arrays(
    x_m: Floats, y_m: Floats, *, offsets: Integers, building: Integers, low_m: Floats, high_m: Floats | None = None
) -> Walls:
    """walls_of for rings laid end to end: offsets (rings + 1,) says where each begins."""
    low = np.asarray(low_m, dtype=np.float64)
    high = low if high_m is None else np.maximum(np.asarray(high_m, dtype=np.float64), low)
    x1, y1, x2, y2, owner = _walls(
        np.ascontiguousarray(x_m, dtype=np.float64), np.ascontiguousarray(y_m, dtype=np.float64),
        np.asarray(offsets, dtype=np.int64), np.asarray(building, dtype=np.int64),
    )  # fmt: skip
    first = np.searchsorted(owner, np.arange(len(low) + 1)).astype(np.int64)
    box = _boxes(x1, y1, first)
    corner, shape, first_in, inside = _grid(box)
    return Walls(x1, y1, x2, y2, first, low, high, box, corner, shape, first_in, inside)


def no_walls() -> Walls:
    """Open ground."""
    return walls_of([], building=[], low_m=np.empty(0))


@njit(cache=True, nogil=True)
def _area(x: Floats, y: Floats) -> float:
    total = 0.0
    for i in range(len(x)):
        j = (i + 1) % len(x)
        total += (x[i] - x[0]) * (y[j] - y[0]) - (x[j] - x[0]) * (y[i] - y[0])
    return total / 2


@njit(cache=True, nogil=True)
def _within(x: float, y: float, ring_x: Floats, ring_y: Floats) -> bool:
    inside = False
    j = len(ring_x) - 1
    for i in range(len(ring_x)):
        if (ring_y[i] > y) != (ring_y[j] > y):
            cut = ring_x[i] + (y - ring_y[i]) / (ring_y[j] - ring_y[i]) * (ring_x[j] - ring_x[i])
            if x < cut:
                inside = not inside
        j = i
    return inside


@njit(cache=True, nogil=True)
def _walls(x: Floats, y: Floats, offsets: Integers, building: Integers) -> tuple[Any, ...]:
    total = len(x)
    x1, y1, x2, y2 = np.empty(total), np.empty(total), np.empty(total), np.empty(total)
    owner = np.empty(total, np.int64)
    n = 0
    for r in range(len(offsets) - 1):
        a, b = offsets[r], offsets[r + 1]
        if b - a > 1 and x[a] == x[b - 1] and y[a] == y[b - 1]:
            b -= 1
        if b - a < 3:
            continue
        ring_x, ring_y = x[a:b], y[a:b]
        # A ring inside an odd number of its building's other rings is a courtyard: the house lies outside it.
        nested = 0
        s = r
        while s > 0 and building[s - 1] == building[r]:
            s -= 1
        while s < len(building) and building[s] == building[r]:
            if s != r and _within(x[a], y[a], x[offsets[s] : offsets[s + 1]], y[offsets[s] : offsets[s + 1]]):
                nested += 1
            s += 1
        anticlockwise = _area(ring_x, ring_y) > 0
        keep = anticlockwise == (nested % 2 == 0)
        for i in range(b - a):
            j = (i + 1) % (b - a)
            p, q = (i, j) if keep else (j, i)
            if ring_x[p] == ring_x[q] and ring_y[p] == ring_y[q]:
                continue
            x1[n], y1[n], x2[n], y2[n] = ring_x[p], ring_y[p], ring_x[q], ring_y[q]
            owner[n] = building[r]
            n += 1
    return x1[:n].copy(), y1[:n].copy(), x2[:n].copy(), y2[:n].copy(), owner[:n].copy()


@njit(cache=True, nogil=True)
def _boxes(x: Floats, y: Floats, first: Integers) -> Floats:
    box = np.empty((len(first) - 1, 4))
    for b in range(len(first) - 1):
        box[b, 0], box[b, 1], box[b, 2], box[b, 3] = np.inf, np.inf, -np.inf, -np.inf
        for i in range(first[b], first[b + 1]):
            box[b, 0], box[b, 1] = min(box[b, 0], x[i]), min(box[b, 1], y[i])
            box[b, 2], box[b, 3] = max(box[b, 2], x[i]), max(box[b, 3], y[i])
    return box


@njit(cache=True, nogil=True)
def _grid(box: Floats) -> tuple[Any, ...]:
    west, south, east, north = np.inf, np.inf, -np.inf, -np.inf
    for b in range(len(box)):
        if box[b, 0] <= box[b, 2]:
            west, south = min(west, box[b, 0]), min(south, box[b, 1])
            east, north = max(east, box[b, 2]), max(north, box[b, 3])
    if west > east:
        west, south, east, north = 0.0, 0.0, 0.0, 0.0
    columns, rows = int((east - west) // SIDE_M) + 1, int((north - south) // SIDE_M) + 1
    squares, owners = [0], [0]
    for b in range(len(box)):
        if box[b, 0] > box[b, 2]:
            continue
        for row in range(int((box[b, 1] - south) // SIDE_M), int((box[b, 3] - south) // SIDE_M) + 1):
            for column in range(int((box[b, 0] - west) // SIDE_M), int((box[b, 2] - west) // SIDE_M) + 1):
                squares.append(row * columns + column)
                owners.append(b)
    square, owner = np.array(squares[1:], dtype=np.int64), np.array(owners[1:], dtype=np.int64)
    order = np.argsort(square, kind="mergesort")
    first = np.searchsorted(square[order], np.arange(columns * rows + 1)).astype(np.int64)
    return np.array([west, south]), np.array([columns, rows]), first, owner[order]
