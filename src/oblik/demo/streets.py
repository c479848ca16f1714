"""The invented city's ground: streets on a jittered grid, squares, address points and renamed streets."""

from dataclasses import dataclass, field
from itertools import pairwise
from math import cos, pi, radians, sin
from typing import Final

import numpy as np

from oblik.demo import names

Rng = np.random.Generator
Name = tuple[str, str]  # Ukrainian, Russian
BLOCK_EW_M: Final = 190.0  # between neighbouring crossings of one east-west street
BLOCK_NS_M: Final = 160.0
HOUSE_STEP_M: Final = 40.0
_CENTRES: Final = {"default": (34.30, 49.05), "other": (33.62, 48.82)}  # fields, nobody's town


@dataclass(frozen=True, slots=True)
class Frame:
    """A flat frame in metres around one point; good to a few centimetres over ten kilometres."""

    lon_deg: float
    lat_deg: float

    @property
    def scale(self) -> tuple[float, float]:
        """Metres per degree of longitude and of latitude (WGS 84 series, EPSG guidance note 7-2)."""
        a = radians(self.lat_deg)
        return (
            111412.84 * cos(a) - 93.5 * cos(3 * a) + 0.118 * cos(5 * a),
            111132.954 - 559.822 * cos(2 * a) + 1.175 * cos(4 * a),
        )

    def lonlat(self, x_m: float, y_m: float) -> tuple[float, float]:
        """Longitude and latitude in degrees of a point of the frame."""
        kx, ky = self.scale
        return self.lon_deg + x_m / kx, self.lat_deg + y_m / ky


@dataclass(slots=True)
class Street:
    """One street under its name of today; old is what it was called before, kind included."""

    kind: str
    name: Name
    path: list[tuple[int, int]]  # crossings it passes, as (column, row) of the grid
    old: tuple[str, Name] | None = None
    points: list[int] = field(default_factory=list)  # indexes into Ground.houses

    @property
    def ru_kind(self) -> str:
        return names.KINDS[self.kind][0]


@dataclass(frozen=True, slots=True)
class House:
    street: int
    number: str
    x_m: float
    y_m: float


@dataclass(slots=True)
class Ground:
    """Streets, crossings and houses; grid_x and grid_y are (rows, columns) of crossings in metres."""

    profile: str
    frame: Frame
    city: Name
    districts: tuple[Name, ...]
    grid_x: np.ndarray[tuple[int, int], np.dtype[np.float64]]
    grid_y: np.ndarray[tuple[int, int], np.dtype[np.float64]]
    streets: list[Street]
    houses: list[House]
    at: dict[tuple[int, int], list[int]]  # crossing -> streets through it

    def district(self, x_m: float, y_m: float) -> Name:
        """The district of a point: equal sectors around the centre."""
        turn = (np.arctan2(y_m, x_m) + pi) / (2 * pi)
        return self.districts[min(int(turn * len(self.districts)), len(self.districts) - 1)]


def make_ground(rng: Rng, *, size: float, profile: str) -> Ground:
    """The ground of a city; size 1 has about 25,000 houses, and area grows with size squared."""
    rows, columns = max(11, round(41 * size)), max(12, round(45 * size))
    grid_x = np.arange(columns) * BLOCK_EW_M - (columns - 1) * BLOCK_EW_M / 2 + rng.normal(0, 16, (rows, columns))
    grid_y = (np.arange(rows) * BLOCK_NS_M - (rows - 1) * BLOCK_NS_M / 2)[:, None] + rng.normal(0, 14, (rows, columns))
    lon, lat = _CENTRES[profile]
    ground = Ground(
        profile, Frame(lon, lat), names.CITIES[profile], names.DISTRICTS[profile], grid_x, grid_y, [], [], {}
    )
    _name_streets(rng, ground, _runs(rng, rows, columns))
    _rename(rng, ground)
    for index, street in enumerate(ground.streets):
        for crossing in street.path:
            ground.at.setdefault(crossing, []).append(index)
        _build_houses(rng, ground, index)
    return ground


def _runs(rng: Rng, rows: int, columns: int) -> list[tuple[str, list[tuple[int, int]]]]:
    """(wish, crossings) for each street: lines of the grid, cut into pieces save for the avenues."""
    lines = [[(c, r) for c in range(columns)] for r in range(rows)]
    lines += [[(c, r) for r in range(rows)] for c in range(columns)]
    runs: list[tuple[str, list[tuple[int, int]]]] = []
    for number, line in enumerate(lines):
        if number % 9 == 4:
            runs.append(("avenue", line))
            continue
        start = 0
        while start < len(line) - 1:
            stop = min(start + int(rng.integers(3, 17)), len(line) - 1)
            stop = len(line) - 1 if len(line) - 1 - stop < 2 else stop
            runs.append(("lane" if stop - start <= 4 else "street", line[start : stop + 1]))
            start = stop
    inner = [(c, r) for r in range(2, rows - 2, 7) for c in range(2, columns - 2, 8)]
    runs.extend(("square", [spot]) for spot in inner)
    return runs


_WISHES: Final = {
    "avenue": (("проспект", 0.5), ("бульвар", 0.2), ("шосе", 0.15), ("вулиця", 0.15)),
    "street": (("вулиця", 0.94), ("набережна", 0.03), ("узвіз", 0.03)),
    "lane": (("провулок", 0.55), ("вулиця", 0.25), ("в'їзд", 0.1), ("проїзд", 0.1)),
    "square": (("площа", 1.0),),
}


def _name_streets(rng: Rng, ground: Ground, runs: list[tuple[str, list[tuple[int, int]]]]) -> None:
    words = [*names.ADJECTIVES, *names.GENITIVES]
    order = [words[i] for i in rng.permutation(len(words))]
    plain = set(names.ADJECTIVES)
    taken: set[tuple[str, str]] = set()
    cursor = 0
    for wish, path in runs:
        kinds, weights = zip(*_WISHES[wish], strict=True)
        kind = str(rng.choice(kinds, p=weights))
        for attempt in range(len(order) * 9):
            word = order[(cursor + attempt) % len(order)]
            name = _numbered(word, kind, attempt // len(order))
            if (kind, name[0]) not in taken and (attempt < len(order) or word in plain):
                break
        cursor += int(rng.integers(1, 4))
        taken.add((kind, name[0]))
        ground.streets.append(Street(kind, name, path))


def _numbered(word: Name, kind: str, number: int) -> Name:
    gender = names.KINDS[kind][1]
    uk, ru = names.inflect(word, gender=gender)
    if not number:
        return uk, ru
    if number <= len(names.SIZES):
        size_uk, size_ru = names.inflect(names.SIZES[number - 1], gender=gender)
        return f"{size_uk} {uk}", f"{size_ru} {ru}"
    end = {"f": ("а", "я"), "m": ("й", "й"), "n": ("е", "е")}[gender]
    return f"{number}-{end[0]} {uk}", f"{number}-{end[1]} {ru}"


def _rename(rng: Rng, ground: Ground) -> None:
    """Give about a tenth of the streets an old name: one word on several kinds, one change of kind, one split."""
    wanted = max(6, min(40, len(ground.streets) // 9))
    words = [names.OLD_ADJECTIVES[i] for i in rng.permutation(len(names.OLD_ADJECTIVES))]
    words += [names.OLD_GENITIVES[i] for i in rng.permutation(len(names.OLD_GENITIVES))]
    shared = words.pop(0)  # one word on several kinds, each with a new name of its own
    for kind in ("проспект", "провулок", "площа", "вулиця"):
        for street in ground.streets:
            if street.kind == kind and street.old is None and len(street.path) < 30:
                street.old = (kind, names.inflect(shared, gender=names.KINDS[kind][1]))
                break
    halves = (i for i, s in enumerate(ground.streets) if s.kind == "вулиця" and s.old is None and _next(ground, i))
    first = next(halves, None)
    if first is not None:
        ground.streets[first].old = ground.streets[first + 1].old = ("вулиця", words.pop(0))
    done = sum(street.old is not None for street in ground.streets)
    changed = False
    for index in rng.permutation(len(ground.streets)):
        street = ground.streets[int(index)]
        if done >= wanted or not words:
            break
        if street.old is not None:
            continue
        word, kind = words.pop(0), street.kind
        if not changed and kind == "вулиця":
            kind, changed = "провулок", True
        street.old = (kind, names.inflect(word, gender=names.KINDS[kind][1]))
        done += 1


def _next(ground: Ground, index: int) -> bool:
    """Whether the next street goes on where this one ends, so that both may once have been one."""
    if index + 1 >= len(ground.streets):
        return False
    here, there = ground.streets[index], ground.streets[index + 1]
    return here.path[-1] == there.path[0] and there.kind == "вулиця" and there.old is None


def _build_houses(rng: Rng, ground: Ground, index: int) -> None:
    street = ground.streets[index]
    centre = [(float(ground.grid_x[r, c]), float(ground.grid_y[r, c])) for c, r in street.path]
    if len(centre) == 1:
        for odd in range(1, 2 * int(rng.integers(5, 9)), 2):
            angle = odd * 0.42
            _add(ground, index, str(odd), centre[0][0] + 48 * cos(angle), centre[0][1] + 48 * sin(angle))
        return
    # The second half of a split street goes on counting, so that an old address stays unambiguous.
    start = 0
    before = ground.streets[index - 1] if index else street
    if street.old and before is not street and before.old == street.old:
        start = 2 * (len(before.points) // 2 + 1)
    step = 0
    for (x0, y0), (x1, y1) in pairwise(centre):
        length = float(np.hypot(x1 - x0, y1 - y0))
        ux, uy = (x1 - x0) / length, (y1 - y0) / length
        for k in range(max(1, int((length - 20) / HOUSE_STEP_M))):
            along = 22 + k * HOUSE_STEP_M
            for side in (0, 1):
                shift, off = along + float(rng.normal(0, 5)), (19 + float(rng.normal(0, 3))) * (1 if side else -1)
                number = _house_number(rng, start + 2 * step + 1 + side)
                _add(ground, index, number, x0 + ux * shift - uy * off, y0 + uy * shift + ux * off)
            step += 1


def _house_number(rng: Rng, number: int) -> str:
    draw = float(rng.random())
    if draw < 0.05:
        return f"{number}-{'АБВ'[int(rng.integers(3))]}"
    return f"{number}/{int(rng.integers(1, 40))}" if draw < 0.08 else str(number)


def _add(ground: Ground, street: int, number: str, x_m: float, y_m: float) -> None:
    ground.streets[street].points.append(len(ground.houses))
    ground.houses.append(House(street, number, x_m, y_m))


def address_rows(ground: Ground) -> list[list[str]]:
    """kind, street, house, lat, lon of every house: the table a city hands to `oblik city load`."""
    rows = []
    for house in ground.houses:
        street = ground.streets[house.street]
        lon, lat = ground.frame.lonlat(house.x_m, house.y_m)
        rows.append([street.kind, street.name[0], house.number, f"{lat:.6f}", f"{lon:.6f}"])
    return rows


def rename_rows(ground: Ground) -> list[list[str]]:
    """kind_old, kind_new, old_uk, new_uk, old_ru, new_ru of every renamed street."""
    return [
        [street.old[0], street.kind, street.old[1][0], street.name[0], street.old[1][1], street.name[1]]
        for street in ground.streets
        if street.old
    ]
