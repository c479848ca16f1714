"""The values that pass between intake's steps: sheets, tables, guesses, problems, cleaned records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

Cell = str  # every cell as text, exactly as a person sees it in the sheet; "" is empty

# Targets of a column beyond registry.logic.fields.FIELDS. They are read while cleaning and never reach the register.
EXTRA_TARGETS: Final = (
    "ignore",  # known and of no use to the register: "№ п/п"
    "password",  # known, secret, never cleaned into anything
    "login",
    "coordinates",  # both coordinates in one cell (text, degrees, a map link, WKT)
    "x_m",  # projected easting; the system is found from the numbers
    "y_m",
    "count",  # how many cameras the row stands for
    "resolution",  # "1920x1080", "2Мп", "4 MP"
    "vendor_model",  # maker and model in one cell
    "street_part",  # street without house, to be joined with house_part
    "house_part",
    "settlement",
    "tags",  # a dict of OSM tags written in one cell
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, file or layer as a grid of text.

    rows[i] is the cells of the i-th row; numbers[i] is what a person calls that row (1-based line, sheet row or feature
    number). `named` is True where the reader already knows the names of columns (GeoJSON, KML, OSM): rows[0] then holds
    them with number 0, and no header is searched for. merged_down holds (row index, column index) cells that were
    filled from a merged cell above. `fixed` overrides guesses where the reader knows: column index -> target.
    """

    name: str
    rows: list[list[Cell]]
    numbers: list[int]
    hidden: bool = False
    named: bool = False
    fixed: Mapping[int, str] = field(default_factory=dict)
    notes: Mapping[tuple[int, int], str] = field(default_factory=dict)
    reader_notes: tuple[str, ...] = ()
    merged_down: frozenset[tuple[int, int]] = frozenset()
    merged_across: frozenset[tuple[int, int]] = frozenset()  # cells right of the first in a merged range; left blank


RowRole = Literal["title", "header", "data", "total", "legend", "blank", "hidden"]


@dataclass(frozen=True, slots=True)
class Guess:
    """What one column is taken to be. confidence in [0, 1]; by says which evidence decided."""

    index: int
    header: str
    target: str  # a FIELDS name, an EXTRA_TARGETS name, or "" for not understood
    confidence: float
    by: Literal["header", "content", "both", "mapping", "memory", "reader", "none"]
    unit: str = ""  # as named in the header: "м", "см", "град"
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet understood: the role of each row and the meaning of each column.

    roles has one entry per sheet row. columns has one Guess per column of the grid. sections: index of a title row
    inside the table ("Шевченківський район") -> its text; it holds for the rows below until the next one.
    """

    sheet: Sheet
    roles: list[RowRole]
    columns: list[Guess]
    sections: Mapping[int, str] = field(default_factory=dict)


Severity = Literal["note", "doubt", "broken"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one cell. code is a key of intake.logic.problems.PROBLEMS; column is the header."""

    code: str
    field: str
    value: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class CleanColumns:
    """Cleaned records of one table as columns.

    row: index into Table.sheet.rows for each record (repeated where one row stands for several cameras);
    part: 1-based number of the record inside its row, parts: how many records its row became.
    values: FIELDS name -> one value per record (None where absent). problems: one tuple per record.
    """

    row: list[int]
    part: list[int]
    parts: list[int]
    values: dict[str, list[object | None]]
    problems: list[tuple[Problem, ...]]

    def __len__(self) -> int:
        return len(self.row)


Mapped = Mapping[str, str]  # header as received -> target, from a mapping file or remembered for the owner
Rows = Sequence[Sequence[Cell]]
