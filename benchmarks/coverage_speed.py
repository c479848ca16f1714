"""How long footprints take: one camera beside shapely and gdal_viewshed, a whole town, one edit.

`python -m benchmarks.coverage_speed [CAMERAS]` (default 100,000; BENCH_QUICK=1: 10,000).
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.coverage_agreement import scenes, surface, viewshed, write_surface
from benchmarks.coverage_scenes import REACH_M, plain_construction
from benchmarks.coverage_town import FRAME, cameras, town, write_map

from oblik.coverage.logic.footprints import footprint, footprints
from oblik.coverage.logic.packing import packed
from oblik.coverage.logic.polygons import area
from oblik.coverage.logic.touched import filing_cells
from oblik.coverage.logic.views import view_of

QUICK = bool(os.environ.get("BENCH_QUICK"))
AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
# GDAL's own call in a process that is already running: the command without its start.
IN_PROCESS = """
import json, sys, time
from osgeo import gdal
gdal.UseExceptions()
took = []
for path, oz, reach in json.loads(sys.argv[1]):
    held = gdal.Open(path)  # a band without its file is gone
    band = held.GetRasterBand(1)
    band.ReadRaster()
    began = time.perf_counter()
    gdal.ViewshedGenerate(band, "MEM", "", [], 0, 0, oz, 0, 255, 0, 0, -1, 0, gdal.GVM_Edge, reach)
    took.append(time.perf_counter() - began)
print(json.dumps(took))
"""


def one_camera() -> bool:
    chosen = scenes(40 if QUICK else 200)
    walls = [scene.walls for scene in chosen]

    def plan_of(k: int) -> Any:
        return area(footprint(chosen[k].view, x_m=0, y_m=0, walls=walls[k], plan=True).possible, far_m=REACH_M)

    def seen_of(k: int) -> Any:
        return footprint(chosen[k].view, x_m=0, y_m=0, walls=walls[k])

    numbers = range(len(chosen))
    plan_of(0), seen_of(0), seen_of(len(chosen) - 1)  # compiled, and read from the disk
    polygon_s = _each(plan_of, numbers, times=5)
    seen_s = _each(seen_of, numbers, times=5)
    shapely_s = _each(lambda k: plain_construction(chosen[k]), numbers)
    ratio = shapely_s / polygon_s
    print(f"one camera, {len(chosen)} scenes, mean of all:")
    print(f"    plan as a polygon {polygon_s * 1e6:.0f} µs, plain shapely {shapely_s * 1e3:.1f} ms: {ratio:.0f} times")
    good = ratio >= 100
    if shutil.which("gdal_viewshed") is None:
        print("    gdal_viewshed is not on this machine (Debian: gdal-bin); not compared")
        return good
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{k}.tif" for k in numbers]
        for path, scene in zip(paths, chosen, strict=True):
            write_surface(path, *surface(scene))
        out = Path(folder) / "seen.tif"
        command_s = _each(lambda k: viewshed(paths[k], out, height_m=chosen[k].view.height_m.low), numbers[:40])
        call_s = _in_process([(str(p), s.view.height_m.low, REACH_M) for p, s in zip(paths, chosen, strict=True)])
    ratio = command_s / seen_s
    seen = f"    2.5-D {seen_s * 1e6:.0f} µs"
    print(f"{seen}, gdal_viewshed (cells of 0.25 m) {command_s * 1e3:.1f} ms: {ratio:.0f} times")
    if call_s:
        print(f"{seen}, GDAL's call in a running process {call_s * 1e3:.1f} ms: {call_s / seen_s:.0f} times")
    return good and ratio >= 20


def _each(call: Callable[[int], Any], numbers: range, *, times: int = 1) -> float:
    began = time.perf_counter()
    for _ in range(times):
        for k in numbers:
            call(k)
    return (time.perf_counter() - began) / (times * len(numbers))


def _in_process(asked: list[tuple[str, float, float]]) -> float | None:
    """Mean time of GDAL's viewshed through Debian's python3-gdal; None where that is not installed."""
    done = subprocess.run(
        ["/usr/bin/python3", "-c", IN_PROCESS, json.dumps(asked)], capture_output=True, text=True, check=False
    )
    return float(np.mean(json.loads(done.stdout))) if done.returncode == 0 else None


def whole_town(count: int) -> bool:
    """Every footprint of a town anew on two threads, with its stored bytes and cells; nothing is written."""
    place = town(max(count // 1_000, 1))
    said = cameras(place, count=count, seed=3)
    began = time.perf_counter()
    walls = place.walls()
    pieces = [said[k : k + 2_000] for k in range(0, count, 2_000)]

    def compute(some: list[dict[str, object]]) -> int:
        views = [view for view in map(view_of, some) if view is not None]
        lon = np.array([one["lon_deg"] for one in some], dtype=float)
        lat = np.array([one["lat_deg"] for one in some], dtype=float)
        found = footprints(views, x_m=FRAME.x_m(lon), y_m=FRAME.y_m(lat), walls=walls)
        for one, a, b in zip(found, lon, lat, strict=True):
            packed(one)
            filing_cells(one, lon_deg=a, lat_deg=b)
        return len(found)

    with ThreadPoolExecutor(2) as threads:
        done = sum(threads.map(compute, pieces))
    took = time.perf_counter() - began
    print(
        f"town: {done:,} cameras among {len(place.heights_m):,} houses ({place.copies} copies of a real extract, "
        f"{place.km2:.0f} km2): {took:.1f} s, {took / done * 1e6:.0f} µs a camera"
    )
    return took < 60


def followed(count: int) -> bool:
    """The same through the register and the database, then one edit of one camera, twenty times."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["OBLIK_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oblik.config.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        from oblik.base.actors import Actor
        from oblik.coverage.actions import update
        from oblik.registry import actions as registry

        by = Actor("console", "bench")
        codes = fill(count, folder=Path(folder))
        began = time.perf_counter()
        done = update(by=by, at=AT)
        took = time.perf_counter() - began
        print(f"oblik coverage update: {done.computed:,} footprints stored in {took:.1f} s")
        rng = np.random.default_rng(1)
        edits = []
        for k in range(21):
            at = AT + timedelta(days=1, seconds=k)
            code = codes[int(rng.integers(len(codes)))]
            registry.pin_values(code, values={"bearing_deg": float(k * 17)}, by=by, at=at, why="turned")
            began = time.perf_counter()
            update(by=by, at=at)
            edits.append((time.perf_counter() - began) * 1e3)
        worst, middle = max(edits[1:]), float(np.median(edits[1:]))
        print(f"one edit of {count:,}: median {middle:.1f} ms, worst of 20 {worst:.1f} ms")
    return middle < 50


def fill(count: int, *, folder: Path) -> list[str]:
    """A register of so many cameras and the map under them; codes of the cameras."""
    from django.db import transaction

    from oblik.base.actors import Actor
    from oblik.city import actions as city
    from oblik.registry import actions as registry
    from oblik.registry.logic.records import dumped

    by = Actor("console", "bench")
    place = town(max(count // 1_000, 1))
    write_map(place, folder / "houses.gpkg")
    city.load_files([folder / "houses.gpkg"], by=by, at=AT, options=city.Options(layer="buildings", source="town"))
    owner = registry.add_owner("town", name="town", kind="department", by=by, at=AT)
    said = cameras(place, count=count, seed=3)
    with transaction.atomic():
        first, codes = registry.create_cameras([owner] * count, at=AT)
        registry.add_claims(
            [
                registry.NewClaim(first + k, "owner_list", f"record:{k}", owner, AT, dumped(one))
                for k, one in enumerate(said)
            ],
            at=AT,
        )
        registry.fold_cameras(range(first, first + count), happened_at=AT, at=AT, by=by)
    return codes


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000 if QUICK else 100_000
    good = [one_camera(), whole_town(size), followed(size)]
    sys.exit(0 if all(good) else 1)
