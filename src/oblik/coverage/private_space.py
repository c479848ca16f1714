"""How much of what a camera sees is somebody's home: housing plots, and the window sides of dwellings."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import shapely

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.city import queries as city
from oblik.city.logic.cells import widened
from oblik.coverage import reading
from oblik.coverage.logic import density
from oblik.coverage.logic.crossing import views_of
from oblik.coverage.logic.surface import SIDE, painted
from oblik.coverage.logic.touched import FINE_ZOOM
from oblik.coverage.reading import Stored

_STEP_M: Final = 1.0  # between two places of a wall: less than a window
_BEFORE_M: Final = 0.15  # a place of a wall is looked at so far before it


@dataclass(frozen=True, slots=True)
class PrivateShare:
    """Of a camera's footprint, surely and possibly: the share on housing plots that no building stands on, and how many
    metres of dwellings' outer walls it sees. facade_band: the finest band that any of them may be seen in, "" none.

    seen_m2: of the possible footprint; plots_known: whether any housing plot lies on the map within reach at all.
    """

    camera: str
    seen_m2: float
    plot_share_sure: float
    plot_share_may: float
    facade_sure_m: float
    facade_may_m: float
    facade_band: str
    plots_known: bool


def private_share(codes: Iterable[str], *, within: Scope = EVERYWHERE) -> dict[str, PrivateShare]:
    """code -> how much of its footprint is private; cameras that see no ground are left out.

    NotFound for a code outside the scope. Facades are those of buildings of city.queries.DWELLINGS: no map says which
    of their walls have windows, so every outer wall counts.
    """
    answer = {}
    for code in codes:
        stored = reading.footprint_of(code, within=within)
        if stored is not None and stored.seen is not None:
            answer[code] = _share(stored, stored.seen)
    return answer


def _share(stored: Stored, seen: Any) -> PrivateShare:
    here = (stored.lon_deg, stored.lat_deg, stored.lon_deg, stored.lat_deg)
    box = widened(here, by_m=seen.reach_m)
    plots = city.housing(box=box)
    may_m2, sure_m2, on_may, on_sure = _ground(stored, seen, plots.geometry)
    sure_m, may_m, band = _facades(stored, seen, box)
    return PrivateShare(
        stored.code, may_m2, on_sure / max(sure_m2, 1e-9), on_may / max(may_m2, 1e-9), sure_m, may_m, band,
        bool(len(plots)),
    )  # fmt: skip


def _ground(stored: Stored, seen: Any, plots: Any) -> tuple[float, float, float, float]:
    """Square metres possibly and surely seen, and of each those on plots."""
    areas = shapely.union_all(plots) if len(plots) else shapely.Polygon()
    shapely.prepare(areas)
    total = np.zeros(4)
    for block, look in painted(seen, lon_deg=stored.lon_deg, lat_deg=stored.lat_deg).items():
        lon, lat = _middles(block.column * SIDE + look.at % SIDE, block.row * SIDE + look.at // SIDE)
        on = shapely.contains_xy(areas, lon, lat)
        sure = look.sure > 0
        total += np.array([len(look.at), sure.sum(), on.sum(), (on & sure).sum()]) * block.square_m2
    return float(total[0]), float(total[1]), float(total[2]), float(total[3])


def _middles(columns: Any, rows: Any) -> tuple[Any, Any]:
    side = float(1 << FINE_ZOOM)
    return (columns + 0.5) / side * 360 - 180, np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (rows + 0.5) / side))))


def _facades(stored: Stored, seen: Any, box: tuple[float, float, float, float]) -> tuple[float, float, str]:
    """Metres of dwellings' outer walls surely and possibly seen, and the finest band possible on any."""
    x, y, weight_m = _before_walls(stored, box)
    if not len(x):
        return 0.0, 0.0, ""
    may, sure = views_of(seen, x_m=x, y_m=y)
    if not may.any():
        return 0.0, 0.0, ""
    view = seen.view
    nearest = max(float(np.hypot(x[may], y[may]).min()) - view.blur_m, 0.0)
    strongest = view.strength_px.high / max(float(np.hypot(nearest, view.height_m.low)), 0.1)
    return float(weight_m[sure].sum()), float(weight_m[may].sum()), density.band_of(strongest)


def _before_walls(stored: Stored, box: tuple[float, float, float, float]) -> tuple[Any, Any, Any]:
    """Places just before the outer walls of dwellings, in metres from the camera, and the metres of wall of each."""
    near = city.buildings_near(box=box)
    frame = stored.frame
    x, y = frame.x_m(near.lon_deg), frame.y_m(near.lat_deg)
    dwelling = np.isin(near.kind.astype(str), sorted(city.DWELLINGS))
    places, weights = [np.empty((0, 2))], [np.empty(0)]
    for ring, (a, b) in enumerate(zip(near.ring_start, near.ring_start[1:], strict=False)):
        if not dwelling[near.ring_building[ring]] or near.ring_inner[ring]:
            continue
        corners = np.column_stack([x[a:b], y[a:b]])
        clockwise = not shapely.is_ccw(shapely.linearrings(corners))
        for one, other in pairwise(corners):
            length = float(np.hypot(*(other - one)))
            count = max(int(np.ceil(length / _STEP_M)), 1)
            if length <= 0:
                continue
            share = (np.arange(count) + 0.5) / count
            out = np.array([other[1] - one[1], one[0] - other[0]]) / length * (-1 if clockwise else 1)
            places.append(one + share[:, None] * (other - one) + out * _BEFORE_M)
            weights.append(np.full(count, length / count))
    at = np.concatenate(places)
    return at[:, 0], at[:, 1], np.concatenate(weights)
