"""Which quadbin cell a place lies in, and which cells an area takes up."""

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

FINEST: Final = 26  # cells of 0.6 m at the equator
_HEADER: Final = 0x4800_0000_0000_0000  # quadbin's mark and the mode "cell"
_BITS: Final = 52
_FOOTER: Final = (1 << _BITS) - 1
_LAST_LAT_DEG: Final = 85.05
_SPREAD: Final = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)
M_PER_DEG: Final = 111_320.0


def cells_of(lon_deg: Floats, lat_deg: Floats, *, zoom: int = FINEST) -> Integers:
    """The quadbin cell of each place, (n,) int64; NaN gives 0. Latitudes beyond 85.05 count as 85.05.

    Cells of one zoom sort along a Z-curve: all that lie in a larger cell follow each other, see `range_of`.
    Source: quadbin of CARTO, https://github.com/CartoDB/quadbin-py (same numbers, whole arrays at once).
    """
    side = float(1 << zoom)
    lon = np.asarray(lon_deg, dtype=np.float64)
    lat = np.radians(np.clip(np.asarray(lat_deg, dtype=np.float64), -_LAST_LAT_DEG, _LAST_LAT_DEG))
    east = (lon + 180.0) / 360.0
    south = 0.5 - np.log(np.tan(np.pi / 4 + lat / 2)) / (2 * np.pi)
    known = np.isfinite(east) & np.isfinite(south)
    x = np.clip(np.where(known, east, 0.0) * side, 0, side - 1).astype(np.int64)
    y = np.clip(np.where(known, south, 0.0) * side, 0, side - 1).astype(np.int64)
    return np.where(known, _cell(x, y, zoom), 0)


def _cell(x: Integers, y: Integers, zoom: int) -> Integers:
    morton = (_spread(x) | (_spread(y) << 1)) << (_BITS - 2 * zoom)
    found: Integers = morton | (_HEADER | (zoom << _BITS) | (_FOOTER >> (2 * zoom)))
    return found


def _spread(values: Integers) -> Integers:
    found = values.astype(np.int64)
    for shift, mask in _SPREAD:
        found = (found | (found << shift)) & mask
    return found


def range_of(cell: int, *, zoom: int = FINEST) -> tuple[int, int]:
    """The first and the last cell of `zoom` inside a cell of that zoom or a coarser one."""
    coarse = (cell >> _BITS) & 0x1F
    if coarse > zoom:
        raise ValueError(f"a cell of zoom {coarse} has no cells of zoom {zoom} inside")
    fixed = _HEADER | (zoom << _BITS)
    prefix = cell & _FOOTER & ~(_FOOTER >> (2 * coarse))
    tail = _FOOTER >> (2 * zoom)
    return fixed | prefix | tail, fixed | prefix | (_FOOTER >> (2 * coarse))


def box_of(cell: int) -> tuple[float, float, float, float]:
    """West, south, east and north edge of a cell in degrees."""
    zoom = (cell >> _BITS) & 0x1F
    morton = (cell & _FOOTER) >> (_BITS - 2 * zoom)
    x = sum(((morton >> (2 * bit)) & 1) << bit for bit in range(zoom))
    y = sum(((morton >> (2 * bit + 1)) & 1) << bit for bit in range(zoom))
    side = float(1 << zoom)
    lats = [float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * row / side))))) for row in (y + 1, y)]
    return x / side * 360 - 180, lats[0], (x + 1) / side * 360 - 180, lats[1]


def ranges_over(
    boxes: Iterable[tuple[float, float, float, float]], *, zoom: int = FINEST, pieces: int = 16
) -> list[tuple[int, int]]:
    """First and last cells of `zoom`, inclusive, that together cover boxes of west, south, east, north degrees.

    Each box is cut into at most about `pieces` coarser cells, so what is covered reaches beyond it; neighbouring ranges
    are joined. No boxes give none.
    """
    found = sorted({piece for box in boxes for piece in _pieces(box, zoom, pieces)})
    joined: list[tuple[int, int]] = []
    step = (_FOOTER >> (2 * zoom)) + 1
    for first, last in found:
        if joined and first <= joined[-1][1] + step:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined


def _pieces(box: tuple[float, float, float, float], zoom: int, pieces: int) -> list[tuple[int, int]]:
    west, south, east, north = box
    for coarse in range(zoom, -1, -1):
        x0, y0 = _column_row(west, north, coarse)
        x1, y1 = _column_row(east, south, coarse)
        if (x1 - x0 + 1) * (y1 - y0 + 1) <= pieces:
            xs, ys = np.meshgrid(np.arange(x0, x1 + 1), np.arange(y0, y1 + 1))
            return [range_of(int(cell), zoom=zoom) for cell in _cell(xs.ravel(), ys.ravel(), coarse)]
    return []


def _column_row(lon_deg: float, lat_deg: float, zoom: int) -> tuple[int, int]:
    side = 1 << zoom
    lat = np.radians(min(max(lat_deg, -_LAST_LAT_DEG), _LAST_LAT_DEG))
    south = 0.5 - np.log(np.tan(np.pi / 4 + lat / 2)) / (2 * np.pi)
    column, row = int((lon_deg + 180.0) / 360.0 * side), int(south * side)
    return min(max(column, 0), side - 1), min(max(row, 0), side - 1)


def widened(box: tuple[float, float, float, float], *, by_m: float) -> tuple[float, float, float, float]:
    """The box with `by_m` metres more on each side."""
    west, south, east, north = box
    up = by_m / M_PER_DEG
    over = up / max(float(np.cos(np.radians(max(abs(south), abs(north))))), 0.01)
    return west - over, south - up, east + over, north + up
