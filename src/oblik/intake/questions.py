"""One row that waits, beside the cameras that it may be, with the reasons for and against."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.intake.logic.matching.explain import Explanation
from oblik.intake.logic.matching.weighing import weigh
from oblik.intake.matching_frame import record_frame
from oblik.intake.models import Judgement, Record
from oblik.intake.raw_secrets import shown
from oblik.intake.waiting import standing
from oblik.registry import queries as registry
from oblik.registry.logic.records import Value, loaded

_WITNESSES: Final = 8  # rows of a camera that a question is weighed against, the newest


@dataclass(frozen=True, slots=True)
class Proposed:
    """A camera that the row may be. number: of the camera; explanation: the pair's own reasons, None where no row of a
    list stands for the camera; against: `record:N`, whose words were weighed; by: who asks, as Actor writes it."""

    camera: str
    number: int
    probability: float
    explanation: Explanation | None
    against: str
    by: str


@dataclass(frozen=True, slots=True)
class Question:
    """A row that waits, beside the cameras that it may be, best first. hidden: how many more lie outside the scope."""

    record: int
    submission: int
    campaign: str
    owner: str
    file: str
    sheet: str
    row: int
    part: int
    parts: int
    received_at: datetime
    values: dict[str, Value]
    cells: list[str]
    proposals: tuple[Proposed, ...]
    hidden: int


def question(record: int, *, within: Scope = EVERYWHERE) -> Question | None:
    """A waiting row with all that a person decides by; None where it waits no longer or lies outside the scope."""
    found = standing(Q(pk=record)).select_related("row", "submission__owner").first()
    if found is None:
        return None
    given, row = found.submission, found.row
    if not within.covers_list(owner=given.owner.code, campaign=given.campaign_code):
        return None
    asked = list(
        Judgement.objects.filter(record=record, verdict="unsure", withdrawn_at__isnull=True)
        .order_by("camera_id")
        .values_list("camera_id", "camera__code", "probability", "by")
    )
    covered = registry.codes_within({code for _pk, code, *_rest in asked}, within=within)
    if asked and not covered:
        return None
    seen = [one for one in asked if one[1] in covered]
    return Question(
        record=record, submission=given.pk, campaign=given.campaign_code, owner=given.owner.code, file=given.file_name,
        sheet=row.sheet, row=row.number, part=found.part, parts=found.parts, received_at=given.received_at,
        values=loaded(found.values), cells=shown(row.cells), proposals=_explained(record, seen),
        hidden=len(asked) - len(seen),
    )  # fmt: skip


def _explained(record: int, asked: list[tuple[int, str, float | None, str]]) -> tuple[Proposed, ...]:
    """Each camera with the reasons of the row of it that speaks most for being the same."""
    cameras = [camera for camera, *_rest in asked]
    rows = dict(_witnesses(cameras))
    frame = {row["record_id"]: row for row in record_frame([record, *rows]).iter_rows(named=True)}
    others = [number for number in rows if number in frame]
    best: dict[int, tuple[Explanation, int]] = {}
    for number, told in zip(others, weigh(frame[record], [frame[n] for n in others]), strict=True):
        held = best.get(rows[number])
        if held is None or told.total_bits > held[0].total_bits:
            best[rows[number]] = (told, number)
    answer = []
    for camera, code, probability, by in asked:
        found = best.get(camera)
        reasons = found[0] if found else None
        against = f"record:{found[1]}" if found else ""
        likely = probability if probability is not None else (reasons.probability if reasons else 0.0)
        answer.append(Proposed(code, camera, likely, reasons, against, by))
    return tuple(sorted(answer, key=lambda one: (-one.probability, one.camera)))


def _witnesses(cameras: Collection[int]) -> Iterator[tuple[int, int]]:
    """Rows that stand for the cameras, with their camera; of each the newest few."""
    per_camera: Counter[int] = Counter()
    for number, camera in (
        Record.objects.filter(camera_id__in=sorted(cameras)).order_by("-pk").values_list("pk", "camera_id")
    ):
        per_camera[camera] += 1
        if per_camera[camera] <= _WITNESSES:
            yield number, camera
