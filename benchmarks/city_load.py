"""Loading a map of many buildings: rows per second and peak memory, beside ogr2ogr loading the same file into GPKG.

COUNT=1000000 .venv/bin/python -m benchmarks.city_load writes a synthetic extract and a GeoJSON of as many buildings.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import osmium

COUNT = int(os.environ.get("COUNT", "100000"))
JITTER = np.random.default_rng(7).uniform((0, 0, 1e-4, 7e-5), (1e-4, 5e-5, 2.4e-4, 1.4e-4), (COUNT, 4))

_OURS = """
import os, resource, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "oblik.config.settings"
import django; django.setup()
from pathlib import Path
from django.core.management import call_command
call_command("migrate", verbosity=0)
from oblik.base.clock import now
from oblik.city import actions, queries
from oblik.config.commands.output import console_actor
before = time.perf_counter()
report, = actions.load_files([Path(sys.argv[1])], by=console_actor(), at=now())
took = time.perf_counter() - before
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
box = (30.0, 50.0, 30.0 + 0.00035 * 250, 50.0 + 0.0002 * 400)
before = time.perf_counter()
found = queries.buildings_near(box=box)
asked = time.perf_counter() - before
before = time.perf_counter()
again, = actions.load_files([Path(sys.argv[1])], by=console_actor(), at=now())
print(report.rows, took, peak, len(found), asked, time.perf_counter() - before, again.known)
"""


def corners(number: int) -> list[tuple[float, float]]:
    side = int(np.sqrt(COUNT)) + 1
    # A grid too regular packs so small that readers take it for an attack.
    off_lon, off_lat, wide, deep = JITTER[number].tolist()
    lon, lat = 30.0 + 0.00035 * (number % side) + off_lon, 50.0 + 0.0002 * (number // side) + off_lat
    return [(lon, lat), (lon + wide, lat), (lon + wide, lat + deep), (lon, lat + deep)]


def write_extract(path: Path) -> None:
    writer = osmium.SimpleWriter(str(path))
    make = osmium.osm.mutable
    for number in range(COUNT):
        for at, place in enumerate(corners(number)):
            writer.add_node(make.Node(id=4 * number + at + 1, version=1, location=place, tags={}))
    for number in range(COUNT):
        first = 4 * number + 1
        tags = {"building": "yes", "building:levels": str(number % 9 + 1)}
        writer.add_way(
            make.Way(id=number + 1, version=1, nodes=[first, first + 1, first + 2, first + 3, first], tags=tags)
        )
    writer.close()


def write_geojson(path: Path) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.write('{"type":"FeatureCollection","features":[\n')
        for number in range(COUNT):
            ring = [[round(x, 7), round(y, 7)] for x, y in corners(number)]
            geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
            feature = {"type": "Feature", "properties": {"id": number, "levels": number % 9 + 1}, "geometry": geometry}
            out.write((",\n" if number else "") + json.dumps(feature, separators=(",", ":")))
        out.write("\n]}\n")


def ours(path: Path, folder: Path) -> float:
    environment = {**os.environ, "OBLIK_DATA": str(folder / f"data-{path.suffix}"), "OBLIK_DATABASE_URL": ""}
    Path(environment["OBLIK_DATA"]).mkdir()
    done = subprocess.run(
        [sys.executable, "-c", _OURS, str(path)], env=environment, capture_output=True, text=True, check=True
    )
    rows, took, peak, near, asked, again, known = done.stdout.split()
    print(
        f"  oblik: {int(rows):,} rows in {float(took):.1f} s, {int(rows) / float(took):,.0f} rows/s, peak "
        f"{float(peak):,.0f} MB; the same file again {float(again):.2f} s (known: {known}); {int(near):,} buildings of "
        f"a box in {float(asked):.2f} s"
    )
    return int(rows) / float(took)


def peer(path: Path, folder: Path, layer: str) -> float:
    target = folder / f"peer{path.suffix}.gpkg"
    asked = ["/usr/bin/time", "-v", "ogr2ogr", "-f", "GPKG", str(target), str(path), *([layer] if layer else [])]
    asked = asked if Path("/usr/bin/time").exists() else asked[2:]
    before = time.perf_counter()
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    took = time.perf_counter() - before
    peak = next((line.split()[-1] for line in done.stderr.splitlines() if "Maximum resident" in line), "")
    with closing(sqlite3.connect(target)) as made:
        (table,) = made.execute("SELECT table_name FROM gpkg_contents").fetchone()
        (rows,) = made.execute(f'SELECT count(*) FROM "{table}"').fetchone()
    if rows != COUNT:
        print(f"  ogr2ogr read {rows:,} rows only: {(done.stderr.strip().splitlines() or [''])[0]}")
        return float("nan")
    told = f", peak {int(peak) / 1024:,.0f} MB" if peak else ""
    print(f"  ogr2ogr into GPKG: {took:.1f} s, {COUNT / took:,.0f} rows/s{told}")
    return COUNT / took


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ratio = 0.0
        for path, write, layer in (
            (folder / "town.osm.pbf", write_extract, "multipolygons"),
            (folder / "town.geojson", write_geojson, ""),
        ):
            write(path)
            print(f"{path.name}: {COUNT:,} buildings, {path.stat().st_size / 1e6:,.0f} MB")
            rate = ours(path, folder)
            if shutil.which("ogr2ogr"):
                ratio = rate / peer(path, folder, layer)
                print(
                    f"  ratio {ratio:.2f} x the peer, which neither compares with what stands nor finds places by cell"
                )


if __name__ == "__main__":
    main()
