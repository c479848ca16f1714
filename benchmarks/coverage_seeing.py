"""Who sees a place, asked of a register of 325,000 cameras, beside PostGIS ST_Covers with GiST on the same polygons.

`python -m benchmarks.coverage_seeing [CAMERAS]` runs on SQLite, then on PostgreSQL (tools/with-postgres.sh). PostGIS is
compared where the server has it: `apt-get install postgresql-15-postgis-3` as an administrator. BENCH_QUICK=1: 20,000.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.coverage_speed import AT, fill
from benchmarks.coverage_town import FRAME

QUICK = bool(os.environ.get("BENCH_QUICK"))
ROOT = Path(__file__).resolve().parents[1]
ASKED = 2_000
Place = tuple[float, float]


def main(count: int) -> int:
    here = [sys.executable, "-m", "benchmarks.coverage_seeing", str(count), "measure"]
    if os.environ.get("OBLIK_DATABASE_URL"):
        return subprocess.run(here, check=False).returncode
    first = subprocess.run(here, check=False).returncode
    second = subprocess.run([str(ROOT / "tools" / "with-postgres.sh"), *here], check=False, cwd=ROOT).returncode
    return first or second


def measure(count: int) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["OBLIK_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oblik.config.settings")
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        from oblik.base.actors import Actor
        from oblik.coverage import queries
        from oblik.coverage.actions import update

        began = time.perf_counter()
        fill(count, folder=Path(folder))
        update(by=Actor("console", "bench"), at=AT)
        print(f"{connection.vendor}: {count:,} cameras stored in {time.perf_counter() - began:.0f} s", flush=True)
        places = asked_places()
        ours, answers = timed(lambda at: {one.camera for one in queries.cameras_seeing(at)}, places)
        print(f"    cameras_seeing: {said(ours)}; {np.mean([len(a) for a in answers]):.1f} cameras a place")
        missed, _ = timed(lambda at: queries.near_misses(*at), places[:300])
        print(f"    with reasons for near misses besides: {said(missed)}")
        if connection.vendor == "postgresql":
            beside_postgis(places, ours, answers)
        return float(np.percentile(ours, 95)) < 5


def asked_places() -> list[Place]:
    """Places within 50 m of cameras picked at random: where people ask."""
    from oblik.registry import queries as registry

    points = registry.map_points()
    rng = np.random.default_rng(9)
    chosen = rng.integers(0, len(points.id), ASKED)
    lon = points.lon_deg[chosen] + rng.uniform(-50, 50, ASKED) / FRAME.east_m
    lat = points.lat_deg[chosen] + rng.uniform(-50, 50, ASKED) / FRAME.north_m
    return [(float(a), float(b)) for a, b in zip(lon, lat, strict=True)]


def timed(ask: Callable[[Place], Any], places: list[Place]) -> tuple[np.ndarray, list[Any]]:
    """Milliseconds of each call, and the answers; the first twenty warm up and are asked again."""
    for at in places[:20]:
        ask(at)
    took, answers = [], []
    for at in places:
        began = time.perf_counter()
        answers.append(ask(at))
        took.append((time.perf_counter() - began) * 1e3)
    return np.array(took), answers


def said(took: np.ndarray) -> str:
    return f"median {np.median(took):.2f} ms, p95 {np.percentile(took, 95):.2f} ms, worst {took.max():.1f} ms"


def beside_postgis(places: list[Place], ours: np.ndarray, answers: list[set[str]]) -> None:
    """The same places asked of PostGIS: one polygon a camera, GiST, ST_Covers; through the same connection."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'")
        if not cursor.fetchone()[0]:
            print("    PostGIS is not on this server (apt-get install postgresql-15-postgis-3); not compared")
            return
        cursor.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        cursor.execute("CREATE TABLE bench_ground (code text, ground geometry)")
        rows = list(polygons())  # first all of them: they are read through the connection that COPY then holds
        with cursor.cursor.copy("COPY bench_ground FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("CREATE INDEX ON bench_ground USING gist (ground)")
        cursor.execute("ANALYZE bench_ground")

        def ask(at: Place) -> set[str]:
            cursor.execute("SELECT code FROM bench_ground WHERE ST_Covers(ground, ST_MakePoint(%s, %s))", at)
            return {code for (code,) in cursor.fetchall()}

        theirs, found = timed(ask, places)
    alike = sum(len(a & b) for a, b in zip(answers, found, strict=True)) / max(
        sum(len(a | b) for a, b in zip(answers, found, strict=True)), 1
    )
    print(f"    PostGIS ST_Covers, codes alone: {said(theirs)}; the same cameras in {alike:.2%} of all answers")
    ratio = np.percentile(theirs, 95) / np.percentile(ours, 95)
    print(f"    p95 of PostGIS by p95 of Oblik (which says band, distance, certainty besides): {ratio:.2f}")


def polygons() -> Any:
    """(code, hex WKB in degrees) of all that is possibly seen."""
    import shapely

    from oblik.coverage import reading
    from oblik.coverage.logic.polygons import area

    for stored in reading.footprints_at():
        if stored.seen is None:
            continue
        frame, view = stored.frame, stored.seen.view
        ground = area(stored.seen.possible, near_m=view.near_m.low, far_m=view.far_m.high)
        degrees = shapely.transform(ground, lambda at, f=frame: np.column_stack([f.lon(at[:, 0]), f.lat(at[:, 1])]))
        yield stored.code, shapely.to_wkb(degrees, hex=True)


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000 if QUICK else 325_000
    sys.exit(not measure(size) if "measure" in sys.argv else main(size))
