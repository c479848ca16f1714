"""Cells that span rows and columns laid out on a grid."""

from collections.abc import Sequence
from itertools import product

from oblik.intake.readers.limits import Limits, check_grid

Positions = frozenset[tuple[int, int]]


def spread(
    table: Sequence[Sequence[tuple[str, int, int]]],
    *,
    file: str,
    limits: Limits,
) -> tuple[list[list[str]], Positions, Positions]:
    """(rows, filled from above, merged to the right) of cells given as (text, row span, column span).

    A cell over several rows means "same as above": its first column is filled down. Over several columns it stays at
    the left, as in a workbook.
    """
    taken: dict[tuple[int, int], str] = {}
    down: set[tuple[int, int]] = set()
    across: set[tuple[int, int]] = set()
    for index, row in enumerate(table):
        column = 0
        for text, tall, wide in row:
            while (index, column) in taken:
                column += 1
            check_grid(file, rows=len(table), columns=column + wide, limits=limits)
            for lower, right in product(range(index, min(index + tall, len(table))), range(column, column + wide)):
                taken[lower, right] = text if right == column else ""
                if right > column:
                    across.add((lower, right))
                elif lower > index and text:
                    down.add((lower, right))
            check_grid(file, rows=len(taken), columns=1, limits=limits)
            column += wide
    rows: list[list[str]] = [[] for _ in table]
    for (index, column), text in sorted(taken.items()):
        rows[index].extend([""] * (column - len(rows[index])))
        rows[index].append(text)
    return rows, frozenset(down), frozenset(across)
