"""The cells of a workbook through calamine: in this process, or in one of its own where a damaged file may end it.

Old containers (.xls, .xlsb) state sizes that the reader believes: a few wrong bytes make it ask for more memory than
there is, which ends the process rather than raising. Such a file is read in a child with bounded memory and time.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import python_calamine as calamine

from oblik.intake.readers.cells import grid_texts
from oblik.intake.readers.limits import DEFAULT, Limits, check_grid
from oblik.intake.readers.packages import damaged, locked

Merge = tuple[tuple[int, int], tuple[int, int]]
Cells = tuple[list[list[str]], list[Merge]]

_CHILD_BYTES: Final = 1_500_000_000  # 65,536 rows of 256 cells fit
_CHILD_S: Final = 120
_LOCKED: Final = 3


class RawSheet(NamedTuple):
    """One worksheet from its first row and column on; merges as ((top, left), (bottom, right)), 0-based."""

    name: str
    hidden: bool
    rows: list[list[str]]
    merges: list[Merge]


def raw_sheets(path: Path, *, limits: Limits, read_before: Mapping[str, Cells] | None = None) -> Iterator[RawSheet]:
    """Each worksheet in turn; foreign errors of calamine go up as they are.

    read_before: rows and merged ranges of sheets that were read while the package was checked.
    """
    known = read_before or {}
    with calamine.CalamineWorkbook.from_path(path) as book:
        for meta in book.sheets_metadata:
            if meta.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            hidden = meta.visible != calamine.SheetVisibleEnum.Visible
            if meta.name in known:
                yield RawSheet(meta.name, hidden, *known[meta.name])
                continue
            cells = book.get_sheet_by_name(meta.name)
            check_grid(path.name, rows=cells.total_height, columns=max(1, cells.total_width), limits=limits)
            values: list[list[Any]] = cells.to_python(skip_empty_area=False) if cells.start else []
            yield RawSheet(
                name=meta.name,
                hidden=hidden,
                rows=grid_texts(values),
                merges=cells.merged_cell_ranges or [],
            )


def raw_sheets_apart(path: Path) -> Iterator[RawSheet]:
    """The same from a child process; UnreadableFile where the child fails, whatever way."""
    command = [sys.executable, "-P", "-m", __name__, str(path.resolve())]
    try:
        child = subprocess.run(command, capture_output=True, timeout=_CHILD_S, check=False, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired as error:
        raise damaged(path.name) from error
    if child.returncode == _LOCKED:
        raise locked(path.name)
    if child.returncode:
        raise damaged(path.name)
    for name, hidden, rows, merges in json.loads(child.stdout):
        yield RawSheet(name, hidden, rows, [((a, b), (c, d)) for (a, b), (c, d) in merges])


def main() -> int:
    """Write the worksheets of the file named on the command line to standard output as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (_CHILD_BYTES, _CHILD_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sheets = list(raw_sheets(Path(sys.argv[1]), limits=DEFAULT))
    except calamine.PasswordError:
        return _LOCKED
    except (calamine.CalamineError, OSError, ValueError):
        return 1
    sys.stdout.buffer.write(json.dumps(sheets, ensure_ascii=False).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
