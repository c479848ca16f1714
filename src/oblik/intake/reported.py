"""The rows of a list behind one number of its report, page by page, with their columns and problems."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.base.errors import NotFound, msg
from oblik.intake.models import MatchRun, RawRow, Record, Submission, Vanished
from oblik.intake.queries import ReportedProblem, reached
from oblik.intake.raw_secrets import shown
from oblik.registry.logic.records import Value, loaded

NO_CAMERA: Final = "not_a_camera"


@dataclass(frozen=True, slots=True)
class Column:
    """A column as understood when the list was read."""

    index: int
    header: str
    target: str


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a list, or a row that is none (then part is 0 and role says what it is)."""

    sheet: str
    row: int
    role: str
    part: int
    parts: int
    verdict: str
    cells: list[str]
    problems: list[ReportedProblem]


@dataclass(frozen=True, slots=True)
class Gone:
    """A row of the older list that the newer one lacks; answer is empty while the question is open."""

    number: int
    file: str
    sheet: str
    row: int
    values: Mapping[str, Value]
    camera: str
    answer: str


@dataclass(frozen=True, slots=True)
class Closing:
    """Whether a list was accepted or withdrawn, by whom, when and why."""

    accepted_at: datetime | None
    accepted_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawn_why: str
    matched: bool  # a matching run has looked at it since it was read


def lines_of(number: int, *, verdict: str, offset: int = 0, limit: int = 50, within: Scope = EVERYWHERE) -> list[Line]:
    """Records of one verdict in the order of the list; for "not_a_camera" the rows that hold no camera.

    A list outside the scope is answered like one that is not.
    """
    _require(number, within=within)
    if verdict == NO_CAMERA:
        rows = RawRow.objects.filter(submission_id=number, number__gt=0).exclude(role__in=["data", "blank"])
        found = rows.order_by("id").values_list("sheet", "number", "role", "cells")[offset : offset + limit]
        return [Line(sheet, row, role, 0, 0, "", shown(cells), []) for sheet, row, role, cells in found]
    columns = ("row__sheet", "row__number", "row__role", "part", "parts", "verdict", "row__cells", "problems")
    records = Record.objects.filter(submission_id=number, verdict=verdict).order_by("id").values_list(*columns)
    return [
        Line(sheet, row, role, part, parts, said, shown(cells), _problems(problems))
        for sheet, row, role, part, parts, said, cells, problems in records[offset : offset + limit]
    ]


def _problems(text: str) -> list[ReportedProblem]:
    return [ReportedProblem(*one) for one in json.loads(text or "[]")]


def rows_without_camera(number: int, *, within: Scope = EVERYWHERE) -> int:
    """How many rows hold no camera: titles, sums, signatures, hidden ones."""
    understood = _require(number, within=within).understood
    roles = [(sheet["sheet"], role, n) for sheet in understood for role, n in sheet["roles"].items()]
    without: int = sum(n for _sheet, role, n in roles if role not in ("data", "blank"))
    # Number 0 holds names of columns that the format itself gives, which no person sees as a row.
    named = RawRow.objects.filter(submission_id=number, sheet__in={sheet for sheet, _role, _n in roles}, number=0)
    return without - named.exclude(role__in=["data", "blank"]).count()


def columns_of(number: int, *, within: Scope = EVERYWHERE) -> dict[str, list[Column]]:
    """sheet -> its columns, those left out that are empty and have no name."""
    understood = _require(number, within=within).understood
    answer: dict[str, list[Column]] = {}
    for sheet in understood:
        answer[sheet["sheet"]] = [
            Column(c["index"], c["header"], c["target"]) for c in sheet["columns"] if c["header"] or c["examples"]
        ]
    return answer


def vanished(number: int, *, limit: int = 200, within: Scope = EVERYWHERE) -> list[Gone]:
    """What the list before had and this one lacks, open questions first."""
    _require(number, within=within)
    found = Vanished.objects.filter(submission_id=number).order_by("answer", "id")
    columns = (
        "id", "record__submission__file_name", "record__row__sheet", "record__row__number", "record__values",
        "record__camera__code", "answer",
    )  # fmt: skip
    return [
        Gone(pk, file, sheet, row, loaded(values), camera or "", answer)
        for pk, file, sheet, row, values, camera, answer in found.values_list(*columns)[:limit]
    ]


def closing_of(number: int, *, within: Scope = EVERYWHERE) -> Closing:
    """How a list stands to its owner: accepted, withdrawn, or neither."""
    found = _require(number, within=within)
    runs = MatchRun.objects.filter(campaign_code=found.campaign_code)
    matched = found.read_at is not None and runs.filter(ran_at__gte=found.read_at).exists()
    return Closing(
        found.accepted_at, found.accepted_by, found.withdrawn_at, found.withdrawn_by, found.withdrawn_why, matched
    )


@dataclass(frozen=True, slots=True)
class Run:
    """The newest matching run of a campaign. fresh: lists read since; they wait for the next."""

    ran_at: datetime | None
    matched: int
    new: int
    review: int
    fresh: int


def newest_run(campaign: str) -> Run:
    """What the newest run over the lists of all did; for who may see all of them."""
    found = MatchRun.objects.filter(campaign_code=campaign).order_by("-id").first()
    lists = Submission.objects.filter(campaign_code=campaign, state="read")
    if found is None:
        return Run(None, 0, 0, 0, lists.count())
    did = found.summary
    fresh = lists.filter(read_at__gt=found.ran_at).count()
    return Run(found.ran_at, did.get("matched", 0), did.get("new", 0), did.get("review", 0), fresh)


def _require(number: int, *, within: Scope) -> Submission:
    found = Submission.objects.filter(reached(within), pk=number).first() if number < 2**63 else None
    if found is None:
        raise NotFound(msg("There is no submission {value}; see `oblik intake list`."), value=number)
    return found
