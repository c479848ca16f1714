"""A table on its way to clean columns: the texts of each target, the values found so far, the problems of each row."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final

from oblik.base.veiling import HIDDEN
from oblik.intake.logic.shapes import Problem, Table
from oblik.intake.logic.values import tags
from oblik.intake.logic.values.urls import free_text, without_secrets
from oblik.registry.logic.fields import FIELDS

# Without an explicit mapping these never become values, whatever a guess says.
SECRET_TARGETS: Final = frozenset({"password", "login"})
LONGEST_SHOWN: Final = 200  # letters of a cell that a problem repeats
LONGEST_VALUE: Final = 2000  # a longer cell is no number, name of a model or address in the network

Normalised = tuple[object | None, str | None]
_TOO_LONG: Final[Normalised] = (None, "cell_too_long")
_ANY_LENGTH: Final = (free_text, tags.tags)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of texts, one per data row, with its header and the unit that the header names."""

    header: str
    unit: str
    texts: Sequence[str]


@dataclass(slots=True)
class Draft:
    """rows: indices into the sheet's rows of the data rows, which everything else here is parallel to."""

    rows: list[int]
    columns: dict[str, list[Column]]
    values: dict[str, list[object | None]] = field(default_factory=dict)
    problems: dict[int, list[Problem]] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Table) -> "Draft":
        """The data rows of a table, turned into columns by target."""
        rows = [index for index, role in enumerate(table.roles) if role == "data"]
        grid = table.sheet.rows
        draft = cls(rows, {})
        wanted = [guess for guess in table.columns if guess.target not in ("", "ignore", *SECRET_TARGETS)]
        width = max((guess.index for guess in wanted), default=-1) + 1
        full = all(len(grid[row]) >= width for row in rows)
        by_column = list(zip(*(grid[row] for row in rows), strict=False)) if full and rows else []
        for guess in wanted:
            at = guess.index
            texts = by_column[at] if by_column else [grid[row][at] if at < len(grid[row]) else "" for row in rows]
            draft.columns.setdefault(guess.target, []).append(Column(guess.header, guess.unit, texts))
        return draft

    def __len__(self) -> int:
        return len(self.rows)

    def note(self, row: int, code: str, field_name: str, value: str, *, column: str = "") -> None:
        """Add a problem to a row; secrets in the value are hidden, and long values are cut."""
        self._append(row, _problem(code, field_name, value, column=column))

    def _append(self, row: int, problem: Problem) -> None:
        noted = self.problems.setdefault(row, [])
        if problem not in noted:
            noted.append(problem)

    def values_of(self, field_name: str) -> list[object | None]:
        """The values of a field, made empty at first use."""
        if field_name not in self.values:
            self.values[field_name] = [None] * len(self.rows)
        return self.values[field_name]

    def apply(self, target: str, normalise: Callable[..., Normalised], *, with_unit: bool = False) -> None:
        """Normalise every column of a target into the field of that name; the first column with a value wins."""
        for column in self.columns.get(target, ()):
            found = normalised(column, normalise, with_unit=with_unit)
            fresh: list[object | None] = list(map(itemgetter(0), map(found.__getitem__, column.texts)))
            before = self.values.get(target)
            if before is None:
                self.values[target] = fresh
            else:
                self.values[target] = [new if old is None else old for old, new in zip(before, fresh, strict=True)]
            self.note_codes(target, column, codes_of(found))

    def note_codes(self, field_name: str, column: Column, codes: dict[str, str]) -> None:
        """Add the problem of each text to every row that holds it."""
        if codes:
            known = {text: _problem(code, field_name, text, column=column.header) for text, code in codes.items()}
            for row, text in enumerate(column.texts):
                if text in known:
                    self._append(row, known[text])

    def fill(self, field_name: str, found: Iterable[object | None]) -> None:
        """Give a field values where it has none yet."""
        before = self.values.get(field_name)
        fresh = list(found)
        if before is not None:
            fresh = [new if old is None else old for old, new in zip(before, fresh, strict=True)]
        if before is not None or any(value is not None for value in fresh):
            self.values[field_name] = fresh

    def texts_of(self, target: str) -> list[str]:
        """One text per row: the first column of the target that is not empty there."""
        columns = self.columns.get(target, [])
        if len(columns) == 1:
            return list(columns[0].texts)
        return [next((text for text in texts if text), "") for texts in zip(*(c.texts for c in columns), strict=True)]

    def header_of(self, *targets: str) -> str:
        """The header of the first column that was given one of the targets; "" without any."""
        return next((column.header for target in targets for column in self.columns.get(target, ())), "")


def codes_of(found: dict[str, Normalised]) -> dict[str, str]:
    """The problem of each text that has one."""
    return {text: code for text, (_, code) in found.items() if code is not None}


def _problem(code: str, field_name: str, value: str, *, column: str) -> Problem:
    known = FIELDS.get(field_name)
    shown = HIDDEN if known is not None and known.secret else without_secrets(value)[0]
    if len(shown) > LONGEST_SHOWN:
        shown = shown[:LONGEST_SHOWN] + "…"
    return Problem(code, field_name, shown, column)


def normalised(
    column: Column, normalise: Callable[..., Normalised], *, with_unit: bool = False
) -> dict[str, Normalised]:
    """What each different text of a column means: every text is looked at once.

    A text too long to be one value gives "cell_too_long"; texts for people and tags may be of any length.
    """
    unique = set(column.texts)
    long: set[str] = set()
    if normalise not in _ANY_LENGTH and max(map(len, unique), default=0) > LONGEST_VALUE:
        long = {text for text in unique if len(text) > LONGEST_VALUE}
        unique -= long
    if with_unit:
        found = {text: normalise(text, unit=column.unit) for text in unique}
    else:
        found = {text: normalise(text) for text in unique}
    return found | dict.fromkeys(long, _TOO_LONG) if long else found
