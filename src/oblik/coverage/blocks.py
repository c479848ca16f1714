"""One block of the ground: which footprints lie on it and what its squares add up to; reads tables, writes none."""

import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from rasterio.features import rasterize
from rasterio.transform import from_bounds

from oblik.city import queries as city
from oblik.city.layers import Shapes
from oblik.city.logic.cells import range_of
from oblik.coverage import reading
from oblik.coverage.logic.frame import Frame
from oblik.coverage.logic.surface import (
    BANDS,
    SIDE,
    Block,
    Flags,
    Ground,
    Layered,
    Painted,
    Surface,
    block_of,
    histogram,
    layered,
    painted,
    squares_of,
)
from oblik.coverage.logic.touched import ZOOMS
from oblik.coverage.models import Footprint as Row

STEP_M: Final = 3.0  # between two places at which a street is looked at: one square
# A camera whose place is known no better than this says nothing of any one street: it is counted and left out.
VAGUE_M: Final = 50.0
_FORM: Final = 1  # raised when the same footprints would give other sums


@dataclass(frozen=True, slots=True)
class Who:
    """Whose camera it is and what for."""

    owner: str
    purpose: str


@dataclass(slots=True)
class Sums:
    """A block's part of the sums, in squares of square_m2; lists run over best bands, [0] is unseen.

    districts: name -> (open squares by best sure band, by best possible one); streets: class -> metres likewise.
    times: squares that 0, 1, ... 5 and more cameras see, surely and possibly. cameras: (id, seen surely, only by it,
    seen possibly, only by it). owners: code -> squares surely and possibly seen; pairs: of two owners.
    """

    square_m2: float = 0.0
    districts: dict[str, tuple[list[int], list[int]]] = field(default_factory=dict)
    streets: dict[str, tuple[list[float], list[float]]] = field(default_factory=dict)
    purposes: dict[str, tuple[list[int], list[int]]] = field(default_factory=dict)
    owners: dict[str, tuple[int, int]] = field(default_factory=dict)
    pairs: list[tuple[str, str, int, int]] = field(default_factory=list)
    times: tuple[list[int], list[int]] = field(default_factory=lambda: ([0] * 6, [0] * 6))
    cameras: list[tuple[int, int, int, int, int]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def blocks_with_cameras() -> list[Block]:
    """The blocks in or beside which a camera hangs, in the order of a Z-curve."""
    homes = Row.objects.filter(until_at=None, state="in_service").exclude(shape=b"").values_list("home", flat=True)
    near: set[tuple[int, int]] = set()
    for home in set(homes.iterator(chunk_size=20_000)):
        middle = block_of(home)
        # The widest reach with the doubt of its place is 800 m, the narrowest block of a city (60 degrees north) 600 m.
        near.update((middle.column + x, middle.row + y) for x in (-2, -1, 0, 1, 2) for y in (-2, -1, 0, 1, 2))
    return sorted((Block(*one) for one in near), key=lambda block: block.cell)


def footprints_on(block: Block, *, codes: Collection[str] | None) -> list[int]:
    """Numbers of the footprints that may touch a block; codes: of the cameras that count, None for all."""
    found = reading.filed_between(range_of(block.cell, zoom=zoom) for zoom in ZOOMS)
    return [number for number, code in found if codes is None or code in codes]


def digest_of(ids: Sequence[int], *, who: Mapping[int, Who], cameras: Sequence[int], city_version: int) -> int:
    """Another number where a block has to be added up anew."""
    told = [(number, who.get(camera)) for number, camera in zip(ids, cameras, strict=True)]
    return zlib.crc32(repr((_FORM, city_version, told)).encode())


def block_sums(block: Block, *, looks: Sequence[tuple[int, Painted]], who: Mapping[int, Who]) -> tuple[Surface, Sums]:
    """A block's squares and sums. looks: (camera, what it lays on this block)."""
    built = _built(block)
    nobody = Who("", "")
    about = [who.get(camera, nobody) for camera, _look in looks]
    found = layered(
        [look for _camera, look in looks], owners=[one.owner for one in about],
        purposes=[one.purpose for one in about], built=built,
    )  # fmt: skip
    sums = Sums(block.square_m2, owners=found.owners, purposes=found.purposes, pairs=found.pairs)
    sums.times = (_times(found.surface.times_sure, built), _times(found.surface.times_may, built))
    sums.cameras = _cameras(looks, found)
    sums.districts = _districts(block, found.surface)
    sums.streets = _streets(block, found.surface)
    return found.surface, sums


def looks_of(ids: Sequence[int], *, block: Block) -> Iterator[tuple[int, Painted]]:
    """(camera, what it lays on this block) for footprints that do; those with a vague place are left out."""
    for stored in reading.footprints_of(ids):
        if stored.seen is None or stored.seen.view.blur_m > VAGUE_M:
            continue
        look = painted(stored.seen, lon_deg=stored.lon_deg, lat_deg=stored.lat_deg).get(block)
        if look is not None:
            yield stored.camera, look


def _times(times: Any, built: Flags) -> list[int]:
    return [int(n) for n in np.bincount(np.minimum(times[~built], 5), minlength=6)]


def _cameras(looks: Sequence[tuple[int, Painted]], found: Layered) -> list[tuple[int, int, int, int, int]]:
    return [
        (camera, *(int(n) for n in row))  # type: ignore[misc]  # four columns, as Layered says
        for (camera, _look), row in zip(looks, found.cameras, strict=True)
    ]


def _mask(shapes: Sequence[Any], block: Block) -> Flags:
    """Squares whose middles lie in any of the shapes."""
    kept = [shape for shape in shapes if not shape.is_empty]
    if not kept:
        return np.zeros(SIDE * SIDE, dtype=np.bool_)
    west, south, east, north = block.box
    place = from_bounds(west, south, east, north, SIDE, SIDE)
    drawn = rasterize(kept, out_shape=(SIDE, SIDE), transform=place, fill=0, default_value=1, dtype="uint8")
    return np.asarray(drawn, dtype=np.bool_).ravel()


def _built(block: Block) -> Flags:
    near = city.buildings_near(box=block.box)
    rings = [
        shapely.linearrings(np.column_stack([near.lon_deg[a:b], near.lat_deg[a:b]]))
        for a, b in zip(near.ring_start, near.ring_start[1:], strict=False)
    ]
    houses: dict[int, list[Any]] = {}
    yards: dict[int, list[Any]] = {}
    for ring, building, inner in zip(rings, near.ring_building, near.ring_inner, strict=True):
        (yards if inner else houses).setdefault(int(building), []).append(ring)
    outlines = [
        shapely.Polygon(ring, yards.get(building, []) if len(parts) == 1 else [])
        for building, parts in houses.items()
        for ring in parts
    ]
    return _mask(outlines, block)


def _districts(block: Block, surface: Surface) -> dict[str, tuple[list[int], list[int]]]:
    ground = ~surface.built
    answer = {}
    for name, shape in named(city.districts(), box=block.box):
        inside = _mask([shape], block) & ground
        if inside.any():
            answer[name] = histogram(surface.sure[inside]), histogram(surface.may[inside])
    return answer


def named(shapes: Shapes, *, box: tuple[float, float, float, float]) -> Iterator[tuple[str, Any]]:
    """(name, shape) of those whose boxes meet a box."""
    if not len(shapes):
        return
    west, south, east, north = box
    bounds = shapely.bounds(shapes.geometry)
    apart = (bounds[:, 0] > east) | (bounds[:, 2] < west) | (bounds[:, 1] > north) | (bounds[:, 3] < south)
    for i in np.flatnonzero(~apart):
        yield str(shapes.name[i]), shapes.geometry[i]


def _streets(block: Block, surface: Surface) -> dict[str, tuple[list[float], list[float]]]:
    """Metres of streets in the block by class and best band: each street looked at every few metres."""
    west, south, east, north = block.box
    near = city.streets(box=block.box)
    frame = Frame((west + east) / 2, (south + north) / 2)
    ground = Ground([(block, surface)])
    answer: dict[str, tuple[list[float], list[float]]] = {}
    for kind, line in zip(near.kind, near.geometry, strict=True):
        inside = shapely.intersection(shapely.boundary(line) if line.area else line, shapely.box(*block.box))
        at, weight_m = along(inside, frame)
        if not len(at):
            continue
        columns, rows = squares_of(at[:, 0], at[:, 1])
        sure, may, _built = ground.look(columns, rows)
        held = answer.setdefault(str(kind), ([0.0] * (len(BANDS) + 1), [0.0] * (len(BANDS) + 1)))
        for known, bands in zip(held, (sure, may), strict=True):
            for band, length in enumerate(np.bincount(bands, weights=weight_m, minlength=len(BANDS) + 1)):
                known[band] += float(length)
    return answer


def along(line: Any, frame: Frame) -> tuple[Any, Any]:
    """Places (n, 2) in degrees every STEP_M of lines, each the middle of its stretch, and the metres it stands for."""
    flat = _flat(line, frame)
    places, weights = [np.empty((0, 2))], [np.empty(0)]
    for part in shapely.get_parts(flat):
        if part.geom_type not in ("LineString", "LinearRing") or part.length <= 0:
            continue
        count = max(int(np.ceil(part.length / STEP_M)), 1)
        points = shapely.line_interpolate_point(part, (np.arange(count) + 0.5) * part.length / count)
        places.append(shapely.get_coordinates(points))
        weights.append(np.full(count, part.length / count))
    flat_places = np.concatenate(places)
    return (
        np.column_stack([frame.lon(flat_places[:, 0]), frame.lat(flat_places[:, 1])]),
        np.concatenate(weights),
    )


def _flat(line: Any, frame: Frame) -> Any:
    return shapely.transform(line, lambda at: np.column_stack([frame.x_m(at[:, 0]), frame.y_m(at[:, 1])]))


def street_metres() -> dict[str, float]:
    """Length of all streets of the map by class."""
    found = city.streets()
    answer: dict[str, float] = {}
    for kind, line in zip(found.kind, found.geometry, strict=True):
        edge = shapely.boundary(line) if line.area else line
        west, south, east, north = edge.bounds
        frame = Frame((west + east) / 2, (south + north) / 2)
        flat = shapely.transform(
            edge, lambda at, frame=frame: np.column_stack([frame.x_m(at[:, 0]), frame.y_m(at[:, 1])])
        )
        answer[str(kind)] = answer.get(str(kind), 0.0) + float(flat.length)
    return answer


def open_ground_m2() -> dict[str, float]:
    """What of each district no building stands on; a building counts to the districts that hold its first corner."""
    areas = city.districts()
    if not len(areas):
        return {}
    houses = city.buildings_near()
    first = houses.ring_start[:-1]
    answer: dict[str, float] = {}
    ring_m2 = _ring_areas(houses)
    for name, shape in zip(areas.name, areas.geometry, strict=True):
        west, south, east, north = shape.bounds
        frame = Frame((west + east) / 2, (south + north) / 2)
        inside = shapely.contains_xy(shape, houses.lon_deg[first], houses.lat_deg[first]) if len(first) else []
        built = float(ring_m2[inside].sum()) if len(first) else 0.0
        whole = shape.area * frame.east_m * frame.north_m
        answer[str(name)] = answer.get(str(name), 0.0) + max(whole - built, 0.0)
    return answer


def _ring_areas(houses: Any) -> Any:
    """Square metres inside each ring, courtyards negative."""
    lon, lat = houses.lon_deg, houses.lat_deg
    if not len(lon):
        return np.empty(0)
    frame = Frame(float(lon.mean()), float(lat.mean()))
    x, y = (lon - lon[0]) * frame.east_m, (lat - lat[0]) * frame.north_m
    following = np.minimum(np.arange(len(x)) + 1, len(x) - 1)
    cross = x * y[following] - x[following] * y
    cross[houses.ring_start[1:] - 1] = 0.0  # a ring is closed: its last corner is its first
    whole = np.abs(np.add.reduceat(cross, houses.ring_start[:-1])) / 2
    return np.where(houses.ring_inner, -whole, whole)
