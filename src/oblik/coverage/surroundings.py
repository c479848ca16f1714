"""The buildings around places, out of the city's map, in flat frames small enough to be true."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from oblik.city import queries as city
from oblik.city.logic.cells import cells_of, widened
from oblik.coverage.logic.frame import Frame
from oblik.coverage.logic.ground import surroundings, walls_of_map
from oblik.coverage.logic.terrain import Heights
from oblik.coverage.logic.walls import Walls

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_SIDE_M = 5.0  # between two heights of the ground
_ZOOM = 14  # places are taken together by cells of this zoom: 1.6 km at latitude 50


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A frame, the walls in it, the number of each building in the city's tables, and the ground's heights if known."""

    frame: Frame
    walls: Walls
    names: Integers
    heights: Heights | None


def grounds(lon_deg: Floats, lat_deg: Floats, *, reach_m: float) -> Iterator[tuple[Integers, Ground]]:
    """Positions of places that lie together, with all buildings within reach of any of them."""
    cells = cells_of(lon_deg, lat_deg, zoom=_ZOOM)
    for cell in np.unique(cells):
        here = np.flatnonzero(cells == cell)
        lon, lat = lon_deg[here], lat_deg[here]
        yield here, ground((float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())), reach_m=reach_m)


def ground(box: tuple[float, float, float, float], *, reach_m: float) -> Ground:
    """All buildings of today's map within reach of a box of degrees."""
    near = city.buildings_near(box=widened(box, by_m=reach_m * 1.01 + 1))
    frame = Frame((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    walls = walls_of_map(
        near.lon_deg, near.lat_deg, ring_start=near.ring_start, ring_building=near.ring_building,
        height_m=near.height_m, height_origin=near.height_origin, kind=near.kind, frame=frame,
    )  # fmt: skip
    return Ground(frame, walls, near.ids, _heights(frame, box, reach_m=reach_m))


def _heights(frame: Frame, box: tuple[float, float, float, float], *, reach_m: float) -> Heights | None:
    """The ground every _SIDE_M within reach of a box; None where no terrain is loaded or none of it is known."""
    west, south, east, north = widened(box, by_m=reach_m + _SIDE_M)
    x0, x1 = frame.x_m(np.array([west, east]))
    y0, y1 = frame.y_m(np.array([south, north]))
    x, y = np.arange(x0, x1 + _SIDE_M, _SIDE_M), np.arange(y0, y1 + _SIDE_M, _SIDE_M)
    if city.elevation_m(frame.lon(x[:1]), frame.lat(y[:1])) is None:
        return None
    lon, lat = np.meshgrid(frame.lon(x), frame.lat(y))
    z = city.elevation_m(lon.ravel(), lat.ravel())
    if z is None or not np.isfinite(z).any():
        return None
    return Heights(float(x[0]), float(y[0]), _SIDE_M, z.reshape(lon.shape))


def digests(around: Ground, *, lon_deg: Floats, lat_deg: Floats, reach_m: Floats) -> Integers:
    """A number for what stands around each place: another one where a building or the ground itself changed."""
    x, y = around.frame.x_m(lon_deg), around.frame.y_m(lat_deg)
    found = surroundings(x, y, reach_m=reach_m, walls=around.walls, names=around.names)
    if around.heights is None:
        return found
    # Nine places tell one raster from another; straight from the raster, as the grid lies otherwise each time.
    turns = np.radians(np.arange(0, 360, 45))
    east = np.concatenate([np.zeros((1, len(x))), np.sin(turns)[:, None] * reach_m * 0.7]) + x
    north = np.concatenate([np.zeros((1, len(y))), np.cos(turns)[:, None] * reach_m * 0.7]) + y
    z = city.elevation_m(around.frame.lon(east.ravel()), around.frame.lat(north.ravel()))
    if z is None:
        return found
    decimetres = np.nan_to_num(z * 10).round().astype("<i4").reshape(9, -1).T
    return found ^ np.array([zlib.crc32(row.tobytes()) for row in decimetres], dtype=np.int64)
