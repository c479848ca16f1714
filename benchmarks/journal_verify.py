"""1,000,000 journal entries verified, beside a plain SHA-256 pass over the same bytes.

Usage: .venv/bin/python -m benchmarks.journal_verify [--entries N]
On SQLite in a passing folder; on PostgreSQL too where OBLIK_DATABASE_URL names a server (tools/with-postgres.sh ...).
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import islice

TARGET_S = 30.0
# Ahead of the clock: what is older than the checkpoint in front of it would be found to be back-dated.
AT = datetime.now(UTC) + timedelta(hours=1)


def rows(count: int):
    """Rows of entries as `oblik.journal.actions` writes them, chained; a new checkpoint is due every so often."""
    from oblik.db import bulk
    from oblik.journal.logic.canonical import START, details_text, entry_hash, instant_text

    previous = START
    for number in range(1, count + 1):
        at = AT + timedelta(milliseconds=700 * number)
        kind, what = ("looked", "stream_opened") if number % 3 else ("done", "pinned")
        details = details_text({"fields": ["bearing_deg", "height_m"], "from": number % 7, "to": number % 11})
        texts = (kind, f"camera:KHA-{number % 20_000:06}-4", what, instant_text(at), instant_text(at),
                 f"person:op{number % 40}", "Провадження № 12026220000000123", details, 0, "")  # fmt: skip
        previous = entry_hash((number, *texts), previous=previous)
        instant = bulk.instant(at)
        yield (number, *texts[:3], instant, instant, *texts[5:], previous)


def build(count: int) -> None:
    """Fills the journal in bulk, with a checkpoint signed at each tenth of it."""
    from django.db import transaction

    from oblik.db import bulk
    from oblik.journal import checkpoints
    from oblik.journal.models import Entry

    columns = ["number", "kind", "subject", "what", "happened_at", "recorded_at", "by", "why", "details", "parts",
               "parts_root", "hash"]  # fmt: skip
    made, step = rows(count), max(count // 10, 1)
    for _part in range(0, count, step):
        with transaction.atomic():
            bulk.insert_rows(Entry, columns=columns, rows=islice(made, step))
        checkpoints.sign()


def plain_pass() -> tuple[float, int]:
    """Seconds for one SHA-256 over all the bytes that the entries are hashed from, and how many they are."""
    from oblik.journal import reading
    from oblik.journal.logic.canonical import START, entry_text

    digest, spent, size, previous = hashlib.sha256(), 0.0, 0, START
    top = reading.newest_number()
    for after in range(0, top, 50_000):
        texts = []
        for row in reading.stored_rows(after=after, until=min(after + 50_000, top)):
            texts.append(b"\0" + entry_text(row[:11], previous=previous))
            previous = row[11]
        joined = b"".join(texts)
        size += len(joined)
        began = time.perf_counter()
        digest.update(joined)
        spent += time.perf_counter() - began
    return spent, size


def measure(entries: int) -> int:
    """In a process whose settings name the database."""
    import django

    django.setup()
    from django.db import connection

    from oblik.config.commands.init import prepare
    from oblik.journal.verifying import verify

    prepare()
    began = time.perf_counter()
    build(entries)
    print(f"{connection.vendor}: {entries:,} entries written in bulk in {time.perf_counter() - began:.1f} s")
    times = {}
    for processes in (1, 2):
        began = time.perf_counter()
        verdict = verify(processes=processes)
        times[processes] = time.perf_counter() - began
        assert verdict.until == entries, verdict
        assert not verdict.faults, verdict
        print(f"{connection.vendor}: verified with {verdict.checkpoints} checkpoints on {processes} cores: "
              f"{times[processes]:.1f} s")  # fmt: skip
    peer, size = plain_pass()
    print(f"{connection.vendor}: plain SHA-256 over the same {size / 1e6:.0f} MB: {peer:.2f} s")
    met = times[2] < TARGET_S
    print(f"target: under {TARGET_S:g} s on two cores: {'met' if met else 'MISSED'}")
    print(f"ratio verify/sha256 on {connection.vendor}: {times[2] / peer:.1f}")
    return 0 if met else 1


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=100_000 if os.environ.get("BENCH_QUICK") else 1_000_000)
    options.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oblik.config.settings")
    if given.here:
        return measure(given.entries)
    worst = 0
    url = os.environ.get("OBLIK_DATABASE_URL", "")
    for database in ["", *([url] if url.startswith("postgres") else [])]:
        with tempfile.TemporaryDirectory() as folder:
            env = {**os.environ, "OBLIK_DATA": folder, "OBLIK_DATABASE_URL": database}
            env.pop("OBLIK_CHECKPOINTS", None)
            command = [sys.executable, "-m", "benchmarks.journal_verify", "--here", "--entries", str(given.entries)]
            worst = max(worst, subprocess.run(command, env=env, check=False).returncode)
    return worst


if __name__ == "__main__":
    raise SystemExit(main())
