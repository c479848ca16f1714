"""Who sees a place, an area or a way, how well, since when, and why others do not."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.base.errors import InvalidInput, NotFound, msg
from oblik.city import queries as city
from oblik.city.logic.cells import cells_of, widened
from oblik.coverage import reading
from oblik.coverage.following import HOME_ZOOM
from oblik.coverage.logic import density
from oblik.coverage.logic.crossing import along, stretches, views_of
from oblik.coverage.logic.footprints import Footprint, Sight, sight
from oblik.coverage.logic.frame import Frame
from oblik.coverage.logic.polygons import band_areas
from oblik.coverage.logic.touched import ZOOMS, cells_at
from oblik.coverage.models import Footprint as Row
from oblik.coverage.models import Mark
from oblik.coverage.private_space import private_share as private_share  # a question like the others here
from oblik.coverage.reading import Stored
from oblik.registry import versions

Reason = Literal[
    "", "too_far", "outside_view", "dead_zone", "behind_wall", "above_view", "not_in_service", "not_there_then"
]
NEAR_M: Final = 150.0  # a camera that is farther off is no near miss
NEAR_MOST: Final = 20
IN_SERVICE: Final = "in_service"
MOST_WAITING: Final = 10_000  # changes that are counted; that there are some is what matters
_MOST_PLACES: Final = 400  # at which an area is looked at
_MOST_M: Final = 200_000.0  # of a way


@dataclass(frozen=True, slots=True)
class Hider:
    """The building in between; height_m as on the map, distance_m from the camera."""

    building: int
    height_m: float
    distance_m: float


@dataclass(frozen=True, slots=True)
class Seen:
    """How a camera saw a place. why_not is "" where it did or may have.

    band and px_per_m: what it surely reached where certain, else the most that is possible. line_of_sight: None where
    nothing is known of the walls in between. share: of the time that it looks in this direction. by_night: whether its
    own light reaches, None where unknown. seen_share: of an area, how much of it.
    """

    camera: str
    band: str
    scale: str
    px_per_m: float
    distance_m: float
    bearing_deg: float
    line_of_sight: bool | None
    certain: bool
    why_not: Reason
    state: str
    in_service: bool
    since_at: datetime
    share: float
    by_night: bool | None
    assumed: tuple[str, ...]
    seen_share: float = 1.0
    hidden_by: Hider | None = None


@dataclass(frozen=True, slots=True)
class Passing:
    """A stretch of a way that a camera sees; seconds from the start at the stated speed."""

    camera: str
    band: str
    scale: str
    certain: bool
    entry_s: float
    exit_s: float
    entry_m: float
    exit_m: float
    nearest_m: float
    share: float


@dataclass(frozen=True, slots=True)
class Ground:
    """What a camera sees in one band, in degrees; not certain: where it may, the certain part included."""

    camera: str
    band: str
    scale: str
    certain: bool
    share: float
    assumed: tuple[str, ...]
    area: Polygon | MultiPolygon


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far the footprints follow the register and the city's map. versions_waiting: counted to MOST_WAITING."""

    footprints: int
    versions_waiting: int
    map_waiting: bool

    @property
    def is_fresh(self) -> bool:
        """Whether nothing waits for `oblik coverage update`."""
        return not self.versions_waiting and not self.map_waiting


def freshness() -> Freshness:
    """How much waits for an update."""
    mark = Mark.objects.order_by("id").first() or Mark()
    newest = city.city_version()
    stale = bool(mark.id) and (bool(mark.checking) or mark.city != newest)
    waiting = versions.versions_waiting(mark.version, most=MOST_WAITING)
    return Freshness(Row.objects.filter(until_at=None).count(), waiting, stale)


def cameras_seeing(
    place: tuple[float, float] | Polygon | MultiPolygon, *, at: datetime | None = None, within: Scope = EVERYWHERE,
    scale: str = density.DEFAULT_SCALE,
) -> list[Seen]:  # fmt: skip
    """Cameras in service at an instant that saw a place (lon, lat) or part of an area, the best pictures first.

    at: None means now. An area is looked at in up to 400 places; distance and density are those of the nearest seen.
    """
    check_scale(scale)
    if isinstance(place, Polygon | MultiPolygon):
        return _seeing_area(place, at=at, within=within, scale=scale)
    lon, lat = checked_place(*place)
    found = []
    for stored in reading.filed_under(cells_at(lon, lat), at=at, within=within):
        told = _told(stored, lon, lat, scale=scale)
        if told is not None and not told.why_not:
            found.append(told)
    return sorted(found, key=_best_first)


def near_misses(
    lon_deg: float, lat_deg: float, *, at: datetime | None = None, within: Scope = EVERYWHERE,
    scale: str = density.DEFAULT_SCALE,
) -> list[Seen]:  # fmt: skip
    """Up to 20 cameras within 150 m that did not see a place, nearest first, each with the reason.

    Besides those of the view: "not_in_service" for one that would have seen it, "not_there_then" for one that does or
    did at another time.
    """
    check_scale(scale)
    lon, lat = checked_place(lon_deg, lat_deg)
    cameras: dict[int, list[Stored]] = {}
    box = widened((lon, lat, lon, lat), by_m=NEAR_M)
    for stored in reading.living_near(_around(box), box=box, within=within):
        cameras.setdefault(stored.camera, []).append(stored)
    found = []
    for rows in cameras.values():
        told = _missed(rows, lon, lat, at=at, scale=scale)
        if told is not None and told.distance_m <= NEAR_M:
            found.append(told)
    nearest = sorted(found, key=lambda told: (told.distance_m, told.camera))[:NEAR_MOST]
    places = {rows[0].code: rows[0] for rows in cameras.values()}
    return _with_hiders(nearest, places, lon, lat)


def _missed(rows: list[Stored], lon: float, lat: float, *, at: datetime | None, scale: str) -> Seen | None:
    """Why a camera with these footprints of all times did not see a place; None where it did or never comes near."""
    then = [stored for stored in rows if stored.held(at)]
    for stored in then or rows:
        told = _told(stored, lon, lat, scale=scale)
        if told is None:
            continue
        if then:
            return told if told.why_not else None
        if not told.why_not:
            return replace(told, why_not="not_there_then", certain=False, in_service=False)
    return None


def cameras_along(
    corners: Sequence[tuple[float, float]], *, speed_kmh: float, at: datetime | None = None,
    within: Scope = EVERYWHERE, scale: str = density.DEFAULT_SCALE,
) -> list[Passing]:  # fmt: skip
    """Cameras in service that see a way of (lon, lat) corners, in order; one that sees it again stands again."""
    check_scale(scale)
    if not (math.isfinite(speed_kmh) and speed_kmh > 0):
        raise InvalidInput(msg("A speed is a number of km/h above 0, “{value}” is none."), value=speed_kmh)
    if len(corners) < 2:
        raise InvalidInput(msg("A route needs two places or more; this one has {count}."), count=len(corners))
    checked = [checked_place(*corner) for corner in corners]
    frame = Frame(*checked[0])
    lon, lat = np.array(checked).T
    x, y, at_m = along(frame.x_m(lon), frame.y_m(lat))
    if at_m[-1] > _MOST_M:
        raise InvalidInput(
            msg("The route is {length} km long; at most 200 km can be asked for."), length=at_m[-1] // 1000
        )
    lons, lats = frame.lon(x), frame.lat(y)
    cells = {int(c) for zoom in ZOOMS for c in np.unique(cells_of(lons, lats, zoom=zoom))}
    speed = speed_kmh / 3.6
    found = []
    for stored in reading.filed_under(cells, at=at, within=within):
        if stored.seen is None or stored.state != IN_SERVICE:
            continue
        here = stored.frame
        for part in stretches(stored.seen, x_m=here.x_m(lons), y_m=here.y_m(lats), at_m=at_m):
            band = _band_at(stored.seen, part.nearest_m, certain=part.certain, scale=scale)
            if band:
                found.append(
                    Passing(stored.code, band, scale, part.certain, part.from_m / speed, part.to_m / speed,
                            part.from_m, part.to_m, part.nearest_m, stored.seen.view.share)
                )  # fmt: skip
    return sorted(found, key=lambda one: (one.entry_m, one.camera))


def ground_of(
    code: str, *, at: datetime | None = None, within: Scope = EVERYWHERE, scale: str = density.DEFAULT_SCALE
) -> list[Ground]:
    """What a camera sees, band by band, finest first; nothing for one whose place is unknown or that hangs indoors."""
    check_scale(scale)
    stored = reading.footprint_of(code, at=at, within=within)
    if stored is None:
        raise NotFound(
            msg("Camera {value} has no footprint for that time; run `oblik coverage update`."), value=code
        )  # fmt: skip
    return grounds_of(stored, scale=scale)


def grounds_of(stored: Stored, *, scale: str = density.DEFAULT_SCALE) -> list[Ground]:
    """The bands of a stored footprint as areas in degrees."""
    if stored.seen is None:
        return []
    frame, view = stored.frame, stored.seen.view
    return [
        Ground(stored.code, one.band, one.scale, one.certain, view.share, view.assumed, _in_degrees(one.area, frame))
        for one in band_areas(stored.seen, scale=scale)
    ]


def _in_degrees(area: Any, frame: Frame) -> Any:
    return shapely.transform(area, lambda at: np.column_stack([frame.lon(at[:, 0]), frame.lat(at[:, 1])]))


def check_scale(scale: str) -> None:
    """InvalidInput unless there is such a scale of bands."""
    if scale not in density.SCALES:
        raise InvalidInput(
            msg("“{value}” is no scale of bands; choose one of {choices}."), value=scale,
            choices=", ".join(density.SCALES),
        )  # fmt: skip


def checked_place(lon_deg: float, lat_deg: float) -> tuple[float, float]:
    """The place itself; InvalidInput where it is none on the ground that a web map shows."""
    if not (-180 <= lon_deg <= 180 and -85 <= lat_deg <= 85):
        raise InvalidInput(
            msg("{lon}, {lat} is no place: longitude first, between -180 and 180, then latitude, between -85 and 85."),
            lon=lon_deg, lat=lat_deg,
        )  # fmt: skip
    return float(lon_deg), float(lat_deg)


def _best_first(told: Seen) -> tuple[bool, float, str]:
    return not told.certain, -told.px_per_m, told.camera


def _told(stored: Stored, lon: float, lat: float, *, scale: str) -> Seen | None:
    """What a footprint says of a place; None for a camera that sees no ground at all."""
    if stored.seen is None:
        return None
    frame = stored.frame
    found = sight(stored.seen, x_m=float(frame.x_m(lon)), y_m=float(frame.y_m(lat)))  # type: ignore[arg-type]  # a number is an array without axes
    return _as_seen(stored, found, scale=scale)


def _as_seen(stored: Stored, found: Sight, *, scale: str) -> Seen | None:
    if stored.seen is None:
        return None
    view = stored.seen.view
    least = density.band_of(found.least_px_per_m, scale=scale)
    certain = found.certain and bool(least)
    band = least if certain else density.band_of(found.most_px_per_m, scale=scale)
    why: Reason = found.why_not or ("" if band else "too_far")
    serving = stored.state == IN_SERVICE
    if not why and not serving:
        why = "not_in_service"
    free = {"": True, "behind_wall": False}.get(found.why_not) if not view.blur_m else None
    return Seen(
        stored.code, band, scale, found.least_px_per_m if certain else found.most_px_per_m, found.distance_m,
        found.bearing_deg, free, certain and not why, why, stored.state, serving, stored.since_at, view.share,
        None if view.ir_m is None else found.distance_m <= view.ir_m, view.assumed,
    )  # fmt: skip


def _band_at(seen: Footprint, distance_m: float, *, certain: bool, scale: str) -> str:
    view = seen.view
    pixels, eye = (view.strength_px.low, view.height_m.high) if certain else (view.strength_px.high, view.height_m.low)
    near = distance_m if certain else max(distance_m - view.blur_m, 0.0)
    return density.band_of(pixels / max(math.hypot(near, eye), 0.1), scale=scale)


def _around(box: tuple[float, float, float, float]) -> list[int]:
    """The home cells of every camera in a box of twice NEAR_M."""
    across, down = np.linspace(box[0], box[2], 5), np.linspace(box[1], box[3], 5)
    lons, lats = np.meshgrid(across, down)
    return [int(c) for c in np.unique(cells_of(lons.ravel(), lats.ravel(), zoom=HOME_ZOOM))]


def _places_in(area: Polygon | MultiPolygon) -> tuple[Any, Any]:
    """Up to about 400 places spread evenly over an area, its corners and a point within besides."""
    west, south, east, north = area.bounds
    side = max(math.sqrt(_MOST_PLACES * max((east - west) / max(north - south, 1e-9), 1e-3)), 1.0)
    columns = int(min(max(side, 1), _MOST_PLACES))
    rows = max(_MOST_PLACES // columns, 1)
    lon, lat = np.meshgrid(
        west + (np.arange(columns) + 0.5) * (east - west) / columns,
        south + (np.arange(rows) + 0.5) * (north - south) / rows,
    )
    inside = shapely.contains_xy(area, lon.ravel(), lat.ravel())
    point = area.representative_point()
    return np.append(lon.ravel()[inside], point.x), np.append(lat.ravel()[inside], point.y)


def _seeing_area(area: Polygon | MultiPolygon, *, at: datetime | None, within: Scope, scale: str) -> list[Seen]:
    if area.is_empty or not area.is_valid:
        raise InvalidInput(msg("The area is empty or its outline crosses itself; draw it anew."))
    for corner in (area.bounds[:2], area.bounds[2:]):
        checked_place(*corner)
    lon, lat = _places_in(area)
    cells = {int(c) for zoom in ZOOMS for c in np.unique(cells_of(lon, lat, zoom=zoom))}
    found = []
    for stored in reading.filed_under(cells, at=at, within=within):
        if stored.seen is None:
            continue
        x, y = stored.frame.x_m(lon), stored.frame.y_m(lat)
        flags, sure = views_of(stored.seen, x_m=x, y_m=y)
        if not flags.any():
            continue
        chosen = np.flatnonzero(sure if sure.any() else flags)
        best = chosen[np.argmin(np.hypot(x[chosen], y[chosen]))]
        told = _as_seen(stored, sight(stored.seen, x_m=float(x[best]), y_m=float(y[best])), scale=scale)
        if told is not None and not told.why_not:
            found.append(replace(told, seen_share=float(flags.mean())))
    return sorted(found, key=_best_first)


def _with_hiders(missed: list[Seen], places: dict[str, Stored], lon: float, lat: float) -> list[Seen]:
    """The same with the building that stands in between, where one does."""
    if not any(told.why_not == "behind_wall" for told in missed):
        return missed
    frame = Frame(lon, lat)
    near = city.buildings_near(box=widened((lon, lat, lon, lat), by_m=NEAR_M))
    x, y = frame.x_m(near.lon_deg), frame.y_m(near.lat_deg)
    rings = [
        shapely.linearrings(np.column_stack([x[a:b], y[a:b]]))
        for a, b in zip(near.ring_start, near.ring_start[1:], strict=False)
    ]
    answer = []
    for told in missed:
        if told.why_not == "behind_wall":
            stored = places[told.camera]
            camera = Point(float(frame.x_m(stored.lon_deg)), float(frame.y_m(stored.lat_deg)))  # type: ignore[arg-type]  # numbers are arrays without axes
            told = replace(told, hidden_by=_hider(camera, rings, near))
        answer.append(told)
    return answer


def _hider(camera: Point, rings: list[Any], near: Any) -> Hider | None:
    """The first outline that the line from a camera to the frame's origin meets."""
    line = LineString([camera, (0.0, 0.0)])
    met = [(camera.distance(rings[i].intersection(line)), i) for i in range(len(rings)) if rings[i].intersects(line)]
    if not met:
        return None
    far, ring = min(met)
    building = int(near.ring_building[ring])
    return Hider(int(near.ids[building]), float(near.height_m[building]), float(far))
