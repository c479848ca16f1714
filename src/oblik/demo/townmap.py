"""The invented city's map as an OpenStreetMap extract: streets, buildings, plots, parks, water, places, districts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import osmium
import shapely
from shapely.geometry import LineString, Polygon, box

from oblik.demo.cameras import Camera, Site
from oblik.demo.features import HIGHWAYS
from oblik.demo.streets import Ground, Rng

Point = tuple[float, float]  # metres of the ground's frame
Tags = dict[str, str]
_FIRST: Final = 8_000_000_001  # far above today's numbers, so that none is anybody's object
_STREET_M: Final = 6.5  # half a street with its pavements: no house stands nearer to its middle
_SIDE_M: Final = 1.2  # an address point lies so far behind the front of its house
_YARD_M: Final = 40.0  # from the middle of a street to where a block's yard begins
_PLOT_M: Final = 9.0
_LANES: Final = {"primary": "4", "secondary": "3"}


@dataclass(slots=True)
class _Drawing:
    """Nodes, ways and relations in the order of their numbers."""

    ground: Ground
    nodes: list[tuple[int, float, float, Tags]] = field(default_factory=list)
    ways: list[tuple[int, list[int], Tags]] = field(default_factory=list)
    relations: list[tuple[int, list[tuple[str, int, str]], Tags]] = field(default_factory=list)

    def node(self, at: Point, tags: Tags | None = None, *, digits: int = 7) -> int:
        lon, lat = self.ground.frame.lonlat(*at)
        self.nodes.append((_FIRST + len(self.nodes), round(lon, digits), round(lat, digits), tags or {}))
        return self.nodes[-1][0]

    def way(self, refs: list[int], tags: Tags) -> int:
        self.ways.append((_FIRST + len(self.ways), refs, tags))
        return self.ways[-1][0]

    def area(self, corners: Iterable[Sequence[float]], tags: Tags) -> int:
        """A closed way; nothing, and number 0, for a ring that has shrunk to nothing."""
        corners = list(corners)
        if len(corners) < 4:
            return 0
        refs = [self.node((float(x), float(y))) for x, y in corners[:-1]]
        return self.way([*refs, refs[0]], tags)

    def relation(self, members: list[tuple[str, int, str]], tags: Tags) -> None:
        self.relations.append((_FIRST + len(self.relations), members, tags))


def write_map(path: Path, *, rng: Rng, ground: Ground, cameras: Sequence[Camera]) -> None:
    """The extract of the whole city, the same bytes for the same numbers."""
    drawing = _Drawing(ground)
    _draw_streets(drawing)
    _draw_buildings(drawing, rng)
    _draw_addresses(drawing)
    _draw_blocks(drawing, rng)
    _draw_places(drawing, rng, cameras)
    _draw_districts(drawing)
    _draw_edges(drawing)
    path.unlink(missing_ok=True)
    header = osmium.io.Header()
    header.set("generator", "oblik demo")
    writer = osmium.SimpleWriter(str(path), header=header)
    make = osmium.osm.mutable
    for number, lon, lat, tags in drawing.nodes:
        writer.add_node(make.Node(id=number, version=1, location=(lon, lat), tags=tags))
    for number, refs, tags in drawing.ways:
        writer.add_way(make.Way(id=number, version=1, nodes=refs, tags=tags))
    for number, members, tags in drawing.relations:
        writer.add_relation(make.Relation(id=number, version=1, members=members, tags=tags))
    writer.close()


def _corner(ground: Ground, crossing: tuple[int, int]) -> Point:
    column, row = crossing
    return float(ground.grid_x[row, column]), float(ground.grid_y[row, column])


def _draw_streets(drawing: _Drawing) -> None:
    ground = drawing.ground
    at = {crossing: drawing.node(_corner(ground, crossing)) for crossing in sorted(ground.at)}
    for street in ground.streets:
        tags = {"name": f"{street.kind} {street.name[0]}"}
        tags |= {"name:uk": tags["name"], "name:ru": f"{street.ru_kind} {street.name[1]}"}
        if street.old:
            tags["old_name"] = f"{street.old[0]} {street.old[1][0]}"
            tags["old_name:ru"] = street.old[1][1]
        if len(street.path) < 2:
            x, y = _corner(ground, street.path[0])
            circle = shapely.get_coordinates(shapely.Point(x, y).buffer(36, quad_segs=4))
            drawing.area(circle, tags | {"highway": "pedestrian", "area": "yes"})
            continue
        highway = HIGHWAYS.get(street.kind, "tertiary" if len(street.path) > 9 else "residential")
        tags["highway"] = highway
        if highway in _LANES:
            tags["lanes"] = _LANES[highway]
        drawing.way([at[crossing] for crossing in street.path], tags)


def _street_lines(ground: Ground) -> list[LineString]:
    return [
        LineString([_corner(ground, crossing) for crossing in street.path])
        for street in ground.streets
        if len(street.path) > 1
    ]


def _fronts(ground: Ground) -> npt.NDArray[np.float64]:
    """For each house the unit vector along its street, (n, 2); for squares across the line to the middle."""
    along = np.zeros((len(ground.houses), 2))
    for street in ground.streets:
        line = np.array([_corner(ground, crossing) for crossing in street.path])
        for index in street.points:
            at = np.array([ground.houses[index].x_m, ground.houses[index].y_m])
            if len(line) == 1:
                dx, dy = at - line[0]
                along[index] = (-dy, dx)
                continue
            starts, steps = line[:-1], np.diff(line, axis=0)
            share = np.clip(((at - starts) * steps).sum(1) / (steps**2).sum(1), 0, 1)
            nearest = int(np.hypot(*(starts + share[:, None] * steps - at).T).argmin())
            along[index] = steps[nearest]
    unit: npt.NDArray[np.float64] = along / np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    return unit


def _outlines(rng: Rng, ground: Ground) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.bool_]]:
    """A house front on each address, and which of them stand free of streets and of each other."""
    at = np.array([(house.x_m, house.y_m) for house in ground.houses])
    along = _fronts(ground)
    inwards = np.column_stack([-along[:, 1], along[:, 0]])
    lines = _street_lines(ground)
    tree = shapely.STRtree(lines)
    spots = shapely.points(at)
    nearest = np.array(lines, dtype=object)[tree.nearest(spots)]
    on_line = shapely.get_coordinates(
        shapely.line_interpolate_point(nearest, shapely.line_locate_point(nearest, spots))
    )
    inwards *= np.where(((at - on_line) * inwards).sum(1) < 0, -1, 1)[:, None]
    half = rng.uniform(9, 14, len(at))
    depth = rng.uniform(10, 15, len(at))
    outlines = _rectangles(at, along, inwards, half, depth)
    roads = shapely.STRtree(shapely.buffer(lines, _STREET_M))
    for shrink in (0.6, 0.4):
        crowded = np.unique(roads.query(outlines, predicate="intersects")[0])
        half[crowded] = 14 * shrink * rng.uniform(0.8, 1, len(crowded))
        outlines[crowded] = _rectangles(
            at[crowded], along[crowded], inwards[crowded], half[crowded], depth[crowded] * shrink
        )
    free = np.ones(len(at), dtype=bool)
    free[np.unique(roads.query(outlines, predicate="intersects")[0])] = False
    one, other = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    for later, earlier in sorted(zip(one[one > other].tolist(), other[one > other].tolist(), strict=True)):
        free[later] &= not free[earlier]
    return outlines, free


def _rectangles(
    at: npt.NDArray[np.float64],
    along: npt.NDArray[np.float64],
    inwards: npt.NDArray[np.float64],
    half: npt.NDArray[np.float64],
    depth: npt.NDArray[np.float64],
) -> npt.NDArray[np.object_]:
    side, front = along * half[:, None], at - inwards * _SIDE_M
    back = front + inwards * depth[:, None]
    rings = np.stack([front - side, front + side, back + side, back - side, front - side], axis=1)
    found: npt.NDArray[np.object_] = shapely.polygons(rings)
    return found


def _draw_buildings(drawing: _Drawing, rng: Rng) -> None:
    ground = drawing.ground
    outlines, free = _outlines(rng, ground)
    reach = float(np.abs(ground.grid_x).max()) + 1
    for index in np.flatnonzero(free):
        house = ground.houses[index]
        central = np.hypot(house.x_m, house.y_m) / reach
        tall = float(rng.random()) > central * 1.1
        tags: Tags = {"building": str(rng.choice(("apartments", "retail", "office", "yes"), p=(0.6, 0.15, 0.1, 0.15)))}
        levels = int(rng.choice((3, 4, 5, 9, 12), p=(0.15, 0.2, 0.4, 0.2, 0.05)))
        if not tall:
            tags, levels = {"building": "house"}, int(rng.choice((1, 2), p=(0.65, 0.35)))
        known = float(rng.random())
        if known < 0.1:
            tags["height"] = f"{levels * 3.0 + 1.5:.1f}"
        if known < 0.75:
            tags["building:levels"] = str(levels)
        corners = shapely.get_coordinates(outlines[index])
        if tall and levels >= 9 and float(rng.random()) < 0.3:
            _draw_with_courtyard(drawing, corners, tags)
        else:
            drawing.area(corners, tags)


def _draw_with_courtyard(drawing: _Drawing, corners: npt.NDArray[np.float64], tags: Tags) -> None:
    """A large house is drawn as a relation: an outer edge and a light well."""
    middle = corners[:-1].mean(axis=0)
    outer = drawing.area(corners, {})
    inner = drawing.area(middle + (corners - middle) * 0.3, {})
    drawing.relation([("w", outer, "outer"), ("w", inner, "inner")], {"type": "multipolygon", **tags})


def _draw_addresses(drawing: _Drawing) -> None:
    """At the very places of addresses.csv, to its six digits."""
    ground = drawing.ground
    for house in ground.houses:
        street = ground.streets[house.street]
        tags = {
            "addr:street": f"{street.kind} {street.name[0]}",
            "addr:housenumber": house.number,
            "addr:district": ground.district(house.x_m, house.y_m)[0],
        }
        drawing.node((house.x_m, house.y_m), tags, digits=6)


def _draw_blocks(drawing: _Drawing, rng: Rng) -> None:
    """What lies between four crossings: a plot for housing, and in its yard a park, a pond, a school or nothing."""
    ground = drawing.ground
    rows, columns = ground.grid_x.shape
    for row in range(rows - 1):
        for column in range(columns - 1):
            block = Polygon(
                [
                    _corner(ground, at)
                    for at in ((column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1))
                ]
            )
            draw = float(rng.random())
            if draw < 0.8:
                drawing.area(_ring(block, _PLOT_M), {"landuse": "residential"})
            yard = _ring(block, _YARD_M)
            if len(yard) < 4:
                continue
            if draw > 0.9:
                drawing.area(yard, {"leisure": "park", "name": f"сквер № {row * columns + column}"})
                drawing.area(
                    _ring(Polygon(yard), 16),
                    {"natural": "water", "water": "pond"} if draw > 0.96 else {"leisure": "playground"},
                )
            elif draw > 0.84:
                number = row * columns + column
                name = f"Ліцей № {number}" if draw > 0.87 else f"Дитячий садок № {number}"
                kind = "school" if draw > 0.87 else "kindergarten"
                drawing.area(yard, {"amenity": kind, "name": name, "name:uk": name})
                drawing.area(
                    _ring(Polygon(yard), 22), {"building": kind, "building:levels": "3" if draw > 0.87 else "2"}
                )
            elif draw < 0.35:
                drawing.area(yard, {"landuse": "grass"})
            elif draw < 0.45 and len(corners := _ring(Polygon(yard), 12)) >= 4:
                drawing.area(corners[[0, 1, 2, 0]], {"building": "garages", "building:levels": "1"})


def _ring(area: Polygon, inset_m: float) -> npt.NDArray[np.float64]:
    inner = area.buffer(-inset_m, join_style="mitre")
    return shapely.get_coordinates(inner) if isinstance(inner, Polygon) and not inner.is_empty else np.empty((0, 2))


def _draw_places(drawing: _Drawing, rng: Rng, cameras: Sequence[Camera]) -> None:
    ground = drawing.ground
    sites: dict[int, Site] = {camera.site.number: camera.site for camera in cameras}
    told = {"school": "amenity", "stop": "highway", "mall": "shop", "shop": "shop"}
    values = {"school": "school", "stop": "bus_stop", "mall": "mall", "shop": "supermarket"}
    for site in sites.values():
        if site.kind in told and site.title[0]:
            uk, ru = (title.partition("«")[2].rstrip("»") or title for title in site.title)
            tags = {told[site.kind]: values[site.kind], "name": uk, "name:uk": uk, "name:ru": ru}
            drawing.node((site.x_m, site.y_m), tags)
    for crossing, streets in sorted(ground.at.items()):
        if len(streets) < 2:
            continue
        x, y = _corner(ground, crossing)
        for dx, dy in ((9, 0), (-9, 0), (0, 9), (0, -9)):
            if rng.random() < 0.4:
                drawing.node((x + dx, y + dy), {"highway": "crossing", "crossing": "uncontrolled"})
        if rng.random() < 0.06:
            name = f"Укриття № {crossing[1] * 100 + crossing[0]}"
            tags = {"amenity": "shelter", "shelter_type": "bomb_shelter", "name": name, "name:uk": name}
            drawing.node((x + 30, y + 30), tags)


def _extent(ground: Ground) -> Polygon:
    return box(
        float(ground.grid_x.min()) - 60, float(ground.grid_y.min()) - 60,
        float(ground.grid_x.max()) + 60, float(ground.grid_y.max()) + 60,
    )  # fmt: skip


def _draw_districts(drawing: _Drawing) -> None:
    """The sectors that `Ground.district` answers with, to the city's edge."""
    ground = drawing.ground
    city, far, count = _extent(ground), 100_000.0, len(ground.districts)
    for index, (uk, ru) in enumerate(ground.districts):
        turns = np.linspace(index, index + 1, 9) / count * 2 * np.pi - np.pi
        wedge = Polygon([(0.0, 0.0), *zip(far * np.cos(turns), far * np.sin(turns), strict=True)])
        edge = drawing.area(shapely.get_coordinates(wedge.intersection(city)), {})
        tags = {"type": "boundary", "boundary": "administrative", "admin_level": "9"}
        tags |= {"name": f"{uk} район", "name:uk": f"{uk} район", "name:ru": f"{ru} район"}
        drawing.relation([("w", edge, "outer")], tags)


def _draw_edges(drawing: _Drawing) -> None:
    """A river runs by in the east, a wood stands in the west: nothing of either lies among the houses."""
    west, south, east, north = _extent(drawing.ground).bounds
    ys = np.linspace(south - 300, north + 300, 40)
    bank = east + 60 + 40 * np.sin(ys / 400)
    river = [*zip(bank, ys, strict=True), *zip((bank + 110)[::-1], ys[::-1], strict=True)]
    drawing.area([*river, river[0]], {"natural": "water", "water": "river", "name": "Явірка", "name:ru": "Яворка"})
    wood = box(west - 700, south, west - 20, north)
    drawing.area(shapely.get_coordinates(wood), {"natural": "wood", "name": "Дальній ліс", "name:ru": "Дальний лес"})
