"""What is seen, as tiles of the map: best bands, overlap and blind spots of what a person may see."""

import hashlib
import threading
from collections import OrderedDict
from typing import Any, Final

import mapbox_vector_tile
import numpy as np
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified

from oblik.accounts.queries import Scope
from oblik.coverage import sums
from oblik.coverage.documents.drawing import areas, coverage_values, overlap_values, tile_values
from oblik.coverage.logic.surface import BLOCK_ZOOM, SIDE, Block
from oblik.registry.logic.map_index import EXTENT
from oblik.web.desk.access import page, seen_by
from oblik.web.desk.mvt import MEDIA_TYPE

FIRST_ZOOM: Final = 9  # farther off a city is a few squares
_KEPT: Final = 2_048  # tiles; some 10 kB each
_SCALE: Final = EXTENT // SIDE
_lock = threading.Lock()
_written: OrderedDict[tuple[int, int, int, int, int], bytes] = OrderedDict()


@page()
def tile(request: HttpRequest, zoom: int, x: int, y: int) -> HttpResponse:
    """One tile with the layers `coverage`, `overlap` and `blind`; nothing added up yet gives an empty one."""
    if not FIRST_ZOOM <= zoom <= BLOCK_ZOOM or not (0 <= x < 1 << zoom and 0 <= y < 1 << zoom):
        raise Http404
    within = seen_by(request)
    version = sums.survey_version(within=within)
    etag = f'"{hashlib.sha256(f"{version}/{zoom}/{x}/{y}".encode()).hexdigest()[:20]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    drawn = _tile(version, zoom, x, y, within=within) if version[0] else b""
    return HttpResponse(drawn, content_type=MEDIA_TYPE, headers={"ETag": etag})


def _tile(version: tuple[int, int], zoom: int, x: int, y: int, *, within: Scope) -> bytes:
    key = (*version, zoom, x, y)
    with _lock:
        if key in _written:
            _written.move_to_end(key)
            return _written[key]
    drawn = _encoded(version[0], zoom, x, y, within=within)
    with _lock:
        _written[key] = drawn
        while len(_written) > _KEPT:
            _written.popitem(last=False)
    return drawn


def _encoded(survey: int, zoom: int, x: int, y: int, *, within: Scope) -> bytes:
    up = BLOCK_ZOOM - zoom
    first, last = Block(x << up, y << up).cell, Block(((x + 1) << up) - 1, ((y + 1) << up) - 1).cell
    found = sums.surfaces_between(survey, first=first, last=last)
    layers = [
        {"name": name, "features": _areas(tile_values(found, zoom=zoom, x=x, y=y, value=value))}
        for name, value in (("coverage", coverage_values), ("overlap", overlap_values))
    ]
    layers.append({"name": "blind", "features": _spots(zoom, x, y, within=within)})
    layers = [layer for layer in layers if layer["features"]]
    if not layers:
        return b""
    written: bytes = mapbox_vector_tile.encode(layers, default_options={"extents": EXTENT, "y_coord_down": True})
    return written


def _areas(values: Any) -> list[dict[str, Any]]:
    """Areas of one value each; `sure` where it is, `value` the band from 1 or the number of cameras."""
    by_value: dict[int, list[Any]] = {}
    for value, rings in areas(values):
        by_value.setdefault(value, []).append([(ring * _SCALE).astype(int).tolist() for ring in rings])
    return [
        {
            "geometry": {"type": "MultiPolygon", "coordinates": polygons},
            "properties": {"value": value % 10, "sure": value > 10},
        }
        for value, polygons in sorted(by_value.items())
    ]


def _spots(zoom: int, x: int, y: int, *, within: Scope) -> list[dict[str, Any]]:
    found = sums.survey(within=within)
    if found is None:
        return []
    spots = [spot for spot in found.totals.blind if spot.loss > 0]
    lon, lat = np.array([spot.lon_deg for spot in spots]), np.array([spot.lat_deg for spot in spots])
    side = float(1 << zoom)
    east = (lon + 180) / 360 * side - x
    south = (0.5 - np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)) / (2 * np.pi)) * side - y
    return [
        {
            "geometry": {"type": "Point", "coordinates": [int(east[i] * EXTENT), int(south[i] * EXTENT)]},
            "properties": {"weight": round(spots[i].weight, 1), "loss": round(spots[i].loss, 2)},
        }
        for i in np.flatnonzero((east >= 0) & (east < 1) & (south >= 0) & (south < 1))
    ]
