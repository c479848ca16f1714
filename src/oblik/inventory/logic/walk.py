"""A short way on foot past a number of places: nearest neighbour, then 2-opt and Or-opt until nothing gets shorter."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_M_PER_DEG: Final = 111_320.0  # one degree of latitude, WGS 84, to 0.5 %
_LONGEST_MOVED: Final = 3  # places that Or-opt moves together (Or 1976)
_SHORTER_M: Final = 1e-6  # less is rounding, and would turn in circles


def short_way(places: Sequence[tuple[float, float]], *, start: tuple[float, float] | None = None) -> tuple[int, ...]:
    """The order in which to visit the places, each once, ending at the last: not the shortest way, but near it.

    places: (lon_deg, lat_deg). start: where the walk begins; without it, at the place from which the way is shortest
    of those tried. The same places give the same order; none give none. Straight lines stand for streets.
    Source: Croes 1958 (2-opt), Or 1976 (Or-opt); measured against OR-tools in tests/inventory/test_field_walk.py.
    """
    if not places:
        return ()
    points = _plane([*places, *([start] if start else [])])
    apart = np.hypot(points[:, None, 0] - points[None, :, 0], points[:, None, 1] - points[None, :, 1])
    if start is not None:
        return tuple(_improved(_greedy(apart, first=len(places)), apart)[1:])
    ends = _ends(points)
    ways = [tuple(_improved(_greedy(apart, first=first), apart)) for first in ends]
    return min(ways, key=lambda way: (round(_length(way, apart), 3), way))


def way_m(places: Sequence[tuple[float, float]], *, start: tuple[float, float] | None = None) -> float:
    """The length in metres of the walk past the places in their order, straight from each to the next; 0 for none."""
    points = _plane([*([start] if start else []), *places])
    if len(points) < 2:
        return 0.0
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def _plane(places: Sequence[tuple[float, float]]) -> Floats:
    """(n, 2) metres east and north of the first place; true to a per cent within a city."""
    degrees = np.array(places, dtype=np.float64).reshape(-1, 2)
    if not len(degrees):
        return degrees
    scale = np.array([_M_PER_DEG * math.cos(math.radians(float(degrees[:, 1].mean()))), _M_PER_DEG])
    turned: Floats = (degrees - degrees[0]) * scale
    return turned


def _ends(points: Floats) -> list[int]:
    """Where a walk may well begin: the outermost places to each side."""
    east, north = points.T
    sides = (east, -east, north, -north, east + north, -east - north)
    return sorted({int(np.argmin(side)) for side in sides})


def _greedy(apart: Floats, *, first: int) -> list[int]:
    way, left = [first], np.ones(len(apart), dtype=bool)
    left[first] = False
    while left.any():
        following = int(np.argmin(np.where(left, apart[way[-1]], np.inf)))
        left[following] = False
        way.append(following)
    return way


def _length(way: Sequence[int], apart: Floats) -> float:
    return float(apart[list(way[:-1]), list(way[1:])].sum())


def _improved(way: list[int], apart: Floats) -> list[int]:
    """The way with its first place kept and each of the others where it shortens the whole."""
    while True:
        shorter = _turned(way, apart) or _moved(way, apart)
        if shorter is None:
            return way
        way = shorter


def _turned(way: list[int], apart: Floats) -> list[int] | None:
    """2-opt: the best stretch walked the other way round; None where none helps."""
    order = np.array(way)
    here, after = order[:-1], order[1:]
    best, found = -_SHORTER_M, None
    for i in range(len(way) - 2):
        ends = order[i + 2 :]  # the last of the stretch that begins behind i
        gain = apart[here[i], ends] - apart[here[i], after[i]]
        gain[:-1] += apart[after[i], order[i + 3 :]] - apart[ends[:-1], order[i + 3 :]]
        at = int(np.argmin(gain))
        if gain[at] < best:
            best, found = float(gain[at]), (i + 1, i + 2 + at)
    if found is None:
        return None
    first, last = found
    return [*way[:first], *way[first : last + 1][::-1], *way[last + 1 :]]


def _moved(way: list[int], apart: Floats) -> list[int] | None:
    """Or-opt: up to three places in a row put between two others, either way round; None where it never helps."""
    for size in range(1, _LONGEST_MOVED + 1):
        for first in range(1, len(way) - size + 1):
            part, rest = way[first : first + size], [*way[:first], *way[first + size :]]
            found = _inserted(rest, part, apart, before=_length(way, apart))
            if found is not None:
                return found
    return None


def _inserted(rest: list[int], part: list[int], apart: Floats, *, before: float) -> list[int] | None:
    order = np.array(rest)
    inside = _length(part, apart)
    alone = _length(rest, apart)
    for run in (part, part[::-1]):
        added = apart[order, run[0]].copy()  # behind each place of the rest
        added[:-1] += apart[run[-1], order[1:]] - apart[order[:-1], order[1:]]
        at = int(np.argmin(added))
        if alone + inside + float(added[at]) < before - _SHORTER_M:
            return [*rest[: at + 1], *run, *rest[at + 1 :]]
    return None
