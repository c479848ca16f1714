"""xlsx, xlsm, xlsb, xls and ods workbooks through calamine: cached values only, no formula and no macro runs."""

import zipfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import ParseError

import python_calamine as calamine
from defusedxml.common import DefusedXmlException

from oblik.intake.logic.shapes import Sheet
from oblik.intake.readers.grids import even, narrowed
from oblik.intake.readers.limits import Limits, check_grid
from oblik.intake.readers.ods_scan import check_repeats
from oblik.intake.readers.packages import check_package, damaged, locked, members_of, with_entities
from oblik.intake.readers.workbook_cells import Merge, RawSheet, raw_sheets, raw_sheets_apart
from oblik.intake.readers.workbook_parts import SheetParts
from oblik.intake.readers.workbook_scan import Scan, column_letters, scan_workbook

_NOTED: Final = 20  # hidden rows named one by one; more are only counted


def read(path: Path, limits: Limits) -> list[Sheet]:
    """One sheet per worksheet, chart sheets left out; row numbers as the program shows them, 1-based."""
    members = members_of(path)
    try:
        with ThreadPoolExecutor(2) as beside:
            parts = SheetParts(path, limits=limits, pool=beside)
            if members:
                check_package(path, limits=limits, look=parts.look)
                if "content.xml" in members:
                    check_repeats(path, limits=limits)
            long = {name: (rows, merges, scan) for name, rows, merges, scan in parts.rows()}
            known = {name: scan for name, (_, _, scan) in long.items()}
            # The cell reader works outside Python: what it does not tell is looked for beside it, on the other core.
            is_xlsx = "xl/workbook.xml" in members
            scanning = beside.submit(scan_workbook, path, known=known) if is_xlsx else None
            apart = "xl/workbook.bin" in members or not members
            read_before = {name: (rows, merges) for name, (rows, merges, _) in long.items()}
            sheets = list(raw_sheets_apart(path) if apart else raw_sheets(path, limits=limits, read_before=read_before))
            scans = scanning.result() if scanning else {}
        notes = ("macros_ignored",) if any(name.endswith("vbaProject.bin") for name in members) else ()
        return [
            _sheet(raw, scan=scans.get(raw.name, Scan()), notes=notes, limits=limits, file=path.name) for raw in sheets
        ]
    except calamine.PasswordError as error:
        raise locked(path.name) from error
    except DefusedXmlException as error:
        raise with_entities(path.name) from error
    except (calamine.CalamineError, zipfile.BadZipFile, ParseError, KeyError, ValueError, OSError) as error:
        raise damaged(path.name) from error


def _sheet(raw: RawSheet, *, scan: Scan, notes: tuple[str, ...], limits: Limits, file: str) -> Sheet:
    rows = raw.rows
    check_grid(file, rows=len(rows), columns=max(map(len, rows), default=1), limits=limits)
    for (row, column), text in scan.texts.items():
        if row < len(rows) and column < len(rows[row]) and not rows[row][column]:
            rows[row][column] = text
    down, across = _fill_merged(rows, raw.merges)
    rows = narrowed(even(rows, file=file, limits=limits))
    return Sheet(
        name=raw.name,
        rows=rows,
        numbers=list(range(1, len(rows) + 1)),
        hidden=raw.hidden,
        notes=scan.comments,
        reader_notes=(*notes, *_hidden_notes(scan)),
        merged_down=frozenset(down),
        merged_across=frozenset(across),
    )


def _fill_merged(rows: list[list[str]], merges: Iterable[Merge]) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Fill the first column of each merged range downwards; returns the filled cells and those merged to the right."""
    down: set[tuple[int, int]] = set()
    across: set[tuple[int, int]] = set()
    for (top, left), (bottom, right) in merges:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        text = rows[top][left]
        last = min(bottom, len(rows) - 1)
        across.update((row, column) for row in range(top, last + 1) for column in range(left + 1, min(right, 2000) + 1))
        if not text.strip():
            continue
        for row in range(top + 1, last + 1):
            if not rows[row][left]:
                rows[row][left] = text
                down.add((row, left))
    return down, across


def _hidden_notes(scan: Scan) -> tuple[str, ...]:
    notes = []
    if scan.hidden_rows:
        named = ",".join(str(row + 1) for row in scan.hidden_rows[:_NOTED])
        more = f" (+{len(scan.hidden_rows) - _NOTED})" if len(scan.hidden_rows) > _NOTED else ""
        notes.append(f"hidden_rows:{named}{more}")
    if scan.hidden_columns:
        named = ",".join(
            column_letters(first) if first == last else f"{column_letters(first)}-{column_letters(last)}"
            for first, last in scan.hidden_columns
        )
        notes.append(f"hidden_columns:{named}")
    if any(text.startswith("=") for text in scan.texts.values()):
        notes.append("formulas_without_value")
    return tuple(notes)
