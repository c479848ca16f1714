"""How a person names a row: SUBMISSION:SHEET:ROW, with .PART where the row stands for several cameras."""

import re
from dataclasses import dataclass
from typing import Final

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.base.errors import InvalidInput, NotFound, msg
from oblik.intake.models import Record, Submission
from oblik.intake.queries import reached
from oblik.registry.logic.folding import plain

_REF: Final = re.compile(r"^(?P<list>[^:]+?)(?::(?P<sheet>.*?))?[:#](?P<row>\d+)(?:\.(?P<part>\d+))?$")


@dataclass(frozen=True, slots=True)
class RowRef:
    """A record with the words by which a person finds it."""

    record: int
    submission: int
    file: str
    sheet: str
    row: int
    part: int
    parts: int

    def __str__(self) -> str:
        tail = f".{self.part}" if self.parts > 1 else ""
        return (
            f"{self.submission}:{self.sheet}:{self.row}{tail}" if self.sheet else f"{self.submission}:{self.row}{tail}"
        )


def find_record(text: str, *, within: Scope = EVERYWHERE) -> RowRef:
    """The one record of the lists within a scope that the words name: `7:Камери:12`, `7:12.2`, `list.csv:12`, or
    the record's own number.

    NotFound where none is, InvalidInput where several are, naming what to add.
    """
    found = Record.objects.select_related("row", "submission").order_by("-submission_id", "part")
    if not within.all:
        found = found.filter(submission__in=Submission.objects.filter(reached(within)))
    text = plain(text).strip()
    if text.isdecimal():
        found = found.filter(pk=_number(text))
    else:
        match = _REF.match(text)
        if not match:
            raise InvalidInput(
                msg("“{value}” names no row; write SUBMISSION:SHEET:ROW as in the report, such as 7:Камери:12."),
                value=text,
            )
        found = found.filter(row__number=_number(match["row"]))
        by_number = match["list"].isdecimal()
        found = (
            found.filter(submission_id=_number(match["list"]))
            if by_number
            else found.filter(submission__file_name=match["list"])
        )
        if match["sheet"]:
            found = found.filter(row__sheet=match["sheet"])
        if match["part"]:
            found = found.filter(part=_number(match["part"]))
    records = list(found[:3])
    if not records:
        raise NotFound(msg("There is no row {value}; see `oblik intake report`."), value=text)
    newest = [r for r in records if r.submission_id == records[0].submission_id]
    if len(newest) > 1:
        raise InvalidInput(
            msg("{value} names several records; add the sheet or the part, such as {example}."),
            value=text,
            example=str(_ref(newest[0])),
        )
    return _ref(newest[0])


def _number(digits: str) -> int:
    """The number, or 0, which no row has, where it is larger than a database counts."""
    return int(digits) if len(digits) < 19 else 0


def _ref(record: Record) -> RowRef:
    row = record.row
    return RowRef(
        record.pk, record.submission_id, record.submission.file_name, row.sheet, row.number, record.part, record.parts
    )
