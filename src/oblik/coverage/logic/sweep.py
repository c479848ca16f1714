"""What walls leave visible around a point: an angular sweep that gives exact straight-sided pieces.

In the sector between two directions a straight wall is a straight line in (s, 1/r), where s runs along the chord
between the directions and r is the distance. So between the directions of two corners hiding is a matter of sorting
numbers: a wall that faces the camera begins to hide at 1/r, the far wall of a building of height h ends its shadow at
(1 - h / H) / r for a camera at height H. See docs/design/coverage.md.
"""

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from numba import njit

from oblik.coverage.logic.walls import SIDE_M

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

TURN: Final = 2 * math.pi
_BINS: Final = 256  # directions in which far walls are looked for behind near ones
_FORCED: Final = 16  # directions at which every sweep stops, so that a slab is never wider than 22.5 degrees
_THIN: Final = 1e-9  # radians: a slab thinner than this holds nothing (0.1 micrometre at 100 m)
_OFF_WALL_M: Final = 0.1  # how far before its wall a camera hangs
_ROOF_M: Final = 0.5  # a camera that is at most so far below the roof's edge stands on the roof
_SAME: Final = 1 + 1e-12  # two lines nearer than this are one
_SPLITS: Final = 200  # crossings followed in one slab; beyond it the order in its middle is taken


@njit(cache=True, nogil=True)
def _crosses(y: float, x: float, x1: float, y1: float, x2: float, y2: float) -> bool:
    if (y1 > y) == (y2 > y):
        return False
    return bool(x < x1 + (y - y1) / (y2 - y1) * (x2 - x1))


@njit(cache=True, nogil=True)
def holds(place: tuple[float, float], building: int, arrays: tuple[Any, ...]) -> bool:
    """Whether a point stands inside a building (even-odd rule)."""
    x, y = place
    x1, y1, x2, y2, first, box = arrays[0], arrays[1], arrays[2], arrays[3], arrays[4], arrays[5]
    if x < box[building, 0] or x > box[building, 2] or y < box[building, 1] or y > box[building, 3]:
        return False
    inside = False
    for i in range(first[building], first[building + 1]):
        if _crosses(y, x, x1[i], y1[i], x2[i], y2[i]):
            inside = not inside
    return inside


@njit(cache=True, nogil=True)
def near_buildings(place: tuple[float, float, float], arrays: tuple[Any, ...], seen: Integers) -> Integers:
    """Buildings whose boxes come nearer than a reach; place is x, y, reach. seen: (buildings + 1,) who was looked at
    last by whom; its last number counts the callers."""
    x, y, reach = place
    seen[-1] += 1
    stamp = seen[-1]
    box, corner, shape, first_in, inside = arrays[5], arrays[6], arrays[7], arrays[8], arrays[9]
    columns, rows = shape[0], shape[1]
    c0 = max(0, math.floor((x - reach - corner[0]) / SIDE_M))
    c1 = min(columns - 1, math.floor((x + reach - corner[0]) / SIDE_M))
    r0 = max(0, math.floor((y - reach - corner[1]) / SIDE_M))
    r1 = min(rows - 1, math.floor((y + reach - corner[1]) / SIDE_M))
    found = np.empty(256, np.int64)
    n = 0
    if c1 < c0:
        return found[:0]  # It stands beside all houses: there is no such column to ask.
    for row in range(r0, r1 + 1):
        for k in range(first_in[row * columns + c0], first_in[row * columns + c1 + 1]):
            b = inside[k]
            if seen[b] == stamp:
                continue
            seen[b] = stamp
            dx = max(box[b, 0] - x, 0.0, x - box[b, 2])
            dy = max(box[b, 1] - y, 0.0, y - box[b, 3])
            if dx * dx + dy * dy >= reach * reach:
                continue
            if n == len(found):
                found = np.concatenate((found, np.empty(n, np.int64)))
            found[n] = b
            n += 1
    return found[:n]


@njit(cache=True, nogil=True)
def _before_wall(x: float, y: float, host: int, near: Integers, arrays: tuple[Any, ...]) -> tuple[float, float, bool]:
    """The point before the host's nearest wall that no other building covers."""
    x1, y1, x2, y2, first = arrays[0], arrays[1], arrays[2], arrays[3], arrays[4]
    best, best_x, best_y, found = np.inf, x, y, False
    for i in range(first[host], first[host + 1]):
        ex, ey = x2[i] - x1[i], y2[i] - y1[i]
        length = math.hypot(ex, ey)
        along = min(max(((x - x1[i]) * ex + (y - y1[i]) * ey) / (length * length), 0.0), 1.0)
        # The house is on the left, so outside is on the right.
        px = x1[i] + along * ex + _OFF_WALL_M * ey / length
        py = y1[i] + along * ey - _OFF_WALL_M * ex / length
        far = math.hypot(px - x, py - y)
        if far >= best:
            continue
        free = True
        for b in near:
            if holds((px, py), b, arrays):
                free = False
                break
        if free:
            best, best_x, best_y, found = far, px, py, True
    return best_x, best_y, found


@njit(cache=True, nogil=True)
def _stand(
    x: float, y: float, height: float, near: Integers, arrays: tuple[Any, ...], tops: Floats
) -> tuple[float, float, int]:
    """Where the camera hangs (x, y), and how it stands: 0 free, 1 moved before its wall, 2 on a roof or walled in."""
    stands = 0
    for b in near:
        if not holds((x, y), b, arrays):
            continue
        if height >= tops[b] - _ROOF_M:
            stands = 2
            continue
        px, py, found = _before_wall(x, y, b, near, arrays)
        if found:
            return px, py, 1
        stands = 2
    return x, y, stands


@njit(cache=True, nogil=True)
def _room(edges: Floats, n: int) -> Floats:
    if n < len(edges):
        return edges
    more = np.empty((2 * len(edges), edges.shape[1]))
    more[:n] = edges
    return more


# Columns of an edge: start and end direction (radians from the sector's start), 1/r = a sin + b cos of the compass
# direction, what it does (0 begins to hide for good, 1 begins to hide, 2 ends its shadow), which wall it is.
@njit(cache=True, nogil=True)
def _edges(camera: Floats, near: Integers, arrays: tuple[Any, ...], tops: Floats) -> tuple[Floats, int, int]:
    x, y, eye, start, width, reach = camera
    x1, y1, x2, y2, first = arrays[0], arrays[1], arrays[2], arrays[3], arrays[4]
    edges = np.empty((256, 6))
    n, depth = 0, 0
    for b in near:
        below = min(1.0 - tops[b] / eye, 1.0) if eye > tops[b] else 0.0
        host = below != 1.0 and holds((x, y), b, arrays)
        if host:
            below = 1.0  # It stands on this roof's edge, or in a wall: only the house's own ground is hidden.
            depth += 1
        for i in range(first[b], first[b + 1]):
            px, py, qx, qy = x1[i] - x, y1[i] - y, x2[i] - x, y2[i] - y
            cross = px * qy - py * qx
            if cross > 0 and below == 0.0:
                continue  # A far wall of a building that hides for good.
            ex, ey = qx - px, qy - py
            along = min(max(-(px * ex + py * ey) / (ex * ex + ey * ey), 0.0), 1.0)
            nearest = (px + along * ex) ** 2 + (py + along * ey) ** 2
            shade = below if cross > 0 else 1.0
            if nearest >= (reach * shade) ** 2 or abs(cross) < 1e-9:
                continue
            a = math.atan2(px, py) - start
            turn = math.atan2(qx * py - qy * px, px * qx + py * qy)  # clockwise from the first end to the second
            if turn < 0:
                a, turn = a + turn, -turn
            a = a % TURN
            kind = 2.0 if cross > 0 else (0.0 if below == 0.0 else 1.0)
            for lap in range(2):
                s, e = max(a - lap * TURN, 0.0), min(a + turn - lap * TURN, width)
                if e - s > _THIN:
                    edges = _room(edges, n)
                    edges[n, 0], edges[n, 1] = s, e
                    edges[n, 2], edges[n, 3] = shade * ey / cross, -shade * ex / cross
                    edges[n, 4], edges[n, 5] = kind, i
                    n += 1
    return edges, n, depth


@njit(cache=True, nogil=True)
def _inverse(edges: Floats, i: int, start: float, direction: float) -> float:
    return float(edges[i, 2] * math.sin(start + direction) + edges[i, 3] * math.cos(start + direction))


@njit(cache=True, nogil=True)
def _culled(edges: Floats, n: int, start: float, width: float) -> int:
    """How many edges are left, moved to the front, when those wholly behind nearer walls are dropped."""
    block = np.zeros(_BINS)
    step = width / _BINS
    sines, cosines = np.empty(_BINS + 1), np.empty(_BINS + 1)
    for k in range(_BINS + 1):
        sines[k], cosines[k] = math.sin(start + k * step), math.cos(start + k * step)
    for i in range(n):
        if edges[i, 4] != 0.0:
            continue
        k0, k1 = math.ceil(edges[i, 0] / step), math.floor(edges[i, 1] / step)
        if k0 >= k1:
            continue
        before = edges[i, 2] * sines[k0] + edges[i, 3] * cosines[k0]
        for k in range(k0, k1):
            after = edges[i, 2] * sines[k + 1] + edges[i, 3] * cosines[k + 1]
            block[k] = max(block[k], min(before, after))
            before = after
    kept = 0
    for i in range(n):
        foot = math.atan2(edges[i, 2], edges[i, 3])  # where the wall's line is nearest
        nearest = max(_inverse(edges, i, start, edges[i, 0]), _inverse(edges, i, start, edges[i, 1]))
        if (foot - start - edges[i, 0]) % TURN < edges[i, 1] - edges[i, 0]:
            nearest = math.hypot(edges[i, 2], edges[i, 3])
        for k in range(int(edges[i, 0] / step), min(int(edges[i, 1] / step) + 1, _BINS)):
            if nearest > block[k] * (1 - 1e-12):
                edges[kept] = edges[i]
                kept += 1
                break
    return kept


@njit(cache=True, nogil=True)
def _crossing(a0: float, a1: float, b0: float, b1: float) -> float:
    """Share of the chord at which two lines meet; outside (0, 1) where they do not."""
    span = (a0 - b0) - (a1 - b1)
    return (a0 - b0) / span if span != 0.0 else -1.0


@njit(cache=True, nogil=True)
def _cut(d0: float, d1: float, share: float) -> float:
    """The direction at a share of the chord between two directions."""
    w = d1 - d0
    return d0 + math.atan2(share * math.sin(w), 1.0 - share + share * math.cos(w))


# Columns of a line in a slab: 1/r at its two ends, +1 hides or -1 shows, which wall.
@njit(cache=True, nogil=True)
def _lines(
    edges: Floats, active: Integers, count: int, ends: tuple[float, float, float, float], lines: Floats
) -> tuple[int, float, float, float, float]:
    """The lines of a slab from near to far: how many, where all is hidden for good (1/r at both ends, wall), and the
    share of the chord at which their order changes (negative: nowhere)."""
    s0, c0, s1, c1 = ends
    left0, left1, left_id = 0.0, 0.0, -2.0
    right0, right1, right_id = 0.0, 0.0, -2.0
    n = 0
    for k in range(count):
        i = active[k]
        q0, q1 = edges[i, 2] * s0 + edges[i, 3] * c0, edges[i, 2] * s1 + edges[i, 3] * c1
        if edges[i, 4] == 0.0:
            if q0 > left0 or (q0 == left0 and q1 > left1):
                left0, left1, left_id = q0, q1, edges[i, 5]
            if q1 > right1 or (q1 == right1 and q0 > right0):
                right0, right1, right_id = q0, q1, edges[i, 5]
            continue
        # Sorted by the middle as they come; few at a time.
        j = n
        while j > 0 and lines[j - 1, 0] + lines[j - 1, 1] < q0 + q1:
            lines[j] = lines[j - 1]
            j -= 1
        lines[j, 0], lines[j, 1] = q0, q1
        lines[j, 2], lines[j, 3] = (1.0 if edges[i, 4] == 1.0 else -1.0), edges[i, 5]
        n += 1
    if left_id != right_id:
        share = _crossing(left0, left1, right0, right1)
        if 1e-9 < share < 1 - 1e-9:
            return n, left0, left1, left_id, share
        if left0 + left1 < right0 + right1:
            left0, left1, left_id = right0, right1, right_id
    for k in range(n):
        # In order in the middle: neighbours out of order at an end cross, and so does what pokes through the last wall.
        for other in range(2):
            if other == 0 and k > 0:
                a0, a1 = lines[k - 1, 0], lines[k - 1, 1]
            else:
                a0, a1 = left0, left1
            if (lines[k, 0] > a0 * _SAME) != (lines[k, 1] > a1 * _SAME):
                share = _crossing(a0, a1, lines[k, 0], lines[k, 1])
                if 1e-9 < share < 1 - 1e-9:
                    return n, left0, left1, left_id, share
    return n, left0, left1, left_id, -1.0


# Columns of a piece: its two directions, 1/r of its near side at both (inf: at the camera), of its far side at both
# (0: nothing ends it), the walls of both sides (-1 the camera, -2 nothing).
@njit(cache=True, nogil=True)
def _shown(lines: Floats, n: int, stop: tuple[float, float, float], depth: int, fresh: Floats, faint: float) -> int:
    """The visible pieces of a slab, from near to far, without their directions; how many."""
    near0, near1, near_id = np.inf, np.inf, -1.0
    count = 0
    for k in range(n + 1):
        last = k == n or lines[k, 0] + lines[k, 1] <= stop[0] + stop[1]
        q0, q1, wall, sign = stop[0], stop[1], stop[2], 1.0
        if not last:
            q0, q1, sign, wall = lines[k, 0], lines[k, 1], lines[k, 2], lines[k, 3]
        if sign > 0:
            if depth == 0 and (near0 > q0 or near1 > q1) and count < len(fresh):
                fresh[count, 2], fresh[count, 3], fresh[count, 4], fresh[count, 5] = near0, near1, q0, q1
                fresh[count, 6], fresh[count, 7] = near_id, wall
                count += 1
            depth += 1
        else:
            depth -= 1
            near0, near1, near_id = q0, q1, wall
        if last or (depth == 0 and near0 < faint and near1 < faint):
            break
    return count


@njit(cache=True, nogil=True)
def _put(
    pieces: Floats, done: int, previous: int, fresh: Floats, count: int, d0: float, d1: float, first: int
) -> tuple[Floats, int, int]:
    """Adds the pieces of a slab, or widens those of the slab before where the same walls bound them."""
    same = count == done - previous and count > 0 and previous >= first
    for k in range(count):
        if not same:
            break
        held = pieces[previous + k]
        same = abs(held[1] - d0) < _THIN and held[6] == fresh[k, 6] and held[7] == fresh[k, 7] and d1 - held[0] < 1.6
    if same:
        for k in range(count):
            held = pieces[previous + k]
            held[1], held[3], held[5] = d1, fresh[k, 3], fresh[k, 5]
        return pieces, done, previous
    previous = done
    for k in range(count):
        if done == len(pieces):
            more = np.empty((2 * len(pieces), 8))
            more[:done] = pieces
            pieces = more
        pieces[done] = fresh[k]
        pieces[done, 0], pieces[done, 1] = d0, d1
        done += 1
    return pieces, done, previous


@njit(cache=True, nogil=True)
def _swept(
    edges: Floats, n: int, depth: int, start: float, width: float, reach: float, pieces: Floats, first: int
) -> tuple[Floats, int]:
    """The sweep itself: pieces from `first` on, and where they end."""
    stops = math.ceil(width / TURN * _FORCED) + 1
    at = np.empty(2 * n + stops)
    for i in range(n):
        at[2 * i], at[2 * i + 1] = edges[i, 0], edges[i, 1]
    for k in range(stops):
        at[2 * n + k] = min(k * TURN / _FORCED, width)
    order = np.argsort(at)
    active, place = np.empty(n, np.int64), np.empty(n, np.int64)
    lines, fresh = np.empty((n + 1, 4)), np.empty((n // 2 + 2, 8))
    todo = np.empty(_SPLITS + 2)
    count, done, previous, here = 0, first, first, 0.0
    for event in order:
        there = at[event]
        if there - here > _THIN:
            todo[0], waiting, splits, left = there, 1, 0, here
            while waiting:
                right = todo[waiting - 1]
                ends = (
                    math.sin(start + left),
                    math.cos(start + left),
                    math.sin(start + right),
                    math.cos(start + right),
                )
                m, stop0, stop1, stop_id, share = _lines(edges, active, count, ends, lines)
                middle = _cut(left, right, share) if share >= 0 else left
                if share >= 0 and splits < _SPLITS and middle - left > _THIN and right - middle > _THIN:
                    todo[waiting] = middle
                    waiting, splits = waiting + 1, splits + 1
                    continue
                shown = _shown(lines, m, (stop0, stop1, stop_id), depth, fresh, 1.0 / max(reach, 1e-3))
                pieces, done, previous = _put(pieces, done, previous, fresh, shown, left, right, first)
                left, waiting = right, waiting - 1
            here = there
        if event < 2 * n:
            i = event // 2
            if event % 2 == 0:
                active[count], place[i] = i, count
                count += 1
            else:
                count -= 1
                last = active[count]
                active[place[i]], place[last] = last, place[i]
    return pieces, done


@njit(cache=True, nogil=True)
def sweep(cameras: Floats, arrays: tuple[Any, ...], tops: Floats) -> tuple[Any, ...]:
    """What walls leave visible around each camera, as pieces laid end to end.

    cameras: (n, 6) x_m, y_m, height_m, start (radians clockwise from north), width (radians, at most a turn), reach_m.
    A height of 0 or less looks at a plan: every wall hides for good. tops: (buildings,) heights to reckon with. Who
    looks for something that stands t metres high takes t off all heights.
    Answers: pieces (m, 8): directions from and to (radians from the start), 1/r of the near side at both (inf: at the
    camera), 1/r of the far side at both (0: open), walls of both sides (-1 camera, -2 open); offsets (n + 1,);
    stands (n, 3): where the camera hangs and how (0 free, 1 moved before its wall, 2 on a roof); low (n,): whether a
    building lower than the camera is in reach.
    Source: de Berg et al., Computational Geometry (3rd ed.), section 15.2, in inverse distances; see
    docs/design/coverage.md.
    """
    pieces = np.empty((max(64, 48 * len(cameras)), 8))
    offsets = np.zeros(len(cameras) + 1, np.int64)
    stands, low = np.empty((len(cameras), 3)), np.zeros(len(cameras), np.bool_)
    seen = np.zeros(len(tops) + 1, np.int64)
    done = 0
    for c in range(len(cameras)):
        x, y, height, start, width, reach = cameras[c]
        near = near_buildings((x, y, reach), arrays, seen)
        x, y, how = _stand(x, y, height, near, arrays, tops)
        stands[c, 0], stands[c, 1], stands[c, 2] = x, y, how
        for b in near:
            low[c] = low[c] or tops[b] < height
        hung = np.array([x, y, height, start, width, reach])
        edges, n, depth = _edges(hung, near, arrays, tops)
        n = _culled(edges, n, start, width)
        pieces, done = _swept(edges, n, depth, start, width, reach, pieces, done)
        offsets[c + 1] = done
    return pieces[:done], offsets, stands, low
