"""How a list just cleaned stands to the lists that its owner handed in before."""

from dataclasses import dataclass, field

import polars as pl

from oblik.intake.logic.comparison import KEYS, is_newer_version, pair_lists
from oblik.intake.logic.rows import CleanedList
from oblik.intake.models import Record, Submission
from oblik.intake.raw_secrets import compared
from oblik.registry.logic.records import loaded

_COMPARED = (*KEYS, "lon_deg", "lat_deg", "bearing_deg", "address", "name")
_SCHEMA = {
    "id": pl.Int64, "part": pl.Int64, "cells": pl.String, "values": pl.String,
    **{name: pl.Float64 if name.endswith("_deg") else pl.String for name in _COMPARED},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """replaces: the older submission; previous: index of a record -> id of the older one; same: index -> unchanged;
    vanished: ids of older records that the newer list lacks."""

    replaces: int | None = None
    previous: dict[int, int] = field(default_factory=dict)
    same: dict[int, bool] = field(default_factory=dict)
    vanished: list[int] = field(default_factory=list)


def compare(submission: Submission, cleaned: CleanedList) -> Compared:
    """Compares with each list of the owner that no newer one has replaced; the one most alike is what this replaces."""
    standing = (
        Submission.objects.filter(owner_id=submission.owner_id, state="read", replaced_by__isnull=True)
        .exclude(pk=submission.pk)
        .order_by("-id")[:20]
    )
    best: tuple[int, Submission, pl.DataFrame, pl.DataFrame] | None = None
    newer: pl.DataFrame | None = None
    for candidate in standing:
        if (candidate.sha256, candidate.campaign_code) == (submission.sha256, submission.campaign_code):
            return _read_otherwise(candidate, submission, cleaned)
        newer = _newer_frame(cleaned) if newer is None else newer
        earlier = _older_frame(candidate.pk)
        pairs = pair_lists(earlier, newer)
        alike = is_newer_version(pairs.height, older=earlier.height)
        if alike and (best is None or pairs.height > best[0]):
            best = (pairs.height, candidate, earlier, pairs)
    if best is None:
        return Compared()
    _, replaced, earlier, pairs = best
    previous = dict(zip(pairs["newer"], pairs["older"], strict=True))
    same = _unchanged(previous, earlier, cleaned, as_read=replaced.request == submission.request)
    gone = earlier.join(pairs, left_on="id", right_on="older", how="anti")["id"].to_list()
    return Compared(replaced.pk, previous, same, gone)


def _read_otherwise(replaced: Submission, submission: Submission, cleaned: CleanedList) -> Compared:
    """The same file read in another way takes the place of its older reading, however little of that was usable.

    A row is the same row then, whatever its columns were taken for. Of what was a record and is none any more only
    that is asked about which stands for a camera.
    """
    places = {
        (cleaned.sheets[row], cleaned.numbers[row], part): i
        for i, (row, part, worst) in enumerate(zip(cleaned.rows, cleaned.parts, cleaned.worst, strict=True))
        if worst != "broken"
    }
    records = Record.objects.filter(submission_id=replaced.pk).exclude(verdict="broken")
    found = records.order_by("id").values_list("pk", "row__sheet", "row__number", "part", "camera_id")
    previous: dict[int, int] = {}
    gone: list[int] = []
    for pk, sheet, number, part, camera in found:
        i = places.get((sheet, number, part))
        if i is not None:
            previous[i] = pk
        elif camera is not None:
            gone.append(pk)
    same = _unchanged(previous, _older_frame(replaced.pk), cleaned, as_read=replaced.request == submission.request)
    return Compared(replaced.pk, previous, same, gone)


def _unchanged(
    previous: dict[int, int], earlier: pl.DataFrame, cleaned: CleanedList, *, as_read: bool
) -> dict[int, bool]:
    """Whether each paired record says what it said before.

    Equal cells are the same row even where the rest of the list made us take a column for something else; but where
    the same file is read with another mapping (as_read False), only equal values are.
    """
    texts = dict(zip(earlier["id"], earlier["values"], strict=True))
    cells = dict(zip(earlier["id"], earlier["cells"], strict=True))
    return {
        i: texts[old] == cleaned.values[i] or (as_read and cells[old] == cleaned.cells[cleaned.rows[i]])
        for i, old in previous.items()
    }


def _newer_frame(cleaned: CleanedList) -> pl.DataFrame:
    return _frame(
        [
            (i, part, cleaned.cells[row], text)
            for i, (row, part, text, worst) in enumerate(
                zip(cleaned.rows, cleaned.parts, cleaned.values, cleaned.worst, strict=True)
            )
            if worst != "broken"
        ]
    )


def _older_frame(submission_id: int) -> pl.DataFrame:
    rows = (
        Record.objects.filter(submission_id=submission_id)
        .exclude(verdict="broken")
        .order_by("id")
        .values_list("id", "part", "row__cells", "values")
    )
    return _frame([(record, part, compared(cells), values) for record, part, cells, values in rows])


def _frame(rows: list[tuple[int, int, str, str]]) -> pl.DataFrame:
    parsed = [loaded(row[3]) for row in rows]
    columns = {name: [values.get(name) for values in parsed] for name in _COMPARED}
    head = {"id": [r[0] for r in rows], "part": [r[1] for r in rows], "cells": [r[2] for r in rows],
            "values": [r[3] for r in rows]}  # fmt: skip
    return pl.DataFrame({**head, **columns}, schema=_SCHEMA, strict=False)
