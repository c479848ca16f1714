"""Tables of a docx document, read straight from its XML."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

from oblik.base.errors import UnreadableFile, msg
from oblik.intake.logic.shapes import Sheet
from oblik.intake.readers.grids import even, narrowed
from oblik.intake.readers.limits import Limits
from oblik.intake.readers.markup import children, local, parse_tree
from oblik.intake.readers.packages import check_package, damaged
from oblik.intake.readers.spans import spread

_BODY: Final = "word/document.xml"
_BREAKS: Final = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read(path: Path, limits: Limits) -> list[Sheet]:
    """One sheet per table, "table 1" ...; the row number counts the rows of that table from 1.

    A cell that continues the one above (vMerge) is filled from it. Text struck out by a tracked change is left out.
    """
    check_package(path, limits=limits)
    try:
        with zipfile.ZipFile(path) as package:
            data = package.read(_BODY)
    except (KeyError, zipfile.BadZipFile, OSError) as error:
        raise damaged(path.name) from error
    root = parse_tree(data, file=path.name, limits=limits)
    sheets: list[Sheet] = []
    for table in (element for element in root.iter() if local(element) == "tbl"):
        rows, down, across = spread(_spans(list(_rows(table))), file=path.name, limits=limits)
        rows = narrowed(even(rows, file=path.name, limits=limits))
        if rows:
            sheets.append(
                Sheet(
                    name=f"table {len(sheets) + 1}",
                    rows=rows,
                    numbers=list(range(1, len(rows) + 1)),
                    merged_down=down,
                    merged_across=across,
                )
            )
    if not sheets:
        raise UnreadableFile(
            msg("{file} is a document without a table. Put the list into a table or send it as xlsx or csv."),
            code="no_table",
            file=path.name,
        )
    return sheets


def _rows(table: Element) -> Iterator[list[tuple[str, int, bool]]]:
    """Cells of each row as (text, column span, continues the cell above)."""
    for row in _through(table, "tr"):
        before: list[tuple[str, int, bool]] = [("", 1, False)] * _grid_before(row)
        yield before + [(_text(cell), *_merge(cell)) for cell in _through(row, "tc")]


def _merge(cell: Element) -> tuple[int, bool]:
    """How many columns the cell spans and whether it continues the one above."""
    wide, continued = 1, False
    for one in (one for properties in children(cell, "tcPr") for one in properties):
        value = next((text for name, text in one.attrib.items() if name.endswith("}val")), "")
        if local(one) == "gridSpan" and value.isdecimal():
            wide = min(max(1, int(value)), 2000)
        elif local(one) == "vMerge":
            continued = value != "restart"
    return wide, continued


def _through(element: Element, name: str) -> Iterator[Element]:
    """Children of that name, also those wrapped in content controls."""
    for child in element:
        if local(child) == name:
            yield child
        elif local(child) in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _through(child, name)


def _grid_before(row: Element) -> int:
    for properties in children(row, "trPr"):
        for one in children(properties, "gridBefore"):
            value = next((text for name, text in one.attrib.items() if name.endswith("}val")), "")
            return min(int(value), 100) if value.isdecimal() else 0
    return 0


def _text(cell: Element) -> str:
    paragraphs = []
    for block in cell:
        if local(block) in ("p", "sdt"):
            paragraphs.append("".join(_runs(block)).strip())
    return "\n".join(text for text in paragraphs if text)


def _runs(element: Element) -> Iterator[str]:
    for child in element:
        name = local(child)
        if name == "t":
            yield child.text or ""
        elif name in _BREAKS:
            yield _BREAKS[name]
        elif name not in ("del", "moveFrom", "tbl", "pPr", "rPr", "instrText", "Fallback"):
            yield from _runs(child)


@dataclass(slots=True)
class _Cell:
    text: str
    tall: int
    wide: int


def _spans(rows: list[list[tuple[str, int, bool]]]) -> list[list[tuple[str, int, int]]]:
    """Continued cells turned into the row span of the cell they continue."""
    laid: list[list[_Cell]] = [[] for _ in rows]
    above: dict[int, _Cell] = {}
    for index, row in enumerate(rows):
        column = 0
        here: dict[int, _Cell] = {}
        for text, wide, continued in row:
            cell = above.get(column) if continued else None
            if cell is not None and cell.wide == wide:
                cell.tall += 1
            else:
                cell = _Cell(text, 1, wide)
                laid[index].append(cell)
            here[column] = cell
            column += wide
        above = here
    return [[(cell.text, cell.tall, cell.wide) for cell in row] for row in laid]
