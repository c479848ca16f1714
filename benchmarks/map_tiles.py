"""Tiles of the map over 100,000 cameras: time of a tile at every zoom, beside a SQL range query with the same encoder.

Usage: .venv/bin/python benchmarks/map_tiles.py [--cameras N] [--tiles N] [--seed N]
"""

import argparse
import json
import sqlite3
import time

import numpy as np

from oblik.registry.logic.map_index import CELL_ZOOM, MapIndex, Placed, interleave, world_position
from oblik.web.desk.mvt import encode_tile

ZOOMS = range(19)
TARGET_MS = 50.0


def drawn_city(cameras: int, seed: int) -> Placed:
    """Cameras as a city has them: dense middle, poles with several, a few far away."""
    draw = np.random.default_rng(seed)
    poles = cameras // 3 + 1
    lon = np.concatenate([draw.normal(30.0, 0.06, poles), draw.uniform(22, 40, poles // 50)])
    lat = np.concatenate([draw.normal(50.0, 0.04, poles), draw.uniform(45, 52, poles // 50)])
    pole = draw.integers(0, len(lon), cameras)
    texts = {
        name: draw.choice(np.array(values, dtype=object), cameras)
        for name, values in {
            "owner": [f"OWNER-{i}" for i in range(12)],
            "kind": ["fixed", "dome", "ptz", ""],
            "state": ["in_service", "faulty", "retired"],
            "origin": ["given", "geocoded"],
        }.items()
    }
    bearing = np.where(draw.random(cameras) < 0.6, draw.uniform(0, 360, cameras), np.nan)
    hfov = np.where(draw.random(cameras) < 0.5, draw.uniform(30, 110, cameras), np.nan)
    code = np.array([f"DEM-{i:06d}" for i in range(cameras)], dtype=object)
    return Placed(
        lon[pole], lat[pole], code, texts["owner"], texts["kind"], texts["state"], bearing, texts["origin"], hfov
    )


def asked_tiles(points: Placed, tiles: int, seed: int) -> list[tuple[int, int, int]]:
    """Tiles as people ask for them: around cameras, all zooms alike."""
    draw = np.random.default_rng(seed + 1)
    x, y = world_position(points.lon_deg, points.lat_deg)
    asked = []
    for number in range(tiles):
        zoom = ZOOMS[number % len(ZOOMS)]
        camera = draw.integers(0, len(x))
        asked.append((zoom, int(x[camera] * (1 << zoom)), int(y[camera] * (1 << zoom))))
    return asked


class SqlPeer:
    """The usual way: an indexed column of cells in SQLite, one query a tile, GeoJSON of every camera in it."""

    def __init__(self, index: MapIndex) -> None:
        self.base = sqlite3.connect(":memory:")
        self.base.execute("create table camera(cell integer, lon, lat, code, owner, kind, state, bearing, origin)")
        p = index.points
        columns = (index.cell, p.lon_deg, p.lat_deg, p.code, p.owner, p.kind, p.state, p.bearing_deg, p.origin)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        self.base.executemany("insert into camera values(?,?,?,?,?,?,?,?,?)", rows)
        self.base.execute("create index camera_cell on camera(cell)")

    def tile(self, zoom: int, x: int, y: int) -> bytes:
        below = 2 * (CELL_ZOOM - zoom)
        first = int(interleave(np.array([x]), np.array([y]))[0]) << below
        rows = self.base.execute(
            "select lon, lat, code, owner, kind, state, bearing, origin from camera where cell >= ? and cell < ?",
            (first, first + (1 << below)),
        )
        features = [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": row[:2]},
                "properties": {"code": row[2], "owner": row[3], "kind": row[4], "state": row[5], "bearing_deg": row[6]},
            }
            for row in rows
        ]
        return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def timed_ms(make, tiles) -> tuple[np.ndarray, int]:
    """Milliseconds of each tile and the size of the largest in bytes."""
    spent, largest = [], 0
    for tile in tiles:
        began = time.perf_counter()
        largest = max(largest, len(make(*tile)))
        spent.append((time.perf_counter() - began) * 1000)
    return np.array(spent), largest


def main() -> int:
    """0 when p95 is within the target."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cameras", type=int, default=100_000)
    options.add_argument("--tiles", type=int, default=950)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    points = drawn_city(given.cameras, given.seed)
    began = time.perf_counter()
    index = MapIndex.build(points)
    print(f"index of {len(index):,} cameras built in {time.perf_counter() - began:.2f} s")
    tiles = asked_tiles(points, given.tiles, given.seed)
    filtered = index.points.state == "in_service"
    ways = {
        "Oblik, all cameras": lambda *tile: encode_tile(index.tile(*tile), index),
        "Oblik, filtered by state": lambda *tile: encode_tile(index.tile(*tile, shown=filtered), index),
        "peer: SQLite range + GeoJSON": SqlPeer(index).tile,
    }
    p95 = {}
    for name, make in ways.items():
        asked = tiles if name.startswith("Oblik") else tiles[:190]
        spent, largest = timed_ms(make, asked)
        p50, p95[name] = (float(value) for value in np.percentile(spent, [50, 95]))
        print(f"{name:30} p50 {p50:8.2f} ms  p95 {p95[name]:8.2f} ms  largest tile {largest / 1024:8.1f} KiB")
    worst, peer = p95["Oblik, all cameras"], p95["peer: SQLite range + GeoJSON"]
    print(f"target: p95 under {TARGET_MS:g} ms: {'met' if worst < TARGET_MS else 'MISSED'}")
    print(f"ratio peer/Oblik at p95: {peer / worst:.1f}")
    return 0 if worst < TARGET_MS else 1


if __name__ == "__main__":
    raise SystemExit(main())
