"""What places matter how much, and lists of places out of uploaded tables."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from oblik.base.errors import InvalidInput, msg

# How much it matters that a place of each kind is seen; kinds not named do not count. What a city thinks otherwise it
# uploads as a list of its own.
PLACE_WEIGHTS: Final = {
    "school": 5.0, "kindergarten": 5.0, "hospital": 4.0, "station": 4.0, "crossing": 3.0, "shelter": 3.0,
    "playground": 3.0, "stop": 2.0, "market": 2.0, "university": 2.0, "stadium": 2.0,
}  # fmt: skip
MOST_ROWS: Final = 50_000
MOST_BYTES: Final = 8_000_000
_LONG: Final = 120


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where a camera may be put. cost: in whatever money the budget is counted."""

    name: str
    lon_deg: float
    lat_deg: float
    height_m: float
    cost: float


@dataclass(frozen=True, slots=True)
class Place:
    """A place that matters, and how much."""

    lon_deg: float
    lat_deg: float
    weight: float


def places_of(data: bytes) -> list[Place]:
    """Places out of CSV with the columns lon, lat and, if it likes, weight (1 where there is none).

    Separators , ; or tab, decimal points or (with ; or tab) decimal commas. InvalidInput names the row and the cell.
    """
    rows = _rows(data, needed=("lon", "lat"))
    return [Place(_lon(row), _lat(row), _number(row, "weight", low=0.0, high=1e9, missing=1.0)) for row in rows]


def candidates_of(data: bytes) -> list[Candidate]:
    """Candidate poles out of CSV with lon, lat and, if it likes, height_m (5), cost (1) and name (its number)."""
    rows = _rows(data, needed=("lon", "lat"))
    return [
        Candidate(
            row.cells.get("name", "")[:_LONG] or str(row.number - 1), _lon(row), _lat(row),
            _number(row, "height_m", low=1.0, high=100.0, missing=5.0),
            _number(row, "cost", low=0.0, high=1e12, missing=1.0),
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: dict[str, str]
    commas: bool


def _rows(data: bytes, *, needed: Sequence[str]) -> list[_Row]:
    text = _text(data)
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    names = [name.strip().lower() for name in next(reader, [])]
    missing = [name for name in needed if name not in names]
    if missing:
        raise InvalidInput(
            msg("The table has no column “{column}”; its first row must name the columns, as lon,lat,weight."),
            column=missing[0],
        )
    found: list[_Row] = []
    for number, cells in enumerate(reader, start=2):
        if len(found) >= MOST_ROWS:
            raise InvalidInput(msg("The table has more than {most} rows; divide it."), most=MOST_ROWS)
        if any(cell.strip() for cell in cells):
            told = {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
            found.append(_Row(number, told, separator != ","))
    if not found:
        raise InvalidInput(msg("The table has no rows below its head."))
    return found


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise InvalidInput(msg("The table is larger than 8 MB; divide it."))
    try:
        return data.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        return data.decode("cp1251", errors="replace").replace("\0", "")


def _number(row: _Row, name: str, *, low: float, high: float, missing: float | None = None) -> float:
    text = row.cells.get(name, "")
    if not text and missing is not None:
        return missing
    try:
        value = float(text.replace(",", ".") if row.commas else text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise InvalidInput(
            msg("Row {row}, column {column}: “{value}” is no number from {low} to {high}."),
            row=row.number, column=name, value=text[:40], low=f"{low:g}", high=f"{high:g}",
        )  # fmt: skip
    return value


def _lon(row: _Row) -> float:
    return _number(row, "lon", low=-180.0, high=180.0)


def _lat(row: _Row) -> float:
    return _number(row, "lat", low=-85.0, high=85.0)
