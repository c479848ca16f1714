"""The first sheet of the workbook: the arithmetic, each number a formula over the rows that a click opens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_rowcol_to_cell

from oblik.inventory.documents import wording
from oblik.inventory.documents.issue import Issue, day_text
from oblik.inventory.documents.sheets import Book, Listing, Total, countifs, page
from oblik.inventory.logic.discrepancies import DISCREPANCY_KINDS
from oblik.inventory.logic.figures import COUNTED, Category, OwnerFigures

_HEAD: Final = 6  # row of the column heads
_FIRST: Final = 2  # column of the first number
_ROWS, _EXTRA, _RECORDS, _CAMERAS, _DUPLICATES, _BROKEN, _WAITING, _DIFFERENCE, _NOT, _OLD, _DISCREPANCIES = range(
    _FIRST, _FIRST + 11
)
_COLUMN_OF: Final[Mapping[Category, int]] = dict(zip(COUNTED, (_CAMERAS, _DUPLICATES, _BROKEN, _WAITING), strict=True))
_LAST: Final = _DISCREPANCIES + 2
# Columns of the lists of rows: what a row counts as, and whether it is a row or a further camera of one.
_COUNTED_AS, _RECEIVED_AS, _OWNER = 0, 1, 0


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists that totals open to."""

    per_owner: Mapping[str, Listing]
    everything: Listing
    discrepancies: Listing
    not_cameras: Listing
    replaced: Listing


def write_summary(book: Book, sheet: Any, *, issue: Issue, lists: Lists) -> None:
    """Fills the first sheet: a line per owner, their sum, the repeats between lists, the city in all."""
    count = issue.count
    _write_heads(book, sheet, issue=issue)
    row = _HEAD + 1
    handed = {line.owner: line for line in count.figures.owners}
    for owner in count.owner_codes():
        sheet.write_string(row, 0, owner, book.formats["text"])
        sheet.write_string(row, 1, count.owner_name(owner), book.formats["text"])
        _owner_numbers(book, sheet, row=row, figures=handed.get(owner, OwnerFigures(owner=owner)), lists=lists)
        _beside_numbers(book, sheet, row=row, issue=issue, lists=lists, owner=owner)
        row += 1
    _sum_line(book, sheet, row=row, issue=issue, lists=lists)
    _repeats_line(book, sheet, row=row + 1, issue=issue, lists=lists)
    _city_line(book, sheet, row=row + 2, issue=issue, lists=lists)
    note = _("Each number is a formula over the rows that it opens to: click it.")
    sheet.write_string(row + 4, 0, note, book.formats["faint"])
    sheet.freeze_panes(_HEAD + 1, _FIRST)
    page(sheet, repeat=_HEAD)
    sheet.activate()


def _write_heads(book: Book, sheet: Any, *, issue: Issue) -> None:
    campaign = issue.count.campaign
    days = _("from {since} until {until}").format(since=day_text(campaign.since), until=day_text(campaign.until))
    sheet.write_string(0, 0, _("Inventory of video surveillance cameras"), book.formats["title"])
    sheet.write_string(1, 0, f"{campaign.name} ({campaign.code}), {days}", book.formats["plain"])
    sheet.write_string(2, 0, _("Printed on {day}").format(day=day_text(issue.issued_on)), book.formats["plain"])
    sheet.write_string(3, 0, _("Data SHA-256: {hash}").format(hash=issue.sha256), book.formats["faint"])
    head = book.formats["head"]
    sheet.merge_range(_HEAD - 1, 0, _HEAD - 1, _FIRST - 1, _("Whose lists"), head)
    sheet.merge_range(_HEAD - 1, _ROWS, _HEAD - 1, _DIFFERENCE, _("Received and what became of it"), head)
    sheet.merge_range(_HEAD - 1, _NOT, _HEAD - 1, _OLD, _("Beside the sum"), head)
    sheet.merge_range(_HEAD - 1, _DISCREPANCIES, _HEAD - 1, _LAST, _("Discrepancies"), head)
    titles = (
        _("Code"), _("Balance holder"), _("Rows received"), _("Further cameras of rows"), _("Records received"),
        _("Cameras"), _("Duplicates"), _("Cannot be used"), _("Wait for review"), _("Difference, must be 0"),
        _("Not cameras"), _("In replaced lists"), _("Surplus"), _("Shortage"), _("Mismatched fields"),
    )  # fmt: skip
    for index, title in enumerate(titles):
        sheet.write_string(_HEAD, index, title, head)
    sheet.set_row(_HEAD, 44)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 52)
    sheet.set_column(_FIRST, _LAST, 12.5)


def _owner_numbers(book: Book, sheet: Any, *, row: int, figures: OwnerFigures, lists: Lists) -> None:
    listing = lists.per_owner.get(figures.owner)
    if listing is None:  # named in discrepancies alone
        for column in range(_ROWS, _DIFFERENCE + 1):
            book.total(sheet, at=(row, column), formula="=0", total=Total(0))
        return
    received = listing.column(_RECEIVED_AS)
    for column, further, value in ((_ROWS, False, figures.rows), (_EXTRA, True, figures.extra)):
        areas = listing.under(*((category, further) for category in COUNTED))
        formula = "=" + countifs((received, _received_as(further=further)))
        book.total(sheet, at=(row, column), formula=formula, total=Total(value, areas))
    _records(book, sheet, row=row, total=Total(figures.received, listing.whole))
    numbers = (figures.cameras, figures.duplicates, figures.broken, figures.waiting)
    for category, value in zip(COUNTED, numbers, strict=True):
        formula = "=" + countifs((listing.column(_COUNTED_AS), wording.word(wording.CATEGORIES, key=category)))
        total = Total(value, listing.under((category, False), (category, True)))
        book.total(sheet, at=(row, _COLUMN_OF[category]), formula=formula, total=total)
    _difference(book, sheet, row=row, value=figures.difference)


def _beside_numbers(book: Book, sheet: Any, *, row: int, issue: Issue, lists: Lists, owner: str) -> None:
    count = issue.count
    figures = next((line for line in count.figures.owners if line.owner == owner), OwnerFigures(owner=owner))
    beside = ((_NOT, lists.not_cameras, figures.not_cameras), (_OLD, lists.replaced, figures.replaced))
    for column, listing, value in beside:
        formula = "=" + countifs((listing.column(_OWNER), owner))
        book.total(sheet, at=(row, column), formula=formula, total=Total(value, listing.under(owner)))
    listing = lists.discrepancies
    for index, kind in enumerate(DISCREPANCY_KINDS):
        value = sum(part.owner == owner and part.kind == kind for part in count.discrepancies)
        named = wording.word(wording.DISCREPANCIES, key=kind)
        formula = "=" + countifs((listing.column(0), owner), (listing.column(1), named))
        total = Total(value, listing.under((owner, kind)))
        book.total(sheet, at=(row, _DISCREPANCIES + index), formula=formula, total=total)


def _sum_line(book: Book, sheet: Any, *, row: int, issue: Issue, lists: Lists) -> None:
    """Sums of the lines above; they open to the lists of all owners."""
    count = issue.count
    owners = count.figures.owners
    _label(book, sheet, row=row, text=_("Sum of the lists"))
    everything = lists.everything
    opens = {
        _ROWS: _received(everything, further=False),
        _EXTRA: _received(everything, further=True),
        _RECORDS: everything.whole,
        _DUPLICATES: (),
        _BROKEN: _counted_as(everything, "broken"),
        _WAITING: _counted_as(everything, "waiting"),
        _NOT: lists.not_cameras.whole,
        _OLD: lists.replaced.whole,
    }
    values = [
        sum(line.rows for line in owners), sum(line.extra for line in owners), sum(line.received for line in owners),
        sum(line.cameras for line in owners), sum(line.duplicates for line in owners),
        sum(line.broken for line in owners), sum(line.waiting for line in owners),
        sum(line.difference for line in owners), sum(line.not_cameras for line in owners),
        sum(line.replaced for line in owners),
        *(sum(part.kind == kind for part in count.discrepancies) for kind in DISCREPANCY_KINDS),
    ]  # fmt: skip
    opens[_CAMERAS] = _counted_as(everything, "camera", "repeat")
    opens[_DUPLICATES] = _counted_as(everything, "duplicate")
    for index, kind in enumerate(DISCREPANCY_KINDS):
        found = lists.discrepancies
        opens[_DISCREPANCIES + index] = found.under(*((owner, kind) for owner in count.owner_codes()))
    for column, value in enumerate(values, start=_FIRST):
        above = f"{xl_rowcol_to_cell(_HEAD + 1, column)}:{xl_rowcol_to_cell(row - 1, column)}"
        formula = f"=SUM({above})" if row > _HEAD + 1 else "=0"
        book.total(sheet, at=(row, column), formula=formula, total=Total(value, opens.get(column, ()), strong=True))


def _repeats_line(book: Book, sheet: Any, *, row: int, issue: Issue, lists: Lists) -> None:
    """What moves from cameras to duplicates when all lists are taken together."""
    _label(book, sheet, row=row, text=_("The same camera in another owner's list"))
    repeats = issue.count.figures.total.repeats_between
    counted = countifs((lists.everything.column(_COUNTED_AS), wording.word(wording.CATEGORIES, key="repeat")))
    areas = _counted_as(lists.everything, "repeat")
    for column, sign, value in ((_CAMERAS, "-", -repeats), (_DUPLICATES, "", repeats)):
        book.total(sheet, at=(row, column), formula=f"={sign}{counted}", total=Total(value, areas, strong=True))


def _city_line(book: Book, sheet: Any, *, row: int, issue: Issue, lists: Lists) -> None:
    """The city in all, counted anew from all rows: it must agree with the two lines above it."""
    total = issue.count.figures.total
    everything = lists.everything
    _label(book, sheet, row=row, text=_("In all in the city"))
    for column, further, value in ((_ROWS, False, total.rows), (_EXTRA, True, total.extra)):
        formula = "=" + countifs((everything.column(_RECEIVED_AS), _received_as(further=further)))
        areas = _received(everything, further=further)
        book.total(sheet, at=(row, column), formula=formula, total=Total(value, areas, strong=True))
    _records(book, sheet, row=row, total=Total(total.received, everything.whole, strong=True))
    parts: Sequence[tuple[int, tuple[str, ...], int]] = (
        (_CAMERAS, ("camera",), total.cameras),
        (_DUPLICATES, ("duplicate", "repeat"), total.duplicates),
        (_BROKEN, ("broken",), total.broken),
        (_WAITING, ("waiting",), total.waiting),
    )
    for column, categories, value in parts:
        counted = (
            countifs((everything.column(_COUNTED_AS), wording.word(wording.CATEGORIES, key=category)))
            for category in categories
        )
        areas = _counted_as(everything, *categories)
        total_here = Total(value, areas, strong=True)
        book.total(sheet, at=(row, column), formula="=" + "+".join(counted), total=total_here)
    _difference(book, sheet, row=row, value=total.difference, strong=True)


def _records(book: Book, sheet: Any, *, row: int, total: Total) -> None:
    formula = f"={xl_rowcol_to_cell(row, _ROWS)}+{xl_rowcol_to_cell(row, _EXTRA)}"
    book.total(sheet, at=(row, _RECORDS), formula=formula, total=total)


def _difference(book: Book, sheet: Any, *, row: int, value: int, strong: bool = False) -> None:
    parts = f"{xl_rowcol_to_cell(row, _CAMERAS)}:{xl_rowcol_to_cell(row, _WAITING)}"
    formula = f"={xl_rowcol_to_cell(row, _RECORDS)}-SUM({parts})"
    book.total(sheet, at=(row, _DIFFERENCE), formula=formula, total=Total(value, strong=strong))


def _label(book: Book, sheet: Any, *, row: int, text: str) -> None:
    sheet.merge_range(row, 0, row, _FIRST - 1, text, book.formats["bare_total"])


def _received_as(*, further: bool) -> str:
    return wording.word(wording.RECEIVED_AS, key="further" if further else "row")


def _received(listing: Listing, *, further: bool) -> tuple[Any, ...]:
    return listing.under(*((category, further) for category in (*COUNTED, "repeat")))


def _counted_as(listing: Listing, *categories: str) -> tuple[Any, ...]:
    return listing.under(*((category, further) for category in categories for further in (False, True)))
