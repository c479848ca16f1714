"""A built-up town of any size for the measurements of coverage: a real extract repeated, with cameras on its walls."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from benchmarks.coverage_scenes import EXTRACTS, extract

from oblik.coverage.logic.frame import Frame
from oblik.coverage.logic.walls import Walls, walls_of_arrays

FRAME = Frame(36.0, 50.0)  # where the copies are laid out: open country, so that nobody takes them for the place itself
GAP_M = 15.0


@dataclass(frozen=True)
class Town:
    """Copies of one extract side by side: houses as rings laid end to end, metres in FRAME."""

    x_m: np.ndarray
    y_m: np.ndarray
    offsets: np.ndarray
    building: np.ndarray
    heights_m: np.ndarray
    copies: int
    km2: float

    def walls(self) -> Walls:
        return walls_of_arrays(self.x_m, self.y_m, offsets=self.offsets, building=self.building, low_m=self.heights_m)


def town(copies: int) -> Town:
    """So many copies of central Helsinki (or Monaco where that is absent) in a square."""
    found = [path for path in EXTRACTS if path.is_file()]
    if not found:
        raise SystemExit("no real extract on this machine (../shared/data is absent); nothing measured")
    houses, heights, _ = extract(found[0])
    west, south, east, north = shapely.total_bounds(houses)
    rings, owner = [], []
    for i, house in enumerate(houses):
        for ring in (house.exterior, *house.interiors):
            rings.append(np.array(ring.coords)[:, :2] - (west, south))
            owner.append(i)
    side = math.ceil(math.sqrt(copies))
    corners = np.concatenate(rings)
    sizes = np.array([len(ring) for ring in rings])
    places = [(k % side, k // side) for k in range(copies)]
    shift = np.array(places, dtype=float) * (east - west + GAP_M, north - south + GAP_M)
    shift -= shift.mean(axis=0)
    all_corners = (corners[None] + shift[:, None]).reshape(-1, 2)
    offsets = np.concatenate([[0], np.cumsum(np.tile(sizes, copies))])
    building = (np.array(owner)[None] + len(houses) * np.arange(copies)[:, None]).ravel()
    return Town(
        all_corners[:, 0].copy(), all_corners[:, 1].copy(), offsets, building, np.tile(heights, copies), copies,
        copies * (east - west) * (north - south) / 1e6,
    )  # fmt: skip


def cameras(town: Town, *, count: int, seed: int) -> list[dict[str, object]]:
    """Values of cameras as a decent register holds them: most on walls, some on poles and roofs, a fifth without a
    bearing, two fifths without a tilt."""
    rng = np.random.default_rng(seed)
    starts = rng.integers(0, len(town.x_m) - 1, count)
    ring = np.searchsorted(town.offsets, starts, side="right") - 1
    starts = np.minimum(starts, town.offsets[ring + 1] - 2)
    x1, y1, x2, y2 = town.x_m[starts], town.y_m[starts], town.x_m[starts + 1], town.y_m[starts + 1]
    along = rng.uniform(0, 1, count)
    off = np.where(rng.uniform(size=count) < 0.3, rng.uniform(3, 15, count), rng.uniform(-0.5, 0.5, count))
    out = np.arctan2(y2 - y1, -(x2 - x1))  # clockwise from north, across the wall
    x = x1 + along * (x2 - x1) + off * np.sin(out)
    y = y1 + along * (y2 - y1) + off * np.cos(out)
    lon, lat = FRAME.lon(x), FRAME.lat(y)
    bearing = (np.degrees(out) + rng.normal(0, 35, count)) % 360
    roof = rng.uniform(size=count) < 0.1
    height = np.where(roof, rng.uniform(12, 25, count), rng.uniform(3, 7, count)).round(1)
    said = []
    for i in range(count):
        one: dict[str, object] = {
            "lon_deg": float(lon[i]), "lat_deg": float(lat[i]), "height_m": float(height[i]), "kind": "fixed",
            "hfov_deg": float(rng.choice([40, 60, 80, 100])), "width_px": int(rng.choice([1920, 2560, 3840])),
            "height_px": 1440, "place_origin": "field", "range_m": float(rng.choice([40, 60, 80])),
        }  # fmt: skip
        if rng.uniform() < 0.8:
            one["bearing_deg"] = float(bearing[i].round(1) % 360)
        if rng.uniform() < 0.6:
            one["tilt_deg"] = float(rng.integers(5, 25))
        said.append(one)
    return said


def write_map(town: Town, path: Path) -> None:
    """The houses as a GeoPackage that `oblik city load` reads."""
    outer: dict[int, list[np.ndarray]] = {}
    for r, building in enumerate(town.building):
        a, b = town.offsets[r], town.offsets[r + 1]
        ring = np.column_stack([FRAME.lon(town.x_m[a:b]), FRAME.lat(town.y_m[a:b])])
        outer.setdefault(int(building), []).append(ring)
    shapes = [shapely.Polygon(rings[0], rings[1:]) for _, rings in sorted(outer.items())]
    pyogrio.raw.write(
        str(path), shapely.to_wkb(np.array(shapes)), fields=["id", "building", "height"],
        field_data=[np.arange(1, len(shapes) + 1), np.array(["yes"] * len(shapes), dtype=object), town.heights_m],
        geometry_type="Polygon", crs="EPSG:4326", driver="GPKG", layer="buildings",
    )  # fmt: skip
