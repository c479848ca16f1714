"""Where on a street a house, a corner or the middle lies, and how sure that is."""

import re
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from oblik.city.logic.names import latin_house
from oblik.city.logic.streets import Points, Street

Floats = npt.NDArray[np.float64]

POINT_M: Final = 15.0  # an address point lies on the building, the camera on its wall
CORNER_M: Final = 40.0
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
        self._lat: Floats = np.asarray(points.lat_deg, dtype=np.float64)
        self._lon: Floats = np.asarray(points.lon_deg, dtype=np.float64)
        self._district = points.district
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
        district = self._district[row] if self._district else ""
        if repeats is None:
            return Place(float(self._lon[row]), float(self._lat[row]), POINT_M, how, district)
        return self._around(repeats, how)._replace(district=district)

    def _around(self, rows: list[int], how: str) -> Place:
        """The mean of several points; accuracy_m reaches the furthest of them."""
        lat, lon = self._lat[rows], self._lon[rows]
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
        return Place(float(self._lon[row]), float(self._lat[row]), 40.0 + 20.0 * abs(number - wanted), "near")

    def _share(self, low: int, high: int, share: float) -> Place:
        lat = float(self._lat[low] + (self._lat[high] - self._lat[low]) * share)
        lon = float(self._lon[low] + (self._lon[high] - self._lon[low]) * share)
        apart_m = float(_metres(self._lat[high] - self._lat[low], self._lon[high] - self._lon[low], lat))
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
        lat0 = float(self._lat[a[0]])
        apart = _metres(
            self._lat[a][:, None] - self._lat[b][None, :], self._lon[a][:, None] - self._lon[b][None, :], lat0
        )
        i, j = np.unravel_index(int(apart.argmin()), apart.shape)
        nearest_m = float(apart[i, j])
        near_i, near_j = np.nonzero(apart <= nearest_m + AROUND_CORNER_M)
        lat = (self._lat[a[near_i]] + self._lat[b[near_j]]) / 2
        lon = (self._lon[a[near_i]] + self._lon[b[near_j]]) / 2
        at = int(np.flatnonzero((near_i == i) & (near_j == j))[0])
        # Streets may meet twice: only what lies around the nearest pair counts.
        here = _metres(lat - lat[at], lon - lon[at], lat0) <= 3 * AROUND_CORNER_M
        return Place(float(lon[here].mean()), float(lat[here].mean()), max(CORNER_M, nearest_m / 2), "corner")


def _metres(dlat_deg: Floats, dlon_deg: Floats, lat_deg: float) -> Floats:
    """Length of small steps in degrees, metres; good to 0.3 % inside a city."""
    x = dlon_deg * np.cos(np.radians(lat_deg))
    length: Floats = np.hypot(dlat_deg, x) * M_PER_DEG
    return length
