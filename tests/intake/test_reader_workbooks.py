"""xlsx, xlsm, xls, ods and their XML and HTML cousins: cells as a person sees them, merges, hidden parts, formulas."""

import datetime
import zipfile

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from oblik.base.errors import UnreadableFile
from oblik.intake.formats import read_sheets


def xlsx(path, fill):
    with xlsxwriter.Workbook(path) as book:
        fill(book)
    return path


def test_cells_are_text_as_a_person_sees_them(tmp_path):
    def fill(book):
        sheet = book.add_worksheet("Камери")
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        minute = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
        sheet.write_row(0, 0, ["вул. Лугова", 7, 49.9921, True, 0.1])
        sheet.write_datetime(1, 0, datetime.datetime.fromisoformat("2021-03-05"), day)
        sheet.write_datetime(1, 1, datetime.datetime.fromisoformat("2021-03-05 14:30"), minute)
        sheet.write(1, 2, 812345678901)
        sheet.write(1, 3, False)
        sheet.write(1, 4, -3.0)

    (sheet,) = read_sheets(xlsx(tmp_path / "a.xlsx", fill))
    assert sheet.name == "Камери"
    assert sheet.rows == [
        ["вул. Лугова", "7", "49.9921", "true", "0.1"],
        ["2021-03-05", "2021-03-05 14:30:00", "812345678901", "false", "-3"],
    ]


def test_row_numbers_are_those_of_the_sheet_though_the_list_begins_lower(tmp_path):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write(4, 2, "перша")
        sheet.write(6, 2, "третя")

    (sheet,) = read_sheets(xlsx(tmp_path / "a.xlsx", fill))
    assert sheet.numbers == [1, 2, 3, 4, 5, 6, 7]
    assert sheet.rows[4][2] == "перша"
    assert sheet.rows[6][2] == "третя"


def test_a_cell_merged_downwards_speaks_for_each_of_its_rows(tmp_path):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Адреса", "Камера"])
        sheet.merge_range(1, 0, 3, 0, "вул. Лугова, 5")
        sheet.write_column(1, 1, ["К1", "К2", "К3"])
        sheet.merge_range(4, 0, 4, 1, "Заводський район")

    (sheet,) = read_sheets(xlsx(tmp_path / "a.xlsx", fill))
    assert [row[0] for row in sheet.rows] == [
        "Адреса",
        "вул. Лугова, 5",
        "вул. Лугова, 5",
        "вул. Лугова, 5",
        "Заводський район",
    ]
    assert sheet.merged_down == {(2, 0), (3, 0)}
    assert (4, 1) in sheet.merged_across
    assert sheet.rows[4][1] == ""


def test_hidden_sheets_rows_and_columns_are_read_and_named(tmp_path):
    def fill(book):
        shown = book.add_worksheet("A")
        shown.write_row(0, 0, ["a", "b", "c"])
        shown.write_row(1, 0, ["1", "2", "3"])
        shown.set_row(1, None, None, {"hidden": True})
        shown.set_column(1, 1, None, None, {"hidden": True})
        secret = book.add_worksheet("B")
        secret.write(0, 0, "x")
        secret.hide()

    first, second = read_sheets(xlsx(tmp_path / "a.xlsx", fill))
    assert first.rows[1] == ["1", "2", "3"]
    assert "hidden_rows:2" in first.reader_notes
    assert "hidden_columns:B" in first.reader_notes
    assert not first.hidden
    assert second.hidden


def test_comments_in_cells_are_kept(tmp_path):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write(2, 1, "К1")
        sheet.write_comment(2, 1, "перевірити на місці")

    (sheet,) = read_sheets(xlsx(tmp_path / "a.xlsx", fill))
    assert sheet.notes[2, 1].endswith("перевірити на місці")


def test_a_formula_gives_its_last_value_and_without_one_its_text(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["назва", "=cmd|'/C calc'!A0", "=1+1"])
    book.active.append(["x", "y", "z"])
    book.save(tmp_path / "a.xlsx")
    (sheet,) = read_sheets(tmp_path / "a.xlsx")
    assert sheet.rows[0] == ["назва", "=cmd|'/C calc'!A0", "=1+1"]
    assert "formulas_without_value" in sheet.reader_notes

    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_formula(0, 0, "=40+2", None, 42)
        sheet.write_formula(0, 1, "=1/0", None, "#DIV/0!")

    (sheet,) = read_sheets(xlsx(tmp_path / "b.xlsx", fill))
    assert sheet.rows[0] == ["42", "#DIV/0!"]


def test_macros_are_noted_and_never_touched(tmp_path):
    xlsx(tmp_path / "a.xlsx", lambda book: book.add_worksheet().write_row(0, 0, ["a", "b"]))
    with zipfile.ZipFile(tmp_path / "a.xlsx", "a") as package:
        package.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 macro")
    (tmp_path / "a.xlsx").rename(tmp_path / "a.xlsm")
    (sheet,) = read_sheets(tmp_path / "a.xlsm")
    assert sheet.rows == [["a", "b"]]
    assert "macros_ignored" in sheet.reader_notes


def test_one_sheet_is_chosen_by_name(tmp_path):
    def fill(book):
        book.add_worksheet("Перелік").write(0, 0, "a")
        book.add_worksheet("Інше").write(0, 0, "b")

    path = xlsx(tmp_path / "a.xlsx", fill)
    assert [sheet.name for sheet in read_sheets(path)] == ["Перелік", "Інше"]
    assert [sheet.rows for sheet in read_sheets(path, sheet=" інше ")] == [[["b"]]]
    with pytest.raises(UnreadableFile, match="Перелік, Інше") as caught:
        read_sheets(path, sheet="Третій")
    assert caught.value.code == "no_such_sheet"


def test_old_xls_reads_with_its_merges(tmp_path):
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Камери")
    day = xlwt.easyxf(num_format_str="DD.MM.YYYY")
    for column, text in enumerate(["Адреса", "IP", "Дата"]):
        sheet.write(1, column, text)
    sheet.write_merge(2, 3, 0, 0, "пл. Тиха")
    sheet.write(2, 1, "10.0.0.1")
    sheet.write(3, 1, 5)
    sheet.write(2, 2, datetime.date(2020, 1, 2), day)
    book.save(str(tmp_path / "a.xls"))
    (read,) = read_sheets(tmp_path / "a.xls")
    assert read.rows[1:] == [["Адреса", "IP", "Дата"], ["пл. Тиха", "10.0.0.1", "2020-01-02"], ["пл. Тиха", "5", ""]]
    assert read.numbers == [1, 2, 3, 4]


def test_ods_reads_with_repeated_cells_and_row_numbers(tmp_path):
    document = OpenDocumentSpreadsheet()
    table = Table(name="Аркуш")
    for cells in (["Перелік"], [], ["Широта", "Довгота"], [49.9921, 36.2311], [7.0, "так"]):
        row = TableRow()
        for value in cells:
            if isinstance(value, float):
                cell = TableCell(valuetype="float", value=value)
                cell.addElement(P(text=str(value)))
            else:
                cell = TableCell(valuetype="string")
                cell.addElement(P(text=value))
            row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(str(tmp_path / "a.ods"))
    (sheet,) = read_sheets(tmp_path / "a.ods")
    assert sheet.rows == [["Перелік", ""], ["", ""], ["Широта", "Довгота"], ["49.9921", "36.2311"], ["7", "так"]]
    assert sheet.numbers == [1, 2, 3, 4, 5]


def test_a_web_page_named_xls_reads_as_its_table(tmp_path):
    path = tmp_path / "export.xls"
    path.write_text(
        "<html><head><meta charset='utf-8'><style>td{x:y}</style></head><body><script>alert(1)</script>"
        "<table><tr><th colspan=2>Координати</th><th rowspan='2'>IP</th></tr><tr><td>Широта</td><td>Довгота</td></tr>"
        "<tr><td>49,99</td><td>36,23<br>&nbsp;приблизно</td><td>10.0.0.1</td></tr></table></body></html>",
        encoding="utf-8",
    )
    (sheet,) = read_sheets(path)
    assert sheet.rows == [
        ["Координати", "", "IP"],
        ["Широта", "Довгота", "IP"],
        ["49,99", "36,23\nприблизно", "10.0.0.1"],
    ]


def test_a_workbook_in_xml_of_2003_keeps_its_gaps(tmp_path):
    path = tmp_path / "export.xml"
    path.write_text(
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Л1"><Table>'
        '<Row ss:Index="3"><Cell><Data ss:Type="String">Назва</Data></Cell>'
        '<Cell ss:Index="3"><Data ss:Type="Number">5.0</Data></Cell></Row>'
        '<Row><Cell><Data ss:Type="DateTime">2021-01-02T00:00:00.000</Data></Cell></Row>'
        "</Table></Worksheet></Workbook>",
        encoding="utf-8",
    )
    (sheet,) = read_sheets(path)
    assert sheet.name == "Л1"
    assert sheet.rows[2:] == [["Назва", "", "5"], ["2021-01-02", "", ""]]
    assert sheet.numbers == [1, 2, 3, 4]
