"""The footprint of a camera: what it certainly and what it possibly sees of the ground, behind which walls it ends."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
from numba import njit

from oblik.coverage.logic import density
from oblik.coverage.logic.sweep import TURN, sweep
from oblik.coverage.logic.terrain import Heights, over_hills
from oblik.coverage.logic.views import View
from oblik.coverage.logic.walls import Walls

Floats = npt.NDArray[np.float64]
Pieces = npt.NDArray[np.float32]  # (n, 6): directions from, to; 1/r of the near side at both, of the far side at both
Stands = Literal["free", "wall", "roof"]
WhyNot = Literal["", "too_far", "outside_view", "dead_zone", "behind_wall", "above_view"]

STANDS: Final[tuple[Stands, ...]] = ("free", "wall", "roof")


@dataclass(frozen=True, slots=True, eq=False)
class Visible:
    """What walls leave visible in a sector: start and width in radians clockwise from north, the pieces from there."""

    start: float
    width: float
    pieces: Pieces

    def holds(self, bearing: float, *, distance_m: float) -> bool:
        """Whether a place is in no wall's shadow; bearing in radians."""
        return bool(holds_place(self.pieces, (bearing - self.start) % TURN, 1.0 / max(distance_m, 1e-6)))


@dataclass(frozen=True, slots=True, eq=False)
class Footprint:
    """A camera's view and what walls leave of it. x_m, y_m: where it hangs, in the frame of the walls."""

    x_m: float
    y_m: float
    stands: Stands
    view: View
    possible: Visible
    certain: Visible

    @property
    def reach_m(self) -> float:
        """How far from its point anything is possibly seen."""
        return self.view.far_m.high + self.view.blur_m


@dataclass(frozen=True, slots=True)
class Sight:
    """How a camera sees a place. px_per_m: least and greatest possible; why_not is "" where it is seen or may be."""

    distance_m: float
    bearing_deg: float
    certain: bool
    why_not: WhyNot
    least_px_per_m: float
    most_px_per_m: float


def footprint(
    view: View, *, x_m: float, y_m: float, walls: Walls, plan: bool = False, heights: Heights | None = None
) -> Footprint:
    """footprints for one camera."""
    return footprints([view], x_m=np.array([x_m]), y_m=np.array([y_m]), walls=walls, plan=plan, heights=heights)[0]


def footprints(
    views: Sequence[View], *, x_m: Floats, y_m: Floats, walls: Walls, plan: bool = False, heights: Heights | None = None
) -> list[Footprint]:
    """What each camera sees among the walls; no views give none.

    plan: every wall hides for good, whatever its height. Buildings hide by their heights else: for what is possibly
    seen the camera hangs as high and the buildings are as low as they may be, for what is certainly seen the other way
    round. A camera inside a building's outline hangs before its nearest wall, or stands on its roof if it is that high.
    heights: of the ground; where it is not flat within reach, rays over it take the place of the exact sweep.
    """
    sure = np.array([v.is_certain_somewhere for v in views], dtype=bool)
    blurred = np.array([v.blur_m > 0 for v in views], dtype=bool)
    rows = _rows(views, x_m=x_m, y_m=y_m, possible=True, plan=plan)
    rows[blurred, 5] = 0.0  # Nothing is known of the walls around a camera whose place is not.
    pieces, offsets, stands, low = sweep(rows, walls.arrays(), walls.low_m)
    most = _visible(rows, pieces, offsets)
    uneven = np.zeros(len(views), dtype=bool)
    if heights is not None and not plan:
        uneven[:] = [not heights.is_flat(s[0], s[1], reach_m=r) for s, r in zip(stands, rows[:, 5], strict=True)]
        _replace(most, np.flatnonzero(uneven), rows, stands, walls, walls.low_m, heights)
    least = list(most)
    doubt = np.array([v.height_m.low != v.height_m.high for v in views], dtype=bool)
    doubt |= bool(np.any(walls.low_m != walls.high_m))
    again = np.flatnonzero(sure & doubt & (low | uneven) & (not plan))
    if len(again):
        others = [views[int(i)] for i in again]
        rows = np.zeros((len(views), 6))
        rows[again] = _rows(others, x_m=x_m[again], y_m=y_m[again], possible=False, plan=plan)
        rows[:, 0:2] = stands[:, 0:2]
        pieces, offsets, _, _ = sweep(rows[again], walls.arrays(), walls.high_m)
        for i, one in zip(again, _visible(rows[again], pieces, offsets), strict=True):
            least[int(i)] = one
        _replace(least, np.flatnonzero(uneven & np.isin(np.arange(len(views)), again)), rows, stands, walls,
                 walls.high_m, heights)  # fmt: skip
    return [
        Footprint(float(s[0]), float(s[1]), STANDS[int(s[2])], v, m, c)
        for v, s, m, c in zip(views, stands, most, least, strict=True)
    ]


def _visible(rows: Floats, pieces: Floats, offsets: npt.NDArray[np.int64]) -> list[Visible]:
    slim = pieces[:, :6].astype(np.float32)
    wide = slim[:, 1] > slim[:, 0]  # a slab thinner than float32 can tell holds no place
    return [Visible(row[3], row[4], slim[a:b][wide[a:b]]) for row, (a, b) in zip(rows, pairwise(offsets), strict=True)]


def _replace(
    kept: list[Visible], which: npt.NDArray[np.int64], rows: Floats, stands: Floats, walls: Walls, tops: Floats,
    heights: Heights | None,
) -> None:  # fmt: skip
    """Puts what is seen over hills in the place of what would be seen on flat ground, for some of the cameras."""
    if heights is None or not len(which):
        return
    hung = rows[which].copy()
    hung[:, 0:2] = stands[which, 0:2]
    pieces, offsets = over_hills(hung, walls=walls, tops=tops, heights=heights)
    for i, one in zip(which, _visible(hung, pieces, offsets), strict=True):
        kept[int(i)] = one


def _rows(views: Sequence[View], *, x_m: Floats, y_m: Floats, possible: bool, plan: bool) -> Floats:
    rows = np.empty((len(views), 6))
    rows[:, 0], rows[:, 1] = x_m, y_m
    for i, v in enumerate(views):
        half = v.half_deg.high if possible else v.half_deg.low
        height = v.height_m.high if possible else v.height_m.low
        reach = v.far_m.high if possible else v.far_m.low
        rows[i, 2:] = 0.0 if plan else height, math.radians(v.bearing_deg - half) % TURN, math.radians(2 * half), reach
    return rows


@njit(cache=True, nogil=True)
def holds_place(pieces: Any, direction: float, inverse: float) -> bool:
    """Whether a place, given as direction from the sector's start and 1/r, lies in one of the pieces."""
    for k in range(len(pieces)):
        d0, d1 = pieces[k, 0], pieces[k, 1]
        if direction < d0 or direction > d1 or d1 <= d0:
            continue
        whole = math.sin(d1 - d0)
        a, b = math.sin(d1 - direction) / whole, math.sin(direction - d0) / whole
        far = pieces[k, 4] * a + pieces[k, 5] * b
        if inverse < far:
            continue
        if math.isinf(pieces[k, 2]) or inverse <= pieces[k, 2] * a + pieces[k, 3] * b:
            return True
    return False


def sight(seen: Footprint, *, x_m: float, y_m: float) -> Sight:
    """How the camera sees a place on the ground, or why it cannot.

    Reasons in order: outside the sector, beyond the reach of the faintest band, beyond the upper edge of the picture,
    nearer than its lower edge, behind a wall. NaN gives "too_far".
    """
    view = seen.view
    east, north = x_m - seen.x_m, y_m - seen.y_m
    distance = math.hypot(east, north)
    bearing = math.atan2(east, north)
    near = max(distance - view.blur_m, 0.0)
    least = view.strength_px.low / max(math.hypot(distance + view.blur_m, view.height_m.high), 0.1)
    most = view.strength_px.high / max(math.hypot(near, view.height_m.low), 0.1)
    why = _why_not(seen, bearing=bearing, distance=distance)
    certain = not why and _is_certain(seen, bearing=bearing, distance=distance)
    return Sight(distance, math.degrees(bearing) % 360.0, certain, why, least, most)


def _aside_deg(view: View, *, bearing: float) -> float:
    return abs((math.degrees(bearing) - view.bearing_deg + 180.0) % 360.0 - 180.0)


def _why_not(seen: Footprint, *, bearing: float, distance: float) -> WhyNot:
    view = seen.view
    if _aside_deg(view, bearing=bearing) > view.half_deg.high + 1e-9:
        return "outside_view"
    if not distance <= seen.reach_m:
        return "too_far"
    if distance + view.blur_m < view.near_m.low:
        return "dead_zone"
    if view.blur_m == 0 and not seen.possible.holds(bearing, distance_m=distance):
        return "behind_wall"
    return ""


def _is_certain(seen: Footprint, *, bearing: float, distance: float) -> bool:
    view = seen.view
    return (
        view.is_certain_somewhere
        and _aside_deg(view, bearing=bearing) <= view.half_deg.low + 1e-9
        and view.near_m.high <= distance <= view.far_m.low
        and seen.certain.holds(bearing, distance_m=distance)
    )


def radii_m(view: View, *, scale: str = density.DEFAULT_SCALE, certain: bool) -> list[tuple[str, float, float]]:
    """(band, from, to) on the ground for every band of a scale that is reached, from the finest outwards.

    certain: the distances at which the band is certainly reached; else those at which it may be.
    """
    pixels = view.strength_px.low if certain else view.strength_px.high
    eye = view.height_m.high if certain else view.height_m.low
    near = view.near_m.high if certain else max(view.near_m.low - view.blur_m, 0.0)
    far = view.far_m.low if certain else view.far_m.high + view.blur_m
    blur = 0.0 if certain else view.blur_m
    answer = []
    for band in reversed(density.SCALES[scale]):
        reached = min(density.ground_reach_m(pixels, px_per_m=band.px_per_m, eye_m=eye) + blur, far)
        if reached > near + 1e-6 and reached > (blur if blur else 0.0):
            answer.append((band.name, near, reached))
            near = reached
    return answer


def without_walls(seen: Footprint) -> Footprint:
    """The same camera on open ground."""
    whole = replace(seen.possible, pieces=_open(seen.possible.width))
    return replace(seen, possible=whole, certain=replace(seen.certain, pieces=_open(seen.certain.width)))


def _open(width: float) -> Pieces:
    steps = max(math.ceil(width / (TURN / 16)), 1)
    edges = np.linspace(0.0, width, steps + 1)
    pieces = np.zeros((steps, 6), dtype=np.float32)
    pieces[:, 0], pieces[:, 1], pieces[:, 2:4] = edges[:-1], edges[1:], np.inf
    return pieces
