"""An ods sheet's repeat counts, read before the cells: a few bytes there can stand for billions of cells."""

import re
import zipfile
from pathlib import Path
from typing import Final

from oblik.intake.readers.limits import Limits, check_grid
from oblik.intake.readers.packages import chunks

_ROW: Final = re.compile(rb"<table:table-row\b([^>]*)>")
_ROWS: Final = re.compile(rb'number-rows-repeated="(\d+)"')
_FILLED: Final = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*value-type=[^>]*)>")
_COLUMNS: Final = re.compile(rb'number-columns-repeated="(\d+)"')


def check_repeats(path: Path, *, limits: Limits) -> None:
    """Nothing where the filled cells of every sheet fit the limits, else UnreadableFile.

    Blank rows and cells repeat to the sheet's edge in every ordinary file; only repeats that carry a value count.
    """
    rest = b""
    with zipfile.ZipFile(path) as package:
        for chunk in chunks(package, "content.xml"):
            *whole, rest = (rest + chunk).split(b"</table:table-row>")
            for row in whole:
                _check_row(row, file=path.name, limits=limits)


def _check_row(row: bytes, *, file: str, limits: Limits) -> None:
    if b"-repeated=" not in row:
        return
    filled = _FILLED.findall(row)
    if not filled:
        return
    opening = _ROW.findall(row)
    rows = _ROWS.search(opening[-1]) if opening else None
    columns = sum(int(found.group(1)) if (found := _COLUMNS.search(cell)) else 1 for cell in filled)
    check_grid(file, rows=int(rows.group(1)) if rows else 1, columns=columns, limits=limits)
