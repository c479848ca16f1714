"""Footprints as polygons: the ground of each band, with the holes that walls cut into it."""

import math
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely
from numba import njit
from shapely import MultiPolygon, Polygon

from oblik.coverage.logic import density
from oblik.coverage.logic.footprints import Footprint, Visible, radii_m
from oblik.coverage.logic.sweep import TURN

Floats = npt.NDArray[np.float64]
Area: TypeAlias = Any  # Polygon or MultiPolygon; shapely brings no types

_ARC: Final = TURN / 256  # between two corners of a circle: what is cut off is 1 part in 10,000 of its area
_GRID_M: Final = 1e-4  # to which corners are rounded where pieces are joined


@dataclass(frozen=True, slots=True, eq=False)
class BandArea:
    """The ground that a camera sees in one band; not certain: where it may see it, the certain part included."""

    band: str
    scale: str
    certain: bool
    area: Area


def band_areas(seen: Footprint, *, scale: str = density.DEFAULT_SCALE) -> list[BandArea]:
    """Polygons in the frame of the walls, from the finest band outwards: what is certain first, then what is possible
    where that is more. A camera that sees nothing gives none."""
    view = seen.view
    answer: list[BandArea] = []
    sure = radii_m(view, scale=scale, certain=True) if view.is_certain_somewhere else []
    half = math.radians(view.half_deg.low)
    clipped = _narrowed(seen.certain, start=math.radians(view.bearing_deg) - half, width=2 * half)
    for certain, visible, radii in (
        (True, clipped, sure),
        (False, seen.possible, radii_m(view, scale=scale, certain=False)),
    ):
        for band, near, far in radii:
            area = _area(visible, near=near, far=far, x_m=seen.x_m, y_m=seen.y_m)
            if not area.is_empty:
                answer.append(BandArea(band, scale, certain, area))
    known = {a.band: a.area.area for a in answer if a.certain}
    return [a for a in answer if a.certain or a.area.area > known.get(a.band, 0.0) * (1 + 1e-6)]


def area(visible: Visible, *, near_m: float = 0.0, far_m: float, x_m: float = 0.0, y_m: float = 0.0) -> Area:
    """The visible ground between two distances from a camera at (x_m, y_m)."""
    return _area(visible, near=near_m, far=far_m, x_m=x_m, y_m=y_m)


def _narrowed(visible: Visible, *, start: float, width: float) -> Visible:
    """The part of a sweep inside a narrower sector: pieces are cut along its edges."""
    if width >= visible.width - 1e-9:
        return visible
    offset = (start - visible.start) % TURN
    kept = []
    for piece in visible.pieces.astype(np.float64):
        for lap in (0.0, TURN):
            low, high = max(piece[0], offset - lap), min(piece[1], offset - lap + width)
            if high - low > 1e-7:
                kept.append(_cut_piece(piece, low, high, offset - lap))
    pieces = np.array(sorted(kept, key=lambda p: (p[0], -p[2])), dtype=np.float32).reshape(-1, 6)
    return Visible(start % TURN, width, pieces)


def _cut_piece(piece: Floats, low: float, high: float, offset: float) -> list[float]:
    whole = math.sin(piece[1] - piece[0])

    def at(k: int, direction: float) -> float:
        if math.isinf(piece[k]):
            return math.inf
        return float(
            (piece[k] * math.sin(piece[1] - direction) + piece[k + 1] * math.sin(direction - piece[0])) / whole
        )

    return [low - offset, high - offset, at(2, low), at(2, high), at(4, low), at(4, high)]


def _area(visible: Visible, *, near: float, far: float, x_m: float, y_m: float) -> Area:
    if far <= near or not len(visible.pieces):
        return Polygon()
    pieces = visible.pieces.astype(np.float64)
    first = np.isinf(pieces[:, 2])
    ring = _ring(pieces[first], visible.start, far, visible.width >= TURN - 1e-9)
    found = _valid(Polygon(ring)) if len(ring) >= 3 else Polygon()
    rest = [_quad(piece, visible.start, far) for piece in pieces[~first]]
    if rest:
        disc = Polygon(_circle(far))
        beyond = _polygonal(shapely.union_all(shapely.buffer(rest, 0.0), grid_size=_GRID_M)).intersection(
            disc, grid_size=_GRID_M
        )
        found = shapely.union_all([found, beyond], grid_size=_GRID_M)
    if near > 0:
        found = found.difference(Polygon(_circle(near)))
    if x_m or y_m:
        found = shapely.transform(found, lambda corners: np.add(corners, (x_m, y_m)))
    return _polygonal(found)


def _valid(ring: Polygon) -> Area:
    return ring if ring.is_valid else _polygonal(shapely.make_valid(ring))


def _polygonal(found: Any) -> Area:
    if isinstance(found, Polygon | MultiPolygon):
        return found
    parts = [part for part in getattr(found, "geoms", []) if isinstance(part, Polygon | MultiPolygon)]
    return _polygonal(shapely.union_all(parts)) if parts else Polygon()


def _circle(radius: float) -> Floats:
    return np.asarray(
        _ring(
            np.array([[k * TURN / 16, (k + 1) * TURN / 16, np.inf, np.inf, 0, 0] for k in range(16)]), 0.0, radius, True
        )
    )


def _quad(piece: Floats, start: float, far: float) -> Polygon:
    """A piece that does not begin at the camera, cut off well beyond what matters."""
    least = 1.0 / (1.5 * far)
    corners = [(piece[0], piece[2]), (piece[0], piece[4]), (piece[1], piece[5]), (piece[1], piece[3])]
    return Polygon([(math.sin(start + d) / max(q, least), math.cos(start + d) / max(q, least)) for d, q in corners])


@njit(cache=True, nogil=True)
def _ring(pieces: Floats, start: float, far: float, closed: bool) -> Floats:
    """The outline of what is seen from the camera out to a distance: walls exactly, circles by _ARC."""
    corners = np.empty((len(pieces) * (int(1.7 / _ARC) + 8) + 2, 2))
    n, last = 0, -1.0
    if not closed:
        corners[0] = 0.0
        n = 1
    for k in range(len(pieces)):
        d0, d1, q0, q1 = pieces[k, 0], pieces[k, 1], pieces[k, 4], pieces[k, 5]
        if closed and d0 - max(last, 0.0) > 1e-6:
            corners[n] = 0.0  # Nothing is seen in between.
            n += 1
        elif n > 1 and d0 - last > 1e-6 and last >= 0:
            corners[n] = 0.0
            n += 1
        last = d1
        s0, c0, s1, c1 = math.sin(start + d0), math.cos(start + d0), math.sin(start + d1), math.cos(start + d1)
        whole = s1 * c0 - c1 * s0
        a, b = (q1 * c0 - q0 * c1) / whole, (q0 * s1 - q1 * s0) / whole
        steep = math.hypot(a, b)  # 1 / distance of the wall's line
        low, high = d1, d1
        if steep * far > 1.0:
            foot = math.atan2(a, b) - start
            foot += TURN * math.floor(((d0 + d1) / 2 - foot) / TURN + 0.5)
            half = math.acos(1.0 / (steep * far))
            low, high = min(max(foot - half, d0), d1), max(min(foot + half, d1), d0)
            if high <= low:
                low, high = d1, d1
        for part in range(2):
            u, v = (d0, low) if part == 0 else (high, d1)
            if part == 1 and low < high:
                for d in (low, high):
                    r = 1.0 / (a * math.sin(start + d) + b * math.cos(start + d))
                    corners[n, 0], corners[n, 1] = r * math.sin(start + d), r * math.cos(start + d)
                    n += 1
            if v - u <= 0.0:
                continue
            steps = math.ceil((v - u) / _ARC)
            for j in range(steps + 1):
                d = start + u + (v - u) * j / steps
                corners[n, 0], corners[n, 1] = far * math.sin(d), far * math.cos(d)
                n += 1
    if closed and TURN - last > 1e-6:
        corners[n] = 0.0
        n += 1
    return corners[:n].copy()
