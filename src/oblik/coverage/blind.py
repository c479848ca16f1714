"""Places that matter: how well those of each kind are seen, and which are seen by nobody; reads tables, writes none."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from oblik.city import queries as city
from oblik.coverage.logic.surface import BANDS, Ground, at_least, disc, squares_of
from oblik.coverage.logic.touched import FINE_ZOOM
from oblik.coverage.logic.weights import PLACE_WEIGHTS
from oblik.coverage.sums import Blind, Share, incidents

AROUND_M: Final = 20.0  # what is asked of a place: the ground so far around it
MOST_SPOTS: Final = 1_000
_TOGETHER_ZOOM: Final = 20  # places in one cell of 25 m are one spot
_AT_ONCE: Final = 5_000
INCIDENT: Final = "incident"


def _around(ground: Ground, lon: Any, lat: Any) -> tuple[Any, Any, Any]:
    """(squares by best sure band, by best possible band, open squares) around each place, (n, bands + 1) and (n,)."""
    sure = np.zeros((len(lon), len(BANDS) + 1))
    may = np.zeros_like(sure)
    if not len(lon):
        return sure, may, np.zeros(0)
    x, y = disc(float(np.mean(lat)), radius_m=AROUND_M)
    for first in range(0, len(lon), _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        columns, rows = squares_of(lon[part], lat[part])
        bands, possible, built = ground.look(columns[:, None] + x, rows[:, None] + y)
        for band in range(len(BANDS) + 1):
            sure[part, band] = ((bands == band) & ~built).sum(axis=1)
            may[part, band] = ((possible == band) & ~built).sum(axis=1)
    return sure, may, sure.sum(axis=1)


def places_seen(ground: Ground) -> list[Share]:
    """How many places of each kind are seen: each place counts as the share of the open ground within AROUND_M."""
    found = city.places()
    if not len(found):
        return []
    at = np.array([(point.x, point.y) for point in found.geometry])
    sure, may, whole = _around(ground, at[:, 0], at[:, 1])
    whole = np.maximum(whole, 1)[:, None]
    answer = []
    for kind in sorted(set(found.kind)):
        mine = found.kind == kind
        answer.append(
            Share(str(kind), float(mine.sum()), at_least((sure[mine] / whole[mine]).sum(axis=0)),
                  at_least((may[mine] / whole[mine]).sum(axis=0)))
        )  # fmt: skip
    return answer


def blind_spots(ground: Ground, *, with_incidents: bool) -> tuple[list[Blind], int, int]:
    """The spots of most weight that nobody sees, how many there are in all, and how many incidents counted; places
    together are one spot."""
    found = city.places(kinds=sorted(PLACE_WEIGHTS))
    at = np.array([(point.x, point.y) for point in found.geometry]).reshape(-1, 2)
    weights = np.array([PLACE_WEIGHTS[str(kind)] for kind in found.kind])
    kinds, names = [str(kind) for kind in found.kind], [str(name) for name in found.name]
    happened = incidents()[1] if with_incidents else np.empty((0, 3))
    at = np.concatenate([at, happened[:, :2]])
    weights = np.concatenate([weights, happened[:, 2]])
    kinds, names = kinds + [INCIDENT] * len(happened), names + [""] * len(happened)
    return *_spots(ground, at, weights, kinds=kinds, names=names), len(happened)


def _spots(
    ground: Ground, at: Any, weights: Any, *, kinds: Sequence[str], names: Sequence[str]
) -> tuple[list[Blind], int]:
    if not len(at):
        return [], 0
    sure, may, whole = _around(ground, at[:, 0], at[:, 1])
    known = np.maximum(whole, 1)
    unseen, unsure = may[:, 0] / known, sure[:, 0] / known
    columns, rows = squares_of(at[:, 0], at[:, 1])
    up = FINE_ZOOM - _TOGETHER_ZOOM
    _, spot = np.unique((columns >> up) << 32 | (rows >> up), return_inverse=True)
    count = int(spot.max()) + 1
    weight = np.bincount(spot, weights=weights, minlength=count)
    lost = np.bincount(spot, weights=weights * unseen, minlength=count)
    doubt = np.bincount(spot, weights=weights * unsure, minlength=count)
    order = np.lexsort((np.arange(count), -doubt, -lost))[:MOST_SPOTS]
    members: dict[int, list[int]] = {}
    for i, one in enumerate(spot):
        members.setdefault(int(one), []).append(i)
    answer = []
    for one in order[(lost[order] > 0) | (doubt[order] > 0)]:
        here = members[int(one)]
        heaviest = max(here, key=lambda i: (weights[i], -i))
        told = sorted({kinds[i] for i in here})
        name = next((names[i] for i in sorted(here, key=lambda i: -weights[i]) if names[i]), "") or _near(at[heaviest])
        answer.append(
            Blind(float(at[heaviest, 0]), float(at[heaviest, 1]), float(weight[one]), ",".join(told), name,
                  float(lost[one] / max(weight[one], 1e-9)), float(doubt[one] / max(weight[one], 1e-9)))
        )  # fmt: skip
    return answer, int((lost > 0).sum())


def _near(at: Any) -> str:
    """The address of the nearest house, for places without a name; "" where none is near."""
    found = city.gazetteer().nearest(float(at[0]), float(at[1]))
    return f"{found.street}, {found.house}" if found else ""
