"""Workbooks of the 2003 XML kind (SpreadsheetML), which old programs still export as .xml or .xls."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from oblik.intake.logic.shapes import Sheet
from oblik.intake.readers.cells import number_text
from oblik.intake.readers.grids import even, narrowed
from oblik.intake.readers.limits import Limits, check_grid
from oblik.intake.readers.markup import children, read_tree


def read(path: Path, limits: Limits) -> list[Sheet]:
    """One sheet per worksheet; row and column gaps (ss:Index) are kept, so numbers are those a person sees."""
    root = read_tree(path, limits)
    sheets = []
    for worksheet in children(root, "Worksheet"):
        rows: list[list[str]] = []
        for table in children(worksheet, "Table"):
            for row in children(table, "Row"):
                at = _number(row, "Index", len(rows) + 1)
                check_grid(path.name, rows=at, columns=1, limits=limits)
                rows.extend([] for _ in range(at - len(rows) - 1))
                rows.append(list(_cells(row, path=path, limits=limits)))
        rows = narrowed(even(rows, file=path.name, limits=limits))
        hidden = any(
            (part.text or "").startswith("SheetHidden")
            for options in children(worksheet, "WorksheetOptions")
            for part in children(options, "Visible")
        )
        sheets.append(
            Sheet(name=_attribute(worksheet, "Name"), rows=rows, numbers=list(range(1, len(rows) + 1)), hidden=hidden)
        )
    return sheets


def _attribute(element: Element, name: str) -> str:
    return next((text for key, text in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _number(element: Element, name: str, default: int) -> int:
    text = _attribute(element, name)
    return max(default, int(text)) if text.isdecimal() and len(text) < 9 else default


def _cells(row: Element, *, path: Path, limits: Limits) -> Iterator[str]:
    place = 1
    for cell in children(row, "Cell"):
        at = _number(cell, "Index", place)
        check_grid(path.name, rows=1, columns=at, limits=limits)
        yield from [""] * (at - place)
        data = next(children(cell, "Data"), None)
        across = _number(cell, "MergeAcross", 0)
        check_grid(path.name, rows=1, columns=at + across, limits=limits)
        yield "" if data is None else _text(data)
        yield from [""] * across
        place = at + 1 + across


def _text(data: Element) -> str:
    text = "".join(part for part in data.itertext()).strip()
    kind = _attribute(data, "Type")
    if kind == "Number":
        try:
            return number_text(float(text))
        except ValueError:
            return text
    if kind == "DateTime":
        return text.removesuffix(".000").removesuffix("T00:00:00").replace("T", " ")
    return {"1": "true", "0": "false"}.get(text, text) if kind == "Boolean" else text
