"""What was handed in, what became of each row, and why."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import polars as pl
from django.db.models import Count, Q

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.base.errors import NotFound, msg
from oblik.intake.models import Judgement, RawRow, Record, Submission, Vanished
from oblik.intake.raw_secrets import shown
from oblik.registry import queries as registry
from oblik.registry.logic.records import Value, loaded

ROW_COLUMNS: Final = {
    "submission": pl.Int64, "file": pl.String, "sheet": pl.String, "row": pl.Int64, "part": pl.Int64,
    "parts": pl.Int64, "owner": pl.String, "current": pl.Boolean, "role": pl.String, "verdict": pl.String,
    "decision": pl.String, "camera": pl.String, "probability": pl.Float64, "record": pl.Int64, "camera_id": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SubmissionLine:
    """A list as handed in. replaced_by: the newer list of the same owner in the same campaign, None while it stands."""

    id: int
    campaign: str
    owner: str
    file_name: str
    sha256: str
    state: str
    received_at: datetime
    received_by: str
    failure: dict[str, object]
    replaces: int | None
    replaced_by: int | None
    understood: list[dict[str, object]]
    verdicts: dict[str, int]
    vanished: int
    accepted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReportedProblem:
    """One thing wrong with a cell; code finds the sentence and the remedy in intake.sentences."""

    code: str
    field: str
    value: str
    column: str


@dataclass(frozen=True, slots=True)
class ReportedRow:
    """One row with its verdict; the worst verdict of its records where it stands for several."""

    sheet: str
    row: int
    role: str
    verdict: str
    ref: str
    records: int
    problems: list[ReportedProblem]
    cells: list[str]
    values: dict[str, Value] = field(default_factory=dict)
    id: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """A camera that a waiting record may be."""

    camera: str
    probability: float


@dataclass(frozen=True, slots=True)
class RecordReport:
    """What a row says of one camera, and what is wrong with it."""

    problems: list[ReportedProblem]
    values: dict[str, Value]


def reached(within: Scope) -> Q:
    """The lists that a scope covers, as a condition on them: a list is of an owner and a campaign, of nothing else."""
    if within.all:
        return Q()
    condition = Q(pk__in=[])
    for reach in within.reaches:
        if reach.districts or reach.kinds or reach.purposes:
            continue
        part = Q(pk__isnull=False)
        if reach.owners:
            part &= Q(owner__code__in=sorted(reach.owners))
        if reach.campaigns:
            part &= Q(campaign_code__in=sorted(reach.campaigns))
        condition |= part
    return condition


def submissions(
    *, campaign: str = "", owner: str = "", ids: list[int] | None = None, within: Scope = EVERYWHERE
) -> list[SubmissionLine]:
    """Lists within a scope that were handed in, oldest first."""
    found = Submission.objects.select_related("owner").filter(reached(within)).order_by("id")
    if campaign:
        found = found.filter(campaign_code=campaign)
    if owner:
        found = found.filter(owner__code=owner)
    if ids is not None:
        found = found.filter(pk__in=ids)
    lines = list(found)
    keys = [s.pk for s in lines]
    uncounted = [s.pk for s in lines if s.counts is None]
    counts = {s.pk: dict(s.counts) for s in lines if s.counts is not None} | counted(uncounted)
    newer = {
        (old, code): new
        for new, old, code in Submission.objects.filter(replaces_id__in=keys, state="read").values_list(
            "id", "replaces_id", "campaign_code"
        )
    }
    return [
        SubmissionLine(
            s.pk, s.campaign_code, s.owner.code, s.file_name, s.sha256, s.state, s.received_at, s.received_by,
            s.failure, s.replaces_id, newer.get((s.pk, s.campaign_code)), s.understood,
            {name: n for name, n in counts[s.pk].items() if name != "vanished"}, counts[s.pk].get("vanished", 0),
            s.accepted_at,
        )
        for s in lines
    ]  # fmt: skip


def counted(keys: list[int]) -> dict[int, dict[str, int]]:
    """submission -> records by verdict, and "vanished": what a reading keeps beside its list, for pages."""
    counts: dict[int, dict[str, int]] = {key: {} for key in keys}
    if not keys:
        return counts
    grouped = Record.objects.filter(submission_id__in=keys).values_list("submission_id", "verdict")
    for submission, verdict, n in grouped.annotate(n=Count("id")).order_by():
        counts[submission][verdict] = n
    gone = Vanished.objects.filter(submission_id__in=keys).values_list("submission_id").annotate(n=Count("id"))
    for submission, n in gone.values_list("submission_id", "n").order_by():
        counts[submission]["vanished"] = n
    return counts


def submission(number: int, *, within: Scope = EVERYWHERE) -> SubmissionLine:
    """One list within a scope by its number; one outside is answered like one that is not."""
    found = submissions(ids=[number], within=within) if number < 2**63 else []  # no database counts further
    if not found:
        raise NotFound(msg("There is no submission {value}; see `oblik intake list`."), value=number)
    return found[0]


def report(number: int, *, after: int = 0, within: Scope = EVERYWHERE) -> Iterator[ReportedRow]:
    """Every row of a list in its order, with verdict and problems; rows that are no cameras have their role instead.

    A list outside the scope has no rows. after: the `id` of a row, to go on behind it.
    """
    if not within.all and not Submission.objects.filter(reached(within), pk=number).exists():
        return
    rows = (
        # Number 0 holds names of columns, which no person sees as a row.
        RawRow.objects.filter(submission_id=number, number__gt=0, id__gt=after)
        .order_by("id")
        .values_list("id", "sheet", "number", "role", "cells")
    )
    records = (
        Record.objects.filter(submission_id=number, row_id__gt=after)
        .order_by("row_id", "part")
        .values_list("row_id", "verdict", "problems", "values", "parts")
    )
    stream = records.iterator(chunk_size=5_000)
    ahead = next(stream, None)
    for row_id, sheet, line, role, cells in rows.iterator(chunk_size=5_000):
        verdict, problems, count, values = "", [], 0, {}
        while ahead is not None and ahead[0] == row_id:
            count += 1
            verdict = _worse(verdict, ahead[1])
            if count == 1:
                problems = [ReportedProblem(*p) for p in json.loads(ahead[2] or "[]")]
                values = loaded(ahead[3])
            ahead = next(stream, None)
        ref = f"{number}:{sheet}:{line}" if sheet else f"{number}:{line}"
        yield ReportedRow(
            sheet, line, role, verdict or "not_a_camera", ref, count, problems, shown(cells), values, row_id
        )


def record_reports(records: Collection[int], *, within: Scope = EVERYWHERE) -> dict[int, RecordReport]:
    """record -> what it says and what is wrong with it, for those whose lists a scope covers."""
    found = Record.objects.filter(pk__in=list(records))
    if not within.all:
        found = found.filter(submission__in=Submission.objects.filter(reached(within)))
    return {
        number: RecordReport([ReportedProblem(*p) for p in json.loads(problems or "[]")], loaded(values))
        for number, problems, values in found.values_list("pk", "problems", "values")
    }


def _worse(first: str, second: str) -> str:
    order = ("", "same", "new", "changed", "doubtful", "broken")
    return max(first, second, key=order.index)


def campaign_rows(campaign: str, *, within: Scope = EVERYWHERE) -> pl.DataFrame:
    """Every row of a campaign's lists within a scope: one line per record (per row where it is none), see ROW_COLUMNS.

    decision is "not_a_camera" for titles, totals and hidden rows, "broken" for broken ones, and "review" for records
    that wait, also for those that no matching run has seen yet. current is False in lists that a newer one replaced.
    """
    lists = {s.id: s for s in submissions(campaign=campaign, within=within) if s.state != "withdrawn"}
    rows: list[tuple[object, ...]] = []
    found = (
        RawRow.objects.filter(submission_id__in=list(lists), number__gt=0)
        .order_by("submission_id", "id", "records__part")
        .values_list(
            "submission_id", "sheet", "number", "role", "records__part", "records__parts", "records__verdict",
            "records__decision", "records__camera__code", "records__probability", "records__id", "records__camera_id",
        )
    )  # fmt: skip
    for (
        submission_id,
        sheet,
        number,
        role,
        part,
        parts,
        verdict,
        decision,
        camera,
        p,
        record,
        camera_id,
    ) in found.iterator(chunk_size=20_000):
        line = lists[submission_id]
        said = "not_a_camera" if record is None else (decision or "review")
        rows.append(
            (submission_id, line.file_name, sheet, number, part or 0, parts or 0, line.owner, line.replaced_by is None,
             role, verdict or "", said, camera, p, record, camera_id)
        )  # fmt: skip
    return pl.DataFrame(rows, schema=ROW_COLUMNS, orient="row")


def proposals(
    campaign: str, *, records: Collection[int] | None = None, within: Scope = EVERYWHERE
) -> dict[int, list[Proposal]]:
    """record -> cameras it may be, best first, for records that wait: the model asks, or a person was unsure.

    records: of these few alone.

    Within a scope: of its lists, and of cameras that it covers; that another's camera is alike is not told.
    """
    found = (
        Judgement.objects.filter(
            record__submission__campaign_code=campaign, record__decision="review", verdict="unsure",
            withdrawn_at__isnull=True,
        )
        .order_by("record_id", "camera_id")
        .values_list("record_id", "camera__code", "probability")
    )  # fmt: skip
    answer: dict[int, list[Proposal]] = {}
    if records is not None:
        found = found.filter(record_id__in=records)
    if not within.all:
        found = found.filter(record__submission__in=Submission.objects.filter(reached(within)))
    asked = list(found.iterator(chunk_size=20_000))
    seen = registry.codes_within({camera for _record, camera, _probability in asked}, within=within)
    for record, camera, probability in asked:
        if camera not in seen:
            continue
        answer.setdefault(record, []).append(Proposal(camera, probability or 0.0))
    # Databases differ in where they sort what has no probability: of that a person asked, not the model.
    return {record: sorted(cameras, key=lambda p: -p.probability) for record, cameras in answer.items()}


@dataclass(frozen=True, slots=True)
class JudgementLine:
    """A word on whether a record is a camera. by_kind: human | model."""

    number: int
    record: int
    camera: str
    verdict: str
    by_kind: str
    by: str
    why: str
    probability: float | None
    made_at: datetime
    withdrawn_at: datetime | None


def judgements_of(record: int, *, within: Scope = EVERYWHERE) -> list[JudgementLine]:
    """Every word on a record, withdrawn ones too, oldest first; within a scope: on cameras that it covers."""
    columns = ("id", "record_id", "camera__code", "verdict", "by_kind", "by", "why", "probability", "made_at",
               "withdrawn_at")  # fmt: skip
    found = [
        JudgementLine(*row) for row in Judgement.objects.filter(record=record).order_by("id").values_list(*columns)
    ]
    seen = registry.codes_within({one.camera for one in found}, within=within)
    return [one for one in found if one.camera in seen]


def record_values(record: int) -> dict[str, Value]:
    """A record's cleaned values."""
    return loaded(Record.objects.values_list("values", flat=True).get(pk=record))


def sources_named(refs: list[str]) -> dict[str, str]:
    """`record:N` -> "file · sheet · row", for pages that show where a value came from."""
    numbers = [int(ref.partition(":")[2]) for ref in refs if ref.startswith("record:")]
    rows = Record.objects.filter(pk__in=numbers).values_list("pk", "submission__file_name", "row__sheet", "row__number")
    return {f"record:{pk}": " · ".join(filter(None, [name, sheet, str(n)])) for pk, name, sheet, n in rows}


def owner_names() -> dict[str, str]:
    """code -> name, for reports that stand on this room alone."""
    return registry.owner_names()


def decisions(campaign: str, *, within: Scope = EVERYWHERE) -> Iterator[tuple[int, str, str, int, str, str, str]]:
    """submission, file, sheet, row, camera, decision, probability: one line per row and camera of lists in a scope.

    A row that stands for several cameras appears once for each, one that waits once per proposed camera, best first.
    """
    asked = proposals(campaign, within=within)
    columns = ["submission", "file", "sheet", "row", "camera", "decision", "probability", "record"]
    for submission_id, file, sheet, row, camera, decision, probability, record in (
        campaign_rows(campaign, within=within).select(columns).iter_rows()
    ):
        head = (submission_id, file, sheet, row)
        waiting = asked.get(record, []) if decision == "review" else []
        for proposal in waiting:
            yield (*head, proposal.camera, decision, f"{proposal.probability:.6f}")
        if not waiting:
            yield (*head, camera or "", decision, "" if probability is None else f"{probability:.6f}")
