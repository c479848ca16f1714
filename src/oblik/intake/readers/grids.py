"""A sheet from ragged rows: padded to one width, blank edges trimmed, records laid out under named columns."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from oblik.intake.logic.shapes import Sheet
from oblik.intake.readers.cells import column_texts
from oblik.intake.readers.limits import Limits, check_grid


def even(rows: list[list[str]], *, file: str, limits: Limits) -> list[list[str]]:
    """The same rows, all as wide as the widest filled one; blank rows at the end are left out."""
    while rows and not any(map(str.strip, rows[-1])):
        rows.pop()
    widths = set(map(len, rows))
    if not widths:
        return rows
    width = max(widths)
    if len(widths) > 1 or width > limits.columns:
        width = max(map(_filled_width, rows))
    check_grid(file, rows=len(rows), columns=width, limits=limits)
    if len(widths) > 1 or width not in widths:
        for row in rows:
            if len(row) < width:
                row.extend([""] * (width - len(row)))
            elif len(row) > width:
                del row[width:]
    return rows


def _filled_width(row: Sequence[str]) -> int:
    width = len(row)
    while width and not row[width - 1].strip():
        width -= 1
    return width


def narrowed(rows: list[list[str]]) -> list[list[str]]:
    """The rows without the columns at the right edge that are blank throughout."""
    if not rows:
        return rows
    width = len(rows[0])
    keep = width
    while keep and not any(row[keep - 1].strip() for row in rows):
        keep -= 1
    return rows if keep == width else [row[:keep] for row in rows]


def record_sheet(
    name: str,
    records: Iterable[Mapping[str, Any]],
    *,
    file: str,
    limits: Limits,
    first: Sequence[str] = (),
    fixed: Mapping[str, str] | None = None,
    reader_notes: tuple[str, ...] = (),
) -> Sheet:
    """A named sheet: one row per record, columns in order of first appearance, `first` ahead of all.

    fixed gives the target of a column by its name where the format itself defines it.
    """
    kept = list(records)
    names: dict[str, None] = dict.fromkeys(first)
    for record in kept:
        names.update(dict.fromkeys(record))
    check_grid(file, rows=len(kept) + 1, columns=max(1, len(names)), limits=limits)
    columns = [column_texts([record.get(column) for record in kept]) for column in names]
    known = fixed or {}
    return Sheet(
        name=name,
        rows=[list(names), *map(list, zip(*columns, strict=True))],
        numbers=list(range(len(kept) + 1)),
        named=True,
        fixed={index: known[column] for index, column in enumerate(names) if column in known},
        reader_notes=reader_notes,
    )
