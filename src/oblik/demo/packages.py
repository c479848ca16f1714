"""Writes xlsx, xls, ods, docx and delimited text so that the same grid always gives the same bytes."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

import xlsxwriter
import xlwt

from oblik.demo.cells import Cell
from oblik.demo.layout import Grid

_MADE_AT: Final = datetime(2025, 9, 1, 9, 0, 0)  # noqa: DTZ001 - office files keep a local time without a zone
_ZIP_DATE: Final = (2025, 9, 1, 9, 0, 0)


def cell_text(cell: Cell, *, decimal: str = ".", digits: int = 6) -> str:
    """A cell as text: dates as 31.12.2024, broken numbers with the given decimal sign."""
    if isinstance(cell, date):
        return cell.strftime("%d.%m.%Y")
    if isinstance(cell, float):
        return f"{cell:.{digits}f}".rstrip("0").rstrip(".").replace(".", decimal)
    return str(cell)


def write_xlsx(path: Path, grids: Sequence[Grid]) -> None:
    """A workbook with merged cells, true numbers and dates; text that looks like a formula stays text."""
    book = xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "dd.mm.yyyy"}
    )
    book.set_properties({"created": _MADE_AT, "author": "oblik demo"})
    bold = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "border": 1})
    middle = book.add_format({"valign": "vcenter"})
    for grid in grids:
        sheet = book.add_worksheet(grid.name)
        for r0, c0, r1, c1 in grid.merges:
            sheet.merge_range(r0, c0, r1, c1, "", bold if r0 in grid.header_rows else middle)
        for index, row in enumerate(grid.rows):
            for column, cell in enumerate(row):
                if cell == "":
                    continue
                style = bold if index in grid.header_rows else None
                if isinstance(cell, date):
                    sheet.write_datetime(index, column, datetime(cell.year, cell.month, cell.day))  # noqa: DTZ001 - a day
                elif isinstance(cell, str):
                    sheet.write_string(index, column, cell, style)
                else:
                    sheet.write_number(index, column, cell, style)
        if grid.hidden:
            sheet.hide()
    book.close()


def write_xls(path: Path, grids: Sequence[Grid]) -> None:
    """A workbook of 1997."""
    book = xlwt.Workbook(encoding="utf-8")
    for grid in grids:
        sheet = book.add_sheet(grid.name)
        merged = {(r0, c0): (r1, c1) for r0, c0, r1, c1 in grid.merges}
        for index, row in enumerate(grid.rows):
            for column, cell in enumerate(row):
                value = cell_text(cell) if isinstance(cell, date) else cell
                if (index, column) in merged:
                    last, right = merged[index, column]
                    sheet.write_merge(index, last, column, right, value)
                elif value != "":
                    sheet.write(index, column, value)
        if grid.hidden:
            sheet.visibility = 1
    book.save(str(path))


def write_delimited(path: Path, grid: Grid, *, encoding: str, delimiter: str, decimal: str) -> None:
    """Text with one row per line; UTF-16 begins with its mark."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    for row in grid.rows:
        writer.writerow([cell_text(cell, decimal=decimal) for cell in row])
    path.write_bytes(buffer.getvalue().encode(encoding))


def zip_up(path: Path, parts: Mapping[str, str], *, stored: str = "") -> None:
    """A package of XML parts with a fixed date; the part named `stored` is not compressed."""
    with zipfile.ZipFile(path, "w") as package:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type = zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED
            package.writestr(info, text.encode("utf-8"))


_ODS_NS: Final = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"'
)
_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write_ods(path: Path, grids: Sequence[Grid]) -> None:
    """An OpenDocument spreadsheet."""
    tables = "".join(_ods_table(grid) for grid in grids)
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'{_XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        f'manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    content = (
        f"{_XML}<office:document-content {_ODS_NS}><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    zip_up(path, {"mimetype": mime, "content.xml": content, "META-INF/manifest.xml": manifest}, stored="mimetype")


def _ods_table(grid: Grid) -> str:
    rows = "".join(
        f"<table:table-row>{''.join(_ods_cell(cell) for cell in row)}</table:table-row>" for row in grid.rows
    )
    return f'<table:table table:name="{escape(grid.name)}">{rows}</table:table>'


def _ods_cell(cell: Cell) -> str:
    if cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, (int, float)):
        kind = f'office:value-type="float" office:value="{cell}"'
        return f"<table:table-cell {kind}><text:p>{cell}</text:p></table:table-cell>"
    text = escape(cell_text(cell))
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


_W: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_DOCX_TYPES: Final = (
    f'{_XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_DOCX_RELS: Final = (
    f'{_XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def write_docx(path: Path, grid: Grid, *, titles: Sequence[str]) -> None:
    """A letter with the list as its one table; cells merged downwards as in the grid."""
    going = {(row, c0): r0 == row for r0, c0, r1, c1 in grid.merges if c0 == c1 for row in range(r0, r1 + 1)}
    rows = "".join(
        "<w:tr>" + "".join(_docx_cell(cell, going.get((index, column))) for column, cell in enumerate(row)) + "</w:tr>"
        for index, row in enumerate(grid.rows)
    )
    width = len(grid.rows[0]) if grid.rows else 1
    columns = '<w:gridCol w:w="1200"/>' * width
    text = "".join(_paragraph(title) for title in titles)
    end = _paragraph("Начальник дільниці ________________ (підпис)")
    document = (
        f'{_XML}<w:document {_W}><w:body>{text}<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>{end}<w:sectPr/></w:body></w:document>"
    )
    zip_up(path, {"[Content_Types].xml": _DOCX_TYPES, "_rels/.rels": _DOCX_RELS, "word/document.xml": document})


def _docx_cell(cell: Cell, starts: bool | None) -> str:
    merge = "" if starts is None else '<w:vMerge w:val="restart"/>' if starts else "<w:vMerge/>"
    return f'<w:tc><w:tcPr><w:tcW w:w="1200" w:type="dxa"/>{merge}</w:tcPr>{_paragraph(cell_text(cell))}</w:tc>'


def _paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>' if text else "<w:p/>"
