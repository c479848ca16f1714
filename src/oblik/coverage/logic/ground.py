"""Buildings of the city's map as walls, with the doubt about their heights."""

from typing import Final

import numpy as np
import numpy.typing as npt
from numba import njit

from oblik.coverage.logic.frame import Frame
from oblik.coverage.logic.sweep import near_buildings
from oblik.coverage.logic.walls import Floats, Integers, Walls, walls_of_arrays

# By what share a height may be off, by where it comes from (see city.layers.Buildings): a storey is 2.7 to 3.3 m high;
# of an assumed height nothing is known.
HEIGHT_DOUBT: Final = {"measured": 0.0, "levels": 0.1, "assumed": 0.5}
OPEN_KINDS: Final = frozenset({"roof", "carport"})  # one sees under them


def walls_of_map(
    lon_deg: Floats, lat_deg: Floats, *, ring_start: Integers, ring_building: Integers, height_m: Floats,
    height_origin: npt.NDArray[np.object_], kind: npt.NDArray[np.object_], frame: Frame,
) -> Walls:  # fmt: skip
    """Walls in the frame out of flat outlines; open kinds keep no walls, so that positions stay those of the map."""
    doubt = np.array([HEIGHT_DOUBT.get(str(o), HEIGHT_DOUBT["assumed"]) for o in height_origin], dtype=np.float64)
    closed = ~np.isin(kind.astype(str), list(OPEN_KINDS)) if len(kind) else np.empty(0, dtype=bool)
    kept = np.flatnonzero(closed[ring_building]) if len(ring_building) else np.empty(0, dtype=np.int64)
    sizes = (ring_start[1:] - ring_start[:-1])[kept]
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    take = np.repeat(ring_start[:-1][kept] - offsets[:-1], sizes) + np.arange(offsets[-1])
    return walls_of_arrays(
        frame.x_m(lon_deg)[take], frame.y_m(lat_deg)[take], offsets=offsets, building=ring_building[kept],
        low_m=height_m * (1 - doubt), high_m=height_m * (1 + doubt),
    )  # fmt: skip


def surroundings(x_m: Floats, y_m: Floats, *, reach_m: Floats, walls: Walls, names: Integers) -> Integers:
    """A digest of which buildings are within each reach: another one where any of them came, went or changed its name.

    names: (buildings,) numbers that change with the building. Nothing around gives 0.
    """
    return _surroundings(np.column_stack([x_m, y_m, reach_m]), walls.arrays(), names)


@njit(cache=True, nogil=True)
def _surroundings(places: Floats, arrays: tuple[object, ...], names: Integers) -> Integers:
    seen = np.zeros(len(names) + 1, np.int64)
    answer = np.zeros(len(places), np.int64)
    for i in range(len(places)):
        for b in near_buildings((places[i, 0], places[i, 1], places[i, 2]), arrays, seen):
            # The mixing step of splitmix64, so that sums of numbers that follow each other differ.
            z = np.uint64(names[b]) * np.uint64(0x9E3779B97F4A7C15)
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            answer[i] ^= np.int64((z ^ (z >> np.uint64(27))) >> np.uint64(1))
    return answer
