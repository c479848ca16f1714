"""What hills and houses on them leave visible: rays over a raster of heights, where the ground is not flat."""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from numba import njit

from oblik.coverage.logic.sweep import TURN, holds, near_buildings
from oblik.coverage.logic.walls import Walls

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

RAYS: Final = 720  # in a whole turn: 0.9 m apart at 100 m
STEP_M: Final = 1.0  # along a ray
FLAT_M: Final = 0.5  # ground that rises and falls less than this within reach is flat: the exact sweep serves it


@dataclass(frozen=True, slots=True, eq=False)
class Heights:
    """Heights of the ground at the corners of squares: z_m (rows, columns) from (west_m, south_m) on, every side_m."""

    west_m: float
    south_m: float
    side_m: float
    z_m: Floats

    def numbers(self) -> tuple[float, float, float]:
        """West, south and side, as the kernels take them."""
        return self.west_m, self.south_m, self.side_m

    def is_flat(self, x_m: float, y_m: float, *, reach_m: float) -> bool:
        """Whether the ground within reach is flat enough for the plain sweep; unknown ground counts as flat."""
        rows, columns = self.z_m.shape
        c0, c1 = (int((x_m + d - self.west_m) // self.side_m) for d in (-reach_m, reach_m))
        r0, r1 = (int((y_m + d - self.south_m) // self.side_m) for d in (-reach_m, reach_m))
        part = self.z_m[max(r0, 0) : min(r1 + 2, rows), max(c0, 0) : min(c1 + 2, columns)]
        known = part[np.isfinite(part)]
        return len(known) == 0 or float(known.max() - known.min()) < FLAT_M


@njit(cache=True, nogil=True)
def _height(x: float, y: float, grid: tuple[float, float, float], z: Floats, otherwise: float) -> float:
    """Between the four corners around a place (bilinear); outside or unknown: as given."""
    u, v = (x - grid[0]) / grid[2], (y - grid[1]) / grid[2]
    c, r = math.floor(u), math.floor(v)
    if c < 0 or r < 0 or c + 1 >= z.shape[1] or r + 1 >= z.shape[0]:
        return otherwise
    u, v = u - c, v - r
    low = z[r, c] * (1 - u) + z[r, c + 1] * u
    high = z[r + 1, c] * (1 - u) + z[r + 1, c + 1] * u
    found = float(low * (1 - v) + high * v)
    return found if math.isfinite(found) else otherwise


@njit(cache=True, nogil=True)
def _angles(place: tuple[float, float, float], wall: int, arrays: tuple[Any, ...]) -> tuple[float, float, float]:
    """Where a wall begins, clockwise from the start (place is x, y, start), how far it spans, on which side."""
    x, y, start = place
    px, py, qx, qy = arrays[0][wall] - x, arrays[1][wall] - y, arrays[2][wall] - x, arrays[3][wall] - y
    a, span = math.atan2(px, py) - start, math.atan2(qx * py - qy * px, px * qx + py * qy)
    if span < 0:
        a, span = a + span, -span
    return a % TURN, span, px * qy - py * qx


@njit(cache=True, nogil=True)
def _owners(near: Integers, first: Integers) -> Integers:
    """(walls, 2): each wall of these buildings and its building."""
    total = 0
    for b in near:
        total += first[b + 1] - first[b]
    found, n = np.empty((total, 2), np.int64), 0
    for b in near:
        for i in range(first[b], first[b + 1]):
            found[n, 0], found[n, 1] = i, b
            n += 1
    return found


# Columns of a wall on a ray: distance, height of its building, +1 where the house begins and -1 where it ends.
@njit(cache=True, nogil=True)
def _walls_on_rays(
    camera: Floats, rays: int, near: Integers, arrays: tuple[Any, ...], tops: Floats
) -> tuple[Integers, Floats]:
    x, y, _, start, width, reach = camera
    step = width / rays
    walls = _owners(near, arrays[4])
    firsts, met = np.zeros(rays + 1, np.int64), np.empty((0, 3))
    for turn in range(2):
        if turn == 1:
            firsts = np.concatenate((np.zeros(1, np.int64), np.cumsum(firsts[:-1])))
            met = np.empty((firsts[-1], 3))
        filled = firsts.copy()
        for i, b in walls:
            a, span, side = _angles((x, y, start), i, arrays)
            k = math.ceil(a / step - 0.5)
            while abs(side) > 1e-9 and (k + 0.5) * step <= a + span:
                direction = (k + 0.5) * step % TURN
                k += 1
                ray = min(int(direction / step), rays)
                r = side / (
                    math.sin(start + direction) * (arrays[3][i] - arrays[1][i])
                    - math.cos(start + direction) * (arrays[2][i] - arrays[0][i])
                )
                if ray == rays or r > reach:
                    continue
                if turn == 1:
                    met[filled[ray], 0], met[filled[ray], 1], met[filled[ray], 2] = r, tops[b], -np.sign(side)
                filled[ray] += 1
        if turn == 0:
            firsts = filled
    return firsts, met


@njit(cache=True, nogil=True)
def _marched(
    met: Floats, camera: Floats, angle: float, inside: int, grid: tuple[float, float, float], z: Floats
) -> Floats:
    """(from, to) of the stretches of a ray whose ground is seen, in metres."""
    x, y, eye, _, _, reach = camera
    base = _height(x, y, grid, z, 0.0)
    met = met[np.argsort(met[:, 0])]
    steps = math.ceil(reach / STEP_M)
    found = np.empty((steps, 2))
    n, k, depth, steepest, open_ = 0, 0, inside, -np.inf, False
    for j in range(steps):
        far = (j + 0.5) * STEP_M
        while k < len(met) and met[k, 0] <= far:
            r = max(met[k, 0], 0.05)
            foot = _height(x + r * math.sin(angle), y + r * math.cos(angle), grid, z, base)
            if not (inside and depth == inside and met[k, 2] < 0):  # the roof on which it stands is no obstacle
                steepest = max(steepest, (foot + met[k, 1] - base - eye) / r)
            depth += 1 if met[k, 2] > 0 else -1
            k += 1
        slope = (_height(x + far * math.sin(angle), y + far * math.cos(angle), grid, z, base) - base - eye) / far
        seen = depth <= 0 and slope >= steepest - 1e-9
        steepest = max(steepest, slope)
        if seen and not open_:
            found[n, 0] = j * STEP_M
            n += 1
        if seen:
            found[n - 1, 1] = min((j + 1) * STEP_M, reach)
        open_ = seen
    return found[:n]


@njit(cache=True, nogil=True)
def _over_hills(
    cameras: Floats, arrays: tuple[Any, ...], tops: Floats, grid: tuple[float, float, float], z: Floats
) -> tuple[Floats, Integers]:
    pieces = np.empty((256, 8))
    offsets = np.zeros(len(cameras) + 1, np.int64)
    looked = np.zeros(len(tops) + 1, np.int64)
    done = 0
    for c in range(len(cameras)):
        x, y, _, start, width, reach = cameras[c]
        near = near_buildings((x, y, reach), arrays, looked)
        inside = 0
        for b in near:
            inside += holds((x, y), b, arrays)
        rays = max(math.ceil(width / TURN * RAYS), 1)
        counts, met = _walls_on_rays(cameras[c], rays, near, arrays, tops)
        for ray in range(rays):
            low, high = counts[ray], counts[ray + 1]
            direction = (ray + 0.5) * width / rays
            for near_m, far_m in _marched(met[low:high], cameras[c], start + direction, inside, grid, z):
                if done == len(pieces):
                    more = np.empty((2 * done, 8))
                    more[:done] = pieces
                    pieces = more
                pieces[done, 0], pieces[done, 1] = ray * width / rays, (ray + 1) * width / rays
                near_q = 1.0 / near_m if near_m > 0 else np.inf
                pieces[done, 2], pieces[done, 3] = near_q, near_q
                pieces[done, 4], pieces[done, 5] = 1.0 / far_m, 1.0 / far_m
                pieces[done, 6], pieces[done, 7] = -1.0, -2.0
                done += 1
        offsets[c + 1] = done
    return pieces[:done], offsets


def over_hills(cameras: Floats, *, walls: Walls, tops: Floats, heights: Heights) -> tuple[Floats, Integers]:
    """Pieces as `sweep.sweep` gives them, of cameras that hang where `cameras` says (see there), and where each begins.

    Ground that another part of the ground or a house hides is left out; a house stands on the ground under each of its
    walls. Rays stand RAYS to a turn and are looked at every STEP_M: stretches end as arcs, not as exact walls.
    Source: the line of sight over a profile, as in Fisher, "First experiments in viewshed uncertainty" (1991).
    """
    pieces, offsets = _over_hills(cameras, walls.arrays(), tops, heights.numbers(), heights.z_m)
    return pieces, offsets
