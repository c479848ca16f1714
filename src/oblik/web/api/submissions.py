"""Lists over the API: what was handed in, what became of each row; files are handed in here as well."""

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from pathlib import PurePosixPath
from typing import Annotated, Any, Final, Literal

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import Field, File, Form, Path, Query, Router, Schema
from ninja.files import UploadedFile

from oblik.base.clock import now
from oblik.base.errors import InvalidInput, OblikError, msg
from oblik.db import kept_files as store
from oblik.intake import queries
from oblik.intake.actions import lists
from oblik.intake.sentences import problem_text
from oblik.inventory import queries as inventory
from oblik.registry.logic.fields import FIELDS
from oblik.web.api.doors import actor, cameras_shown, require_list, scope, slow_down
from oblik.web.api.once import json_answer, once
from oblik.web.api.problems import sentence
from oblik.web.api.schemas import Code, Number, Page, PageAsked, Said, Values, page_of, place_asked, shown_values

router = Router(tags=["submissions"])

SubmissionNumber = Annotated[Number, Path(description="The number of a list that was handed in.")]
_LONGEST_NAME_BYTES: Final = 200  # file systems keep 255, and a name of ours may grow a little
_LONGEST_SUFFIX: Final = 10


class Submission(Schema):
    """A list as handed in. replaced_by: the newer list of the same owner in the same campaign."""

    submission: int
    campaign: str
    owner: str
    file_name: str
    sha256: str
    state: Literal["received", "read", "failed", "withdrawn"]
    failure: str = Field(description="Why it could not be read; empty otherwise.")
    received_at: datetime
    replaces: int | None
    replaced_by: int | None
    verdicts: dict[str, int] = Field(description="Expected cameras by verdict: new, same, changed, doubtful, broken.")
    vanished: int = Field(description="Cameras of the list before that are missing in this one.")


class HandedIn(Submission):
    """known: this very file was handed in before and nothing changed."""

    known: bool
    rows: int
    records: int


class SubmissionsAsked(PageAsked):
    campaign: str = Field("", max_length=40, description="Code of a campaign.")
    owner: str = Field("", max_length=40, description="Code of an owner.")


class RowsAsked(PageAsked):
    problems: bool = Field(False, description="Only rows with a problem.")


class CellProblem(Schema):
    """One thing wrong with a cell. value is empty where the field is secret."""

    code: str
    field: str
    column: str
    value: str
    detail: str
    remedy: str


class ReportedRow(Schema):
    """One row with its verdict, the worst of its records; not_a_camera for titles and sums."""

    ref: str = Field(description="SUBMISSION:SHEET:ROW")
    sheet: str
    row: int
    verdict: str
    records: int
    values: Values
    problems: list[CellProblem]


class ListGiven(Said):
    """What goes with a file."""

    owner: Code
    campaign: Code
    sheet: str = Field("", max_length=120, description="Read this sheet alone.")


def submission_of(line: queries.SubmissionLine) -> Submission:
    return Submission(**_submission(line))


def _submission(line: queries.SubmissionLine) -> dict[str, Any]:
    columns = (
        "campaign", "owner", "file_name", "sha256", "state", "received_at", "replaces", "replaced_by", "verdicts",
        "vanished",
    )  # fmt: skip
    said = {name: getattr(line, name) for name in columns}
    return {**said, "submission": line.id, "failure": _failure(line.failure) if line.state == "failed" else ""}


def _failure(failure: Mapping[str, object]) -> str:
    """Why a list could not be read, in the caller's language."""
    params = failure.get("params")
    wrong = OblikError(str(failure.get("template", "")), **(params if isinstance(params, dict) else {}))
    return sentence(wrong) if wrong.template else str(failure.get("code", "?"))


@router.get("/submissions", response=Page[Submission], operation_id="submissions")
def submissions(request: HttpRequest, asked: Query[SubmissionsAsked]) -> Page[Submission]:
    """Lists that may be seen, in the order in which they were handed in."""
    after = place_asked(request, asked=asked)
    every = queries.submissions(campaign=asked.campaign, owner=asked.owner, within=scope(request, "see"))
    found = [line for line in every if after is None or line.id > int(after)]
    return page_of(request, found, asked=asked, line=submission_of, place=lambda line: line.id)


@router.get("/submissions/{number}", response=Submission, operation_id="submission", url_name="submission")
def submission(request: HttpRequest, number: SubmissionNumber) -> Submission:
    """One list."""
    return submission_of(queries.submission(number, within=scope(request, "see")))


@router.get("/submissions/{number}/rows", response=Page[ReportedRow], operation_id="submission_rows")
def rows(request: HttpRequest, number: SubmissionNumber, asked: Query[RowsAsked]) -> Page[ReportedRow]:
    """Every row in its order, with its verdict and each problem with its remedy."""
    queries.submission(number, within=scope(request, "see"))
    after = place_asked(request, asked=asked)
    every = queries.report(number, after=int(after or 0), within=scope(request, "see"))
    wanted = (row for row in every if row.problems or not asked.problems)
    found = list(islice(wanted, asked.limit + 1))
    cameras_shown(request, min(len(found), asked.limit))
    return page_of(request, found, asked=asked, line=_row, place=lambda row: row.id)


def _row(row: queries.ReportedRow) -> ReportedRow:
    return ReportedRow(
        ref=row.ref, sheet=row.sheet, row=row.row, verdict=row.verdict, records=row.records,
        values=shown_values(row.values), problems=[_problem(one) for one in row.problems],
    )  # fmt: skip


def _problem(found: queries.ReportedProblem) -> CellProblem:
    field = FIELDS.get(found.field)
    value = "" if field is not None and field.secret else found.value
    detail, remedy = problem_text(found.code, column=found.column, value=value, field=found.field)
    return CellProblem(
        code=found.code, field=found.field, column=found.column, value=value, detail=detail, remedy=remedy
    )  # fmt: skip


@router.post("/submissions", response={200: HandedIn, 201: HandedIn}, operation_id="hand_in")
@once
def hand_in(request: HttpRequest, given: Form[ListGiven], file: File[UploadedFile]) -> HttpResponseBase:
    """Hands in a list as a file and reads it. The same file again changes nothing; an unreadable one is kept."""
    require_list(request, "hand_in", owner=given.owner, campaign=given.campaign)
    inventory.require_open(given.campaign, within=scope(request, "hand_in"))
    slow_down(request, "upload")
    if (file.size or 0) > settings.OBLIK_MAX_FILE_MB * 1_000_000:
        raise InvalidInput(
            msg("The file is larger than {most} MB; hand it in in parts."), code="too_large",
            most=settings.OBLIK_MAX_FILE_MB,
        )  # fmt: skip
    with store.private_folder(file.size or 0) as folder:
        path = folder / _file_name(file.name or "list")
        with path.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        got = lists.add_list(
            path, owner=given.owner, campaign=given.campaign, by=actor(request), at=now(), sheet=given.sheet
        )
    line = _submission(queries.submission(got.submission))
    said = HandedIn(**line, known=got.known, rows=got.rows, records=got.records)
    response = json_answer(said, status=200 if got.known else 201)
    response.headers["Location"] = reverse("api-1:submission", kwargs={"number": got.submission})
    return response


def _file_name(name: str) -> str:
    """The name as a file system takes it: the ending stays, as readers look at it."""
    given = PurePosixPath(name.replace("\\", "/")).name
    given = "".join(sign for sign in given if sign.isprintable()) or "list"
    suffix = PurePosixPath(given).suffix[:_LONGEST_SUFFIX]
    stem = given.removesuffix(suffix) if suffix else given
    room = _LONGEST_NAME_BYTES - len(suffix.encode())
    return (stem.encode()[:room].decode(errors="ignore") or "list") + suffix
