"""Tables of a web page, which many programs save under the name of a workbook (.xls)."""

from pathlib import Path

from oblik.base.errors import UnreadableFile, msg
from oblik.intake.logic.shapes import Sheet
from oblik.intake.readers.encodings import decode
from oblik.intake.readers.grids import even, narrowed
from oblik.intake.readers.limits import Limits, too_large
from oblik.intake.readers.markup import page_tables
from oblik.intake.readers.spans import spread


def read(path: Path, limits: Limits) -> list[Sheet]:
    """One sheet per table with a filled cell, "table 1" ...; scripts are text nobody runs and are left out."""
    if path.stat().st_size > limits.text_tree_bytes:
        raise too_large(path.name, size=path.stat().st_size, limit=limits.text_tree_bytes)
    text, encoding, notes = decode(path.read_bytes(), file=path.name)
    sheets: list[Sheet] = []
    for table in page_tables(text).tables:
        rows, down, across = spread(table, file=path.name, limits=limits)
        rows = narrowed(even(rows, file=path.name, limits=limits))
        if rows:
            sheets.append(
                Sheet(
                    name=f"table {len(sheets) + 1}",
                    rows=rows,
                    numbers=list(range(1, len(rows) + 1)),
                    reader_notes=(f"encoding:{encoding}", "web_page", *notes),
                    merged_down=down,
                    merged_across=across,
                )
            )
    if not sheets:
        raise UnreadableFile(
            msg("{file} is a web page without a table. Ask the owner for the list as xlsx, ods or csv."),
            code="no_table",
            file=path.name,
        )
    return sheets
