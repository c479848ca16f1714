"""The tiles of the map: one index in memory per state of the register, cut by what the person may see and asks for."""

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified

from oblik.accounts.queries import Reach, Scope
from oblik.registry import queries as registry
from oblik.registry.logic.map_index import Flags, MapIndex, Placed
from oblik.web.desk.access import page, seen_by
from oblik.web.desk.filters import Filters
from oblik.web.desk.mvt import MEDIA_TYPE, encode_tile

_KEPT_MASKS: Final = 64  # different filters in use at once; a mask of 100,000 cameras takes 100 kB

MaskKey = tuple[Filters, Scope]


@dataclass(slots=True)
class Snapshot:
    """The map as of one version of the register."""

    version: str
    index: MapIndex
    masks: OrderedDict[MaskKey, Flags | None] = field(default_factory=OrderedDict)


_lock = threading.Lock()
_newest: Snapshot | None = None


def snapshot() -> Snapshot:
    """The index of the register as it stands; read anew only when the register has changed."""
    global _newest
    version = registry.register_version()
    with _lock:
        if _newest is None or _newest.version != version:
            _newest = Snapshot(version, MapIndex.build(_placed()))
        return _newest


def _placed() -> Placed:
    found = registry.map_points()
    texts = {
        name: np.array(getattr(found, name), dtype=object) for name in ("code", "owner", "kind", "state", "origin")
    }
    return Placed(lon_deg=found.lon_deg, lat_deg=found.lat_deg, bearing_deg=found.bearing_deg, **texts)


def shown_mask(current: Snapshot, *, asked: Filters, within: Scope) -> Flags | None:
    """Which cameras of the index are drawn; None for all of them."""
    key = (asked, within)
    with _lock:
        if key in current.masks:
            current.masks.move_to_end(key)
            return current.masks[key]
    mask = _mask(current.index, asked, within)
    with _lock:
        current.masks[key] = mask
        while len(current.masks) > _KEPT_MASKS:
            current.masks.popitem(last=False)
    return mask


def _mask(index: MapIndex, asked: Filters, within: Scope) -> Flags | None:
    kind = "" if asked.kind == "unknown" else asked.kind
    mask = index.mask(owner=asked.owner, kind=kind, state=asked.state)
    parts: list[Flags] = [] if mask is None else [mask]
    if asked.kind == "unknown":
        parts.append(np.asarray(index.points.kind == "", dtype=np.bool_))
    if within.reaches == (Reach(owners=within.own_lists),) and not within.all:
        # By far the most scopes that end somewhere: the database need not be asked for each camera.
        parts.append(np.isin(index.points.owner.astype(str), sorted(within.own_lists)))
    elif not within.all:
        parts.append(index.among(registry.found_codes(within=within)))
    if asked.text:
        parts.append(index.among(registry.found_codes(text=asked.text, within=within)))
    if not parts:
        return None
    whole: Flags = np.logical_and.reduce(parts)
    return whole


@page()
def tile(request: HttpRequest, zoom: int, x: int, y: int) -> HttpResponse:
    """One tile as a vector tile; the browser asks again each time, and mostly hears that nothing has changed."""
    asked, within = Filters.read(request.GET), seen_by(request)
    current = snapshot()
    etag = _etag(f"{current.version}|{asked.address}|{zoom}/{x}/{y}".encode()) if within.all else ""
    if etag and request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    try:
        content = current.index.tile(zoom, x, y, shown=shown_mask(current, asked=asked, within=within))
    except ValueError as wrong:
        raise Http404(str(wrong)) from wrong
    drawn = encode_tile(content, current.index)
    if not etag:
        # By the register's version one would see that somebody else's cameras have changed.
        etag = _etag(drawn)
        if request.headers.get("If-None-Match") == etag:
            return HttpResponseNotModified(headers={"ETag": etag})
    return HttpResponse(drawn, content_type=MEDIA_TYPE, headers={"ETag": etag})


def _etag(of: bytes) -> str:
    return f'"{hashlib.sha256(of).hexdigest()[:20]}"'
