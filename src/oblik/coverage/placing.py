"""Where the next cameras go: what matters near candidate poles, what is seen there, and the best few changes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
import shapely

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.base.errors import InvalidInput, msg
from oblik.city import queries as city
from oblik.city.logic.cells import cells_of, range_of, widened
from oblik.coverage import reading
from oblik.coverage.blocks import VAGUE_M, along
from oblik.coverage.following import Drawn, drawn
from oblik.coverage.logic.frame import Frame
from oblik.coverage.logic.packing import unpacked
from oblik.coverage.logic.placing import Option, Plan, Problem, greedy, solved
from oblik.coverage.logic.surface import BANDS, SIDE, Block, block_of, painted, squares_of
from oblik.coverage.logic.touched import ZOOMS
from oblik.coverage.logic.views import MAX_REACH_M
from oblik.coverage.logic.weights import PLACE_WEIGHTS, Candidate, Place
from oblik.coverage.reading import Stored
from oblik.coverage.sums import incidents
from oblik.registry import queries as registry
from oblik.registry import versions

Action = Literal["new", "reaim", "ask", "repair"]
PLACE_METRES: Final = 10.0  # of street that a place of weight 1 counts for
MOST_CANDIDATES: Final = 2_000
MOST_REAIMED: Final = 60  # cameras that may be turned: those with most to see around them
_STREETS: Final = (
    "motorway",
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "residential",
    "living_street",
    "pedestrian",
)
_FAR_M: Final = 150.0  # around the poles: what is farther off no ordinary camera sees well


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. free: how many free changes at most; band: that a place must be seen in to count as seen.

    bearings: directions tried at each pole; hfov_deg, width_px, tilt_deg: of a new camera. budget: None for any money.
    """

    add: int
    budget: float | None = None
    free: int = 0
    band: str = "detect"
    bearings: int = 12
    hfov_deg: float = 90.0
    width_px: int = 2560
    tilt_deg: float = 20.0
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Chosen:
    """One change: a new camera at a candidate, a camera turned, a private one asked for, a faulty one repaired.

    gain: points that it adds to the changes before it in the list; camera "" for a new one.
    """

    action: Action
    name: str
    camera: str
    owner: str
    lon_deg: float
    lat_deg: float
    height_m: float | None
    bearing_deg: float | None
    cost: float
    gain: float
    gain_share: float


@dataclass(frozen=True, slots=True)
class Placement:
    """The plan and how good it is. Points are metres of street, a place of weight 1 counts as ten of them.

    points: all within reach of the poles; before: of them seen as it is; gain: what the plan adds; bound: what no plan
    could exceed, gap: by what share; greedy_gain: what taking the best one again and again would add.
    """

    chosen: tuple[Chosen, ...]
    points: float
    before: float
    gain: float
    bound: float
    gap: float
    proven: bool
    greedy_gain: float
    cost: float
    options: int


def placement(
    candidates: Sequence[Candidate], *, wanted: Wanted, places: Sequence[Place] = (), within: Scope = EVERYWHERE
) -> Placement:
    """The changes that let most of what matters be seen that nobody sees now; see docs/design/coverage.md.

    places: what matters, by weight; none means the streets and places of the map and the uploaded incidents. Seen
    counts what is possibly seen, so that money goes where surely nothing is; new cameras are known and see surely.
    Every private owner's camera counts as not yet shared.
    """
    _check(candidates, wanted)
    demand = _demand(candidates, places)
    ours = _Ours.read(demand, wanted=wanted, within=within)
    options, about = _options(candidates, demand=demand, ours=ours, wanted=wanted)
    problem = Problem(
        np.where(ours.covered, 0.0, demand.weight), options, most_new=wanted.add, most_free=wanted.free,
        budget=wanted.budget,
    )  # fmt: skip
    plan, plain = solved(problem, seconds=wanted.seconds), greedy(problem)
    kept = np.zeros(len(demand.weight), dtype=np.bool_)
    for one in options:
        if one.keeps:
            kept[one.sees] = True
    before = float(demand.weight[ours.covered | kept].sum())
    return _told(plan, about, points=float(demand.weight.sum()), before=before, plain=plain, options=len(options))


def _check(candidates: Sequence[Candidate], wanted: Wanted) -> None:
    if wanted.add < 0 or wanted.free < 0 or wanted.bearings < 1:
        raise InvalidInput(msg("How many cameras are added, changed and how many directions are tried: 0 or more."))
    if wanted.band not in BANDS:
        raise InvalidInput(
            msg("“{value}” is no band; choose one of {choices}."), value=wanted.band, choices=", ".join(BANDS)
        )
    if not candidates:
        raise InvalidInput(msg("There is no candidate place to choose from."))
    if len(candidates) > MOST_CANDIDATES:
        raise InvalidInput(
            msg("{count} candidate places are more than can be weighed at once; name at most {most}."),
            count=len(candidates), most=MOST_CANDIDATES,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Demand:
    """Squares that matter: keys as _keys makes them, ascending, their weights; the blocks around them."""

    key: Any
    weight: Any
    blocks: list[Block]

    def seen_by(self, key: Any) -> Any:
        """Positions of those of the squares that matter."""
        at = np.searchsorted(self.key, key)
        at = np.minimum(at, max(len(self.key) - 1, 0))
        return np.unique(at[self.key[at] == key]) if len(self.key) else np.empty(0, dtype=np.int64)


def _keys(columns: Any, rows: Any) -> Any:
    return np.asarray(columns, dtype=np.int64) << 32 | np.asarray(rows, dtype=np.int64)


def _demand(candidates: Sequence[Candidate], places: Sequence[Place]) -> _Demand:
    lon = np.array([one.lon_deg for one in candidates])
    lat = np.array([one.lat_deg for one in candidates])
    near = [widened((x, y, x, y), by_m=_FAR_M) for x, y in zip(lon, lat, strict=True)]
    if places:
        at = np.array([(one.lon_deg, one.lat_deg) for one in places])
        weight = np.array([one.weight for one in places])
    else:
        at, weight = _of_the_map((float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())))
    kept = np.zeros(len(at), dtype=np.bool_)
    for west, south, east, north in near:
        kept |= (at[:, 0] >= west) & (at[:, 0] <= east) & (at[:, 1] >= south) & (at[:, 1] <= north)
    columns, rows = squares_of(at[kept, 0], at[kept, 1])
    key, which = np.unique(_keys(columns, rows), return_inverse=True)
    if not len(key):
        raise InvalidInput(
            msg("Nothing that matters lies within 150 m of any candidate: load the city's map, or give weights.")
        )
    return _Demand(key, np.bincount(which, weights=weight[kept]), _blocks(near))


def _blocks(boxes: Sequence[tuple[float, float, float, float]]) -> list[Block]:
    corners = np.array(boxes)
    lon = np.concatenate([corners[:, i] for i in (0, 0, 2, 2)])
    lat = np.concatenate([corners[:, i] for i in (1, 3, 1, 3)])
    return [block_of(int(cell)) for cell in np.unique(cells_of(lon, lat, zoom=15))]


def _of_the_map(box: tuple[float, float, float, float]) -> tuple[Any, Any]:
    """Places and weights of the streets, the places of the map and the uploaded incidents around a box."""
    wide = widened(box, by_m=_FAR_M)
    frame = Frame((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    at, weight = [np.empty((0, 2))], [np.empty(0)]
    for line in city.streets(classes=_STREETS, box=wide).geometry:
        found, metres = along(shapely.boundary(line) if line.area else line, frame)
        at.append(found)
        weight.append(metres)
    found = city.places(kinds=sorted(PLACE_WEIGHTS), box=wide)
    at.append(np.array([(point.x, point.y) for point in found.geometry]).reshape(-1, 2))
    weight.append(np.array([PLACE_WEIGHTS[str(kind)] * PLACE_METRES for kind in found.kind]))
    happened = incidents()[1]
    at.append(happened[:, :2])
    weight.append(happened[:, 2] * PLACE_METRES)
    return np.concatenate(at), np.concatenate(weight)


# ---------------------------------------------------------------------------------------------- what is there already


@dataclass(frozen=True, slots=True, eq=False)
class _Ours:
    """What cameras near the poles see: covered by those that stay as they are, and those that can be changed."""

    covered: Any
    turned: list[tuple[Stored, Any]]
    asked: list[tuple[Stored, Any]]
    faulty: list[tuple[Stored, Any]]
    owners: dict[str, str]

    @classmethod
    def read(cls, demand: _Demand, *, wanted: Wanted, within: Scope) -> "_Ours":
        ids: dict[int, str] = {}
        for block in demand.blocks:
            ranges = [range_of(block.cell, zoom=zoom) for zoom in ZOOMS]
            ids.update(reading.filed_between(ranges, states=("in_service", "faulty")))
        owners = registry.owners_of(set(ids.values()), within=within)
        kinds = {one.code: one.kind for one in registry.owners(within=within)}
        ours = cls(np.zeros(len(demand.key), dtype=np.bool_), [], [], [], owners)
        for stored in reading.footprints_of([number for number, code in ids.items() if code in owners]):
            seen = _sees(stored, demand, band=wanted.band)
            if len(seen) or _can_turn(stored):
                ours.sort(stored, seen, private=kinds.get(owners.get(stored.code, "")) == "private", free=wanted.free)
        return ours

    def sort(self, stored: Stored, seen: Any, *, private: bool, free: int) -> None:
        """Puts a camera where it belongs."""
        if private and stored.state == "in_service":
            self.asked.append((stored, seen))
        elif stored.state == "faulty":
            self.faulty.append((stored, seen))
        elif free and _can_turn(stored):
            self.turned.append((stored, seen))
        else:
            self.covered[seen] = True


def _can_turn(stored: Stored) -> bool:
    """Whether a camera looks one way, and that and its place are known: then another way can be reckoned."""
    view = stored.seen.view if stored.seen is not None else None
    return view is not None and view.blur_m == 0 and view.half_deg.high < 90 and "bearing" not in view.assumed


def _sees(stored: Stored, demand: _Demand, *, band: str) -> Any:
    if stored.seen is None or stored.seen.view.blur_m > VAGUE_M:
        return np.empty(0, dtype=np.int64)
    return _squares(stored.seen, stored.lon_deg, stored.lat_deg, demand, band=band)


def _squares(seen: Any, lon_deg: float, lat_deg: float, demand: _Demand, *, band: str) -> Any:
    least = BANDS.index(band) + 1
    keys = []
    for block, look in painted(seen, lon_deg=lon_deg, lat_deg=lat_deg).items():
        at = look.at[look.may >= least]
        keys.append(_keys(block.column * SIDE + at % SIDE, block.row * SIDE + at // SIDE))
    return demand.seen_by(np.concatenate(keys)) if keys else np.empty(0, dtype=np.int64)


# ---------------------------------------------------------------------------------------------- what could be changed


def _options(
    candidates: Sequence[Candidate], *, demand: _Demand, ours: _Ours, wanted: Wanted
) -> tuple[list[Option], list[Chosen]]:
    options: list[Option] = []
    about: list[Chosen] = []

    def add(option: Option, chosen: Chosen) -> None:
        if option.keeps or len(option.sees):
            options.append(option)
            about.append(chosen)

    for one, bearing, seen in _new(candidates, demand=demand, wanted=wanted):
        chosen = Chosen("new", one.name, "", "", one.lon_deg, one.lat_deg, one.height_m, bearing, one.cost, 0.0, 0.0)
        add(Option(seen, one.cost), chosen)
    if wanted.free:
        for action, found in (("ask", ours.asked), ("repair", ours.faulty)):
            for stored, seen in found:
                add(Option(seen, free=True), _existing(action, stored, ours))  # type: ignore[arg-type]  # both are actions
        _turn(add, demand=demand, ours=ours, wanted=wanted)
    return options, about


def _existing(action: Action, stored: Stored, ours: _Ours, *, bearing: float | None = None) -> Chosen:
    owner = ours.owners.get(stored.code, "")
    return Chosen(
        action, "", stored.code, owner, stored.lon_deg, stored.lat_deg, None, bearing, 0.0, 0.0, 0.0
    )  # fmt: skip


def _bearings(count: int) -> list[float]:
    return [round(360.0 * i / count, 1) for i in range(count)]


def _new(candidates: Sequence[Candidate], *, demand: _Demand, wanted: Wanted) -> list[tuple[Candidate, float, Any]]:
    told = [(one, bearing) for one in candidates for bearing in _bearings(wanted.bearings)]
    values = [
        {"lon_deg": one.lon_deg, "lat_deg": one.lat_deg, "height_m": one.height_m, "bearing_deg": bearing,
         "hfov_deg": wanted.hfov_deg, "width_px": wanted.width_px, "height_px": round(wanted.width_px * 9 / 16),
         "tilt_deg": wanted.tilt_deg, "kind": "fixed", "place_origin": "field", "accuracy_m": 1.0}
        for one, bearing in told
    ]  # fmt: skip
    return [
        (one, bearing, _drawn_sees(shown, demand, band=wanted.band))
        for (one, bearing), shown in zip(told, drawn(values), strict=True)
    ]


def _drawn_sees(shown: Drawn, demand: _Demand, *, band: str) -> Any:
    if not shown.shape or shown.lon_deg is None or shown.lat_deg is None:
        return np.empty(0, dtype=np.int64)
    return _squares(unpacked(shown.shape), shown.lon_deg, shown.lat_deg, demand, band=band)


def _turn(add: Any, *, demand: _Demand, ours: _Ours, wanted: Wanted) -> None:
    """Cameras with most unseen around them may be turned; the others stay as they are."""
    worth = [(-_around(stored, demand, ours.covered), stored.code, stored, seen) for stored, seen in ours.turned]
    worth.sort(key=lambda one: one[:2])
    for _worth, _code, _stored, seen in worth[MOST_REAIMED:]:
        ours.covered[seen] = True
    chosen = worth[:MOST_REAIMED]
    values = {one.camera: one.values for one in versions.newest_states([stored.camera for _, _, stored, _ in chosen])}
    for group, (_worth, _code, stored, seen) in enumerate(chosen):
        add(Option(seen, free=True, group=group, keeps=True), _existing("reaim", stored, ours))
        known = values.get(stored.camera, {})
        bearings = [one for one in _bearings(wanted.bearings) if one != known.get("bearing_deg")]
        for bearing, shown in zip(bearings, drawn([{**known, "bearing_deg": one} for one in bearings]), strict=True):
            found = _drawn_sees(shown, demand, band=wanted.band)
            add(Option(found, free=True, group=group), _existing("reaim", stored, ours, bearing=bearing))


def _around(stored: Stored, demand: _Demand, covered: Any) -> float:
    """Weight that nobody sees in the disc that a camera reaches."""
    if stored.seen is None:
        return 0.0
    column, row = squares_of(np.array([stored.lon_deg]), np.array([stored.lat_deg]))
    side_m = (Block(int(column[0]) // SIDE, int(row[0]) // SIDE).square_m2) ** 0.5
    reach = min(stored.seen.reach_m, MAX_REACH_M) / side_m
    away = np.hypot((demand.key >> 32) - column[0], (demand.key & 0xFFFFFFFF) - row[0])
    return float(demand.weight[(away <= reach) & ~covered].sum())


def _told(
    plan: Plan, about: Sequence[Chosen], *, points: float, before: float, plain: Plan, options: int
) -> Placement:  # fmt: skip
    steps = tuple(
        replace(about[step.option], gain=step.gain, gain_share=step.gain / max(points, 1e-9)) for step in plan.steps
    )
    return Placement(
        steps, points, before, plan.gain, plan.bound, plan.gap, plan.proven, plain.gain,
        sum(one.cost for one in steps), options,
    )  # fmt: skip
