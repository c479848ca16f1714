"""`make bench`: every measurement in turn, each in a process of its own, each beside its peer.

`python -m benchmarks NAME...` runs some of them. BENCH_QUICK=1 takes smaller sizes where a benchmark knows the word.
"""

import subprocess
import sys
import time
from typing import Final

ALL: Final = {
    "intake_speed": "100,000 rows from file to stored rows, beside ogr2ogr",
    "matching_quality": "precision, F1 and questions on generated cities and real lists, beside Splink's quick start",
    "matching_scale": "10,000 to 1,000,000 rows matched: time, memory, growth",
    "secrets_speed": "sealing and turning 100,000 secrets, beside AES-256-GCM alone",
    "register_scale": "writing the register: time and memory by rows",
    "scoped_reads": "reading 325,000 cameras within limited rights, beside who sees everything",
    "map_tiles": "tiles of 100,000 cameras, beside plain GeoJSON",
    "pages": "every page of the desk over the demo city, beside the same pages with nothing kept in memory",
    "desk_pages": "every desk page and tile at 325,000 cameras, beside the promised times",
    "review_speed": "from one doubtful pair to the next among 30,000 of 325,000 cameras",
    "journal_verify": "1,000,000 journal entries verified, beside a plain SHA-256 pass over the same bytes",
    "coverage_agreement": "footprints beside exact polygons by shapely and beside gdal_viewshed",
    "coverage_speed": "one camera beside shapely and gdal_viewshed, a town of 100,000, one edit",
    "coverage_seeing": "who sees a place among 325,000 cameras, beside PostGIS",
    "coverage_placement": "where the next cameras go: gap to the optimum, beside greedy choice and CP-SAT",
    "fuzz": "200,000 random requests at the API and all forms: nothing breaks, no foreign word comes out",
    "city_load": "a map of 100,000 buildings loaded, beside ogr2ogr",
    "geocoding_quality": "share found and error of five places' addresses, beside fuzzy search over whole texts",
    "geocoding": "addresses to places, beside fuzzy search over whole texts",
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"no benchmark {unknown[0]!r}; there are: {', '.join(ALL)}", file=sys.stderr)
        return 2
    failed = []
    for name in names or list(ALL):
        print(f"=== {name}: {ALL[name]}", flush=True)
        began = time.perf_counter()
        done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False)
        print(f"    {time.perf_counter() - began:.0f} s\n", flush=True)
        if done.returncode:
            failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
