"""A list's entries laid out as a person sees them: titles, header rows, sections, merged cells, totals, signatures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from oblik.demo.cameras import Camera
from oblik.demo.cells import Cell
from oblik.demo.rows import Entry
from oblik.demo.styles import Style
from oblik.demo.truth import Says, TruthRow

Record = tuple[Camera, Says]
_MERGED_KEYS: Final = ("title", "address")


@dataclass(slots=True)
class Mark:
    """What the truth says of one physical row."""

    note: str
    records: list[Record] = field(default_factory=list)


@dataclass(slots=True)
class Grid:
    """One sheet; merges are (first row, first column, last row, last column), 0-based and inclusive."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    header_rows: tuple[int, ...] = ()

    def add(self, row: Sequence[Cell], note: str, records: Sequence[Record] = ()) -> None:
        self.rows.append(list(row))
        self.marks.append(Mark(note, list(records)))


def lay_out(style: Style, entries: Sequence[Entry]) -> list[Grid]:
    """The sheets of a list, the hidden one last."""
    kind, name = style.second
    apart = [e for e in entries if kind and e.records and e.records[0][0].site.kind == kind]
    kept = {id(e) for e in apart}
    grids = [_grid(style, style.sheet, [e for e in entries if id(e) not in kept], ends=style.totals)]
    if apart:
        grids.append(_grid(style, name, apart, ends=False))
    if style.hidden:
        grids.append(_hidden(style))
    return grids


def truth_rows(file: str, grids: Sequence[Grid]) -> list[TruthRow]:
    """One line per physical row and camera, numbered as a person counts rows."""
    found = []
    for grid in grids:
        last = max((i for i, row in enumerate(grid.rows) if any(c != "" for c in row)), default=-1)
        for number, mark in enumerate(grid.marks[: last + 1], start=1):
            found.extend(_truth_of(file, grid.name, number, mark))
    return found


def _truth_of(file: str, sheet: str, number: int, mark: Mark) -> list[TruthRow]:
    if not mark.records:
        return [TruthRow(file, sheet, number, 1, "", mark.note)]
    return [
        TruthRow(file, sheet, number, part, camera.code, mark.note, says=says)
        for part, (camera, says) in enumerate(mark.records, start=1)
    ]


def feature_truth(file: str, entries: Sequence[Entry], *, sheet: str = "") -> list[TruthRow]:
    """The truth of a file of features: each entry is one, numbered from 1."""
    return [
        row
        for number, entry in enumerate(entries, start=1)
        for row in _truth_of(file, sheet, number, Mark(entry.note, entry.records))
    ]


def _grid(style: Style, name: str, entries: Sequence[Entry], *, ends: bool) -> Grid:
    grid = Grid(name)
    width = len(style.columns)
    if style.format not in ("docx",):  # a document's titles are paragraphs above its table
        for title in style.titles:
            grid.add([title, *[""] * (width - 1)], "title" if title else "blank")
            if title and style.format == "xlsx":
                grid.merges.append((len(grid.rows) - 1, 0, len(grid.rows) - 1, width - 1))
    _header(grid, style)
    first = len(grid.rows)
    number = 0
    for entry in entries:
        row: list[Cell] = [entry.cells.get(key, "") for key, _ in style.columns]
        if "no" in entry.cells and style.columns[0][0] == "no" and entry.note != "section":
            number += 1
            row[0] = number
        grid.add(row, entry.note, entry.records)
        if entry.note == "section" and style.format in ("xlsx", "xls"):
            grid.merges.append((len(grid.rows) - 1, 0, len(grid.rows) - 1, width - 1))
    if style.merged:
        _merge_same(grid, style, entries, first)
    if ends:
        _ends(grid, style, sum(len(e.records) for e in entries))
    return grid


def _header(grid: Grid, style: Style) -> None:
    split = [header.rpartition("|") for _, header in style.columns]
    top = len(grid.rows)
    if not any(group for group, _, _ in split):
        grid.add([name for _, _, name in split], "header")
        grid.header_rows = (top,)
        return
    upper: list[Cell] = []
    for column, (group, _, name) in enumerate(split):
        same = column and group and split[column - 1][0] == group
        upper.append("" if same else group or name)
        if not group:
            grid.merges.append((top, column, top + 1, column))
        elif not same:
            last = column
            while last + 1 < len(split) and split[last + 1][0] == group:
                last += 1
            if last > column:
                grid.merges.append((top, column, top, last))
    grid.add(upper, "header")
    grid.add([name if group else "" for group, _, name in split], "header")
    grid.header_rows = (top, top + 1)


def _merge_same(grid: Grid, style: Style, entries: Sequence[Entry], first: int) -> None:
    """Merge what stays the same from row to row of one site: the cell below is empty and means "same as above"."""
    columns = [i for i, (key, _) in enumerate(style.columns) if key in _MERGED_KEYS]
    for column in columns:
        start = 0
        while start < len(entries):
            stop = start
            while (
                stop + 1 < len(entries)
                and entries[start].site
                and entries[stop + 1].site == entries[start].site
                and grid.rows[first + stop + 1][column] == grid.rows[first + start][column] != ""
            ):
                stop += 1
            if stop > start:
                grid.merges.append((first + start, column, first + stop, column))
                for row in range(first + start + 1, first + stop + 1):
                    grid.rows[row][column] = ""
            start = stop + 1


def _ends(grid: Grid, style: Style, cameras: int) -> None:
    width = len(style.columns)
    russian = style.language == "ru"
    total = "Итого камер:" if russian else "Всього камер:"
    grid.add(["", total, str(cameras), *[""] * (width - 3)], "total")
    grid.add([""] * width, "blank")
    lines = (
        ("Директор ________________ (подпись)", "Исполнитель: инженер, тел. 00-00-00")
        if russian
        else ("Начальник ________________ (підпис)", "Виконавець: інженер, тел. 00-00-00")
    )
    for line in lines:
        grid.add(["", line, *[""] * (width - 2)], "legend")


def _hidden(style: Style) -> Grid:
    grid = Grid("Довідник" if style.language == "uk" else "Справочник", hidden=True)
    for line in (["Тип", "Код"], ["стаціонарна", "1"], ["купольна", "2"], ["поворотна", "3"], ["10.20.0.1", "шлюз"]):
        grid.add(line, "hidden")
    return grid
