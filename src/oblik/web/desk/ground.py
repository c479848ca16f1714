"""What lies under the cameras on the map: houses and street names out of the city's own address points."""

import threading
from dataclasses import dataclass, field
from typing import Final

import mapbox_vector_tile
import numpy as np
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from numpy.typing import NDArray

from oblik.city import queries as city
from oblik.registry.logic.map_index import CELL_ZOOM, EXTENT, Floats, Integers, cells, interleave, world_position
from oblik.web.desk.access import page
from oblik.web.desk.mvt import MEDIA_TYPE

FIRST_ZOOM: Final = 11  # farther off a city is a few clusters
NAMES_FROM_ZOOM: Final = 13
LAST_ZOOM: Final = 16  # nearer, the browser enlarges these tiles
_DOTS_FAR: Final = 7  # a dot per square of 4 px, so that a whole town in one tile stays small
_DOTS: Final = 8  # from NAMES_FROM_ZOOM on, per square of 2 px
_KEPT_TILES: Final = 512
_NAME_EVERY_ZOOM: Final = 15  # a long street is named once in each tile of this zoom


@dataclass(frozen=True, slots=True)
class Names:
    """Street names as columns: where, along which line, of how many houses."""

    cell: Integers
    x: Floats
    y: Floats
    text: NDArray[np.object_]
    turn_deg: Integers  # clockwise from level, in (-90, 90]
    houses: Integers


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Houses sorted by cell of the web-map grid, and the names of their streets, as of one version of the tables."""

    version: str
    cell: Integers
    x: Floats
    y: Floats
    house: NDArray[np.object_]
    names: Names
    _written: dict[tuple[int, int, int], bytes] = field(default_factory=dict)

    def tile(self, zoom: int, x: int, y: int) -> bytes:
        """encode_ground, remembered: everybody sees the same ground."""
        known = self._written.get((zoom, x, y))
        if known is None:
            if len(self._written) >= _KEPT_TILES:
                self._written.clear()
            known = self._written[zoom, x, y] = encode_ground(self, zoom, x, y)
        return known


_lock = threading.Lock()
_newest: Ground | None = None


def ground() -> Ground:
    """The ground as the city's tables have it; read anew only after a load."""
    global _newest
    version = str(city.city_version())
    with _lock:
        if _newest is None or _newest.version != version:
            _newest = ground_of(city.houses(), version=version)
        return _newest


def ground_of(houses: city.Houses, *, version: str) -> Ground:
    """The ground of these houses; none give a ground whose tiles are empty."""
    x, y = world_position(np.array(houses.lon_deg, dtype=np.float64), np.array(houses.lat_deg, dtype=np.float64))
    cell = cells(x, y)
    order = np.argsort(cell, kind="stable")
    cell, x, y = cell[order], x[order], y[order]
    street = np.array(houses.street, dtype=object)[order]
    return Ground(version, cell, x, y, np.array(houses.house, dtype=object)[order], _names(cell, x, y, street))


def _names(cell: Integers, x: Floats, y: Floats, street: NDArray[np.object_]) -> Names:
    """Each street once per square that it runs through, amid its houses and along them."""
    words, number = np.unique(street.astype(str), return_inverse=True)
    square = np.unique(cell >> (2 * (CELL_ZOOM - _NAME_EVERY_ZOOM)), return_inverse=True)[1]
    key, group, houses = np.unique(square * max(len(words), 1) + number, return_inverse=True, return_counts=True)

    def mean(values: Floats) -> Floats:
        found: Floats = np.bincount(group, weights=values, minlength=len(key)) / houses
        return found

    middle_x, middle_y = mean(x), mean(y)
    off_x, off_y = x - middle_x[group], y - middle_y[group]
    # The line that the houses lie along: the longer axis of their spread.
    turn = 0.5 * np.degrees(np.arctan2(2 * mean(off_x * off_y), mean(off_x**2) - mean(off_y**2)))
    text = words[key % max(len(words), 1)].astype(object)
    return Names(cells(middle_x, middle_y), middle_x, middle_y, text, np.rint(turn).astype(np.int64), houses)


def encode_ground(under: Ground, zoom: int, x: int, y: int) -> bytes:
    """One tile with the layers `houses` and `streets`; nothing there gives no bytes, a legal empty tile."""
    below = 2 * (CELL_ZOOM - zoom)
    first = int(interleave(np.array([x]), np.array([y]))[0]) << below
    low, high = np.searchsorted(under.cell, [first, first + (1 << below)])
    side = float(1 << zoom)

    def place(world_x: Floats, world_y: Floats) -> list[tuple[int, int]]:
        inside = np.column_stack([(world_x * side - x) * EXTENT, (world_y * side - y) * EXTENT])
        return [(int(east), int(south)) for east, south in inside.clip(0, EXTENT - 1)]

    layers = []
    if high > low:
        hits = np.arange(low, high)
        if zoom < LAST_ZOOM:
            square = below - 2 * (_DOTS if zoom >= NAMES_FROM_ZOOM else _DOTS_FAR)
            hits = hits[np.unique(under.cell[hits] >> square, return_index=True)[1]]
            dots = {"type": "MultiPoint", "coordinates": place(under.x[hits], under.y[hits])}
            layers.append({"name": "houses", "features": [{"geometry": dots, "properties": {}}]})
        else:
            points = zip(place(under.x[hits], under.y[hits]), under.house[hits], strict=True)
            layers.append({"name": "houses", "features": [_mark(at, {"house": house}) for at, house in points]})
    names = under.names
    if zoom >= NAMES_FROM_ZOOM and len(names.cell):
        mine = np.flatnonzero((names.cell >= first) & (names.cell < first + (1 << below)))
        told = zip(place(names.x[mine], names.y[mine]), mine.tolist(), strict=True)
        marks = [
            _mark(at, {"name": names.text[n], "turn": int(names.turn_deg[n]), "houses": int(names.houses[n])})
            for at, n in told
        ]
        layers.append({"name": "streets", "features": marks})
    layers = [layer for layer in layers if layer["features"]]
    if not layers:
        return b""
    written: bytes = mapbox_vector_tile.encode(layers, default_options={"extents": EXTENT, "y_coord_down": True})
    return written


def _mark(at: tuple[int, int], properties: dict[str, object]) -> dict[str, object]:
    return {"geometry": {"type": "Point", "coordinates": list(at)}, "properties": properties}


@page()
def ground_tile(request: HttpRequest, zoom: int, x: int, y: int) -> HttpResponse:
    """One tile of the ground; the same for everybody who may see the map."""
    if not (FIRST_ZOOM <= zoom <= LAST_ZOOM and 0 <= x < 1 << zoom and 0 <= y < 1 << zoom):
        raise Http404("no such tile")
    under = ground()
    etag = f'"{under.version}-{zoom}-{x}-{y}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    return HttpResponse(under.tile(zoom, x, y), content_type=MEDIA_TYPE, headers={"ETag": etag})
