"""What stands on the map, as columns for calculation: buildings as flat outlines, the other layers as shapes."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from django.db.models import Q, QuerySet

from oblik.city.logic.cells import Floats, Integers, box_of, ranges_over, widened
from oblik.city.models import Feature

Box = tuple[float, float, float, float]  # west, south, east, north, degrees
Objects = npt.NDArray[np.object_]

REACH_M: Final = 250.0  # what reaches further from its middle is looked at by every search
_CHUNK: Final = 20_000
_RANGES_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True, eq=False)
class Buildings:
    """n outlines of m rings of k corners, flat. Rings are closed (the first corner again at the end).

    ids (n,) int64; height_m (n,) above ground; height_origin (n,) "measured" | "levels" | "assumed"; kind (n,) OSM's
    word ("apartments", "roof", "yes"). Ring r runs over corners ring_start[r]:ring_start[r + 1] of lon_deg, lat_deg
    (k,); it belongs to building ring_building[r] (position, ascending) and is a courtyard's edge where ring_inner[r].
    """

    ids: Integers
    height_m: Floats
    height_origin: Objects
    kind: Objects
    ring_start: Integers
    ring_building: Integers
    ring_inner: npt.NDArray[np.bool_]
    lon_deg: Floats
    lat_deg: Floats

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """n things of a layer: kind (class, admin_level, ...), name as on the sign, names in other languages and of other
    times ({"uk": ..., "ru": ..., "en": ..., "old": [...], "alt": [...]}), shapely geometry in degrees, lon first."""

    ids: Integers
    kind: Objects
    name: Objects
    names: list[dict[str, Any]]
    geometry: Objects

    def __len__(self) -> int:
        return len(self.ids)


def standing(layer: str, *, at: datetime | None) -> "QuerySet[Feature]":
    """Features of a layer that stood at an instant; None means what stands by the newest files."""
    rows = Feature.objects.filter(layer=layer)
    if at is None:
        return rows.filter(until_at=None)
    return rows.filter(Q(since_at=None) | Q(since_at__lte=at), Q(until_at=None) | Q(until_at__gt=at))


def within(rows: "QuerySet[Feature]", *, box: Box | None, cells: Sequence[int] | None) -> Iterable["QuerySet[Feature]"]:
    """The same rows narrowed to boxes, in as many searches as need be; without box and cells the rows as they are."""
    if box is None and cells is None:
        yield rows
        return
    boxes = [widened(one, by_m=REACH_M) for one in ([box] if box else [box_of(cell) for cell in cells or ()])]
    ranges = ranges_over(boxes)
    for start in range(0, len(ranges), _RANGES_AT_ONCE):
        near = Q()
        for first, last in ranges[start : start + _RANGES_AT_ONCE]:
            near |= Q(cell__gte=first, cell__lte=last)
        yield rows.filter(near)
    yield rows.filter(cell=0)


def read_shapes(
    layer: str, *, at: datetime | None, box: Box | None = None, kinds: Sequence[str] = (), named: bool = False
) -> Shapes:
    """Things of a layer whose boxes meet `box`; of these kinds if any are named; with `named` only those with names."""
    base = standing(layer, at=at)
    base = base.filter(kind__in=list(kinds)) if kinds else base
    base = base.exclude(name="") if named else base
    found: list[tuple[Any, ...]] = []
    for rows in within(base, box=box, cells=None):
        found.extend(rows.values_list("id", "kind", "name", "names", "wkb").iterator(chunk_size=_CHUNK))
    geometry = shapely.from_wkb(np.array([bytes(row[4]) for row in found], dtype=object))
    meets = np.arange(len(found))
    if box is not None and found:
        meets = np.flatnonzero(_meeting(shapely.bounds(geometry), [box]))
    kept = [found[i] for i in meets]
    return Shapes(
        ids=np.array([row[0] for row in kept], dtype=np.int64),
        kind=np.array([row[1] for row in kept], dtype=object),
        name=np.array([row[2] for row in kept], dtype=object),
        names=[json.loads(row[3]) if row[3] else {} for row in kept],
        geometry=geometry[meets],
    )


def read_buildings(*, at: datetime | None, box: Box | None, cells: Sequence[int] | None) -> Buildings:
    """Buildings whose boxes meet `box` or one of `cells`; all if neither is given."""
    found: list[tuple[Any, ...]] = []
    for rows in within(standing("building", at=at), box=box, cells=cells):
        wanted = rows.values_list("id", "height_m", "height_origin", "kind", "wkb")
        found.extend(wanted.iterator(chunk_size=_CHUNK))
    columns: Sequence[Sequence[Any]] = list(zip(*found, strict=True)) if found else [()] * 5
    geometry = shapely.from_wkb(np.array(columns[4], dtype=object))
    ids = np.array(columns[0], dtype=np.int64)
    kept = np.ones(len(ids), dtype=bool)
    if len(ids) and (box is not None or cells is not None):
        kept = _meeting(shapely.bounds(geometry), [box] if box else [box_of(cell) for cell in cells or ()])
    flat = _flat(geometry[kept])
    return Buildings(
        ids[kept],
        np.array(columns[1], dtype=np.float64)[kept],
        np.array(columns[2], dtype=object)[kept],
        np.array(columns[3], dtype=object)[kept],
        *flat,
    )


def _meeting(bounds: Floats, boxes: Sequence[Box]) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(bounds), dtype=bool)
    for west, south, east, north in boxes:
        apart = (bounds[:, 0] > east) | (bounds[:, 2] < west) | (bounds[:, 1] > north) | (bounds[:, 3] < south)
        found |= ~apart
    return found


def _flat(geometry: Objects) -> tuple[Integers, Integers, npt.NDArray[np.bool_], Floats, Floats]:
    """Rings of polygons and multipolygons one after the other; see Buildings."""
    if not len(geometry):
        none = np.empty(0)
        return np.zeros(1, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.bool_), none, none
    kind, corners, offsets = shapely.to_ragged_array(geometry)
    ring_start, part_start = (offset.astype(np.int64) for offset in offsets[:2])
    inner = np.ones(len(ring_start) - 1, dtype=np.bool_)
    inner[part_start[:-1]] = False  # the first ring of each part is its outer edge
    owner = np.repeat(np.arange(len(part_start) - 1), np.diff(part_start))
    if kind == shapely.GeometryType.MULTIPOLYGON:
        owner = np.repeat(np.arange(len(geometry)), np.diff(offsets[2]))[owner]
    lon, lat = np.ascontiguousarray(corners[:, 0]), np.ascontiguousarray(corners[:, 1])
    return ring_start, owner.astype(np.int64), inner, lon, lat
