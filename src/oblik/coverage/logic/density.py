"""Pixels per metre, and the names that scales give to them."""

import math
from dataclasses import dataclass
from typing import Final

FISHEYE_DEG: Final = 150.0  # wider lenses are not drawn as a plane: their pixels are spread over angles


@dataclass(frozen=True, slots=True)
class Band:
    """At least so many pixels per metre serve this end."""

    name: str
    px_per_m: float


# Bands from coarse to fine. A verdict names its scale: the same word means different things in the two.
SCALES: Final[dict[str, tuple[Band, ...]]] = {
    "dori": (  # IEC/EN 62676-4:2014
        Band("monitor", 12.5), Band("detect", 25.0), Band("observe", 62.5), Band("recognise", 125.0),
        Band("identify", 250.0), Band("inspect", 1000.0),
    ),
    "tasks": (  # the newer scale of IEC 62676-4; the year of the edition is not verified
        Band("overview", 20.0), Band("outline", 40.0), Band("discern", 80.0), Band("perceive", 125.0),
        Band("characterise", 250.0), Band("validate", 500.0), Band("scrutinise", 1500.0),
    ),
}  # fmt: skip
DEFAULT_SCALE: Final = "dori"
FAINTEST_PX_PER_M: Final = min(bands[0].px_per_m for bands in SCALES.values())


def strength(width_px: float, *, hfov_deg: float) -> float:
    """Pixels per metre on a plane facing the camera at 1 m; at a distance d along the slant they are a d-th of it.

    hfov_deg: full horizontal angle in (0, 360]. From FISHEYE_DEG on pixels count per angle: width / angle in radians.
    Source: pinhole model; equidistant projection for fisheye lenses.
    """
    if hfov_deg >= FISHEYE_DEG:
        return width_px / math.radians(hfov_deg)
    return width_px / (2 * math.tan(math.radians(hfov_deg) / 2))


def angle_deg(focal_mm: float, *, sensor_mm: float) -> float:
    """The full angle that a lens draws on a sensor of this width. Source: pinhole model."""
    return 2 * math.degrees(math.atan(sensor_mm / (2 * focal_mm)))


def vertical_deg(hfov_deg: float, *, aspect: float) -> float:
    """The full vertical angle; aspect is height by width of the picture."""
    if hfov_deg >= FISHEYE_DEG:
        return min(hfov_deg, 180.0)
    return 2 * math.degrees(math.atan(math.tan(math.radians(hfov_deg) / 2) * aspect))


def band_of(px_per_m: float, *, scale: str = DEFAULT_SCALE) -> str:
    """The finest band that a density serves; "" where it is too faint for any (NaN too)."""
    names = [band.name for band in SCALES[scale] if px_per_m >= band.px_per_m * (1 - 1e-9)]
    return names[-1] if names else ""


def ground_reach_m(strength_px: float, *, px_per_m: float, eye_m: float) -> float:
    """How far on the ground a density is reached: the slant distance laid down; 0 where the eye is too high for it."""
    slant = strength_px / px_per_m
    return math.sqrt(max(slant * slant - eye_m * eye_m, 0.0))
