"""How long the register takes to write and to read: `python -m benchmarks.register_scale 100000 300000`."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

LISTS = 10
SEED = 77
AT = datetime(2026, 1, 1, 12, tzinfo=UTC)


def main() -> None:
    """Each size in turn, in a database of its own; OBLIK_DATABASE_URL chooses another than SQLite."""
    sizes = [int(word) for word in sys.argv[1:]] or [int(os.environ.get("OBLIK_ROWS", "100000"))]
    if len(sizes) > 1:
        for size in sizes:
            subprocess.run([sys.executable, "-m", "benchmarks.register_scale", str(size)], check=True)
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ["OBLIK_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oblik.config.settings")
        import django

        django.setup()
        measure(sizes[0], Path(folder))


def measure(rows: int, folder: Path) -> None:
    """Stores drawn records, writes them into the register as a run decides them, and asks what pages ask."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from oblik.base.actors import Actor
    from oblik.db import turns
    from oblik.demo.synthetic import big_lists
    from oblik.intake import checks, queries
    from oblik.intake.actions import matching
    from oblik.intake.actions.lists import silent
    from oblik.intake.matching_frame import campaign_frame, judged_frame
    from oblik.registry import checks as registry_checks
    from oblik.registry import queries as registry
    from oblik.registry.actions import REGISTER

    by = Actor("console", "bench")
    drawn = big_lists(rows=rows, lists=LISTS, seed=SEED)
    timed("store", rows, lambda: _store(drawn, by=by))
    records = timed("campaign_frame", rows, lambda: campaign_frame("C1"))
    decisions = _decided(records, drawn)

    def write() -> Any:
        with turns.turn(REGISTER):
            return matching._write(
                "C1", records, decisions, judged=judged_frame("C1"), pairs=0, by=by, at=AT, progress=silent
            )

    summary = timed("write the register", rows, write)
    print(f"{summary.cameras_added:,} cameras, {summary.matched:,} matched, {summary.review:,} for review")
    timed("campaign_rows", rows, lambda: queries.campaign_rows("C1"))
    timed("proposals", rows, lambda: queries.proposals("C1"))
    found = timed("search, first page", rows, lambda: registry.search_cameras(text="камера"))
    timed("search, last page", rows, lambda: registry.search_cameras(page=found.pages))
    timed("camera_card", rows, lambda: registry.camera_card(found.lines[0].code))
    timed("map_points", rows, registry.map_points)
    timed("checks of the register", rows, lambda: _none(registry_checks.broken()))
    timed("checks of intake", rows, lambda: _none(b for b in checks.broken() if b.rule != "file_kept"))
    timed("compare with the older list", rows, lambda: _compare(drawn))


def timed(name: str, rows: int, work: Callable[[], Any]) -> Any:
    """Runs the work and prints how long it took and the peak of memory so far."""
    started = time.perf_counter()
    answer = work()
    took = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{rows:>9,}  {name:<28} {took:>8.2f} s {1e6 * took / rows:>8.1f} us/row  peak {peak:.2f} GiB", flush=True)
    return answer


def _store(drawn: Any, *, by: Any) -> None:
    """The drawn records as lists that were read: the same rows that intake writes."""
    from django.db import transaction

    from oblik.db import bulk
    from oblik.intake.logic.rows import value_texts
    from oblik.intake.models import RawRow, Record, Submission
    from oblik.registry.actions import add_owner

    fields = [n for n in drawn.columns if n not in ("record_id", "list_id", "owner", "truth")]
    with transaction.atomic():
        for part in drawn.partition_by("list_id", maintain_order=True):
            owner = part["owner"][0]
            number = add_owner(owner, name=owner, kind="state", by=by, at=AT)
            submission = Submission.objects.create(
                campaign_code="C1", owner_id=number, file_name=f"{owner}.csv", sha256=owner, size_bytes=1,
                request="", received_at=AT + timedelta(days=number), received_by=str(by), state="read",
            )  # fmt: skip
            texts = value_texts({name: part[name].to_list() for name in fields}, count=part.height)
            first = bulk.reserve_ids(RawRow, count=part.height)
            bulk.insert_rows(
                RawRow, columns=["id", "submission_id", "sheet", "number", "role", "cells"],
                rows=((first + i, submission.pk, "", i + 2, "data", f'["{i}"]') for i in range(part.height)),
            )  # fmt: skip
            head = bulk.reserve_ids(Record, count=part.height)
            bulk.insert_rows(
                Record,
                columns=["id", "row_id", "submission_id", "part", "parts", "verdict", "values", "problems", "decision"],
                rows=(
                    (head + i, first + i, submission.pk, 1, 1, "new", text, "", "") for i, text in enumerate(texts)
                ),
            )  # fmt: skip


def _decided(records: Any, drawn: Any) -> Any:
    """What a perfect run would decide, with some records waiting for a person: scoring is measured elsewhere."""
    import polars as pl

    from oblik.intake.logic.matching.assignment import Decisions

    frame = records.select("record_id", "list_id").with_columns(group=drawn.sort("record_id")["truth"])
    nth = pl.int_range(pl.len()).over("group")
    frame = frame.with_columns(nth=nth, again=pl.int_range(pl.len()).over("group", "list_id") > 0)
    alone = pl.len().over("group", "list_id") == 1
    waits = (pl.col("nth") > 0) & (pl.col("record_id") % 12 == 0) & alone
    frame = frame.with_columns(
        decision=pl.when(waits).then(pl.lit("review")).when(pl.col("again")).then(pl.lit("duplicate"))
        .when(pl.col("nth") > 0).then(pl.lit("matched")).otherwise(pl.lit("new")),
    )  # fmt: skip
    none = pl.lit(None, dtype=pl.Int64)
    decided = frame.select(
        record="record_id", group=pl.when(pl.col("decision") != "review").then("group"), camera=none,
        decision="decision", probability=pl.lit(0.99), partner=none, fixed=pl.lit(value=False),
    )  # fmt: skip
    asked = frame.filter(pl.col("decision") == "review")
    proposals = asked.select(
        record="record_id", rank=pl.lit(1), group="group", camera=none, probability=pl.lit(0.5), partner=none
    )
    return Decisions(decided, proposals)


def _compare(drawn: Any) -> None:
    """The first list handed in again, every tenth row changed."""
    from oblik.intake.actions import older
    from oblik.intake.logic.rows import CleanedList
    from oblik.intake.models import Submission

    first = Submission.objects.order_by("id").first()
    assert first is not None
    newer = Submission(owner_id=first.owner_id, request="", campaign_code="C1")
    count = first.records.count()
    values = list(first.records.order_by("id").values_list("values", flat=True))
    cleaned = CleanedList(
        cells=[f'["{i}"]' if i % 10 else f'["{i} changed"]' for i in range(count)], rows=list(range(count)),
        parts=[1] * count, of=[1] * count, values=values, problems=[""] * count, worst=[""] * count,
    )  # fmt: skip
    compared = older.compare(newer, cleaned)
    assert compared.replaces == first.pk


def _none(broken: Any) -> None:
    found = list(broken)
    assert not found, found[:3]


if __name__ == "__main__":
    main()
