"""How long matching takes and what memory it needs, from ten thousand to a million rows in ten lists: `make bench`."""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time

import polars as pl
from benchmarks.matching_cities import draw_city

LISTS = 10
SEED = 77
SIZES = (10_000, 100_000, 1_000_000)


def main() -> None:
    """Measures each size in a process of its own, so that the peak of one is not the peak of the next."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--one", type=int, default=0, help="measure this size here and print it as JSON")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.one)))
        return
    print(f"{'rows':>10} {'pairs':>11} {'score s':>8} {'assign s':>9} {'total s':>8} {'peak GiB':>9} {'us/row':>7}")
    per_row = []
    for rows in options.rows:
        command = [sys.executable, "-m", "benchmarks.matching_scale", "--one", str(rows)]
        run = subprocess.run(command, check=True, capture_output=True, text=True)
        found = json.loads(run.stdout.splitlines()[-1])
        total = found["score_s"] + found["assign_s"]
        per_row.append(total / found["rows"])
        print(
            f"{found['rows']:>10,} {found['pairs']:>11,} {found['score_s']:>8.1f} {found['assign_s']:>9.1f} "
            f"{total:>8.1f} {found['peak_gib']:>9.2f} {1e6 * per_row[-1]:>7.0f}"
        )
    if len(per_row) > 1:
        print(f"time per row, largest to smallest: {per_row[-1] / per_row[0]:.2f}")


def measure(rows: int) -> dict[str, float]:
    """One run over about this many rows."""
    from oblik.intake.logic.matching.assignment import assign
    from oblik.intake.logic.matching.scoring import score

    records = city_of(rows)
    with tempfile.TemporaryDirectory() as spill:
        started = time.perf_counter()
        scored = score(records, memory_mb=12_000, spill_directory=spill)
        scored_at = time.perf_counter()
    decided = assign(records, scored.pairs)
    done = time.perf_counter()
    assert decided.records.height == records.height
    return {
        "rows": records.height, "pairs": scored.blocking.pairs, "score_s": scored_at - started,
        "assign_s": done - scored_at, "peak_gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }  # fmt: skip


def city_of(rows: int) -> pl.DataFrame:
    """Records of ten lists, about this many rows: coverage is drawn around a half of the cameras for each list."""
    return draw_city(SEED, cameras=rows // 5, lists=LISTS).records.head(rows)


if __name__ == "__main__":
    main()
