"""Which cameras a table, a map or an export is asked for."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

MOST_CORNERS: Final = 200

Flags = npt.NDArray[np.bool_]
Area = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Cameras that another room names, or all but those; equal where `key` is, which says what was asked and when."""

    key: str
    codes: frozenset[str] = field(compare=False)
    others: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Each is empty where nothing is asked. kind may be "unknown".

    places: marks of `folding.place_mark`, streets that the text means under another name. area: the corners of a
    polygon, (longitude, latitude) degrees each.
    """

    text: str = ""
    owner: str = ""
    kind: str = ""
    state: str = ""
    purpose: str = ""
    places: tuple[str, ...] = ()
    area: Area = ()
    chosen: Chosen | None = None


def inside(area: Area, *, lon_deg: npt.NDArray[np.float64], lat_deg: npt.NDArray[np.float64]) -> Flags:
    """(n,) which places lie inside a polygon or on its edge; NaN lies in none, as does everything for an empty area.

    Sides are straight on a map in degrees; one that crosses itself encloses what lies inside any of its loops.
    """
    found = np.zeros(len(lon_deg), dtype=np.bool_)
    if len(area) < 3:
        return found
    corners = np.asarray(area, dtype=np.float64)
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    near = np.flatnonzero((lon_deg >= west) & (lon_deg <= east) & (lat_deg >= south) & (lat_deg <= north))
    shape = shapely.make_valid(shapely.Polygon(corners))
    shapely.prepare(shape)
    found[near] = shapely.intersects_xy(shape, lon_deg[near], lat_deg[near])
    return found
