"""A list as handed in: what became of its rows, each problem beside its cell, and what its owner says to it."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from oblik.accounts.queries import Scope, scope_of
from oblik.base.clock import now
from oblik.base.errors import Forbidden, InvalidInput, msg
from oblik.intake import queries, reported, running
from oblik.intake.actions import closing, uploads
from oblik.intake.jobs import start_job
from oblik.intake.logic.problems import PROBLEMS
from oblik.intake.reported import NO_CAMERA
from oblik.intake.sentences import problem_text
from oblik.inventory import queries as inventory
from oblik.journal.actions import looked
from oblik.registry import queries as registry
from oblik.registry.logic.export_table import harmless
from oblik.registry.logic.fields import FIELDS
from oblik.web.desk.access import page, seen_by
from oblik.web.desk.filters import page_number
from oblik.web.desk.handin import actor, start_reading
from oblik.web.ui import labels
from oblik.web.ui.columns import VERDICT_MEANINGS, VERDICT_NAMES, target_label

PER_PAGE: Final = 50
VERDICTS: Final = ("new", "same", "changed", "doubtful", "broken")
_MOST_ROWS: Final = 20_000  # to send back; an owner with more has another problem
_NUMBER: Final = re.compile(r"[+-]?[\d\s.,]+°?")


@dataclass(frozen=True, slots=True)
class Said:
    """One problem in words. severity: note | doubt | broken."""

    sentence: str
    remedy: str
    severity: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as received and the worst that is wrong with it, "" where nothing is."""

    text: str
    severity: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One record of the list as the page shows it."""

    line: reported.Line
    cells: list[Cell]
    said: list[Said]


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of one sheet under its columns."""

    sheet: str
    columns: list[tuple[str, labels.Label]]  # header, what it was taken for
    lines: list[ShownLine]


@dataclass(frozen=True, slots=True)
class Pages:
    """Where in the lines the page is; number and pages are 1-based."""

    number: int
    pages: int
    total: int


@page()
def handed_in(request: HttpRequest, number: int) -> HttpResponseBase:
    """What became of a list: its numbers, each of which opens to its rows."""
    within = seen_by(request)
    line = queries.submission(number, within=within)
    if request.method == "POST":
        return _done(request, line)
    read = line.state == "read"
    counts = [(name, VERDICT_NAMES[name], line.verdicts.get(name, 0)) for name in VERDICTS]
    without = reported.rows_without_camera(number, within=within) if read else 0
    verdict = _verdict(request, line, without=without)
    pages = _pages(request, without if verdict == NO_CAMERA else line.verdicts.get(verdict, 0))
    may_change = scope_of(request.user, "hand_in").covers_list(owner=line.owner, campaign=line.campaign)
    campaign = inventory.campaign(line.campaign, within=within)
    context = {
        "line": line,
        "campaign": campaign,
        "owner_name": registry.owner_names(within=within).get(line.owner, line.owner),
        "closing": reported.closing_of(number, within=within),
        "job": _job(number, line.state, within=within),
        "counts": counts,
        "without": without,
        "verdict": verdict,
        "found": pages,
        "parts": _parts(number, verdict, pages, request) if read and pages.total else [],
        "vanished": reported.vanished(number, within=within) if line.vanished else [],
        "meaning": VERDICT_MEANINGS.get(verdict, ""),
        "may_change": may_change and campaign.state == "open",
        "records": sum(line.verdicts.values()),
    }  # fmt: skip
    return render(request, "desk/list.html", context)


def _job(number: int, state: str, *, within: Scope) -> running.JobLine | None:
    job = running.job_of_list(number, within=within) if state in ("received", "failed") else None
    return job if job is not None and job.state != "done" else None


def _verdict(request: HttpRequest, line: queries.SubmissionLine, *, without: int) -> str:
    """The rows asked for, else those that most want to be looked at."""
    asked = request.GET.get("rows", "")
    if asked in (*VERDICTS, NO_CAMERA):
        return asked
    return next((name for name in ("broken", "doubtful", "changed", "new", "same") if line.verdicts.get(name)), "new")


def _pages(request: HttpRequest, total: int) -> Pages:
    pages = max(1, -(-total // PER_PAGE))
    return Pages(min(page_number(request), pages), pages, total)


def _parts(number: int, verdict: str, pages: Pages, request: HttpRequest) -> list[Part]:
    within = seen_by(request)
    known = reported.columns_of(number, within=within)
    lines = reported.lines_of(
        number, verdict=verdict, offset=(pages.number - 1) * PER_PAGE, limit=PER_PAGE, within=within
    )
    parts: list[Part] = []
    for sheet, some in groupby(lines, key=lambda one: one.sheet):
        columns = known.get(sheet, [])
        heads = [(one.header, target_label(one.target)) for one in columns]
        parts.append(Part(sheet, heads, [_shown(one, columns) for one in some]))
    return parts


_RANK: Final = {"": 0, "note": 1, "doubt": 2, "broken": 3}


def _shown(line: reported.Line, columns: list[reported.Column]) -> ShownLine:
    worst: dict[int, str] = {}
    for problem in line.problems:
        severity = PROBLEMS.get(problem.code, "note")
        for column in columns:
            if _is_about(problem, column):
                worst[column.index] = max(worst.get(column.index, ""), severity, key=_RANK.__getitem__)
    cells = [
        Cell(line.cells[one.index] if one.index < len(line.cells) else "", worst.get(one.index, ""))
        for one in columns
    ]  # fmt: skip
    said = sorted((_said(problem) for problem in line.problems), key=lambda one: -_RANK[one.severity])
    return ShownLine(line, cells, said)


def _is_about(problem: queries.ReportedProblem, column: reported.Column) -> bool:
    """By the header, as several columns may be taken for one field; by the field where there is no header."""
    if problem.column:
        # Of a place that is written in two columns the problem names both.
        return problem.column == column.header or column.header in problem.column.split(", ")
    return bool(problem.field) and problem.field == column.target


def _said(problem: queries.ReportedProblem) -> Said:
    field = FIELDS.get(problem.field)
    value = "••••" if field is not None and field.secret else problem.value
    sentence, remedy = problem_text(problem.code, column=problem.column, value=value, field=problem.field)
    return Said(sentence, remedy, PROBLEMS.get(problem.code, "note"))


# ---------------------------------------------------------------------------------------------- what its owner says


def _done(request: HttpRequest, line: queries.SubmissionLine) -> HttpResponseBase:
    if not scope_of(request.user, "hand_in").covers_list(owner=line.owner, campaign=line.campaign):
        raise Forbidden(msg("You may look at this list, not change it. Ask an administrator for the right to hand in."))
    inventory.require_open(line.campaign, within=seen_by(request))
    step = _STEPS.get(request.POST.get("do", ""))
    if step is None:
        raise InvalidInput(msg("The page asked for something unknown; open it again."))
    return step(request, line) or redirect("list", number=line.id)


def _accept(request: HttpRequest, line: queries.SubmissionLine) -> HttpResponseBase | None:
    closing.accept(line.id, by=actor(request), at=now())
    return None


def _reopen(request: HttpRequest, line: queries.SubmissionLine) -> HttpResponseBase | None:
    closing.reopen(line.id, by=actor(request), at=now())
    return None


def _withdraw(request: HttpRequest, line: queries.SubmissionLine) -> HttpResponseBase | None:
    closing.withdraw(line.id, why=request.POST.get("why", "")[:2_000], by=actor(request), at=now())
    return None


def _restore(request: HttpRequest, line: queries.SubmissionLine) -> HttpResponseBase | None:
    closing.restore(line.id, by=actor(request), at=now())
    start_reading(line.id, campaign=line.campaign, owner=line.owner, by=actor(request))
    return None


def _correct(request: HttpRequest, line: queries.SubmissionLine) -> HttpResponseBase | None:
    number = uploads.lay_again(line.id, by=actor(request), at=now())
    start_job(
        "look", campaign=line.campaign, owner=line.owner, args={"upload": number}, by=actor(request), at=now()
    )  # fmt: skip
    return redirect("list-upload", number=number)


def _read(request: HttpRequest, line: queries.SubmissionLine) -> HttpResponseBase | None:
    start_reading(line.id, campaign=line.campaign, owner=line.owner, by=actor(request))
    return None


def _answer(request: HttpRequest, line: queries.SubmissionLine) -> HttpResponseBase | None:
    question = request.POST.get("question", "")
    said = request.POST.get("said", "")[:2_000]
    closing.answer(
        int(question) if question.isdecimal() and len(question) < 19 else 0, submission=line.id, said=said,
        by=actor(request), at=now(),
    )  # fmt: skip
    messages.success(request, _("The answer is kept.") if said.strip() else _("The question is open again."))
    return redirect(f"{request.path}#vanished")


_STEPS: Final[dict[str, Callable[[HttpRequest, queries.SubmissionLine], HttpResponseBase | None]]] = {
    "accept": _accept, "reopen": _reopen, "withdraw": _withdraw, "restore": _restore, "correct": _correct,
    "read": _read, "answer": _answer,
}  # fmt: skip


# ---------------------------------------------------------------------------------------------- to send back


class _Line:
    """Gives back what is written, so that a csv writer can feed a stream."""

    def write(self, text: str) -> str:
        return text


@page()
def broken_rows(request: HttpRequest, number: int) -> HttpResponseBase:
    """The rows that cannot be used and those to be looked at, as a table that the owner can correct and send again."""
    within = seen_by(request)
    line = queries.submission(number, within=within)
    looked(subject=f"submission:{number}", what="exported", by=actor(request), at=now(), details={"rows": "broken"})
    verdicts = ["broken"] if request.GET.get("rows") == "broken" else ["broken", "doubtful"]
    known = reported.columns_of(number, within=within)
    lines = [
        one for verdict in verdicts
        for one in reported.lines_of(number, verdict=verdict, limit=_MOST_ROWS, within=within) if one.part == 1
    ]  # fmt: skip
    # Written here and now: a stream would be written after the language of the page has been put away.
    response = HttpResponse("".join(_written(lines, known)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rows-to-correct-{line.id}.csv"'
    return response


def _written(lines: list[reported.Line], known: dict[str, list[reported.Column]]) -> Iterator[str]:
    writer = csv.writer(_Line(), delimiter=";")
    yield "\ufeff"  # so that spreadsheets see that it is UTF-8
    for sheet, some in groupby(lines, key=lambda one: one.sheet):
        columns = known.get(sheet, [])
        heads = [one.header or str(target_label(one.target)) for one in columns]
        yield writer.writerow([_("Sheet"), _("Row"), _("What is wrong"), *map(_harmless, heads)])
        for line in some:
            said = " ".join(
                f"{one.sentence} {one.remedy}" for one in map(_said, line.problems) if one.severity != "note"
            )
            cells = [line.cells[one.index] if one.index < len(line.cells) else "" for one in columns]
            yield writer.writerow([_harmless(sheet), line.row, *map(_harmless, [said, *cells])])


def _harmless(text: str) -> str:
    """The text as no spreadsheet takes it for a formula; numbers stay numbers. Source: OWASP, CSV injection."""
    return text if _NUMBER.fullmatch(text) else harmless(text)
