"""What a city file holds: columns recognised by header, rows as points and renames, the rest with reasons."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from oblik.city.logic.addresses import split_kind
from oblik.city.logic.names import house_key, kind_of, street_fold, street_key
from oblik.city.logic.streets import Rename

HEADERS: Final[dict[str, str]] = {
    header: target
    for target, headers in {
        "kind": "kind|kind_uk|street_type|street_kind|тип|тип вулиці|вид|тип улицы",
        "street": "street|street_name|addr:street|вулиця|назва вулиці|улица|название улицы",
        "street_old": "street_name_old|street_old|old_street|стара назва|колишня назва|старое название",
        "house": "house|housenumber|house_number|addr:housenumber|number|будинок|номер будинку|буд|дом|номер дома",
        "lat": "lat|latitude|lat_deg|y|широта",
        "lon": "lon|lng|long|longitude|lon_deg|x|довгота|долгота",
        "settlement": "settlement|settlement_code|street_human_settlement_code|city|town|addr:city|населений пункт"
        "|місто|населенный пункт|город",
        "district": "district|addr:district|район",
        "kind_old": "kind_old|старий тип",
        "kind_new": "kind_new|новий тип",
        "old_uk": "old_uk|old_name|old",
        "new_uk": "new_uk|new_name|new",
        "old_ru": "old_ru",
        "new_ru": "new_ru",
        "decided": "decided|decided_on|date|дата|дата рішення",
        "source": "source|джерело|источник",
    }.items()
    for header in headers.split("|")
}

Reason = Literal["no_street", "no_house", "no_latitude", "no_longitude", "no_old_name", "no_new_name", "too_long"]
TableKind = Literal["points", "renames", "both", "unknown"]
LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that was not loaded: 1-based line of the file, header as written, the cell and why."""

    line: int
    column: str
    value: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Point:
    """kind in Ukrainian or ""; street without its kind; house as written."""

    kind: str
    street: str
    house: str
    street_key: str
    house_key: str
    settlement: str
    district: str
    lon_deg: float
    lat_deg: float


@dataclass(slots=True)
class CityTable:
    """A file understood. rows counts all rows below the header; a row of points may also bring a rename."""

    kind: TableKind
    rows: int = 0
    points: list[Point] = field(default_factory=list)
    renames: list[Rename] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)  # one per rename
    skipped: list[Skipped] = field(default_factory=list)


def understand_rows(rows: Sequence[tuple[int, list[str]]]) -> CityTable:
    """Points, renames or both. The kind is "unknown" if the header has neither the columns of points nor of renames.

    Points need street, house, lat, lon; renames need an old and a new name. A rename given twice is kept once.
    """
    header = rows[0][1] if rows else []
    columns = _columns(header)
    reader = _Rows(header, columns)
    if {"street", "house", "lat", "lon"} <= columns.keys():
        for line, cells in rows[1:]:
            reader.point(line, cells)
    elif columns.keys() & {"old_uk", "old_ru"} and columns.keys() & {"new_uk", "new_ru"}:
        for line, cells in rows[1:]:
            reader.rename(line, cells)
    elif {"street", "street_old"} <= columns.keys():
        for line, cells in rows[1:]:
            reader.street_list(line, cells)
    else:
        return CityTable("unknown")
    return reader.table(len(rows) - 1)


def _columns(header: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, name in enumerate(header):
        target = HEADERS.get(" ".join(name.strip().lower().split()))
        if target:
            found.setdefault(target, index)
    return found


class _Rows:
    def __init__(self, header: Sequence[str], columns: dict[str, int]) -> None:
        self._header = header
        self._columns = columns
        self._points: list[Point] = []
        self._renames: dict[Rename, str] = {}
        self._skipped: list[Skipped] = []
        self._streets: dict[tuple[str, str], tuple[str, str, str]] = {}
        self._houses: dict[str, str] = {}

    def table(self, rows: int) -> CityTable:
        kinds: dict[tuple[bool, bool], TableKind] = {(True, True): "both", (True, False): "points"}
        kind = kinds.get(("lat" in self._columns, bool(self._renames)), "renames")
        return CityTable(kind, rows, self._points, list(self._renames), list(self._renames.values()), self._skipped)

    def _cell(self, cells: Sequence[str], target: str) -> str:
        index = self._columns.get(target, -1)
        return cells[index].strip() if 0 <= index < len(cells) else ""

    def _skip(self, line: int, cells: Sequence[str], target: str, reason: Reason) -> None:
        index = self._columns.get(target, -1)
        column = self._header[index] if index >= 0 else target
        self._skipped.append(Skipped(line, column, self._cell(cells, target), reason))

    def point(self, line: int, cells: Sequence[str]) -> None:
        kind, street, key = self._street(self._cell(cells, "kind"), self._cell(cells, "street"))
        house = self._cell(cells, "house")
        if house not in self._houses:
            self._houses[house] = house_key(house)
        lat, lon = _degrees(self._cell(cells, "lat"), 90.0), _degrees(self._cell(cells, "lon"), 180.0)
        if not key:
            self._skip(line, cells, "street", "no_street")
        elif len(street) > LONGEST or max(len(house), len(self._houses[house])) > 40:
            self._skip(line, cells, "street" if len(street) > LONGEST else "house", "too_long")
        elif not self._houses[house]:
            self._skip(line, cells, "house", "no_house")
        elif lat is None or (lat == 0.0 and lon == 0.0):
            self._skip(line, cells, "lat", "no_latitude")
        elif lon is None:
            self._skip(line, cells, "lon", "no_longitude")
        else:
            settlement, district = self._cell(cells, "settlement")[:120], self._cell(cells, "district")[:120]
            self._points.append(Point(kind, street, house, key, self._houses[house], settlement, district, lon, lat))
        if key:
            self._former(cells)

    def street_list(self, line: int, cells: Sequence[str]) -> None:
        if not self._cell(cells, "street"):
            self._skip(line, cells, "street", "no_street")
        elif not self._cell(cells, "street_old"):
            self._skip(line, cells, "street_old", "no_old_name")
        else:
            self._former(cells)

    def _former(self, cells: Sequence[str]) -> None:
        """ "вул.Довженка" with "вул.Котовського" beside it says that the one was renamed to the other."""
        old = self._cell(cells, "street_old")
        if not street_fold(old) or len(old) > LONGEST:
            return
        kind, street, _ = self._street(self._cell(cells, "kind"), self._cell(cells, "street"))
        kind_old, street_old, _ = self._street("", old)
        rename = Rename(kind_old or kind, kind, street_old, street, settlement=self._cell(cells, "settlement")[:120])
        self._renames.setdefault(rename, "")

    def _street(self, kind: str, street: str) -> tuple[str, str, str]:
        """Kind, name and key; worked out once per street."""
        found = self._streets.get((kind, street))
        if found is None:
            named, name = split_kind(kind, street)
            found = named, name, street_key(named, name)
            self._streets[kind, street] = found
        return found

    def rename(self, line: int, cells: Sequence[str]) -> None:
        both = self._cell(cells, "kind")
        kind_old, _, kind_new = both.partition(">")
        kind_old = self._cell(cells, "kind_old") or kind_old
        kind_new = self._cell(cells, "kind_new") or kind_new or kind_old
        old_uk, new_uk = self._cell(cells, "old_uk"), self._cell(cells, "new_uk")
        old_ru, new_ru = self._cell(cells, "old_ru"), self._cell(cells, "new_ru")
        if not street_fold(old_uk + old_ru):
            self._skip(line, cells, "old_uk" if "old_uk" in self._columns else "old_ru", "no_old_name")
        elif not street_fold(new_uk + new_ru):
            self._skip(line, cells, "new_uk" if "new_uk" in self._columns else "new_ru", "no_new_name")
        elif max(map(len, (old_uk, new_uk, old_ru, new_ru))) > LONGEST:
            self._skip(line, cells, "new_uk", "too_long")
        else:
            settlement, decided = self._cell(cells, "settlement")[:120], self._cell(cells, "decided")[:60]
            rename = Rename(kind_of(kind_old), kind_of(kind_new), old_uk, new_uk, old_ru, new_ru, settlement, decided)
            self._renames.setdefault(rename, self._cell(cells, "source"))


def _degrees(text: str, limit: float) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if -limit <= value <= limit else None
