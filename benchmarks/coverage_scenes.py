"""Scenes for the measurements of coverage: houses drawn at random, and windows out of real extracts."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium
import shapely
from shapely import Point, Polygon, affinity

from oblik.coverage.logic.frame import Frame
from oblik.coverage.logic.views import Span, View
from oblik.coverage.logic.walls import Walls, walls_of

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
EXTRACTS = (SHARED / "helsinki_osm" / "Helsinki.osm.pbf", SHARED / "monaco_osm" / "monaco.osm.pbf")
STOREY_M = 3.0
REACH_M = 100.0


@dataclass(frozen=True)
class Scene:
    """A camera at (0, 0) and the houses around it, metres."""

    name: str
    houses: list[Polygon]
    heights_m: np.ndarray
    view: View

    @property
    def walls(self) -> Walls:
        rings, owner = [], []
        for i, house in enumerate(self.houses):
            for ring in (house.exterior, *house.interiors):
                rings.append(np.array(ring.coords)[:, :2])
                owner.append(i)
        return walls_of(rings, building=owner, low_m=self.heights_m)


def view(rng: np.random.Generator, *, height_m: float) -> View:
    """A view with everything known and no dead zone: what is compared is what walls hide."""
    half = float(rng.choice([20, 35, 50, 180]))
    spans = (Span(n, n) for n in (half, height_m, 0.0, REACH_M, 5000.0))
    return View(float(rng.uniform(0, 360)), *spans, 1.0, 0.0, None, ())


def drawn(count: int, *, seed: int) -> Iterator[Scene]:
    """Turned oblongs that leave the camera free and may run into each other."""
    rng = np.random.default_rng(seed)
    for k in range(count):
        houses = []
        for _ in range(rng.integers(5, 40)):
            w, h = rng.uniform(5, 30, 2)
            turned = affinity.rotate(shapely.box(-w / 2, -h / 2, w / 2, h / 2), rng.uniform(0, 90))
            house = affinity.translate(turned, *rng.uniform(-110, 110, 2))
            if house.distance(Point(0, 0)) > 1:
                houses.append(house)
        heights = rng.uniform(3, 20, len(houses)).round(1)
        yield Scene(f"drawn {k}", houses, heights, view(rng, height_m=float(rng.choice([4, 8, 15, 25]))))


def extract(path: Path) -> tuple[list[Polygon], np.ndarray, Frame]:
    """Houses of an extract in metres around its middle; heights by tags, by levels, else 9 m."""
    found, heights = [], []
    areas = osmium.FileProcessor(str(path)).with_areas().with_filter(osmium.filter.KeyFilter("building"))
    geometry = osmium.geom.WKBFactory()
    for thing in areas:
        if not thing.is_area():
            continue
        try:
            shape = shapely.from_wkb(geometry.create_multipolygon(thing))
        except RuntimeError:
            continue  # an outline that does not close
        height = _height(thing.tags.get("height", ""), thing.tags.get("building:levels", ""))
        for part in shapely.get_parts(shape):
            found.append(part)
            heights.append(height)
    west, south, east, north = shapely.total_bounds(found)
    frame = Frame((west + east) / 2, (south + north) / 2)
    metres = [
        shapely.transform(p, lambda at: np.column_stack([frame.x_m(at[:, 0]), frame.y_m(at[:, 1])])) for p in found
    ]
    return metres, np.array(heights), frame


def _height(height: str, levels: str) -> float:
    for text, unit in ((height.removesuffix("m").strip(), 1.0), (levels, STOREY_M)):
        try:
            return max(float(text) * unit, 2.0)
        except ValueError:
            continue
    return 9.0


def real(count: int, *, seed: int) -> Iterator[Scene]:
    """Windows around random free places in the extracts, in turn; none where the extracts are absent."""
    towns = [extract(path)[:2] for path in EXTRACTS if path.is_file()]
    if not towns:
        return
    rng = np.random.default_rng(seed)
    trees = [shapely.STRtree(houses) for houses, _ in towns]
    for k in range(count):
        houses, heights = towns[k % len(towns)]
        tree = trees[k % len(towns)]
        while True:
            corner = houses[rng.integers(len(houses))].exterior.coords[0]
            place = Point(corner[0] + rng.uniform(-25, 25), corner[1] + rng.uniform(-25, 25))
            if not len(tree.query(place.buffer(0.5), predicate="intersects")):
                break
        near = [i for i in tree.query(place.buffer(REACH_M * 1.5)) if houses[i].is_valid]
        moved = [affinity.translate(houses[i], -place.x, -place.y) for i in near]
        yield Scene(f"real {k}", moved, heights[near], view(rng, height_m=float(rng.choice([4, 8, 15, 25]))))


def sector(view: View) -> Polygon:
    """The ground of a view without walls."""
    disc = Point(0, 0).buffer(REACH_M, quad_segs=64)
    half = view.half_deg.low
    if half >= 180:
        return disc
    rays = np.radians(np.linspace(view.bearing_deg - half, view.bearing_deg + half, 64))
    return disc.intersection(Polygon([(0, 0), *zip(3e3 * np.sin(rays), 3e3 * np.cos(rays), strict=True)]))


def plain_construction(scene: Scene) -> shapely.Geometry:
    """What a careful programmer writes with shapely: the sector less the shadow of every house, all walls for good."""
    shadows = []
    for house in scene.houses:
        shadows.append(house)
        for ring in (house.exterior, *house.interiors):
            corners = np.array(ring.coords)[:, :2]
            for a, b in pairwise(corners):
                if math.hypot(*np.minimum(np.abs(a), np.abs(b))) > 2 * REACH_M:
                    continue
                far_a, far_b = a * 3e3 / math.hypot(*a), b * 3e3 / math.hypot(*b)
                quad = Polygon([a, b, far_b, far_a])
                if quad.is_valid and quad.area > 0:
                    shadows.append(quad)
    # Rounded to 0.1 mm: without it GEOS drops whole quads now and then (seen with 3.13).
    return sector(scene.view).difference(shapely.union_all(shadows, grid_size=1e-4), grid_size=1e-4)
