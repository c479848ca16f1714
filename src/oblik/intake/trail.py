"""Which rows were taken for a camera, and who said so: the trail from the register back to the owners' lists."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from oblik.intake.models import Judgement, Record
from oblik.registry.logic.records import Value, loaded


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody said of a row and the camera. by_kind: human | model; withdrawn_at is None while it stands."""

    verdict: str
    by_kind: str
    by: str
    why: str
    probability: float | None
    made_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class TakenRow:
    """A row of a list that stands for a camera, or did (stands tells), with every word on the two, oldest first."""

    record: int
    submission: int
    campaign: str
    owner: str
    file_name: str
    sheet: str
    row: int
    received_at: datetime
    decision: str
    probability: float | None
    stands: bool
    values: dict[str, Value]
    words: list[Word] = field(default_factory=list)


def rows_taken(source_refs: Sequence[str], *, camera_id: int) -> list[TakenRow]:
    """The rows behind these sources of a camera, those that stand for it first, then the newest list first."""
    numbers = [int(ref.partition(":")[2]) for ref in source_refs if ref.startswith("record:")]
    columns = (
        "id", "submission_id", "submission__campaign_code", "submission__owner__code", "submission__file_name",
        "row__sheet", "row__number", "submission__received_at", "decision", "probability", "camera_id", "values",
    )  # fmt: skip
    newest_first = Record.objects.filter(pk__in=numbers).order_by("-submission__received_at", "id")
    found: list[tuple[Any, ...]] = list(newest_first.values_list(*columns))
    rows = [TakenRow(*(*row[:-2], row[-2] == camera_id, loaded(row[-1]))) for row in found]
    rows.sort(key=lambda row: not row.stands)
    by_record = {row.record: row for row in rows}
    words = Judgement.objects.filter(record__in=list(by_record), camera_id=camera_id).order_by("id")
    told = ("record_id", "verdict", "by_kind", "by", "why", "probability", "made_at", "withdrawn_at")
    for record, *word in words.values_list(*told):
        by_record[record].words.append(Word(*word))
    return rows
