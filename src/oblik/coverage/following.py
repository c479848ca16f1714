"""How versions of cameras become rows of footprints; reads tables, writes none."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np

from oblik.city.logic.cells import cells_of
from oblik.coverage.logic.footprints import Footprint, footprints
from oblik.coverage.logic.packing import FORM, packed
from oblik.coverage.logic.touched import filing_cells
from oblik.coverage.logic.views import MAX_REACH_M, View, view_of
from oblik.coverage.surroundings import Ground, digests, grounds
from oblik.registry.versions import CameraState

HOME_ZOOM: Final = 17  # 200 m at latitude 50: cameras near a place are those of its cell and the eight around it
# What a footprint is computed from; a change of any other value leaves it as it is.
FACTS: Final = ("lon_deg", "lat_deg", "accuracy_m", "place_origin", "indoor", "height_m", "bearing_deg", "tilt_deg",
                "hfov_deg", "focal_mm", "range_m", "ir_range_m", "width_px", "height_px", "kind", "mount")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """A footprint as it is stored: where the camera hangs, its bytes, its cells, the digest of what stands around."""

    lon_deg: float | None
    lat_deg: float | None
    home: int
    shape: bytes
    walls: int
    assumed: str
    cells: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """The footprint of a camera that is in force."""

    id: int
    since_at: datetime
    state: str
    facts: int


@dataclass(frozen=True, slots=True)
class Next:
    """One step of a camera: a footprint from this version on, or its end. copies: shows what the one before did."""

    said: CameraState
    facts: int
    copies: bool


BLIND: Final = Drawn(None, None, 0, b"", 0, "", ())


def facts_digest(values: Mapping[str, object]) -> int:
    """Equal for cameras that look the same from the same place."""
    told = [values.get(name) for name in FACTS]
    return zlib.crc32(json.dumps([FORM, told], default=str).encode())


def steps(said: Sequence[CameraState], *, held: Mapping[int, Held]) -> dict[int, list[Next]]:
    """camera -> what changes of its footprint, oldest first; versions that change nothing are left out.

    Of versions that happened at one instant only the last counts: the others held for no time at all.
    """
    answer: dict[int, list[Next]] = {}
    for one in said:
        found = answer.setdefault(one.camera, [])
        before = held.get(one.camera)
        last = (found[-1].facts, found[-1].said.state, found[-1].said.gone) if found else None
        if last is None and before is not None:
            last = (before.facts, before.state, False)
        facts = facts_digest(one.values)
        if last == (facts, one.state, one.gone) or (last is None and one.gone):
            continue
        if found and found[-1].said.happened_at == one.happened_at:
            found.pop()
            found.append(Next(one, facts, copies=False))
            continue
        found.append(Next(one, facts, copies=last is not None and last[0] == facts and not last[2]))
    return {camera: found for camera, found in answer.items() if found}


def drawn(values: Sequence[Mapping[str, Any]]) -> list[Drawn]:
    """The footprint of each camera on today's map; blind where its place is unknown or it hangs indoors."""
    views = [view_of(one) if _is_placed(one) else None for one in values]
    answer = [BLIND] * len(values)
    seeing = [i for i, view in enumerate(views) if view is not None]
    lon = np.array([float(values[i]["lon_deg"]) for i in seeing])
    lat = np.array([float(values[i]["lat_deg"]) for i in seeing])
    for here, around in grounds(lon, lat, reach_m=MAX_REACH_M) if seeing else ():
        chosen = [seeing[k] for k in here]
        for i, one in zip(chosen, _on(around, [views[i] for i in chosen], lon[here], lat[here]), strict=True):
            answer[i] = one
    return answer


def _is_placed(values: Mapping[str, Any]) -> bool:
    return "lon_deg" in values and "lat_deg" in values and abs(float(values["lat_deg"])) < 85


def _on(around: Ground, views: Sequence[View | None], lon: Any, lat: Any) -> list[Drawn]:
    frame, known = around.frame, [view for view in views if view is not None]
    found = footprints(known, x_m=frame.x_m(lon), y_m=frame.y_m(lat), walls=around.walls, heights=around.heights)
    x, y = np.array([f.x_m for f in found]), np.array([f.y_m for f in found])
    reach = np.array([f.reach_m for f in found])
    lon, lat = frame.lon(x), frame.lat(y)
    told = digests(around, lon_deg=lon, lat_deg=lat, reach_m=reach)
    homes = cells_of(lon, lat, zoom=HOME_ZOOM)
    return [_stored(f, float(lon[i]), float(lat[i]), int(homes[i]), int(told[i])) for i, f in enumerate(found)]


def _stored(seen: Footprint, lon: float, lat: float, home: int, walls: int) -> Drawn:
    cells = filing_cells(replace(seen, x_m=0.0, y_m=0.0), lon_deg=lon, lat_deg=lat)
    return Drawn(lon, lat, home, packed(seen), walls, ",".join(seen.view.assumed), tuple(cells.tolist()))
