"""Stored footprints read back: by cell, by neighbourhood, by camera; every read stays within a scope."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.coverage.logic.footprints import Footprint
from oblik.coverage.logic.frame import Frame
from oblik.coverage.logic.packing import unpacked
from oblik.coverage.models import Cell
from oblik.coverage.models import Footprint as Row
from oblik.db import bulk
from oblik.registry import queries as registry

_COLUMNS: Final = ("id", "camera_id", "code", "version", "since_at", "until_at", "state", "lon_deg", "lat_deg", "shape",
                   "assumed")  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """A footprint as it was in force from since_at to until_at (None: still is). seen: None where it sees no ground;
    its camera stands at (0, 0) of `frame`."""

    id: int
    camera: int
    code: str
    version: int
    since_at: datetime
    until_at: datetime | None
    state: str
    lon_deg: float
    lat_deg: float
    seen: Footprint | None

    @property
    def frame(self) -> Frame:
        """Metres around the camera."""
        return Frame(self.lon_deg, self.lat_deg)

    def held(self, at: datetime | None) -> bool:
        """Whether it was in force at an instant; None means now."""
        return _is_held(self.since_at, self.until_at, at)


def _is_held(since_at: datetime, until_at: datetime | None, at: datetime | None) -> bool:
    if at is None:
        return until_at is None
    return since_at <= at and (until_at is None or at < until_at)


def in_force(at: datetime | None) -> Q:
    """The condition on footprints that were in force at an instant; None means now."""
    if at is None:
        return Q(until_at=None)
    return Q(since_at__lte=at) & (Q(until_at=None) | Q(until_at__gt=at))


def filed_under(cells: Collection[int], *, at: datetime | None, within: Scope = EVERYWHERE) -> list[Stored]:
    """Footprints in force that are filed under any of these cells, each once."""
    # Two plain reads by key: joined, a database without fresh statistics reads all footprints in force first.
    ids: set[int] = set()
    for few in _some(sorted(set(cells)), 500):
        ids.update(Cell.objects.filter(cell__in=few).values_list("footprint_id", flat=True))
    found: list[tuple[Any, ...]] = []
    for few in _some(sorted(ids), 500):
        found += Row.objects.filter(pk__in=few).values_list(*_COLUMNS)
    return _within((row for row in found if _is_held(row[4], row[5], at)), within=within)


def filed_between(
    ranges: Iterable[tuple[int, int]], *, states: Collection[str] = ("in_service",)
) -> list[tuple[int, str]]:
    """(number, code) of today's footprints that are filed between first and last cells; of cameras in these states."""
    ids: set[int] = set()
    for first, last in ranges:
        ids.update(Cell.objects.filter(cell__gte=first, cell__lte=last).values_list("footprint_id", flat=True))
    found: list[tuple[int, str]] = []
    for condition in bulk.named(ids):
        found += Row.objects.filter(condition, until_at=None, state__in=list(states)).values_list("id", "code")
    return sorted(found)


def footprints_of(ids: Collection[int]) -> list[Stored]:
    """Footprints by their numbers."""
    found: list[tuple[Any, ...]] = []
    for condition in bulk.named(ids):
        found += Row.objects.filter(condition).values_list(*_COLUMNS)
    return [_stored(row) for row in sorted(found)]


def living_near(
    homes: Collection[int], *, box: tuple[float, float, float, float], within: Scope = EVERYWHERE
) -> list[Stored]:
    """Footprints of all times whose camera hangs in a box of degrees; homes: the home cells that the box touches."""
    west, south, east, north = box
    rows = Row.objects.filter(home__in=list(homes)).values_list(*_COLUMNS)
    near = (row for row in rows if west <= row[7] <= east and south <= row[8] <= north)
    return _within(near, within=within)


def footprint_of(code: str, *, at: datetime | None = None, within: Scope = EVERYWHERE) -> Stored | None:
    """The footprint of a camera at an instant; None where it had none. NotFound for a code outside the scope."""
    camera = registry.camera_id(code, within=within)
    row = Row.objects.filter(in_force(at), camera_id=camera).values_list(*_COLUMNS).first()
    return _stored(row) if row else None


def footprints_at(*, at: datetime | None = None, within: Scope = EVERYWHERE) -> Iterator[Stored]:
    """All footprints in force at an instant in order of their numbers, streamed; those that see no ground as well."""
    rows = Row.objects.filter(in_force(at)).order_by("id").values_list(*_COLUMNS).iterator(chunk_size=2_000)
    for few in _some(rows, 2_000):
        yield from _within(few, within=within)


def cells_of_footprints(ids: Collection[int]) -> dict[int, list[int]]:
    """footprint -> the cells under which it is filed."""
    answer: dict[int, list[int]] = {}
    for condition in bulk.named(ids, column="footprint_id"):
        for footprint, cell in Cell.objects.filter(condition).values_list("footprint_id", "cell"):
            answer.setdefault(footprint, []).append(cell)
    return answer


def _within(rows: "Iterable[tuple[Any, ...]] | QuerySet[Any, Any]", *, within: Scope) -> list[Stored]:
    found = list(rows)
    if not within.all and found:
        allowed = registry.codes_within({row[2] for row in found}, within=within)
        found = [row for row in found if row[2] in allowed]
    return [_stored(row) for row in found]


def _stored(row: tuple[Any, ...]) -> Stored:
    number, camera, code, version, since, until, state, lon, lat, shape, assumed = row
    data = bytes(shape)
    seen = unpacked(data, assumed=tuple(assumed.split(",")) if assumed else ()) if data else None
    return Stored(number, camera, code, version, since, until, state, lon or 0.0, lat or 0.0, seen)


def _some(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    some: list[Any] = []
    for row in rows:
        some.append(row)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some
