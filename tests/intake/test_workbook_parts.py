"""Long sheets are read part by part: the same cells, whatever the cut."""

from datetime import date

import openpyxl
import pytest
import xlsxwriter
from tests.intake.test_hostile_files import repacked

from oblik.base.errors import UnreadableFile
from oblik.intake.formats import read_sheets
from oblik.intake.readers import packages, workbook_parts

ROWS = 400


@pytest.fixture
def in_parts(monkeypatch):
    """Sheets of a few kilobytes count as long ones; gives how many parts were read."""
    read = []
    monkeypatch.setattr(packages, "_CHUNK", 1_000)
    monkeypatch.setattr(workbook_parts, "_FIRST_OF_LONG", 500)
    monkeypatch.setattr(workbook_parts, "_PART_BYTES", 4_000)
    monkeypatch.setattr(workbook_parts, "_LONG", 8_000)
    really = workbook_parts._read
    monkeypatch.setattr(workbook_parts, "_read", lambda *given: read.append(1) or really(*given))
    return read


def long_list(path, *, shared):
    """A list with all that differs between cells: dates, numbers, gaps, merged and hidden rows, formulas."""
    with xlsxwriter.Workbook(path, {"constant_memory": not shared}) as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        book.add_worksheet("Титул").write(0, 0, "Перелік камер")
        sheet = book.add_worksheet("Камери")
        sheet.set_column(3, 3, None, None, {"hidden": True})
        if shared:
            sheet.merge_range(ROWS - 10, 1, ROWS - 5, 1, "вул. Лугова")
        for row in range(3, ROWS):
            if row % 50 == 7:
                continue
            if row % 60 == 9:
                sheet.set_row(row, None, None, {"hidden": True})
            sheet.write_number(row, 2, row / 7)
            sheet.write_datetime(row, 3, date(2021, 1 + row % 12, 1 + row % 28), day)
            sheet.write_string(row, 4, f"Камера {row} <вхід> & «двір»")
            if row % 90 == 5:
                sheet.write_formula(row, 5, '=CONCATENATE("а";"б")', None, "" if row % 180 == 5 else "аб")
            sheet.write_boolean(row, 6, row % 2 == 0)
    return path


@pytest.mark.parametrize("shared", [True, False], ids=["shared texts", "texts in cells"])
def test_parts_hold_the_same_cells_as_the_whole(tmp_path, shared, request):
    path = long_list(tmp_path / "list.xlsx", shared=shared)
    whole = read_sheets(path)
    read = request.getfixturevalue("in_parts")
    assert read_sheets(path) == whole
    assert len(read) >= (2 if shared else 5)  # shared texts are read with each part, so parts are longer
    assert whole[1].rows[3][2] and whole[1].hidden is False and len(whole[1].rows) == ROWS


def test_a_sheet_whose_cells_do_not_say_where_they_stand_is_read_as_a_whole(tmp_path, request):
    path = repacked(
        long_list(tmp_path / "a.xlsx", shared=True),
        tmp_path / "b.xlsx",
        {"xl/worksheets/sheet2.xml": lambda data: data.replace(b'<c r="C200"', b"<c")},
    )
    whole = read_sheets(path)
    request.getfixturevalue("in_parts")
    assert read_sheets(path) == whole


def test_rows_out_of_order_are_read_as_a_whole(tmp_path, request):
    def swapped(data):
        return (
            data.replace(b'<row r="300"', b'<row r="30"').replace(b'r="C300"', b'r="C30"').replace(b'"E300"', b'"E30"')
        )

    path = repacked(
        long_list(tmp_path / "a.xlsx", shared=True), tmp_path / "b.xlsx", {"xl/worksheets/sheet2.xml": swapped}
    )
    whole = read_sheets(path)
    request.getfixturevalue("in_parts")
    assert read_sheets(path) == whole


def test_a_prefix_before_every_tag_is_no_hindrance(tmp_path, request):
    def prefixed(data):
        data = data.replace(b"</", b"<\0").replace(b"<?xml", b"\0?xml").replace(b"<", b"<x:").replace(b"<x:\0", b"</x:")
        return data.replace(b"\0?xml", b"<?xml").replace(b" xmlns=", b" xmlns:x=")

    path = repacked(
        long_list(tmp_path / "a.xlsx", shared=True), tmp_path / "b.xlsx", {"xl/worksheets/sheet2.xml": prefixed}
    )
    assert openpyxl.load_workbook(path).sheetnames == ["Титул", "Камери"]
    whole = read_sheets(path)
    assert len(whole[1].rows) == ROWS
    request.getfixturevalue("in_parts")
    assert read_sheets(path) == whole


def test_damage_late_in_a_long_sheet_is_damage(tmp_path, in_parts):
    path = repacked(
        long_list(tmp_path / "a.xlsx", shared=True),
        tmp_path / "b.xlsx",
        {"xl/worksheets/sheet2.xml": lambda data: data[: len(data) - 900]},
    )
    with pytest.raises(UnreadableFile):
        read_sheets(path)
