"""Intake of 100,000 rows, csv and xlsx, from file to stored, cleaned rows; ogr2ogr loading the same csv is the peer.

Each run is a process of its own with an empty data folder; the slowest part, starting Python, is not counted for Oblik
(the peer starts in 0.1 s), nor is making the file. Rows per second, processor seconds (which
other work on the machine does not stretch), peak memory and the ratio are printed.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = int(os.environ.get("ROWS", "100000"))
RUNS = int(os.environ.get("RUNS", "3"))

_CHILD = """
import json, os, resource, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "oblik.config.settings"
import django
django.setup()
from pathlib import Path
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.config.commands.init import prepare
from oblik.intake.actions import lists
from oblik.inventory.actions import open_campaign
from oblik.registry.actions import add_owner
prepare()
by = Actor("console", "bench")
add_owner("BENCH", name="Bench", kind="enterprise", by=by, at=now())
steps = []
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
cpu_before = cpu()
started = time.perf_counter()
def progress(step, share):
    steps.append((step, time.perf_counter() - started))
got = lists.add_list(Path(sys.argv[1]), owner="BENCH", campaign="BENCH", by=by, at=now(), progress=progress)
seconds = time.perf_counter() - started
peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({
    "rows": got.rows, "records": got.records, "seconds": seconds, "cpu_seconds": cpu() - cpu_before,
    "peak_mb": peak_mb, "steps": steps,
}))
"""


def timed_intake(path: Path) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"OBLIK_DATA": folder}
        environment.pop("OBLIK_DATABASE_URL", None)
        done = subprocess.run(
            [sys.executable, "-c", _CHILD, str(path)], env=environment, capture_output=True, text=True, check=True
        )
    return json.loads(done.stdout.splitlines()[-1])


def timed_peer(path: Path) -> float:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        subprocess.run(["ogr2ogr", "-f", "SQLite", f"{folder}/peer.sqlite", str(path)], check=True, capture_output=True)
        return time.perf_counter() - started


def main() -> None:
    from oblik.demo.synthetic import big_csv, big_xlsx

    with tempfile.TemporaryDirectory() as folder:
        csv_path, xlsx_path = Path(folder) / "big.csv", Path(folder) / "big.xlsx"
        big_csv(csv_path, rows=ROWS, seed=7)
        big_xlsx(xlsx_path, rows=ROWS, seed=7)
        peer: list[float] = []
        ours: dict[str, list[dict[str, object]]] = {"csv": [], "xlsx": []}
        for _ in range(RUNS):
            ours["csv"].append(timed_intake(csv_path))
            ours["xlsx"].append(timed_intake(xlsx_path))
            if shutil.which("ogr2ogr"):
                peer.append(timed_peer(csv_path))
        for kind, runs in ours.items():
            median = statistics.median(float(str(r["seconds"])) for r in runs)
            rows = int(str(runs[0]["rows"]))
            peak = max(float(str(r["peak_mb"])) for r in runs)
            used = statistics.median(float(str(r["cpu_seconds"])) for r in runs)
            print(
                f"oblik {kind}: {rows} rows in {median:.2f} s = {rows / median:,.0f} rows/s, peak {peak:.0f} MB, "
                f"processor {used:.2f} s = {rows / used:,.0f} rows per processor second"
            )
            print("   steps of the last run:", [(s, round(float(t), 2)) for s, t in runs[-1]["steps"]])  # type: ignore[attr-defined]  # JSON is untyped here
        if peer:
            median_peer = statistics.median(peer)
            median_ours = statistics.median(float(str(r["seconds"])) for r in ours["csv"])
            print(f"ogr2ogr csv -> SQLite (no cleaning): {median_peer:.2f} s = {ROWS / median_peer:,.0f} rows/s")
            print(f"ratio oblik / ogr2ogr, csv: {median_ours / median_peer:.2f}")
        else:
            print("ogr2ogr is absent (Debian's gdal-bin): no peer in this run")


if __name__ == "__main__":
    main()
