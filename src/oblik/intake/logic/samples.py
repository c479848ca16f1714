"""The part of a sheet that is enough to show what was understood of it: its first rows and its last."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from oblik.intake.logic.headers import folded
from oblik.intake.logic.mapping import place_of
from oblik.intake.logic.secret_cells import hidden
from oblik.intake.logic.shapes import Guess, Mapped, RowRole, Sheet
from oblik.intake.logic.tables import understand

HEAD: Final = 300  # rows kept from the top; guesses look at some hundreds
TAIL: Final = 60  # and from the bottom, where sums and signatures stand
_CELLS: Final = 40_000  # of one sheet, however wide
_LONGEST: Final = 400  # signs of one cell
_SHEETS: Final = 30


@dataclass(frozen=True, slots=True)
class Sample:
    """A sheet cut short. total: rows that the whole sheet has."""

    sheet: Sheet
    total: int

    @property
    def is_whole(self) -> bool:
        return len(self.sheet.rows) == self.total


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """A column as understood. key: under which a correction of it is kept; level: sure | probable | check | unknown |
    chosen | remembered | fixed | empty."""

    index: int
    key: str
    header: str
    target: str
    level: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowSeen:
    """A row of the sample with its role; number as a person counts."""

    number: int
    role: RowRole
    cells: list[str]


@dataclass(frozen=True, slots=True)
class SheetSeen:
    """A sheet as understood, without its secrets. header_row: number of the first header row, 0 where there is none."""

    name: str
    hidden: bool
    named: bool
    total: int
    is_whole: bool
    header_row: int
    columns: list[ColumnSeen]
    rows: list[RowSeen]


def sampled(sheet: Sheet) -> Sample:
    """The sheet cut to its first and last rows; a short one stays whole, long cells are cut."""
    width = max(map(len, sheet.rows), default=0)
    most = max(20, _CELLS // max(1, width))
    head = min(HEAD, most)
    tail = min(TAIL, most // 5)
    count = len(sheet.rows)
    kept = list(range(count)) if count <= head + tail else [*range(head), *range(count - tail, count)]
    place = {index: at for at, index in enumerate(kept)}

    def moved(cells: Iterable[tuple[int, int]]) -> frozenset[tuple[int, int]]:
        return frozenset((place[row], column) for row, column in cells if row in place)

    cut = replace(
        sheet,
        rows=[[cell[:_LONGEST] for cell in sheet.rows[index]] for index in kept],
        numbers=[sheet.numbers[index] for index in kept],
        notes={},
        reader_notes=(),
        merged_down=moved(sheet.merged_down),
        merged_across=moved(sheet.merged_across),
    )
    return Sample(cut, count)


def written(samples: Sequence[Sample]) -> str:
    """Samples as one text, to be sealed; `read` is its inverse. Sheets beyond the thirtieth are left out."""
    return json.dumps([_plain(sample) for sample in samples[:_SHEETS]], ensure_ascii=False, separators=(",", ":"))


def _plain(sample: Sample) -> dict[str, object]:
    sheet = sample.sheet
    return {
        "name": sheet.name, "hidden": sheet.hidden, "named": sheet.named, "rows": sheet.rows, "numbers": sheet.numbers,
        "fixed": sorted(sheet.fixed.items()), "down": sorted(sheet.merged_down), "across": sorted(sheet.merged_across),
        "total": sample.total,
    }  # fmt: skip


def read(text: str) -> list[Sample]:
    """Samples from the text that `written` made."""
    return [_sample(one) for one in json.loads(text)]


def _sample(said: dict[str, Any]) -> Sample:
    sheet = Sheet(
        name=said["name"], rows=said["rows"], numbers=said["numbers"], hidden=said["hidden"], named=said["named"],
        fixed={int(index): target for index, target in said["fixed"]},
        merged_down=frozenset((row, column) for row, column in said["down"]),
        merged_across=frozenset((row, column) for row, column in said["across"]),
    )  # fmt: skip
    return Sample(sheet, said["total"])


def seen(sample: Sample, *, mapped: Mapped, remembered: Mapped) -> SheetSeen:
    """What is understood of a sheet, by the very steps that reading takes; secrets are dots."""
    plain = understand(sample.sheet, mapped=mapped or None, remembered=remembered or None)
    table, _secret = hidden(plain)
    names = [folded(guess.header) for guess in plain.columns]
    columns = [
        _column(guess, shown, unique=names.count(folded(guess.header)) == 1)
        for guess, shown in zip(plain.columns, table.columns, strict=True)
    ]
    rows = [
        RowSeen(number, role, cells)
        for number, role, cells in zip(table.sheet.numbers, table.roles, table.sheet.rows, strict=True)
        if number > 0
    ]
    header = next((row.number for row in rows if row.role == "header"), 0)
    return SheetSeen(
        table.sheet.name, table.sheet.hidden, table.sheet.named, sample.total, sample.is_whole, header, columns, rows
    )


def _column(guess: Guess, shown: Guess, *, unique: bool) -> ColumnSeen:
    named = unique and guess.header.strip() != "" and guess.header == shown.header
    key = guess.header if named else place_of(guess.index)
    return ColumnSeen(guess.index, key, shown.header, shown.target, _level(shown), shown.examples)


def _level(guess: Guess) -> str:
    """How sure one is, in words."""
    told = {"mapping": "chosen", "memory": "remembered", "reader": "fixed"}.get(guess.by)
    if told:
        return told
    if not guess.target:
        return "unknown" if guess.examples else "empty"
    return "sure" if guess.confidence >= 0.85 else "probable" if guess.confidence >= 0.6 else "check"


def rows_to_show(table: SheetSeen, *, top: int, bottom: int) -> tuple[list[RowSeen], list[RowSeen]]:
    """The first rows, and of the rest the last, blank rows left out."""
    filled = [row for row in table.rows if row.role != "blank"]
    return filled[:top], filled[top:][-bottom:] if bottom else []
