"""One camera and many places at once: which it sees, and the stretches of a way on which it does."""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from numba import njit

from oblik.coverage.logic.footprints import Footprint, holds_place
from oblik.coverage.logic.sweep import TURN

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

STEP_M: Final = 1.0  # between two places at which a way is looked at: 0.07 s at 50 km/h


@dataclass(frozen=True, slots=True)
class Stretch:
    """From where to where on a way, in metres from its start, and where in between the camera is nearest."""

    from_m: float
    to_m: float
    nearest_m: float
    certain: bool


def views_of(seen: Footprint, *, x_m: Floats, y_m: Floats) -> tuple[Flags, Flags]:
    """(possibly, certainly) seen, for each place; the same answers as footprints.sight."""
    view = seen.view
    numbers = (
        math.radians(view.bearing_deg), math.radians(view.half_deg.low), math.radians(view.half_deg.high),
        view.near_m.low, view.near_m.high, view.far_m.low, seen.reach_m, view.blur_m,
    )  # fmt: skip
    places = np.column_stack([np.asarray(x_m) - seen.x_m, np.asarray(y_m) - seen.y_m]).astype(np.float64)
    possible, certain = seen.possible, seen.certain
    answer = _views(
        possible.pieces, possible.start, certain.pieces, certain.start, places, numbers, view.is_certain_somewhere
    )
    return answer[:, 0], answer[:, 1]


@njit(cache=True, nogil=True)
def _views(
    pieces: Any, start: float, sure: Any, sure_start: float, places: Floats, view: tuple[float, ...], somewhere: bool
) -> Flags:
    bearing, half_low, half_high, near, near_sure, far_sure, reach, blur = view
    answer = np.zeros((len(places), 2), np.bool_)
    for i in range(len(places)):
        x, y = places[i, 0], places[i, 1]
        far = math.hypot(x, y)
        if not far <= reach or far + blur < near:
            continue
        direction, inverse = math.atan2(x, y), 1.0 / max(far, 1e-6)
        aside = abs((direction - bearing + math.pi) % TURN - math.pi)
        if aside > half_high + 1e-11 or not (blur > 0 or holds_place(pieces, (direction - start) % TURN, inverse)):
            continue
        answer[i, 0] = True
        if somewhere and near_sure <= far <= far_sure and aside <= half_low + 1e-11:
            answer[i, 1] = holds_place(sure, (direction - sure_start) % TURN, inverse)
    return answer


def along(x_m: Floats, y_m: Floats) -> tuple[Floats, Floats, Floats]:
    """Places every STEP_M or nearer along a line of corners, and how far each is from its start; one corner gives one.

    Corners on the same spot count once. A way longer than 100 km is looked at in 100,000 steps.
    """
    x, y = np.asarray(x_m, dtype=np.float64), np.asarray(y_m, dtype=np.float64)
    length = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    steps = min(max(math.ceil(length[-1] / STEP_M), 1), 100_000) + 1
    at = np.unique(np.concatenate([np.linspace(0.0, length[-1], steps), length]))
    return np.interp(at, length, x), np.interp(at, length, y), at


def stretches(seen: Footprint, *, x_m: Floats, y_m: Floats, at_m: Floats) -> list[Stretch]:
    """Where on a way, given as places in order, it is possibly seen; certain where all of a stretch surely is."""
    flags, sure = views_of(seen, x_m=x_m, y_m=y_m)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    far = np.hypot(x_m - seen.x_m, y_m - seen.y_m)
    return [
        Stretch(float(at_m[a]), float(at_m[b - 1]), float(far[a:b].min()), bool(sure[a:b].all()))
        for a, b in zip(edges[::2], edges[1::2], strict=True)
    ]
