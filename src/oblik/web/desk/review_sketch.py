"""A small plan of a row and the cameras that it may be: places, bearings, distances; as a drawing and in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oblik.intake.logic.likeness import offset_m
from oblik.web.ui.labels import Label

WIDTH_PX: Final = 320
HEIGHT_PX: Final = 220
_MARGIN_PX: Final = 44
_LEAST_SPAN_M: Final = 24.0  # two cameras on one pole are not blown up to fill the plan
_WEDGE_PX: Final = 40
_GUESSED_FOV_DEG: Final = 60.0
_BARS_M: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
_WINDS: Final[tuple[Label, ...]] = (
    gettext_lazy("to the north"), gettext_lazy("to the north-east"), gettext_lazy("to the east"),
    gettext_lazy("to the south-east"), gettext_lazy("to the south"), gettext_lazy("to the south-west"),
    gettext_lazy("to the west"), gettext_lazy("to the north-west"),
)  # fmt: skip

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on the plan. number: 0 is the row, others the proposals; wedge: an SVG path, "" without a bearing;
    ring_px: the circle in which it stands where its place is vague, 0 where it is not."""

    number: int
    name: str
    x_px: float
    y_px: float
    wedge: str
    is_guessed: bool
    ring_px: float


@dataclass(frozen=True, slots=True)
class Sketch:
    """lon_deg, lat_deg: the middle, at px_per_m; bar_px and bar_m: the scale; sentences: the same in words."""

    lon_deg: float
    lat_deg: float
    px_per_m: float
    marks: tuple[Mark, ...]
    bar_px: float
    bar_m: int
    sentences: tuple[str, ...]


def sketch(row: Values, cameras: Sequence[tuple[str, Values]]) -> Sketch | None:
    """The plan of a row and of cameras (code, values); None where fewer than one of them has a place."""
    said = [("", row), *cameras]
    placed = [(number, name, values, _place(values)) for number, (name, values) in enumerate(said)]
    known = [(number, name, values, place) for number, name, values, place in placed if place is not None]
    sentences = tuple(_sentence(row, name, values) for name, values in cameras)
    if not known:
        return None
    lons, lats = zip(*(place for *_rest, place in known), strict=True)
    lon_0, lat_0 = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    away = {number: offset_m(*place, lon_0_deg=lon_0, lat_0_deg=lat_0) for number, _n, _v, place in known}
    scale = _px_per_m(list(away.values()))
    marks = tuple(_mark(number, name, values, away[number], scale) for number, name, values, _place_ in known)
    bar_m = max((one for one in _BARS_M if one * scale <= WIDTH_PX / 3), default=1)
    return Sketch(lon_0, lat_0, round(scale, 6), marks, round(bar_m * scale, 1), bar_m, sentences)


def distance(row: Values, camera: Values) -> float | None:
    """Metres between the two places, None where one is unknown."""
    one, other = _place(row), _place(camera)
    if one is None or other is None:
        return None
    return hypot(*offset_m(*other, lon_0_deg=one[0], lat_0_deg=one[1]))


def _place(values: Values) -> tuple[float, float] | None:
    lon, lat = values.get("lon_deg"), values.get("lat_deg")
    return (float(str(lon)), float(str(lat))) if lon is not None and lat is not None else None


def _px_per_m(away: list[tuple[float, float]]) -> float:
    east = [x for x, _y in away]
    north = [y for _x, y in away]
    wide = max(max(east) - min(east), _LEAST_SPAN_M)
    high = max(max(north) - min(north), _LEAST_SPAN_M)
    return min((WIDTH_PX - 2 * _MARGIN_PX) / wide, (HEIGHT_PX - 2 * _MARGIN_PX) / high)


def _mark(number: int, name: str, values: Values, away: tuple[float, float], scale: float) -> Mark:
    x_px, y_px = WIDTH_PX / 2 + away[0] * scale, HEIGHT_PX / 2 - away[1] * scale
    bearing, fov = _number(values, "bearing_deg"), _number(values, "hfov_deg")
    wedge = _wedge(x_px, y_px, bearing, fov or _GUESSED_FOV_DEG) if bearing is not None else ""
    vague_m = (_number(values, "accuracy_m") or 40.0) if values.get("place_origin") == "geocoded" else 0.0
    ring_px = min(vague_m * scale, float(WIDTH_PX)) if vague_m * scale > 8 else 0.0
    return Mark(number, name, round(x_px, 1), round(y_px, 1), wedge, fov is None, round(ring_px, 1))


def _wedge(x_px: float, y_px: float, bearing_deg: float, fov_deg: float) -> str:
    """A sector towards the bearing; north is up."""
    half = min(fov_deg, 340.0) / 2
    ends = [radians(bearing_deg + side) for side in (-half, half)]
    (x_1, y_1), (x_2, y_2) = ((x_px + _WEDGE_PX * sin(a), y_px - _WEDGE_PX * cos(a)) for a in ends)
    wide = 1 if half > 90 else 0
    return f"M{x_px:.1f} {y_px:.1f}L{x_1:.1f} {y_1:.1f}A{_WEDGE_PX} {_WEDGE_PX} 0 {wide} 1 {x_2:.1f} {y_2:.1f}Z"


def _number(values: Values, name: str) -> float | None:
    value = values.get(name)
    return float(str(value)) if value is not None else None


def _sentence(row: Values, name: str, camera: Values) -> str:
    """Where a camera stands and looks as seen from the row's place."""
    one, other = _place(row), _place(camera)
    if one is None or other is None:
        told = _("%(camera)s: no distance, as one of the two has no place.") % {"camera": name}
    else:
        east, north = offset_m(*other, lon_0_deg=one[0], lat_0_deg=one[1])
        away = hypot(east, north)
        if away < 1:
            told = _("%(camera)s stands at the very place of the row.") % {"camera": name}
        else:
            wind = _WINDS[round((degrees(atan2(east, north)) % 360) / 45) % 8]
            told = _("%(camera)s stands %(distance)s m from the row's place, %(wind)s.") % {
                "camera": name, "distance": f"{away:.0f}", "wind": wind,
            }  # fmt: skip
    looks, looked = _number(row, "bearing_deg"), _number(camera, "bearing_deg")
    if looks is None or looked is None:
        return told
    turn = min((looks - looked) % 360, (looked - looks) % 360)
    return told + " " + _("They look %(turn)s° apart.") % {"turn": f"{turn:.0f}"}
