"""Where on a street a house, a corner or the middle lies, and how sure that is."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from oblik.city.logic.names import latin_house
from oblik.city.logic.streets import Points, Street

Floats = npt.NDArray[np.float64]

POINT_M: Final = 15.0  # an address point lies on the building, the camera on its wall
CORNER_M: Final = 40.0
APART_M: Final = 100.0  # points of one house further from their middle are two houses
AROUND_CORNER_M: Final = 40.0  # pairs of houses this much further apart than the nearest pair still mark the corner
M_PER_DEG: Final = 111_195.0  # of latitude, on a sphere of 6,371 km
NEAR_NUMBERS: Final = 10  # house numbers further apart say nothing about each other
_PARTS: Final = re.compile(r"\d+[А-ЯІЇЄ]?")
_NUMBER: Final = re.compile(r"\d+")


class Place(NamedTuple):
    """lon before lat, WGS 84; how: point | base | between | near | corner | middle."""

    lon_deg: float
    lat_deg: float
    accuracy_m: float
    how: str
    district: str = ""


class Places:
    """Answers for one set of address points; what a street needs is worked out when first asked."""

    def __init__(self, points: Points) -> None:
        self.lat_deg: Floats = np.asarray(points.lat_deg, dtype=np.float64)
        self.lon_deg: Floats = np.asarray(points.lon_deg, dtype=np.float64)
        self.districts = points.district
        self._middles: dict[int, Place | None] = {}
        self._corners: dict[tuple[int, int], Place | None] = {}
        self._numbers: dict[int, dict[int, int]] = {}

    def of(self, street: Street, house: str, *, latin: bool = False) -> Place | None:
        """The best known place of a house: its point, its number without letters, between neighbours, the street."""
        if not street.rows:
            return None
        if not house:
            return self.middle(street)
        if house in street.houses:
            return self._point(street, house, "point")
        if latin and latin_house(house) in street.houses:
            return self._point(street, latin_house(house), "point")
        return self._base(street, house) or self._between(street, house) or self.middle(street)

    def _point(self, street: Street, house: str, how: str) -> Place:
        row = street.houses[house]
        repeats = street.repeats.get(house)
        district = self.districts[row] if self.districts else ""
        if repeats is None:
            return Place(float(self.lon_deg[row]), float(self.lat_deg[row]), POINT_M, how, district)
        around = self._around(repeats, how)
        if around.accuracy_m > APART_M:
            around = self._likeliest(street, house, repeats, how) or around
        return around._replace(district=district)

    def _likeliest(self, street: Street, house: str, rows: list[int], how: str) -> Place | None:
        """Of points far from each other the one that its neighbours by number stand by."""
        wanted = int(_NUMBER.findall(house)[0][:9])
        others = {n: row for n, row in self._by_number(street).items() if 0 < abs(n - wanted) <= NEAR_NUMBERS}
        if not others:
            return None
        near = list(others.values())
        away = [
            float(
                np.median(
                    _metres(self.lat_deg[near] - self.lat_deg[r], self.lon_deg[near] - self.lon_deg[r], self.lat_deg[r])
                )
            )
            for r in rows
        ]
        row = rows[int(np.argmin(away))]
        return Place(float(self.lon_deg[row]), float(self.lat_deg[row]), APART_M, how)

    def _around(self, rows: list[int], how: str) -> Place:
        """The mean of several points; accuracy_m reaches the furthest of them."""
        lat, lon = self.lat_deg[rows], self.lon_deg[rows]
        mean_lat, mean_lon = float(lat.mean()), float(lon.mean())
        reach = float(_metres(lat - mean_lat, lon - mean_lon, mean_lat).max())
        return Place(mean_lon, mean_lat, max(POINT_M, reach), how)

    def _base(self, street: Street, house: str) -> Place | None:
        """Both ends of a range, else the first part known: "5-9", "12/14" -> 12, "12К2" -> 12."""
        parts = _PARTS.findall(house)
        known = [part for part in dict.fromkeys((*parts, *_NUMBER.findall(house)[:1])) if part in street.houses]
        if "-" in house and len(known) > 1:
            place = self._around([street.houses[part] for part in known[:2]], "base")
            return place._replace(accuracy_m=max(30.0, place.accuracy_m))
        first = [part for part in known if house.startswith(part)] or known[: 1 if "-" in house else 0]
        if not first:
            return None
        place = self._point(street, first[0], "base")
        return place._replace(accuracy_m=max(40.0, place.accuracy_m))

    def _between(self, street: Street, house: str) -> Place | None:
        """Between the nearest numbers of the same side; beyond the last house, at it. None if no number is near."""
        wanted = int(_NUMBER.findall(house)[0][:9])
        numbers = self._by_number(street)
        same = [n for n in numbers if (n - wanted) % 2 == 0 and abs(n - wanted) <= NEAR_NUMBERS]
        near = sorted(same or [n for n in numbers if abs(n - wanted) <= NEAR_NUMBERS // 2])
        if not near:
            return None
        for low, high in pairwise(near):
            if low < wanted < high:
                return self._share(numbers[low], numbers[high], (wanted - low) / (high - low))
        number = min(near, key=lambda n: abs(n - wanted))
        row = numbers[number]
        return Place(float(self.lon_deg[row]), float(self.lat_deg[row]), 40.0 + 20.0 * abs(number - wanted), "near")

    def _share(self, low: int, high: int, share: float) -> Place:
        lat = float(self.lat_deg[low] + (self.lat_deg[high] - self.lat_deg[low]) * share)
        lon = float(self.lon_deg[low] + (self.lon_deg[high] - self.lon_deg[low]) * share)
        apart_m = float(_metres(self.lat_deg[high] - self.lat_deg[low], self.lon_deg[high] - self.lon_deg[low], lat))
        return Place(lon, lat, max(40.0, apart_m / 2), "between")

    def _by_number(self, street: Street) -> dict[int, int]:
        found = self._numbers.get(id(street))
        if found is None:
            found = {}
            for house, row in street.houses.items():
                digits = _NUMBER.match(house)
                if digits:
                    found.setdefault(int(digits[0][:9]), row)
            self._numbers[id(street)] = found
        return found

    def middle(self, street: Street) -> Place | None:
        """The middle of all houses; accuracy_m reaches the furthest of them. None for a street without points."""
        if id(street) not in self._middles:
            self._middles[id(street)] = self._around(street.rows, "middle") if street.rows else None
        return self._middles[id(street)]

    def corner(self, one: Street, other: Street) -> Place | None:
        """Between the nearest houses of two streets; None if either has no points."""
        asked = (id(one), id(other))
        if asked not in self._corners:
            self._corners[asked] = self._nearest(one, other) if one.rows and other.rows else None
        return self._corners[asked]

    def _nearest(self, one: Street, other: Street) -> Place:
        a, b = np.asarray(one.rows), np.asarray(other.rows)
        lat0 = float(self.lat_deg[a[0]])
        apart = _metres(
            self.lat_deg[a][:, None] - self.lat_deg[b][None, :],
            self.lon_deg[a][:, None] - self.lon_deg[b][None, :],
            lat0,
        )
        i, j = np.unravel_index(int(apart.argmin()), apart.shape)
        nearest_m = float(apart[i, j])
        near_i, near_j = np.nonzero(apart <= nearest_m + AROUND_CORNER_M)
        lat = (self.lat_deg[a[near_i]] + self.lat_deg[b[near_j]]) / 2
        lon = (self.lon_deg[a[near_i]] + self.lon_deg[b[near_j]]) / 2
        at = int(np.flatnonzero((near_i == i) & (near_j == j))[0])
        # Streets may meet twice: only what lies around the nearest pair counts.
        here = _metres(lat - lat[at], lon - lon[at], lat0) <= 3 * AROUND_CORNER_M
        return Place(float(lon[here].mean()), float(lat[here].mean()), max(CORNER_M, nearest_m / 2), "corner")


class Nearby:
    """The house nearest to a place."""

    def __init__(self, streets: Sequence[Street], places: Places) -> None:
        self._places = places
        found = [(street, house, row) for street in streets for house, row in street.houses.items()]
        found += [
            (street, house, row) for street in streets for house, rows in street.repeats.items() for row in rows[1:]
        ]
        self._houses = found
        rows = np.array([row for _, _, row in found], dtype=np.int64)
        self._lat0 = float(np.mean(places.lat_deg[rows])) if len(rows) else 0.0
        at = np.column_stack([places.lon_deg[rows], places.lat_deg[rows]]) if len(rows) else np.empty((0, 2))
        self._tree = cKDTree(at * self._scale())

    def _scale(self) -> Floats:
        return np.array([M_PER_DEG * np.cos(np.radians(self._lat0)), M_PER_DEG])

    def nearest(self, lon_deg: float, lat_deg: float, *, within_m: float) -> tuple[Street, str, Place] | None:
        """Street, house and its point; accuracy_m of the point is its distance. None where none is so near."""
        if not self._houses:
            return None
        away_m, at = self._tree.query(np.array([lon_deg, lat_deg]) * self._scale(), distance_upper_bound=within_m)
        if not np.isfinite(away_m):
            return None
        street, house, row = self._houses[int(at)]
        district = self._places.districts[row] if len(self._places.districts) else ""
        lon, lat = float(self._places.lon_deg[row]), float(self._places.lat_deg[row])
        return street, house, Place(lon, lat, round(float(away_m), 1), "point", district)


def _metres(dlat_deg: Floats, dlon_deg: Floats, lat_deg: float) -> Floats:
    """Length of small steps in degrees, metres; good to 0.3 % inside a city."""
    x = dlon_deg * np.cos(np.radians(lat_deg))
    length: Floats = np.hypot(dlat_deg, x) * M_PER_DEG
    return length
