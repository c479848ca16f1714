"""Long worksheets read part by part while they are unpacked: the cell reader works outside Python, on the other core.

Each part is a small workbook of its own: everything of the package but the other sheets, and some of this sheet's rows.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import python_calamine as calamine

from oblik.intake.readers.cells import grid_texts
from oblik.intake.readers.limits import Limits
from oblik.intake.readers.workbook_cells import Merge
from oblik.intake.readers.workbook_extent import Extents
from oblik.intake.readers.workbook_scan import Scan, scan_rows, sheet_members

_PART_BYTES: Final = 12_000_000
_LONG: Final = 2 * _PART_BYTES  # shorter sheets are read as they are
_FIRST_OF_LONG: Final = 1_000_000  # the first bytes of a long member come in so large a piece
_BOOK: Final = "xl/workbook.xml"
_SHARED: Final = "xl/sharedStrings.xml"
_OPENING: Final = b"<sheetData>"
_ROW_END: Final = b"</row>"
# A cell that does not say where it stands is counted from the row above, which may be in another part.
_UNPLACED: Final = re.compile(rb'<c(?! r="[A-Z])')

Rows = tuple[tuple[int, int] | None, list[list[str]], list[Merge]]


class NotInParts(Exception):
    """The sheet is written in a way that cannot be cut; it has to be read as a whole."""


@dataclass(slots=True)
class _Long:
    """A worksheet on its way: head is everything before its rows, rest what is not yet in a part."""

    name: str
    part_bytes: int
    others: dict[str, bytes]
    head: bytes = b""
    rest: bytearray = field(default_factory=bytearray)
    parts: list[Future[Rows]] = field(default_factory=list)
    scan: Scan = field(default_factory=Scan)
    whole: bool = True  # until something forbids cutting


class SheetParts:
    """Sees every byte of a package on its way through the check; afterwards `rows` has the cells of its long sheets."""

    def __init__(self, path: Path, *, limits: Limits, pool: ThreadPoolExecutor) -> None:
        self._path, self._pool = path, pool
        self._extents = Extents(path.name, limits)
        self._long: dict[str, _Long] | None = None  # member -> sheet, once the smaller members have been checked

    def _found(self) -> dict[str, _Long]:
        with zipfile.ZipFile(self._path) as package:
            sizes = {member.filename: member.file_size for member in package.infolist()}
            if not 0 < sizes.get(_BOOK, 0) < _LONG:
                return {}
            sheets = {member: name for name, member in sheet_members(package)}
            long = {member: name for member, name in sheets.items() if sizes.get(member, 0) >= _LONG}
            kept = [member for member in sizes if member not in sheets and _is_needed(member)]
            others = {member: package.read(member) for member in kept} if long else {}
        part_bytes = max(_PART_BYTES, 2 * sizes.get(_SHARED, 0))  # each part reads all shared strings again
        return {member: _Long(name, part_bytes, others) for member, name in long.items()}

    def look(self, member: str, chunk: bytes) -> None:
        """The next bytes of a member, as packages.check_package hands them on."""
        self._extents.look(member, chunk)
        if self._long is None and len(chunk) >= _FIRST_OF_LONG:
            self._long = self._found()
        sheet = self._long.get(member) if self._long else None
        if sheet is None or not sheet.whole:
            return
        try:
            self._add(sheet, member, chunk)
        except NotInParts:
            sheet.whole = False
            sheet.rest.clear()

    def _add(self, sheet: _Long, member: str, chunk: bytes) -> None:
        sheet.rest += chunk
        if not sheet.head:
            start = sheet.rest.find(_OPENING)
            if start < 0:
                raise NotInParts
            sheet.head = bytes(sheet.rest[: start + len(_OPENING)])
            del sheet.rest[: start + len(_OPENING)]
        if not chunk:
            self._send(sheet, member, bytes(sheet.rest))
            sheet.rest.clear()
        elif len(sheet.rest) >= sheet.part_bytes:
            end = sheet.rest.rfind(_ROW_END) + len(_ROW_END)
            if end < len(_ROW_END):
                raise NotInParts
            self._send(sheet, member, bytes(sheet.rest[:end]) + b"</sheetData></worksheet>")
            del sheet.rest[:end]

    def _send(self, sheet: _Long, member: str, rows: bytes) -> None:
        odd = _UNPLACED.search(rows)
        if odd and rows.find(b"</sheetData>") > odd.start():
            raise NotInParts
        sheet.parts.append(self._pool.submit(_read, sheet.others | {member: sheet.head + rows}, sheet.name))
        scan_rows(rows if sheet.parts[1:] else sheet.head + rows, sheet.scan)

    def rows(self) -> Iterator[tuple[str, list[list[str]], list[Merge], Scan]]:
        """Name, rows from the first on, merged ranges and scan of each long sheet; without those not read in parts."""
        for sheet in (self._long or {}).values():
            if not sheet.whole:
                continue
            try:
                rows, merges = _joined([part.result() for part in sheet.parts])
            except (NotInParts, calamine.CalamineError):
                continue  # what is wrong with it is told by reading it as a whole
            yield sheet.name, rows, merges, sheet.scan


def _is_needed(member: str) -> bool:
    """Whether the cell reader needs a member to read a sheet: names, styles, shared strings, no pictures."""
    return member.endswith((".xml", ".rels")) and not member.startswith(("xl/worksheets/", "xl/drawings/", "xl/theme/"))


def _read(members: dict[str, bytes], name: str) -> Rows:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_STORED) as made:
        for member, content in members.items():
            made.writestr(member, content)
    package.seek(0)
    with calamine.CalamineWorkbook.from_filelike(package) as book:
        sheet = book.get_sheet_by_name(name)
        values: list[list[Any]] = sheet.to_python(skip_empty_area=True) if sheet.start else []
        return sheet.start, grid_texts(values), sheet.merged_cell_ranges or []


def _joined(parts: list[Rows]) -> tuple[list[list[str]], list[Merge]]:
    rows: list[list[str]] = []
    merges: list[Merge] = []
    for start, texts, merged in parts:
        merges += merged
        if start is None:
            continue
        row, column = start
        if row < len(rows):
            raise NotInParts  # rows out of order
        rows += [[] for _ in range(row - len(rows))]
        rows += [[""] * column + cells for cells in texts] if column else texts
    return rows, merges
