"""Where streets run: where two of them meet, what lies across from a house, where the middle of one is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import shapely

from oblik.city.logic.addresses import split_kind
from oblik.city.logic.names import street_fold
from oblik.city.logic.streets import Named, Rename, Street
from oblik.city.logic.words import KIND_KEYS

M_PER_DEG: Final = 111_195.0  # of latitude, on a sphere of 6,371 km
_MEET_M: Final = 60.0  # streets whose lines end so near each other still meet: a square or a map's gap lies between
_CROSSING_M: Final = 12.0
_ONE_CROSSING_M: Final = 60.0  # crossings so near each other are one: two carriageways
_ACROSS_M: Final = 25.0
_NEAR_STREET_M: Final = 120.0  # a house further from its street has no "opposite"
_LANGUAGES: Final = ("uk", "ru", "en", "fi", "sv", "fr")

At = tuple[float, float, float]  # lon_deg, lat_deg, accuracy_m


class StreetLines(NamedTuple):
    """Pieces of streets as columns of one length: name with its kind, other names, shapely lines in degrees.

    names: {"uk": ..., "ru": ..., "en": ..., "old": [...], "alt": [...]}, each with its kind where it has one.
    """

    name: Sequence[str] = ()
    names: Sequence[Mapping[str, Any]] = ()
    geometry: Sequence[Any] = ()


def renames_of(lines: StreetLines) -> list[Rename]:
    """What the names on the map say: that a street is there, what else it is called, what it was called before."""
    found: dict[Rename, None] = {}
    for name, names in dict(zip(lines.name, lines.names, strict=True)).items():
        kind, bare = split_kind("", name)
        if not street_fold(bare):
            continue
        found[Rename("", kind, "", bare)] = None
        others = [str(names[language]) for language in _LANGUAGES if names.get(language)]
        for other in [*others, *names.get("alt", ())]:
            other_kind, other_bare = split_kind("", str(other))
            same_kind = KIND_KEYS.get(other_kind, other_kind) == KIND_KEYS.get(kind, kind)
            if street_fold(other_bare) != street_fold(bare):
                known = Rename("", kind, "", bare, "", other_bare) if same_kind else None
                found[known or Rename(other_kind or kind, kind, other_bare, bare)] = None
        for old in names.get("old", ()):
            old_kind, old_bare = split_kind("", str(old))
            if street_fold(old_bare):
                found[Rename(old_kind or kind, kind, old_bare, bare)] = None
    return list(found)


class Roads:
    """The lines of known streets; empty where no map is loaded."""

    def __init__(self, lines: StreetLines, names: Mapping[str, Sequence[Named]]) -> None:
        self._by_street: dict[int, Any] = {}
        if not len(lines.name):
            return
        pieces: dict[int, list[Any]] = defaultdict(list)
        middle = shapely.bounds(np.asarray(lines.geometry, dtype=object))
        self._lat0 = float(np.nanmean(middle[:, 1]))
        self._scale = np.array([M_PER_DEG * float(np.cos(np.radians(self._lat0))), M_PER_DEG])
        meant: dict[str, Street | None] = {}
        for name, geometry in zip(lines.name, lines.geometry, strict=True):
            if name not in meant:
                meant[name] = _street(name, names)
            street = meant[name]
            if street is not None:
                pieces[id(street)].append(geometry)
        for key, parts in pieces.items():
            self._by_street[key] = shapely.transform(_together(parts), self._metres)

    def _metres(self, degrees: Any) -> Any:
        return degrees * self._scale

    def _degrees(self, x_m: float, y_m: float, accuracy_m: float) -> At:
        return x_m / float(self._scale[0]), y_m / float(self._scale[1]), accuracy_m

    def corner(self, one: Street, other: Street) -> At | None:
        """Where two streets cross or nearly meet; accuracy_m reaches all crossings where they cross several times."""
        a, b = self._by_street.get(id(one)), self._by_street.get(id(other))
        if a is None or b is None:
            return None
        shared = a.intersection(b)
        if shared.is_empty:
            gap = a.distance(b)
            if gap > _MEET_M:
                return None
            line = shapely.shortest_line(a, b)
            spot = line.interpolate(0.5, normalized=True)
            return self._degrees(spot.x, spot.y, max(_CROSSING_M, gap / 2 + 10))
        spots = shapely.get_coordinates(shapely.centroid(shapely.get_parts(shared)))
        near = spots[np.hypot(*(spots - spots[0]).T) <= _ONE_CROSSING_M]
        kept = near if len(near) == len(spots) else spots
        centre = kept.mean(axis=0)
        reach = float(np.hypot(*(kept - centre).T).max())
        return self._degrees(float(centre[0]), float(centre[1]), max(_CROSSING_M, reach))

    def across(self, street: Street, lon_deg: float, lat_deg: float) -> At | None:
        """The place on the other side of the street from a house."""
        line = self._by_street.get(id(street))
        if line is None:
            return None
        house = np.array([lon_deg, lat_deg]) * self._scale
        spot = shapely.Point(house)
        gap = line.distance(spot)
        if gap > _NEAR_STREET_M or gap < 1:
            return None
        foot = shapely.get_coordinates(shapely.shortest_line(spot, line))[-1]
        over = foot + (foot - house) / gap * min(gap, 20.0)
        return self._degrees(float(over[0]), float(over[1]), _ACROSS_M)

    def middle(self, street: Street) -> At | None:
        """The point of the street nearest to the middle of its box; accuracy_m reaches its furthest end."""
        line = self._by_street.get(id(street))
        if line is None:
            return None
        west, south, east, north = line.bounds
        middle = shapely.Point((west + east) / 2, (south + north) / 2)
        at = shapely.get_coordinates(shapely.shortest_line(middle, line))[-1]
        reach = float(np.hypot(*(shapely.get_coordinates(line) - at).T).max())
        return self._degrees(float(at[0]), float(at[1]), max(_CROSSING_M, reach))


def _together(parts: Sequence[Any]) -> Any:
    return parts[0] if len(parts) == 1 else shapely.union_all(np.array(parts, dtype=object))


def _street(name: str, names: Mapping[str, Sequence[Named]]) -> Street | None:
    """The one street that a piece of this name belongs to: under its present name, else under an old one."""
    kind, bare = split_kind("", name)
    kind = KIND_KEYS.get(kind, kind)
    named = [one for one in names.get(street_fold(bare), ()) if one.kind == kind]
    for wanted in (lambda one: one.how == "current", lambda one: True):
        streets: Iterable[Street] = {id(one.street): one.street for one in named if wanted(one)}.values()
        found = list(streets)
        if found:
            return found[0] if len(found) == 1 else None
    return None
