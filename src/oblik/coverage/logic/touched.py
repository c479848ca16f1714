"""Which cells of the ground a footprint touches: coarse ones to find it by, fine ones to add up."""

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from numba import njit

from oblik.coverage.logic.footprints import Footprint, holds_place
from oblik.coverage.logic.frame import Frame
from oblik.coverage.logic.sweep import TURN

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# Zooms at which a footprint may be filed, finest first: 25 m at latitude 50 for an ordinary one, coarser for wide ones,
# so that none takes more than MOST_CELLS rows. Whoever asks looks one cell up at each zoom.
ZOOMS: Final = (20, 19, 18, 17, 16)
MOST_CELLS: Final = 24
# For sums: 3.1 m at latitude 50, half the width of a pavement with its kerb and half a car's length. One step finer
# quadruples the rows and changes a district's share by less than 1 part in 1,000.
FINE_ZOOM: Final = 23
_HERE: Final = np.zeros((1, 2), dtype=np.int64)
_MARGIN_M: Final = 0.5  # cells are laid out as if the ground were flat: off by centimetres at 400 m


def filing_cells(seen: Footprint, *, lon_deg: float, lat_deg: float) -> Integers:
    """The quadbin cells that a footprint possibly touches, all of one zoom of ZOOMS; never one too few.

    A footprint that sees nothing touches none.
    """
    frame = Frame(lon_deg, lat_deg)
    view = seen.view
    reach = seen.reach_m
    if reach <= 0 or not len(seen.possible.pieces):
        return np.empty(0, dtype=np.int64)
    for zoom in ZOOMS:
        width, height = _cell_size(frame, zoom)
        if zoom != ZOOMS[-1] and _too_many(view.half_deg.high, reach, width * height):
            continue
        middle_lon, middle_lat, column, row = _middle(frame, zoom)
        touched = _touched(
            seen.possible.pieces, seen.possible.start, seen.possible.width,
            ((middle_lon - frame.lon_deg) * frame.east_m, (middle_lat - frame.lat_deg) * frame.north_m, width, height),
            reach + _MARGIN_M, max(view.near_m.low - view.blur_m - _MARGIN_M, 0.0),
        )  # fmt: skip
        if len(touched) <= MOST_CELLS or zoom == ZOOMS[-1]:
            return _quadbins(touched, column, row, zoom)
    return np.empty(0, dtype=np.int64)


def _too_many(half_deg: float, reach: float, cell_m2: float) -> bool:
    """Whether even half of the sector would fill more cells than may be filed."""
    return math.radians(half_deg) * reach * reach / 2 > cell_m2 * MOST_CELLS


def cells_at(lon_deg: float, lat_deg: float) -> list[int]:
    """The cells under which whatever sees a place is filed: one of each zoom."""
    _, _, column, row = _middle(Frame(lon_deg, lat_deg), ZOOMS[0])
    return [int(_quadbins(_HERE, column >> up, row >> up, zoom)[0]) for up, zoom in enumerate(ZOOMS)]


def _cell_size(frame: Frame, zoom: int) -> tuple[float, float]:
    degrees = 360.0 / (1 << zoom)
    return degrees * frame.east_m, degrees * math.cos(math.radians(frame.lat_deg)) * frame.north_m


def _middle(frame: Frame, zoom: int) -> tuple[float, float, int, int]:
    """Longitude and latitude of the middle of the frame's own cell, and its column and row."""
    side = float(1 << zoom)
    column = math.floor((frame.lon_deg + 180.0) / 360.0 * side)
    south = 0.5 - math.log(math.tan(math.pi / 4 + math.radians(frame.lat_deg) / 2)) / TURN
    row = math.floor(south * side)
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (row + 0.5) / side))))
    return (column + 0.5) / side * 360.0 - 180.0, lat, column, row


@njit(cache=True, nogil=True)
def _quadbins(touched: Integers, column: int, row: int, zoom: int) -> Integers:
    """Cell numbers of columns and rows counted from a cell; the same as city.logic.cells.cells_of gives."""
    answer = np.empty(len(touched), np.int64)
    head = np.int64(0x4800_0000_0000_0000) | (np.int64(zoom) << 52) | (np.int64((1 << 52) - 1) >> (2 * zoom))
    for i in range(len(touched)):
        x, y, morton = touched[i, 0] + column, touched[i, 1] + row, np.int64(0)
        for bit in range(zoom):
            morton |= ((x >> bit) & 1) << (2 * bit) | ((y >> bit) & 1) << (2 * bit + 1)
        answer[i] = head | (morton << (52 - 2 * zoom))
    return answer


@njit(cache=True, nogil=True)
def _touched(
    pieces: Any, start: float, width: float, grid: tuple[float, float, float, float], reach: float, near: float
) -> Integers:
    """Columns and rows of touched cells, counted from the camera's own; rows grow southwards."""
    middle_x, middle_y, wide, high = grid
    across, down = int(reach / wide) + 1, int(reach / high) + 1
    found = np.empty(((2 * across + 1) * (2 * down + 1), 2), np.int64)
    n = 0
    half_x, half_y = wide / 2 + 0.5, high / 2 + 0.5
    round_cell = math.hypot(half_x, half_y)
    for row in range(-down, down + 1):
        for column in range(-across, across + 1):
            x, y = middle_x + column * wide, middle_y - row * high
            low = math.hypot(max(abs(x) - half_x, 0.0), max(abs(y) - half_y, 0.0))
            top = math.hypot(abs(x) + half_x, abs(y) + half_y)
            if low > reach or top < near:
                continue
            far = math.hypot(x, y)
            span = math.asin(round_cell / far) if far > round_cell else math.pi
            direction = (math.atan2(x, y) - start) % TURN
            for k in range(len(pieces)):
                d0, d1 = pieces[k, 0] - span, pieces[k, 1] + span
                if not (d0 <= direction <= d1 or d0 <= direction - TURN <= d1 or d0 <= direction + TURN <= d1):
                    continue
                # A wall's line is farthest at an end of its piece; nearest perhaps within it.
                if min(pieces[k, 4], pieces[k, 5]) * low > 1.0:
                    continue
                bulge = math.cos((pieces[k, 1] - pieces[k, 0]) / 2)
                if max(pieces[k, 2], pieces[k, 3]) * top < bulge:
                    continue
                found[n, 0], found[n, 1] = column, row
                n += 1
                break
    return found[:n].copy()


def fine_cells(
    seen: Footprint, *, lon_deg: float, lat_deg: float, zoom: int = FINE_ZOOM
) -> tuple[Integers, Floats, Any]:
    """The fine cells whose middles are possibly seen: (cells, least density in px/m, whether certainly seen).

    The density is that which is certainly reached where the cell is certain, else the greatest that is possible.
    """
    squares, density, certain = fine_squares(seen, lon_deg=lon_deg, lat_deg=lat_deg, zoom=zoom)
    return _quadbins(squares, 0, 0, zoom), density, certain


def fine_squares(
    seen: Footprint, *, lon_deg: float, lat_deg: float, zoom: int = FINE_ZOOM
) -> tuple[Integers, Floats, Any]:
    """fine_cells with each cell as its column and row, (n, 2); rows grow southwards."""
    frame = Frame(lon_deg, lat_deg)
    width, height = _cell_size(frame, zoom)
    middle_lon, middle_lat, column, row = _middle(frame, zoom)
    view = seen.view
    numbers = (
        math.radians(view.bearing_deg), math.radians(view.half_deg.low), view.height_m.low, view.height_m.high,
        view.near_m.low, view.near_m.high, view.far_m.low, seen.reach_m, view.strength_px.low, view.strength_px.high,
        view.blur_m,
    )  # fmt: skip
    at, density, certain = _fine(
        seen.possible.pieces, seen.possible.start, seen.certain.pieces, seen.certain.start,
        ((middle_lon - frame.lon_deg) * frame.east_m, (middle_lat - frame.lat_deg) * frame.north_m, width, height),
        numbers, view.is_certain_somewhere,
    )  # fmt: skip
    return at + np.array([column, row], dtype=np.int64), density, certain


@njit(cache=True, nogil=True)
def _fine(
    pieces: Any,
    start: float,
    sure: Any,
    sure_start: float,
    grid: tuple[float, ...],
    view: tuple[float, ...],
    somewhere: bool,
) -> tuple[Any, ...]:
    middle_x, middle_y, wide, high = grid
    bearing, half, h_low, h_high, near, near_sure, far_sure, reach, weak, strong, blur = view
    across, down = int(reach / wide) + 1, int(reach / high) + 1
    found = np.empty(((2 * across + 1) * (2 * down + 1), 2), np.int64)
    density, certain = np.empty(len(found)), np.empty(len(found), np.bool_)
    n = 0
    for row in range(-down, down + 1):
        for column in range(-across, across + 1):
            x, y = middle_x + column * wide, middle_y - row * high
            far = math.hypot(x, y)
            if far > reach or far + blur < near:
                continue
            direction, inverse = math.atan2(x, y), 1.0 / max(far, 1e-6)
            if not holds_place(pieces, (direction - start) % TURN, inverse):
                continue
            aside = abs((direction - bearing + math.pi) % TURN - math.pi)
            known = somewhere and near_sure <= far <= far_sure and aside <= half
            known = known and holds_place(sure, (direction - sure_start) % TURN, inverse)
            found[n, 0], found[n, 1], certain[n] = column, row, known
            least, most = math.hypot(far, h_high), math.hypot(max(far - blur, 0.0), h_low)
            density[n] = weak / max(least, 0.1) if known else strong / max(most, 0.1)
            n += 1
    return found[:n].copy(), density[:n].copy(), certain[:n].copy()
