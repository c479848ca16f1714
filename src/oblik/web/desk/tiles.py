"""The tiles of the map: one index in memory per state of the register, cut by what the person may see and asks for."""

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified

from oblik.registry import queries as registry
from oblik.registry.logic.map_index import Flags, MapIndex, Placed
from oblik.web.desk.access import page, visible_owners
from oblik.web.desk.filters import Filters
from oblik.web.desk.mvt import MEDIA_TYPE, encode_tile

_KEPT_MASKS: Final = 64  # different filters in use at once; a mask of 100,000 cameras takes 100 kB
_EVERY_CAMERA: Final = 10_000_000

MaskKey = tuple[Filters, frozenset[str] | None]


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


def shown_mask(current: Snapshot, *, asked: Filters, visible: frozenset[str] | None) -> Flags | None:
    """Which cameras of the index are drawn; None for all of them."""
    key = (asked, visible)
    with _lock:
        if key in current.masks:
            current.masks.move_to_end(key)
            return current.masks[key]
    mask = _mask(current.index, asked, visible)
    with _lock:
        current.masks[key] = mask
        while len(current.masks) > _KEPT_MASKS:
            current.masks.popitem(last=False)
    return mask


def _mask(index: MapIndex, asked: Filters, visible: frozenset[str] | None) -> Flags | None:
    kind = "" if asked.kind == "unknown" else asked.kind
    mask = index.mask(owner=asked.owner, kind=kind, state=asked.state)
    parts: list[Flags] = [] if mask is None else [mask]
    if asked.kind == "unknown":
        parts.append(np.asarray(index.points.kind == "", dtype=np.bool_))
    if visible is not None:
        parts.append(np.isin(index.points.owner.astype(str), sorted(visible)))
    if asked.text:
        found = registry.search_cameras(text=asked.text, per_page=_EVERY_CAMERA, visible_to=visible)
        parts.append(index.among(frozenset(line.code for line in found.lines)))
    if not parts:
        return None
    whole: Flags = np.logical_and.reduce(parts)
    return whole


@page()
def tile(request: HttpRequest, zoom: int, x: int, y: int) -> HttpResponse:
    """One tile as a vector tile; the browser asks again each time, and mostly hears that nothing has changed."""
    asked, visible = Filters.read(request.GET), visible_owners(request)
    current = snapshot()
    seen = "all" if visible is None else ",".join(sorted(visible))
    tag = hashlib.sha256(f"{current.version}|{asked.address}|{seen}|{zoom}/{x}/{y}".encode()).hexdigest()[:20]
    etag = f'"{tag}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    try:
        content = current.index.tile(zoom, x, y, shown=shown_mask(current, asked=asked, visible=visible))
    except ValueError as wrong:
        raise Http404(str(wrong)) from wrong
    return HttpResponse(encode_tile(content, current.index), content_type=MEDIA_TYPE, headers={"ETag": etag})
