"""The register as an xlsx workbook; every text is written as text, none as a formula."""

from collections.abc import Iterable
from pathlib import Path

import xlsxwriter

from oblik.registry.logic.export_table import COLUMNS, Row


def write(path: Path, rows: Iterable[Row]) -> int:
    """Writes the rows and returns how many there were."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    count = 0
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("cameras")
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(COLUMNS) - 1, 16)
        sheet.write_row(0, 0, COLUMNS, bold)
        for count, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if value is None:
                    continue
                if isinstance(value, bool):
                    sheet.write_string(count, column, "yes" if value else "no")
                elif isinstance(value, int | float):
                    sheet.write_number(count, column, value)
                else:
                    sheet.write_string(count, column, value)
        if count:
            sheet.autofilter(0, 0, count, len(COLUMNS) - 1)
    return count
