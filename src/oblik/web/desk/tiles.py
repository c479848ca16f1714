"""The tiles of the map: one index in memory per state of the register, cut by what the person may see and asks for."""

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified

from oblik.accounts.queries import Scope
from oblik.registry.logic.map_index import Flags, MapIndex, Placed, Texts
from oblik.registry.logic.wanted import Wanted
from oblik.registry.points import Standing, standing
from oblik.web.desk.access import page, seen_by
from oblik.web.desk.filters import Filters
from oblik.web.desk.mvt import MEDIA_TYPE, encode_tile

_KEPT_TILES: Final = 1_000  # a crowded one takes some 60 kB, most take 2 kB

TileKey = tuple[Wanted, Scope, int, int, int]


@dataclass(slots=True, eq=False)
class Snapshot:
    """The map as of one version of the register. tiles: as written, for those who ask and may see the same."""

    cameras: Standing
    index: MapIndex
    tiles: "OrderedDict[TileKey, bytes]" = field(default_factory=OrderedDict)

    def shown(self, wanted: Wanted, *, within: Scope) -> Flags | None:
        """Which cameras of the index are drawn; None for all of them."""
        flags = self.cameras.shown(wanted, within=within)
        return None if flags is None else flags[self.index.row]


_lock = threading.Lock()
_newest: Snapshot | None = None


def snapshot() -> Snapshot:
    """The index of the register as it stands; built anew only when the register has changed."""
    global _newest
    cameras = standing()
    with _lock:
        if _newest is None or _newest.cameras is not cameras:
            _newest = Snapshot(cameras, MapIndex.build(_placed(cameras.frame)))
        return _newest


def _placed(frame: pl.DataFrame) -> Placed:
    def number(name: str) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        return frame[name].fill_null(float("nan")).to_numpy()

    return Placed(
        lon_deg=number("lon_deg"), lat_deg=number("lat_deg"), code=np.array(frame["code"].to_list(), dtype=object),
        owner=_shared(frame["owner__code"]), kind=_shared(frame["kind"]), state=_shared(frame["state"]),
        bearing_deg=number("bearing_deg"), origin=_shared(frame["place_origin"]), hfov_deg=number("hfov_deg"),
    )  # fmt: skip


def _shared(column: pl.Series) -> Texts:
    """The texts as objects, each different one once: a few words for hundreds of thousands of cameras."""
    words = column.unique().sort()
    at = words.search_sorted(column).to_numpy() if len(column) else np.empty(0, dtype=np.int64)
    texts: Texts = np.array(words.to_list(), dtype=object)[at]
    return texts


@page()
def tile(request: HttpRequest, zoom: int, x: int, y: int) -> HttpResponse:
    """One tile as a vector tile; the browser asks again each time, and mostly hears that nothing has changed."""
    asked, within = Filters.read(request.GET), seen_by(request)
    wanted = asked.wanted(within=within)
    current = snapshot()
    etag = ""
    if within.all and wanted.chosen is None:
        etag = _etag(f"{current.cameras.version}|{asked.address}|{wanted.places}|{zoom}/{x}/{y}".encode())
        if request.headers.get("If-None-Match") == etag:
            return HttpResponseNotModified(headers={"ETag": etag})
    drawn = _drawn(current, wanted, within, (zoom, x, y))
    if not etag:
        # By the register's version one would see that somebody else's cameras have changed.
        etag = _etag(drawn)
        if request.headers.get("If-None-Match") == etag:
            return HttpResponseNotModified(headers={"ETag": etag})
    return HttpResponse(drawn, content_type=MEDIA_TYPE, headers={"ETag": etag})


def _drawn(current: Snapshot, wanted: Wanted, within: Scope, at: tuple[int, int, int]) -> bytes:
    key = (wanted, within, *at)
    # Which claims a campaign has may change without the register changing: such a scope is looked up each time.
    keeps = not any(reach.campaigns for reach in within.reaches)
    with _lock:
        if keeps and key in current.tiles:
            current.tiles.move_to_end(key)
            return current.tiles[key]
    try:
        content = current.index.tile(*at, shown=current.shown(wanted, within=within))
    except ValueError as wrong:
        raise Http404(str(wrong)) from wrong
    drawn = encode_tile(content, current.index)
    if keeps:
        with _lock:
            current.tiles[key] = drawn
            while len(current.tiles) > _KEPT_TILES:
                current.tiles.popitem(last=False)
    return drawn


def _etag(of: bytes) -> str:
    return f'"{hashlib.sha256(of).hexdigest()[:20]}"'
