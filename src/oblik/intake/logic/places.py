"""Where the rows of one list lie: every row's coordinates read in the light of all the others."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from oblik.intake.logic.drafts import LONGEST_VALUE
from oblik.intake.logic.values import destroyed
from oblik.intake.logic.values.coordinates import Pair, accuracy_m, angle, coordinates
from oblik.intake.logic.values.projected import System, distance_km, distances_km, unproject

Floats = npt.NDArray[np.float64]
Place = tuple[float, float]  # lon_deg, lat_deg

FAR_KM: Final = 100.0
MOST_METRES: Final = 2.1e7  # no projected system writes larger numbers
_COMPANY: Final = 3  # so many rows in one half-degree cell are not alone
_NULL_DEG: Final = 0.05
_UNKNOWN, _LAT_FIRST, _LON_FIRST = 0, 1, 2


@dataclass(slots=True)
class Readings:
    """Pairs of numbers as written, before they mean a place.

    first, second, step: (n,), NaN where absent. order: (n,) of 0 unknown, 1 latitude first, 2 longitude first.
    digits: row -> the digits of destroyed numbers, "" where that half is whole. codes: row -> problem.
    """

    first: Floats
    second: Floats
    step: Floats
    order: npt.NDArray[np.int8]
    digits: dict[int, tuple[str, str]] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)

    @classmethod
    def empty(cls, size: int) -> "Readings":
        """Readings of `size` rows that say nothing."""
        nothing = np.full(size, np.nan)
        return cls(nothing, nothing.copy(), np.ones(size), np.zeros(size, dtype=np.int8))

    def put(self, row: int, pair: Pair) -> None:
        """Note what one row says."""
        self.first[row], self.second[row] = pair.first.value, pair.second.value
        self.step[row] = min(pair.first.step, pair.second.step)
        self.order[row] = {"": _UNKNOWN, "lat lon": _LAT_FIRST, "lon lat": _LON_FIRST}[pair.order]
        if pair.first.destroyed or pair.second.destroyed:
            self.digits[row] = (pair.first.destroyed, pair.second.destroyed)

    def has(self) -> npt.NDArray[np.bool_]:
        """(n,) True where the row says both numbers."""
        return ~(np.isnan(self.first) | np.isnan(self.second))


@dataclass(slots=True)
class Places:
    """lon_deg, lat_deg, accuracy_m: (n,), NaN where unknown. codes: row -> problems in the order found."""

    lon_deg: Floats
    lat_deg: Floats
    accuracy_m: Floats
    codes: dict[int, list[str]]

    def note(self, row: int, code: str) -> None:
        """Add a problem to a row."""
        self.codes.setdefault(row, []).append(code)

    def middle(self) -> Place | None:
        """The median place; None where no row has one."""
        known = ~np.isnan(self.lon_deg)
        if not known.any():
            return None
        return float(np.median(self.lon_deg[known])), float(np.median(self.lat_deg[known]))


def read_pairs(texts: Sequence[str]) -> Readings:
    """What a column with both coordinates in one cell says."""
    readings = Readings.empty(len(texts))
    memo: dict[str, tuple[Pair | None, str | None]] = {}
    for row, text in enumerate(texts):
        one, comma, other = text.partition(",")
        if comma and "." in one and "." in other:
            try:
                readings.first[row], readings.second[row] = float(one), float(other)
            except ValueError:
                pass
            else:
                readings.step[row] = 10.0 ** -min(15, len(one.strip()) - one.strip().index(".") - 1)
                continue
        if not text:
            continue
        if text not in memo:
            memo[text] = coordinates(text) if len(text) <= LONGEST_VALUE else (None, "coordinates_unreadable")
        _put(readings, row, memo[text])
    _only_finite(readings)
    return readings


def read_metres(north: Sequence[str], east: Sequence[str]) -> Readings:
    """What two columns of projected metres say; their headers tell the order."""
    readings = read_columns(north, east)
    large = np.maximum(np.abs(readings.first), np.abs(readings.second)) > 180.0
    readings.order[large & (readings.order == _UNKNOWN)] = _LAT_FIRST
    return readings


def read_columns(lat: Sequence[str], lon: Sequence[str]) -> Readings:
    """What two columns say, latitude (or northing) and longitude (or easting).

    A cell that holds both coordinates is read as such; a cell left alone gives "coordinates_incomplete".
    """
    readings = Readings.empty(len(lat))
    (first, first_decimals), (second, second_decimals) = _plain_decimals(lat), _plain_decimals(lon)
    plain = ~(np.isnan(first) | np.isnan(second))
    readings.first[plain], readings.second[plain] = first[plain], second[plain]
    readings.step[plain] = 10.0 ** -np.minimum(np.maximum(first_decimals, second_decimals), 15)[plain]
    memo: dict[tuple[str, str], tuple[Pair | None, str | None]] = {}
    for row in np.flatnonzero(~plain).tolist():
        key = (lat[row], lon[row])
        if key == ("", ""):
            continue
        if key not in memo:
            memo[key] = _both(*key)
        _put(readings, row, memo[key])
    _only_finite(readings)
    return readings


def _plain_decimals(texts: Sequence[str]) -> tuple[Floats, Floats]:
    """Numbers written with a point or a comma and their digits behind it; NaN for whatever is written otherwise."""
    column = pl.Series(texts, dtype=pl.String).str.replace(",", ".", literal=True)
    numbers = column.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
    at = column.str.find(".", literal=True).cast(pl.Int64)
    behind = (column.str.len_bytes().cast(pl.Int64) - at - 1).fill_null(0).to_numpy()
    return numbers, behind.astype(np.float64)


def _only_finite(readings: Readings) -> None:
    for row in np.flatnonzero(np.isinf(readings.first) | np.isinf(readings.second)).tolist():
        readings.first[row] = readings.second[row] = np.nan
        readings.codes[row] = "coordinates_unreadable"


def _put(readings: Readings, row: int, found: tuple[Pair | None, str | None]) -> None:
    pair, code = found
    readings.first[row] = readings.second[row] = np.nan
    if pair is not None:
        readings.put(row, pair)
    if code is not None:
        readings.codes[row] = code


def _both(lat: str, lon: str) -> tuple[Pair | None, str | None]:
    if max(len(lat), len(lon)) > LONGEST_VALUE:
        return None, "coordinates_unreadable"
    (one, one_code), (other, other_code) = angle(lat), angle(lon)
    if one is None or other is None:
        for text, code in ((lat, one_code), (lon, other_code)):
            pair = coordinates(text)[0] if code else None
            if pair is not None:
                return pair, None
        if one_code or other_code:
            return None, one_code or other_code
        return None, ("coordinates_incomplete" if one or other else None)
    if one.axis and one.axis == other.axis:
        return None, "coordinates_unreadable"
    if one.axis == "lon" or other.axis == "lat":
        return Pair(one, other, "lon lat"), None
    return Pair(one, other, "lat lon" if one.axis or other.axis else ""), None


def locate(
    readings: Readings, *, known: Place | None = None, lon_first: bool = False, named: Sequence[System] = ()
) -> Places:
    """The place of each row.

    known: where the list lies for other reasons, such as its addresses. lon_first: the header says that longitude
    comes first. named: the projected systems that the header names. Swapped, destroyed and projected numbers are mended
    where the rest of the list leaves one meaning.
    """
    size = len(readings.first)
    places = Places(np.full(size, np.nan), np.full(size, np.nan), np.full(size, np.nan), {})
    for row, code in readings.codes.items():
        places.note(row, code)
    has = readings.has()
    beyond_metres = has & (np.maximum(np.abs(readings.first), np.abs(readings.second)) > MOST_METRES)
    for row in np.flatnonzero(beyond_metres).tolist():
        readings.digits.setdefault(row, ("", ""))  # the point went without leaving groups: 461993881
    for row in readings.digits:
        has[row] = False
    large = np.maximum(np.abs(readings.first), np.abs(readings.second)) > 180.0
    has_degrees, has_metres = has & ~large, has & large
    _place_degrees(readings, places, has_degrees, known=known, lon_first=lon_first)
    if readings.digits:
        has_metres &= ~_repair(readings, places, has_metres, near=known or places.middle())
    if has_metres.any():
        _place_metres(readings, places, has_metres, near=known or places.middle(), named=named)
    _doubt_the_far(places)
    return places


def _place_degrees(
    readings: Readings, places: Places, has: npt.NDArray[np.bool_], *, known: Place | None, lon_first: bool
) -> None:
    lat, lon = readings.first.copy(), readings.second.copy()
    told = readings.order != _UNKNOWN
    turn = (readings.order == _LON_FIRST) | (~told & lon_first)
    lat[turn], lon[turn] = lon[turn], lat[turn]
    zero = has & (((np.abs(lat) < _NULL_DEG) & (np.abs(lon) < _NULL_DEG)) | (lat == 0.0) | (lon == 0.0))
    wide = has & (np.abs(lat) > 90.0) & ~zero
    beyond = wide & (np.abs(lon) > 90.0)
    mend = wide & ~beyond  # a latitude above 90 is a longitude
    lat[mend], lon[mend] = lon[mend], lat[mend]
    good = has & ~zero & ~beyond
    anchor = _anchor(lat[good], lon[good], told[good] | mend[good], known=known)
    if anchor is not None:
        apart = distances_km(lon, lat, anchor)
        apart_turned = distances_km(lat, lon, anchor)
        swapped = good & ~told & ~mend & (np.abs(lon) <= 90) & (apart > FAR_KM) & (apart_turned < apart / 5)
        lat[swapped], lon[swapped] = lon[swapped], lat[swapped]
        mend |= swapped
        zero &= ~((np.abs(lat) + np.abs(lon) > 1.0) & (apart < FAR_KM))
        good = has & ~zero & ~beyond
    places.lat_deg[good], places.lon_deg[good] = lat[good], lon[good]
    places.accuracy_m[good] = _accuracies(readings.step[good])
    for mask, code in ((mend, "coordinates_swapped"), (zero, "coordinates_zero"), (beyond, "coordinates_out_of_range")):
        for row in np.flatnonzero(mask).tolist():
            places.note(row, code)


def _accuracies(steps: Floats) -> Floats:
    values, inverse = np.unique(steps, return_inverse=True)
    return np.array([accuracy_m(float(step)) for step in values])[inverse] if len(values) else steps


def _anchor(lat: Floats, lon: Floats, sure: npt.NDArray[np.bool_], *, known: Place | None) -> Place | None:
    """Around which place the list lies, with rows in the wrong order outvoted; None for fewer than two rows.

    Both orders of a pair have the same larger and smaller number, so the medians of those do not depend on the order;
    the majority, or rows whose order is sure, then says which is the latitude.
    """
    if known is not None:
        return known
    if len(lat) < 2:
        return None
    votes = sure if sure.any() else ~sure
    high, low = float(np.median(np.maximum(lat, lon))), float(np.median(np.minimum(lat, lon)))
    if float(np.mean(lat[votes] >= lon[votes])) >= 0.5:
        return (low, high)
    return (high, low)


def _repair(
    readings: Readings, places: Places, large: npt.NDArray[np.bool_], *, near: Place | None
) -> npt.NDArray[np.bool_]:
    """Put decimal points back where they make the numbers fit the rest of the list; (n,) True for the rows mended.

    Short numbers of a destroyed column look whole (61.225 for 6.1225, or 462.052 among the `large`); those that would
    lie far off are read as digits too.
    """
    rows = sorted(readings.digits)
    pairs = {row: _digit_pair(readings, row) for row in rows}
    clear = True
    if near is None:
        before_lat, before_lon, clear = destroyed.digits_before(
            [pair[0] for pair in pairs.values()], [pair[1] for pair in pairs.values()]
        )
        near = (
            float(np.median([destroyed.placed(pair[1], before_lon) for pair in pairs.values()])),
            float(np.median([destroyed.placed(pair[0], before_lat) for pair in pairs.values()])),
        )
    for row, (lat_digits, lon_digits) in pairs.items():
        lat, lat_behind = _nearest(lat_digits, near[1], most=90.0)
        lon, lon_behind = _nearest(lon_digits, near[0], most=180.0)
        places.lat_deg[row], places.lon_deg[row] = lat, lon
        places.accuracy_m[row] = accuracy_m(10.0 ** -max(lat_behind, lon_behind))
        fits = clear and distance_km(lon, lat, near) <= 2 * FAR_KM
        places.note(row, "coordinates_repaired" if fits else "coordinates_ambiguous")
    away = distances_km(places.lon_deg, places.lat_deg, near)
    mended = np.zeros(len(large), dtype=np.bool_)
    mended[rows] = True
    for row in np.flatnonzero((large | (away > 2 * FAR_KM)) & ~mended).tolist():
        mended[row] = _read_short(readings, places, row, near)
    return mended


def _digit_pair(readings: Readings, row: int) -> tuple[str, str]:
    """Digits of latitude and longitude; a half that is whole gives the digits it is written with."""
    one, other = readings.digits.get(row, ("", ""))
    one = one or _digits_of(float(readings.first[row]))
    other = other or _digits_of(float(readings.second[row]))
    return (other, one) if readings.order[row] == _LON_FIRST else (one, other)


def _digits_of(value: float) -> str:
    return f"{value:.7f}".rstrip("0").replace(".", "")


def _nearest(digits: str, wanted: float, *, most: float) -> tuple[float, int]:
    """The reading of digits nearest to the wanted number, and its digits after the point."""
    options = [(destroyed.placed(digits, before), destroyed.decimals(digits, before)) for before in (1, 2, 3)]
    fitting = [option for option in options if abs(option[0]) <= most] or options[:1]
    return min(fitting, key=lambda option: abs(option[0] - wanted))


def _read_short(readings: Readings, places: Places, row: int, near: Place) -> bool:
    """Read whole-looking numbers as digits and keep the place if it lies near; True if it does."""
    lat_digits, lon_digits = _digit_pair(readings, row)
    lat, lat_behind = _nearest(lat_digits, near[1], most=90.0)
    lon, lon_behind = _nearest(lon_digits, near[0], most=180.0)
    if distance_km(lon, lat, near) > FAR_KM:
        return False
    places.lat_deg[row], places.lon_deg[row] = lat, lon
    places.accuracy_m[row] = accuracy_m(10.0 ** -max(lat_behind, lon_behind))
    places.codes[row] = ["coordinates_repaired"]
    return True


def _place_metres(
    readings: Readings,
    places: Places,
    has: npt.NDArray[np.bool_],
    *,
    near: Place | None,
    named: Sequence[System],
) -> None:
    both = has & (np.abs(readings.first) > 180.0) & (np.abs(readings.second) > 180.0)
    for row in np.flatnonzero(has & ~both).tolist():
        places.note(row, "coordinates_out_of_range")
    rows = np.flatnonzero(both)
    if not len(rows):
        return
    told = bool((readings.order[rows] == _LAT_FIRST).all())
    found, code = unproject(readings.first[rows], readings.second[rows], near=near, north_first=told, named=named)
    if found is None:
        for row in rows.tolist():
            places.note(row, code or "projected_system_unclear")
        return
    fine = np.isfinite(found.lon_deg) & np.isfinite(found.lat_deg) & (np.abs(found.lat_deg) <= 90)
    places.lon_deg[rows[fine]], places.lat_deg[rows[fine]] = found.lon_deg[fine], found.lat_deg[fine]
    places.accuracy_m[rows[fine]] = np.maximum(max(1.0, round(found.spread_m, 1)), readings.step[rows[fine]])
    for row, well in zip(rows.tolist(), fine.tolist(), strict=True):
        places.note(row, (code or "coordinates_projected") if well else "coordinates_out_of_range")


def _doubt_the_far(places: Places) -> None:
    """Mark rows that lie alone and far from where the list lies."""
    middle = places.middle()
    rows = np.flatnonzero(~np.isnan(places.lon_deg))
    if middle is None or len(rows) < 4:
        return
    away = distances_km(places.lon_deg[rows], places.lat_deg[rows], middle)
    limit = max(FAR_KM, 6.0 * float(np.median(away)))
    if not (away > limit).any():
        return
    cells = np.floor(places.lon_deg[rows] * 2) * 1000 + np.floor(places.lat_deg[rows] * 2)
    _, inverse, counts = np.unique(cells, return_inverse=True, return_counts=True)
    alone = counts[inverse] < max(_COMPANY, 0.01 * len(rows))
    for row in rows[(away > limit) & alone].tolist():
        places.note(row, "far_from_list")
