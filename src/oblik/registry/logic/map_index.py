"""Which cameras or clusters of cameras a map tile shows: sorted cells of the web-map grid, ranges and counts."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.object_]

CELL_ZOOM: Final = 26  # 0.4 m at 50 degrees north; 52 bits, so that a cell fits a signed 64-bit integer
EXTENT: Final = 4096  # units along the side of a tile, as vector tiles count
TILE_PX: Final = 512  # what a tile measures on the screen at its own zoom
MAX_FEATURES: Final = 1024
NEAR_FROM_ZOOM: Final = 17  # a street's width is then some 30 px: only cameras on one spot are drawn as one mark
SPOT_ZOOM: Final = 24  # squares of 1.5 m at 50 degrees north: a pole
MAX_LAT_DEG: Final = 85.0511287798066  # where the web-map square ends


@dataclass(frozen=True, slots=True)
class Placed:
    """Cameras as columns of equal length n. lon_deg or lat_deg is NaN where a camera has no place yet."""

    lon_deg: Floats
    lat_deg: Floats
    code: Texts
    owner: Texts
    kind: Texts
    state: Texts
    bearing_deg: Floats  # clockwise from true north; NaN where unknown
    origin: Texts  # of the place: given, geocoded, field, device, osm
    hfov_deg: Floats  # horizontal angle of view; NaN where unknown


@dataclass(frozen=True, slots=True)
class TileContent:
    """What a tile shows: m marks as columns, positions in EXTENT units from the tile's top left corner.

    count is 1 for a single camera, whose place in MapIndex.points is `point`; for a cluster `point` is -1 and
    bounds_deg bounds its cameras. wedges are the cameras whose bearing is drawn besides: those that stand alone, near
    all of them; their angle of view is NaN where it is not known.
    """

    x: Integers
    y: Integers
    count: Integers
    point: Integers
    bounds_deg: Floats  # (m, 4): west, south, east, north
    wedges: Integers  # (k, 2): x, y
    wedge_bearing_deg: Floats  # (k,)
    wedge_hfov_deg: Floats  # (k,)

    def __len__(self) -> int:
        return len(self.count)


@dataclass(frozen=True, slots=True)
class MapIndex:
    """Placed cameras sorted by cell. points holds them in that order; unplaced is how many had no place.

    row: (n,) where each stood in the columns that the index was built from.
    """

    points: Placed
    row: Integers
    cell: Integers
    world_x: Floats  # 0 at 180 degrees west, 1 at 180 degrees east
    world_y: Floats  # 0 at the northern edge of the web map, 1 at its southern edge
    unplaced: int
    _bounds: tuple[float, float, float, float] | None = field(default=None)

    @classmethod
    def build(cls, points: Placed) -> "MapIndex":
        """The index of all points that have a place; no points give an index whose tiles are empty."""
        placed = np.isfinite(points.lon_deg) & np.isfinite(points.lat_deg)
        world_x, world_y = world_position(points.lon_deg[placed], points.lat_deg[placed])
        cell = cells(world_x, world_y)
        order = np.argsort(cell, kind="stable")
        kept = np.flatnonzero(placed)[order]
        columns = {name: getattr(points, name)[kept] for name in Placed.__dataclass_fields__}
        ordered = Placed(**columns)
        bounds = _bounds(ordered.lon_deg, ordered.lat_deg) if len(kept) else None
        unplaced = len(placed) - len(kept)
        return cls(ordered, kept, cell[order], world_x[order], world_y[order], unplaced, bounds)

    def __len__(self) -> int:
        return len(self.cell)

    @property
    def bounds_deg(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of all placed cameras; None where there are none."""
        return self._bounds

    def bounds_of(self, shown: Flags | None) -> tuple[float, float, float, float] | None:
        """West, south, east, north of the cameras that a filter keeps; None where it keeps none."""
        if shown is None:
            return self._bounds
        if not shown.any():
            return None
        return _bounds(self.points.lon_deg[shown], self.points.lat_deg[shown])

    def tile(self, zoom: int, x: int, y: int, *, shown: Flags | None = None) -> TileContent:
        """The marks of one tile; every camera that `shown` keeps is in exactly one mark of exactly one tile per zoom.

        zoom in [0, CELL_ZOOM - 5], x and y in [0, 2**zoom), else ValueError. An empty tile gives no marks.
        """
        if not (0 <= zoom <= CELL_ZOOM - 5 and 0 <= x < 1 << zoom and 0 <= y < 1 << zoom):
            raise ValueError(f"no such tile: {zoom}/{x}/{y}")
        below = 2 * (CELL_ZOOM - zoom)
        first = int(interleave(np.array([x]), np.array([y]))[0]) << below
        low, high = np.searchsorted(self.cell, [first, first + (1 << below)])
        hits = np.arange(low, high)
        if shown is not None:
            hits = hits[shown[low:high]]
        if not len(hits):
            return _nothing()
        position = self._positions(hits, zoom=zoom, x=x, y=y)
        near = zoom >= NEAR_FROM_ZOOM and len(hits) <= MAX_FEATURES
        # Sorted cells make every grid square one run: numbering runs is enough, nothing is sorted again.
        group = (
            _runs(self.cell[hits] >> (2 * (CELL_ZOOM - SPOT_ZOOM)))
            if near
            else self._clusters(hits, position, zoom=zoom)
        )
        looking = np.isfinite(self.points.bearing_deg[hits])
        if not near:
            looking &= np.bincount(group)[group] == 1
        return self._marks(hits, position, group, looking=looking)

    def _positions(self, hits: Integers, *, zoom: int, x: int, y: int) -> Floats:
        """(m, 2) places inside the tile in EXTENT units."""
        side = float(1 << zoom)
        return np.column_stack(
            [(self.world_x[hits] * side - x) * EXTENT, (self.world_y[hits] * side - y) * EXTENT]
        ).clip(0, EXTENT - 1)

    def _clusters(self, hits: Integers, position: Floats, *, zoom: int) -> Integers:
        """(m,) the cluster's number of each hit: cells of 64 px (32 px when near), then those that would overlap."""
        splits = 3 if zoom < 14 else 4
        run = _runs(self.cell[hits] >> (2 * (CELL_ZOOM - zoom - splits)))
        size = np.bincount(run)
        centre = np.column_stack([np.bincount(run, weights=position[:, axis]) / size for axis in (0, 1)])
        reach = (52 if zoom < 14 else 34) * EXTENT / TILE_PX
        joined: Integers = join_near(centre, size, reach=reach)[run]
        return joined

    def _marks(self, hits: Integers, position: Floats, group: Integers, *, looking: Flags) -> TileContent:
        """One mark per group of hits: the mean place, the count, the bounds, and the camera where it is alone.

        looking: (m,) which hits get a wedge.
        """
        count = np.bincount(group)
        mean = np.column_stack([np.bincount(group, weights=position[:, axis]) / count for axis in (0, 1)])
        bounds = np.column_stack([np.full((len(count), 2), np.inf), np.full((len(count), 2), -np.inf)])
        for column, degrees, pick in (
            (0, self.points.lon_deg, np.minimum),
            (1, self.points.lat_deg, np.minimum),
            (2, self.points.lon_deg, np.maximum),
            (3, self.points.lat_deg, np.maximum),
        ):
            pick.at(bounds[:, column], group, degrees[hits])
        point = np.full(len(count), -1, dtype=np.int64)
        point[group] = hits
        point[count > 1] = -1
        place = np.rint(mean).astype(np.int64)
        wedges = np.rint(position[looking]).astype(np.int64)
        drawn = hits[looking]
        return TileContent(
            place[:, 0], place[:, 1], count.astype(np.int64), point, bounds, wedges, self.points.bearing_deg[drawn],
            self.points.hfov_deg[drawn],
        )  # fmt: skip


def world_position(lon_deg: Floats, lat_deg: Floats) -> tuple[Floats, Floats]:
    """Web Mercator position as fractions of the world: x from 180 W eastward, y from the northern edge down, in [0, 1).

    Latitudes beyond MAX_LAT_DEG are drawn at the edge. Source: EPSG:3857 scaled to the unit square.
    """
    latitude = np.radians(np.clip(lat_deg, -MAX_LAT_DEG, MAX_LAT_DEG))
    x = (lon_deg + 180.0) / 360.0
    y = 0.5 - np.arcsinh(np.tan(latitude)) / (2.0 * np.pi)
    inside = np.nextafter(1.0, 0.0)
    return np.clip(x, 0.0, inside), np.clip(y, 0.0, inside)


def cells(world_x: Floats, world_y: Floats) -> Integers:
    """(n,) numbers of the CELL_ZOOM grid squares, in the order that keeps every tile of every zoom contiguous."""
    side = float(1 << CELL_ZOOM)
    return interleave((world_x * side).astype(np.int64), (world_y * side).astype(np.int64))


def interleave(x: Integers, y: Integers) -> Integers:
    """Morton numbers: bits of x in the even places, bits of y in the odd ones; both in [0, 2**26).

    Source: the usual spreading of bits by shifts and masks; the same digits as in a quadbin cell.
    """
    return _spread(x) | (_spread(y) << 1)


def join_near(centre: Floats, size: Integers, *, reach: float) -> Integers:
    """(m,) a group's number for each centre: the largest takes those nearer than reach, then the next largest.

    centre: (m, 2); size: (m,) decides who takes whom, the earlier on equal size. Numbers count from 0 without holes.
    """
    group = np.full(len(centre), -1, dtype=np.int64)
    made = 0
    for index in np.argsort(-size, kind="stable"):
        if group[index] >= 0:
            continue
        gap = centre - centre[index]
        near = (group < 0) & (gap[:, 0] ** 2 + gap[:, 1] ** 2 < reach * reach)
        near[index] = True
        group[near] = made
        made += 1
    return group


def _runs(square: Integers) -> Integers:
    """(m,) numbers from 0 that change where a sorted column changes; m is at least 1."""
    runs: Integers = np.concatenate([[0], np.cumsum(np.diff(square) != 0)])
    return runs


def _spread(value: Integers) -> Integers:
    spread = value.astype(np.int64)
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        spread = (spread | (spread << shift)) & mask
    return spread


def _bounds(lon_deg: Floats, lat_deg: Floats) -> tuple[float, float, float, float]:
    return float(lon_deg.min()), float(lat_deg.min()), float(lon_deg.max()), float(lat_deg.max())


def _nothing() -> TileContent:
    none = np.empty(0, dtype=np.int64)
    bounds, wedges = np.empty((0, 4)), np.empty((0, 2), dtype=np.int64)
    return TileContent(none, none, none, none, bounds, wedges, np.empty(0), np.empty(0))
