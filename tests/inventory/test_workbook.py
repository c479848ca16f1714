"""The workbook: every total is a formula, and it counts just the rows that a click on it opens."""

import io
import re
from dataclasses import replace
from datetime import date

import openpyxl
import polars as pl
import pytest
from django.utils import translation
from openpyxl.utils import range_boundaries

from oblik.inventory.documents.issue import issue_of
from oblik.inventory.documents.workbook import workbook_of

DAY = date(2026, 5, 4)


def printed(count, language="uk") -> bytes:
    with translation.override(language):
        return workbook_of(issue_of(count, language=language, issued_on=DAY))


def opened(content: bytes, *, values: bool = False):
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def cells_of(book, reference: str) -> list:
    """The cells of 'Sheet'!A1:B2, in the rows' order, or of one cell."""
    sheet, _bang, area = reference.rpartition("!")
    left, top, right, bottom = range_boundaries(area.replace("$", ""))
    return [
        [book[sheet.strip("'")].cell(row, column).value for column in range(left, right + 1)]
        for row in range(top, bottom + 1)
    ]


def counted(book, formula: str) -> int:
    """What COUNTIFS with one or two conditions gives."""
    conditions = re.findall(r"""('[^']+'![$A-Z0-9:]+),"((?:[^"]|"")*)\"""", formula)
    columns = [[row[0] for row in cells_of(book, column)] for column, _text in conditions]
    wanted = [text.replace('""', '"') for _column, text in conditions]
    return sum(all(a == b for a, b in zip(line, wanted, strict=True)) for line in zip(*columns, strict=True))


def areas_of(book, location: str) -> list[str]:
    named = book.defined_names.get(location)
    return [f"'{sheet}'!{area}" for sheet, area in named.destinations] if named else [location]


@pytest.fixture(scope="module")
def a_book(a_count):
    count = a_count(cameras=300, owners=4)
    content = printed(count)
    return count, opened(content), opened(content, values=True)


def test_every_total_counts_the_rows_that_it_opens_to(a_book):
    _count, book, values = a_book
    summary, shown = book.worksheets[0], values.worksheets[0]
    opening = 0
    for row in summary.iter_rows():
        for cell in row:
            if cell.hyperlink is None:
                continue
            value = shown[cell.coordinate].value
            assert isinstance(cell.value, str) and cell.value.startswith("="), cell.coordinate
            rows = sum(len(cells_of(book, area)) for area in areas_of(book, cell.hyperlink.location))
            assert rows == abs(value), (cell.coordinate, cell.value)
            opening += 1
    assert opening > 40


def test_cached_values_are_what_the_formulas_give(a_book):
    _count, book, values = a_book
    summary, shown = book.worksheets[0], values.worksheets[0]
    looked_at = 0
    for row in summary.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith(("=COUNTIFS", "=-COUNTIFS")):
                parts = sum(counted(book, part) for part in cell.value.split("+"))
                assert parts == abs(shown[cell.coordinate].value), (cell.coordinate, cell.value)
                looked_at += 1
    assert looked_at > 40


def test_the_last_line_is_the_city(a_book):
    count, _book, values = a_book
    lines = [list(row) for row in values.worksheets[0].iter_rows(values_only=True)]
    city = next(line for line in reversed(lines) if isinstance(line[2], int))
    total = count.figures.total
    assert list(city[2:10]) == [
        total.rows, total.extra, total.received, total.cameras, total.duplicates, total.broken, total.waiting, 0,
    ]  # fmt: skip


def test_every_row_received_stands_in_the_workbook(a_book):
    count, book, _values = a_book
    everything = sum(
        max(0, sheet.max_row - 3) for sheet in book.worksheets[1:] if sheet.cell(3, 2).value == "Отримано як"
    )
    assert everything == 2 * count.figures.total.received  # once with its owner, once with all


@pytest.mark.parametrize("text", ["=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "\tx", "http://x.example", "00123"])
def test_what_looks_like_a_formula_stays_text(a_count, text):
    count = a_count(cameras=12, owners=2)
    hostile = replace(count, rows=count.rows.with_columns(file=pl.lit(text)))
    book = opened(printed(hostile))
    cells = [cell for sheet in book.worksheets[1:] for row in sheet.iter_rows() for cell in row if cell.value == text]
    assert cells and all(cell.data_type == "s" and cell.hyperlink is None for cell in cells)
    if text[0] in "=+-@":
        assert all(cell.quotePrefix for cell in cells)


def test_owners_with_awkward_codes_get_sheets_of_their_own(a_count):
    count = a_count(cameras=40, owners=2)
    renamed = {"DEPT-TR": "A[1]:*?/\\'" + "x" * 40, "DEPT-ZKG": "a_1______" + "x" * 40}
    rows = count.rows.with_columns(owner=pl.col("owner").replace(renamed))
    owners = tuple(replace(line, owner=renamed[line.owner]) for line in count.figures.owners)
    odd = replace(count, rows=rows, figures=replace(count.figures, owners=owners), discrepancies=(), lists=())
    names = opened(printed(odd)).sheetnames
    assert len(names) == len({name.casefold() for name in names}) == 8
    assert all(len(name) <= 31 for name in names)


def test_the_same_data_give_the_same_bytes(a_count):
    assert printed(a_count(cameras=20)) == printed(a_count(cameras=20))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_it_speaks_other_languages(a_count, language):
    names = opened(printed(a_count(cameras=8, owners=1), language)).sheetnames
    assert names[0] == {"en": "Summary", "ru": "Сводка"}[language]
