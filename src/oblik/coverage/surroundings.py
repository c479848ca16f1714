"""The buildings around places, out of the city's map, in flat frames small enough to be true."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from oblik.city import queries as city
from oblik.city.logic.cells import cells_of, widened
from oblik.coverage.logic.frame import Frame
from oblik.coverage.logic.ground import walls_of_map
from oblik.coverage.logic.walls import Walls

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_ZOOM = 14  # places are taken together by cells of this zoom: 1.6 km at latitude 50


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A frame, the walls in it, and the number of each building in the city's tables."""

    frame: Frame
    walls: Walls
    names: Integers


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
    return Ground(frame, walls, near.ids)
