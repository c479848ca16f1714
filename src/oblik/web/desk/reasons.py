"""What rows of a list say and what is wrong with them, in the language of the page."""

from collections.abc import Iterable
from typing import Final

from oblik.accounts.queries import Scope
from oblik.intake import queries as intake
from oblik.intake.sentences import problem_text
from oblik.inventory.queries import RowLine
from oblik.registry.logic.fields import FIELDS
from oblik.web.ui.values import written

_TELLING: Final = ("name", "address", "site", "kind", "bearing_deg")

Told = list[tuple[str, str]]  # sentence and remedy


def reasons_of_rows(lines: Iterable[RowLine], *, within: Scope) -> dict[int, Told]:
    """record -> what is wrong with its row."""
    return {record: [_said(problem) for problem in row.problems] for record, row in _reports(lines, within).items()}


def sayings_of_rows(lines: Iterable[RowLine], *, within: Scope) -> dict[int, str]:
    """record -> by what a person knows the row again: its name, its address, where it looks."""
    return {
        record: " · ".join(written(name, row.values[name]) for name in _TELLING if row.values.get(name))
        for record, row in _reports(lines, within).items()
    }


def _reports(lines: Iterable[RowLine], within: Scope) -> dict[int, intake.RecordReport]:
    return intake.record_reports([line.record for line in lines if line.record is not None], within=within)


def _said(problem: intake.ReportedProblem) -> tuple[str, str]:
    known = FIELDS.get(problem.field)
    value = "••••••" if known is not None and known.secret else problem.value
    return problem_text(problem.code, column=problem.column, value=value, field=problem.field)
