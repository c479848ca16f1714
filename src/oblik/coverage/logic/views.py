"""What a camera could see on open ground: from what the register says of it, as a range wherever it does not say."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from oblik.coverage.logic import density

MAX_REACH_M: Final = 400.0  # nothing is reckoned beyond: haze, trees and parked lorries are not in any table
EXACT_M: Final = 10.0  # a place known better than this is taken as exact
ROUND_DEG: Final = 300.0  # a lens at least this wide looks all round


@dataclass(frozen=True, slots=True)
class Span:
    """A number known to lie between two; equal ones where it is known."""

    low: float
    high: float


# What is taken for values that the register does not hold; each is named in View.assumed where it was used.
HEIGHT_M: Final = {"": Span(2.5, 8.0), "ceiling": Span(2.2, 4.0), "roof": Span(6.0, 30.0), "gantry": Span(5.0, 8.0)}
HFOV_DEG: Final = {"": Span(30.0, 110.0), "ptz": Span(4.0, 65.0), "panning": Span(30.0, 90.0)}
TILT_DEG: Final = Span(5.0, 30.0)
WIDTH_PX: Final = Span(1280.0, 3840.0)
SENSOR_MM: Final = Span(4.8, 7.2)  # widths of 1/3" and 1/1.8", the usual ones
UNKNOWN_OPTICS_REACH_M: Final = 120.0  # with unknown optics nobody expects a face or a number plate farther off
GEOCODED_M: Final = 30.0  # how far from its address a camera may hang where no accuracy is given
PAN_HALF_DEG: Final = 90.0  # how far to each side a panning camera may turn


@dataclass(frozen=True, slots=True)
class View:
    """A camera's view on open ground. Of each span the end that shows less gives what is certainly seen.

    half_deg: half the sector around bearing_deg; (0, 180) where the direction is not known. height_m above the ground;
    near_m: where the lower edge of the picture meets the ground; far_m: the farthest ground reckoned with;
    strength_px: pixels per metre at 1 m. share: of the time that it looks in any one direction of its sector. blur_m:
    how far from its point it may stand, 0 where that is exact. ir_m: how far it lights at night, None where unknown.
    """

    bearing_deg: float
    half_deg: Span
    height_m: Span
    near_m: Span
    far_m: Span
    strength_px: Span
    share: float
    blur_m: float
    ir_m: float | None
    assumed: tuple[str, ...]

    @property
    def is_certain_somewhere(self) -> bool:
        """Whether anything at all can be said to be seen for certain."""
        return self.half_deg.low > 0 and self.blur_m == 0 and self.near_m.high < self.far_m.low


def _number(values: Mapping[str, object], name: str) -> float | None:
    value = values.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _positive(values: Mapping[str, object], name: str) -> float | None:
    value = _number(values, name)
    return value if value is not None and value > 0 else None


def focal_lengths(text: object) -> Span | None:
    """The shortest and longest focal length in a text as "2.8-12" or "4,0 мм"; None where it holds none above 0."""
    found = [float(n.replace(",", ".")) for n in re.findall(r"\d+(?:[.,]\d+)?", str(text or ""))]
    lengths = [n for n in found if 0.5 <= n <= 2000]
    return Span(min(lengths), max(lengths)) if lengths else None


def _opening(values: Mapping[str, object], *, kind: str, assumed: list[str]) -> Span:
    given = _positive(values, "hfov_deg")
    if given is not None and given <= 360:
        return Span(given, given)
    lengths = focal_lengths(values.get("focal_mm"))
    if lengths:
        assumed.append("sensor")
        return Span(
            density.angle_deg(lengths.high, sensor_mm=SENSOR_MM.low),
            density.angle_deg(lengths.low, sensor_mm=SENSOR_MM.high),
        )
    assumed.append("optics")
    return HFOV_DEG.get(kind, HFOV_DEG[""])


def _sector(values: Mapping[str, object], *, kind: str, opening: Span, assumed: list[str]) -> tuple[float, Span, float]:
    """Bearing, half angle and share of the time."""
    bearing = _number(values, "bearing_deg")
    if opening.low >= ROUND_DEG:
        return 0.0, Span(180.0, 180.0), 1.0
    if kind == "ptz" or (kind == "panning" and bearing is None):
        return bearing or 0.0, Span(0.0, 180.0), opening.high / 360
    if kind == "panning" and bearing is not None:
        half = min(PAN_HALF_DEG + opening.high / 2, 180.0)
        return bearing, Span(0.0, half), min(opening.high / (2 * half), 1.0)
    tilt = _number(values, "tilt_deg")
    if opening.low >= density.FISHEYE_DEG and tilt is not None and abs(tilt) >= 60:
        return 0.0, Span(180.0, 180.0), 1.0  # A fisheye that looks down sees all round its mount.
    if bearing is None:
        assumed.append("bearing")
        return 0.0, Span(0.0, 180.0), 1.0
    return bearing, Span(opening.low / 2, min(opening.high / 2, 180.0)), 1.0


def _ground(eye: float, *, below_deg: float) -> float:
    """Where a ray so far below the horizon meets the ground; infinity for one that never does."""
    if below_deg <= 0:
        return math.inf
    return 0.0 if below_deg >= 90 else eye / math.tan(math.radians(below_deg))


def _edges(
    values: Mapping[str, object], *, kind: str, opening: Span, height: Span, assumed: list[str]
) -> tuple[Span, Span]:
    """Where the lower and the upper edge of the picture meet the ground."""
    if kind == "ptz" or opening.low >= density.FISHEYE_DEG:
        return Span(0.0, 0.0), Span(math.inf, math.inf)
    width, height_px = _positive(values, "width_px"), _positive(values, "height_px")
    aspect = height_px / width if width and height_px else 9 / 16
    tilt = _number(values, "tilt_deg")
    tilts = Span(abs(tilt), abs(tilt)) if tilt is not None else TILT_DEG
    if tilt is None:
        assumed.append("tilt")
    half = Span(*(density.vertical_deg(angle, aspect=aspect) / 2 for angle in (opening.low, opening.high)))
    near = Span(
        _ground(height.low, below_deg=tilts.high + half.high), _ground(height.high, below_deg=tilts.low + half.low)
    )
    far = Span(
        _ground(height.low, below_deg=tilts.high - half.low), _ground(height.high, below_deg=tilts.low - half.high)
    )
    return near, far


def view_of(values: Mapping[str, object]) -> View | None:
    """The view that a camera's values give (see registry.logic.fields); None for one that hangs indoors.

    Values out of their range count as unknown. tilt_deg is taken below the horizon whatever its sign. A dome is its
    cover: it may look anywhere unless a bearing is given. See docs/design/coverage.md for every rule.
    """
    if values.get("indoor") is True:
        return None
    assumed: list[str] = []
    kind = str(values.get("kind", ""))
    given = _positive(values, "height_m")
    height = Span(given, given) if given else HEIGHT_M.get(str(values.get("mount", "")), HEIGHT_M[""])
    if not given:
        assumed.append("height")
    opening = _opening(values, kind=kind, assumed=assumed)
    bearing, half, share = _sector(values, kind=kind, opening=opening, assumed=assumed)
    near, edge = _edges(values, kind=kind, opening=opening, height=height, assumed=assumed)
    wide = _positive(values, "width_px")
    if not wide:
        assumed.append("resolution")
    pixels = Span(wide, wide) if wide else WIDTH_PX
    strength = Span(
        density.strength(pixels.low, hfov_deg=opening.high), density.strength(pixels.high, hfov_deg=opening.low)
    )
    if kind == "ptz":  # It seldom looks at the long end: densities are those of its widest picture.
        strength = Span(strength.low, density.strength(pixels.high, hfov_deg=opening.high))
    blur = _blur(values, assumed=assumed)
    if blur:  # From another place the same direction shows other ground.
        half, near = Span(0.0, 180.0), Span(0.0, near.high)
    far = _reach(values, strength=strength, height=height, edge=edge, known="optics" not in assumed)
    return View(
        bearing % 360.0, half, height, near, far, strength, share, blur, _positive(values, "ir_range_m"), tuple(assumed)
    )


def _blur(values: Mapping[str, object], *, assumed: list[str]) -> float:
    accuracy = _positive(values, "accuracy_m")
    if accuracy is None and values.get("place_origin") == "geocoded":
        accuracy = GEOCODED_M
    if accuracy is None or accuracy <= EXACT_M:
        return 0.0
    assumed.append("place")
    return min(accuracy, MAX_REACH_M)


def _reach(values: Mapping[str, object], *, strength: Span, height: Span, edge: Span, known: bool) -> Span:
    faint = density.FAINTEST_PX_PER_M
    low = density.ground_reach_m(strength.low, px_per_m=faint, eye_m=height.high)
    high = density.ground_reach_m(strength.high, px_per_m=faint, eye_m=height.low)
    given = _positive(values, "range_m")
    cap = min(given or math.inf, MAX_REACH_M)
    if not known:
        cap = min(cap, UNKNOWN_OPTICS_REACH_M)
    return Span(min(low, edge.low, cap), min(high, edge.high, cap))
