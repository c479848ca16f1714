"""Which row of the demo's files is which true camera, and which pairs of rows a careful person could tell."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import combinations
from math import isnan, nan
from pathlib import Path
from typing import Final

import numpy as np
from scipy.spatial import cKDTree

RowKey = tuple[str, str, int, int]  # file, sheet, row, part
COLUMNS: Final = ("file", "sheet", "row", "part", "camera", "tellable", "note")
SEVERAL: Final = "several"  # note of a row that stands for several cameras without telling them apart
STREET_REACH_M: Final = 45.0  # how far from a house or crossing a pole is still described by it
CLEARLY_DEG: Final = 20.0  # two bearings that differ by more, beyond how coarsely they are written, are two
_CITY_NETWORK: Final = "10."  # its addresses are given once; 192.168.* repeats behind every router


@dataclass(frozen=True, slots=True)
class Says:
    """What one record of one row really tells a careful reader: the normalised value as written, or blank.

    A value destroyed in writing (a serial eaten by the spreadsheet, a mistyped MAC, 0;0) is blank; a wrong value that
    looks right is kept as written. x_m, y_m lie in the city's flat frame; radius_m is how far the list's coordinates
    are known to be off. spot is the address: `h<house>` or `x<column>-<row>` for a crossing.
    """

    mac: str = ""
    serial: str = ""
    uuid: str = ""
    inventory: str = ""
    ip: str = ""
    kind: str = ""
    vendor: str = ""
    model: str = ""
    label: str = ""
    bearing_deg: float = nan
    bearing_slack_deg: float = nan
    x_m: float = nan
    y_m: float = nan
    radius_m: float = nan
    spot: str = ""
    spot_x_m: float = nan
    spot_y_m: float = nan


@dataclass(frozen=True, slots=True)
class TruthRow:
    """One row and camera. camera is "" for rows that are none; note says why (title, total, broken, ...)."""

    file: str
    sheet: str
    row: int
    part: int
    camera: str
    note: str = ""
    tellable: bool = False
    says: Says = Says()

    @property
    def key(self) -> RowKey:
        return self.file, self.sheet, self.row, self.part


@dataclass(frozen=True, slots=True)
class TrueCamera:
    """What a camera really is, as far as rows may tell it. building is False where it stands in the street."""

    code: str
    x_m: float
    y_m: float
    bearing_deg: float
    kind: str
    vendor: str
    model: str
    label: str
    ip: str
    spots: frozenset[str]
    building: bool


@dataclass(frozen=True)
class Truth:
    """All rows of all files, and the cameras behind them."""

    rows: tuple[TruthRow, ...]
    cameras: Mapping[str, TrueCamera]

    @cached_property
    def near(self) -> "_Near":
        return _Near(self.cameras)


class _Near:
    """Finds the cameras that a written place may mean."""

    def __init__(self, cameras: Mapping[str, TrueCamera]) -> None:
        self.codes = list(cameras)
        places = np.array([(c.x_m, c.y_m) for c in cameras.values()], dtype=np.float64).reshape(-1, 2)
        self.tree = cKDTree(places)
        self.street = frozenset(code for code, c in cameras.items() if not c.building)
        self.by_spot: dict[str, set[str]] = {}
        for code, camera in cameras.items():
            for spot in camera.spots:
                self.by_spot.setdefault(spot, set()).add(code)

    def around(self, x_m: float, y_m: float, radius_m: float) -> set[str]:
        return {self.codes[i] for i in self.tree.query_ball_point((x_m, y_m), radius_m)}

    def meant(self, says: Says) -> set[str] | None:
        """Cameras that fit the coordinates and the address as written; None where neither says a place."""
        found = None if isnan(says.x_m) else self.around(says.x_m, says.y_m, says.radius_m)
        if says.spot:
            named = self.by_spot.get(says.spot, set()) | (
                self.around(says.spot_x_m, says.spot_y_m, STREET_REACH_M) & self.street
            )
            found = named if found is None else found & named
        return found


def tellable_pairs(truth: Truth) -> set[tuple[RowKey, RowKey]]:
    """Pairs of rows (smaller key first) about the same camera for which a careful person could tell so from the rows.

    Either both state the same strong identifier (MAC, serial, uuid, inventory number of one holder, an address of the
    city's own network), or both state a place that fits the camera and, for every other camera that either place may
    mean, something stated in both rows (bearing, kind, maker, model, label, IP) says it is not that one.
    """
    meant = {row.key: truth.near.meant(row.says) for row in truth.rows if row.camera}
    found = set()
    for rows in _by_camera(truth.rows).values():
        for a, b in combinations(rows, 2):
            if share_identifier(a.says, b.says) or _place_tells(truth, a, b, meant):
                found.add((a.key, b.key) if a.key < b.key else (b.key, a.key))
    return found


def all_pairs(truth: Truth) -> set[tuple[RowKey, RowKey]]:
    """Every pair of rows that may stand for the same camera, told or not; for counting false merges, not missed ones.

    The parts of a row that says only "4 cameras" are any of its four: each is paired with every row about one of them.
    """
    any_of: dict[tuple[str, str, int], set[str]] = {}
    for row in truth.rows:
        if row.note == SEVERAL:
            any_of.setdefault(row.key[:3], set()).add(row.camera)
    widened = [
        replace(row, camera=camera)
        for row in truth.rows
        if row.camera
        for camera in (any_of[row.key[:3]] if row.note == SEVERAL else (row.camera,))
    ]
    return {
        (a.key, b.key) if a.key < b.key else (b.key, a.key)
        for rows in _by_camera(widened).values()
        for a, b in combinations(rows, 2)
        if a.key[:3] != b.key[:3]
    }


def with_tellable(truth: Truth) -> Truth:
    """The truth with each row's `tellable` filled: it is in a tellable pair, or its place fits one camera only."""
    paired = {key for pair in tellable_pairs(truth) for key in pair}
    rows = tuple(
        replace(row, tellable=bool(row.camera) and (row.key in paired or _stands_alone(truth, row)))
        for row in truth.rows
    )
    return Truth(rows, truth.cameras)


def share_identifier(a: Says, b: Says) -> bool:
    """Whether both state one and the same strong identifier."""
    same = any(
        getattr(a, name) and getattr(a, name) == getattr(b, name) for name in ("mac", "serial", "uuid", "inventory")
    )
    return same or (a.ip == b.ip and a.ip.startswith(_CITY_NETWORK))


def _by_camera(rows: Iterable[TruthRow]) -> dict[str, list[TruthRow]]:
    found: dict[str, list[TruthRow]] = {}
    for row in rows:
        if row.camera:
            found.setdefault(row.camera, []).append(row)
    return found


def _place_tells(truth: Truth, a: TruthRow, b: TruthRow, meant: Mapping[RowKey, set[str] | None]) -> bool:
    at_a, at_b = meant[a.key], meant[b.key]
    if at_a is None or at_b is None or a.camera not in at_a or a.camera not in at_b:
        return False
    if _clash(a.says, b.says):
        return False
    others = (at_a | at_b) - {a.camera}
    return all(_ruled_out(truth.cameras[code], a.says, b.says) for code in others)


def _stands_alone(truth: Truth, row: TruthRow) -> bool:
    meant = truth.near.meant(row.says)
    if meant is None or row.camera not in meant or _contradicts(truth.cameras[row.camera], row.says):
        return False
    return all(_ruled_out(truth.cameras[code], row.says, row.says) for code in meant - {row.camera})


def _clash(a: Says, b: Says) -> bool:
    """Whether two rows state different things about what would have to be one camera."""
    names = ("mac", "serial", "ip", "kind", "vendor", "model", "label")
    return any(getattr(a, name) and getattr(b, name) and getattr(a, name) != getattr(b, name) for name in names) or (
        _apart(a.bearing_deg, b.bearing_deg, a.bearing_slack_deg + b.bearing_slack_deg)
    )


def _contradicts(camera: TrueCamera, says: Says) -> bool:
    names = ("ip", "kind", "vendor", "model", "label")
    return any(getattr(says, name) and getattr(says, name) != getattr(camera, name) for name in names) or _apart(
        camera.bearing_deg, says.bearing_deg, says.bearing_slack_deg
    )


def _ruled_out(camera: TrueCamera, a: Says, b: Says) -> bool:
    """Whether something stated in both rows says that neither can be this camera."""
    for name in ("ip", "kind", "vendor", "model", "label"):
        value = getattr(camera, name)
        if value and getattr(a, name) and getattr(b, name) and value not in (getattr(a, name), getattr(b, name)):
            return True
    if isnan(a.bearing_deg) or isnan(b.bearing_deg):
        return False
    if isnan(camera.bearing_deg):
        return camera.kind == "ptz"  # Nobody writes one direction of a camera that turns.
    return _apart(camera.bearing_deg, a.bearing_deg, a.bearing_slack_deg) and _apart(
        camera.bearing_deg, b.bearing_deg, b.bearing_slack_deg
    )


def _apart(first_deg: float, second_deg: float, slack_deg: float) -> bool:
    """Whether two bearings clearly differ; False where one is unknown."""
    turn = abs((first_deg - second_deg + 180) % 360 - 180)
    return turn > CLEARLY_DEG + slack_deg


def write_truth(truth: Truth, directory: Path) -> None:
    """truth.csv with the rows, evidence.csv with what each row says, cameras.csv with the true cameras."""
    directory.mkdir(parents=True, exist_ok=True)
    listed = [(r.file, r.sheet, r.row, r.part, r.camera, int(r.tellable), r.note) for r in truth.rows]
    _write(directory / "truth.csv", COLUMNS, listed)
    names = [field.name for field in fields(Says)]
    said = [
        (r.file, r.sheet, r.row, r.part, *(_text(getattr(r.says, n)) for n in names)) for r in truth.rows if r.camera
    ]
    _write(directory / "evidence.csv", ("file", "sheet", "row", "part", *names), said)
    known = [field.name for field in fields(TrueCamera)]
    _write(directory / "cameras.csv", known, [[_text(getattr(c, n)) for n in known] for c in truth.cameras.values()])


def read_truth(directory: Path) -> Truth:
    """The truth as `write_truth` left it."""
    says: dict[RowKey, Says] = {}
    for line in _read(directory / "evidence.csv"):
        key = (line["file"], line["sheet"], int(line["row"]), int(line["part"]))
        says[key] = Says(**{f.name: _value(line[f.name], f.name) for f in fields(Says)})  # type: ignore[arg-type]  # by name
    rows = []
    for line in _read(directory / "truth.csv"):
        key = (line["file"], line["sheet"], int(line["row"]), int(line["part"]))
        rows.append(TruthRow(*key, line["camera"], line["note"], line["tellable"] == "1", says.get(key, Says())))
    cameras = {
        line["code"]: TrueCamera(
            code=line["code"], x_m=float(line["x_m"]), y_m=float(line["y_m"]),
            bearing_deg=float(line["bearing_deg"] or nan), kind=line["kind"], vendor=line["vendor"],
            model=line["model"], label=line["label"], ip=line["ip"], spots=frozenset(line["spots"].split()),
            building=line["building"] == "1",
        )
        for line in _read(directory / "cameras.csv")
    }  # fmt: skip
    return Truth(tuple(rows), cameras)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return "" if isnan(value) else f"{value:.3f}"
    return " ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def _value(text: str, name: str) -> str | float:
    if name.endswith(("_m", "_deg")):
        return float(text) if text else nan
    return text


def _write(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))
