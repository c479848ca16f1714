"""How big a file may be before it is refused: bytes, unpacked bytes, rows, columns, cells."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from oblik.base.errors import UnreadableFile, msg


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file. The defaults hold a city of a million cameras and stop a bomb before it is unpacked."""

    file_bytes: int = 300_000_000
    unpacked_bytes: int = 1_500_000_000
    ratio: int = 200  # of one packed member; XML of long sheets reaches about 40
    ratio_from_bytes: int = 50_000_000  # smaller members may be packed as tightly as they like
    members: int = 20_000
    text_tree_bytes: int = 150_000_000  # JSON and XML that must be held in memory as a tree
    rows: int = 2_000_000
    columns: int = 2_000
    cells: int = 30_000_000


DEFAULT: Final = Limits()


def check_size(path: Path, *, limits: Limits) -> int:
    """Size in bytes; UnreadableFile where the file is absent, empty or larger than the limit."""
    try:
        if not path.is_file():
            raise UnreadableFile(
                msg("{file} is not a file. Choose a file with a list."), code="not_a_file", file=path.name
            )
        size = path.stat().st_size
    except OSError as error:
        raise UnreadableFile(
            msg("{file} cannot be opened: {reason}. Check the path and the rights."),
            code="cannot_open",
            file=path.name,
            reason=error.strerror or "",
        ) from error
    if size == 0:
        raise UnreadableFile(
            msg("{file} is empty. Ask the owner to send the file again."), code="empty_file", file=path.name
        )
    if size > limits.file_bytes:
        raise too_large(path.name, size=size, limit=limits.file_bytes)
    return size


def too_large(file: str, *, size: int, limit: int) -> UnreadableFile:
    """The refusal of a file for its size, named in megabytes."""
    return UnreadableFile(
        msg("{file} has {size_mb} MB; at most {limit_mb} MB can be read. Split the list into smaller files."),
        code="file_too_large",
        file=file,
        size_mb=round(size / 1e6, 1),
        limit_mb=round(limit / 1e6, 1),
    )


def check_grid(file: str, *, rows: int, columns: int, limits: Limits) -> None:
    """Nothing where a sheet of that shape may be held in memory, else UnreadableFile."""
    if rows > limits.rows:
        raise UnreadableFile(
            msg(
                "{file}: a sheet reaches row {rows}; at most {limit} rows can be read. "
                "Delete what stands far below the list or split the list."
            ),
            code="too_many_rows",
            file=file,
            rows=rows,
            limit=limits.rows,
        )
    if columns > limits.columns or rows * columns > limits.cells:
        raise UnreadableFile(
            msg(
                "{file}: a sheet is {columns} columns wide and {rows} rows long, which is too much to read. "
                "Delete what stands far to the right of the list."
            ),
            code="too_many_columns",
            file=file,
            columns=columns,
            rows=rows,
            limit=limits.columns,
        )
