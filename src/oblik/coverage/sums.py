"""What a survey says: shares seen by district, street and place, overlap, blind spots, what a camera sees alone."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Final

import numpy as np

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.base.errors import NotFound, msg
from oblik.city.logic.cells import range_of
from oblik.coverage import reading
from oblik.coverage.blocks import VAGUE_M
from oblik.coverage.logic.surface import Block, Ground, Painted, Surface, block_of, painted, unpacked
from oblik.coverage.logic.touched import ZOOMS
from oblik.coverage.models import Block as Row
from oblik.coverage.models import IncidentList, Survey
from oblik.registry import queries as registry


@dataclass(frozen=True, slots=True)
class Share:
    """How much of something is seen. whole: all of it, in m², m or places; sure and may: how much of it at each band
    of surface.BANDS or better, surely and possibly."""

    name: str
    whole: float
    sure: list[float]
    may: list[float]


@dataclass(frozen=True, slots=True)
class Pair:
    """Ground that two owners both see, m²."""

    one: str
    other: str
    sure_m2: float
    may_m2: float


@dataclass(frozen=True, slots=True)
class Alone:
    """Ground that a camera sees, and that no other in service sees, m²."""

    camera: str
    seen_sure_m2: float
    only_sure_m2: float
    seen_may_m2: float
    only_may_m2: float


@dataclass(frozen=True, slots=True)
class Blind:
    """Places that matter, some 25 m around, and how much of the open ground around them nobody sees.

    unseen: the share that no camera can see; unsure: the share that none surely sees, unseen included.
    """

    lon_deg: float
    lat_deg: float
    weight: float
    kinds: str
    name: str
    unseen: float
    unsure: float

    @property
    def loss(self) -> float:
        """By what blind spots are ranked."""
        return self.weight * self.unseen


@dataclass(frozen=True, slots=True)
class Totals:
    """All sums of a survey; see the parts. ground_m2: open ground of the districts or, without any, of all blocks with
    cameras near. times_m2: ground seen by 0, 1, ... 5 and more cameras, surely and possibly."""

    cameras: int = 0
    ground_m2: float = 0.0
    seen_sure_m2: float = 0.0
    seen_may_m2: float = 0.0
    districts: list[Share] = field(default_factory=list)
    streets: list[Share] = field(default_factory=list)
    places: list[Share] = field(default_factory=list)
    purposes: list[Share] = field(default_factory=list)
    times_sure_m2: list[float] = field(default_factory=lambda: [0.0] * 6)
    times_may_m2: list[float] = field(default_factory=lambda: [0.0] * 6)
    owners: list[Pair] = field(default_factory=list)  # an owner with itself: what it sees at all
    pairs: list[Pair] = field(default_factory=list)
    alone: list[Alone] = field(default_factory=list)
    blind: list[Blind] = field(default_factory=list)
    blind_spots: int = 0  # all of them; `blind` holds those that matter most
    incidents: int = 0


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A survey as it stands: number is the version of everything drawn from it."""

    id: int
    number: int
    made_at: datetime
    totals: Totals


_PARTS: Final = {
    "districts": Share, "streets": Share, "places": Share, "purposes": Share, "owners": Pair, "pairs": Pair,
    "alone": Alone, "blind": Blind,
}  # fmt: skip


def key_of(scope: Scope) -> str:
    """Equal for scopes that reach the same."""
    if scope.all:
        return "all"
    told = [[sorted(getattr(reach, one.name)) for one in fields(reach)] for reach in scope.reaches]
    return hashlib.sha256(json.dumps(sorted(told), ensure_ascii=False).encode()).hexdigest()[:40]


def survey(*, within: Scope = EVERYWHERE) -> Surveyed | None:
    """What was added up for a scope; None where nothing was yet."""
    row = Survey.objects.filter(key=key_of(within)).first()
    return None if row is None else Surveyed(row.pk, row.number, row.made_at, loaded(row.totals))


def survey_version(*, within: Scope = EVERYWHERE) -> tuple[int, int]:
    """(id, number) of a scope's survey; (0, 0) where there is none."""
    found = Survey.objects.filter(key=key_of(within)).values_list("id", "number").first()
    return found or (0, 0)


def dumped(totals: Totals) -> str:
    """As text for the table."""
    plain = {
        one.name: [[getattr(part, f.name) for f in fields(part)] for part in getattr(totals, one.name)]
        if one.name in _PARTS
        else getattr(totals, one.name)
        for one in fields(totals)
    }
    return json.dumps(plain, ensure_ascii=False)


def loaded(text: str) -> Totals:
    """Totals out of their text."""
    plain: dict[str, Any] = {
        name: [_PARTS[name](*part) for part in value] if name in _PARTS else value
        for name, value in json.loads(text).items()
    }
    return Totals(**plain)


def surfaces(survey_id: int, *, cells: Sequence[int] | None = None) -> Iterator[tuple[Block, Surface]]:
    """Stored blocks, all or those of these cells."""
    rows = Row.objects.filter(survey_id=survey_id)
    rows = rows if cells is None else rows.filter(cell__in=list(cells))
    for cell, data in rows.order_by("cell").values_list("cell", "surface").iterator(chunk_size=64):
        yield block_of(cell), unpacked(bytes(data))


def block_cells(survey_id: int) -> list[int]:
    """The cells of the stored blocks, ascending."""
    return list(Row.objects.filter(survey_id=survey_id).order_by("cell").values_list("cell", flat=True))


@dataclass(frozen=True, slots=True)
class Failure:
    """What would be lost if a camera failed, beside what it sees at all, m²; with whom it shares the rest."""

    camera: str
    seen_sure_m2: float
    only_sure_m2: float
    seen_may_m2: float
    only_may_m2: float
    others: tuple[str, ...]


def failure(code: str, *, within: Scope = EVERYWHERE) -> Failure:
    """The effect of a failed camera, looked up afresh: what no other camera in service within the scope sees."""
    stored = reading.footprint_of(code, within=within)
    if stored is None:
        raise NotFound(msg("Camera {value} has no footprint for that time; run `oblik coverage update`."), value=code)
    mine = painted(stored.seen, lon_deg=stored.lon_deg, lat_deg=stored.lat_deg) if stored.seen is not None else {}
    sums = np.zeros(4)
    others: set[str] = set()
    for block, look in mine.items():
        found, names = _only(block, look, but=stored.id, within=within)
        sums += found * block.square_m2
        others |= names
    seen_sure, only_sure, seen_may, only_may = (float(n) for n in sums)
    return Failure(code, seen_sure, only_sure, seen_may, only_may, tuple(sorted(others)))


def _only(block: Block, look: Painted, *, but: int, within: Scope) -> tuple[Any, set[str]]:
    """Squares of a look: surely seen, only by it, possibly seen, only by it; and the cameras that see some of them."""
    ids = [number for number, _code in reading.filed_between(range_of(block.cell, zoom=zoom) for zoom in ZOOMS)]
    left = [np.isin(look.at, look.at[look.sure > 0]), np.ones(len(look.at), dtype=np.bool_)]
    sure, may = int(left[0].sum()), int(left[1].sum())
    near = [
        one
        for one in reading.footprints_of(ids)
        if one.id != but and one.seen is not None and one.seen.view.blur_m <= VAGUE_M
    ]
    allowed = registry.codes_within({one.code for one in near}, within=within)
    names = set()
    for other in near:
        if other.code not in allowed or other.seen is None:
            continue
        there = painted(other.seen, lon_deg=other.lon_deg, lat_deg=other.lat_deg).get(block)
        if there is None:
            continue
        shared = np.isin(look.at, there.at)
        if shared.any():
            names.add(other.code)
            left[1] &= ~shared
            left[0] &= ~np.isin(look.at, there.at[there.sure > 0])
    return np.array([sure, left[0].sum(), may, left[1].sum()], dtype=np.float64), names


def incidents() -> tuple[str, Any]:
    """(name, (n, 3) lon, lat, weight) of the newest uploaded list; "" and none where there is none."""
    newest = IncidentList.objects.order_by("-id").first()
    if newest is None:
        return "", np.empty((0, 3))
    return newest.name, np.frombuffer(bytes(newest.places), dtype="<f8").reshape(-1, 3)


def ground_around(survey_id: int, *, cells: Sequence[int] | None = None) -> Ground:
    """The stored blocks as one ground."""
    return Ground(surfaces(survey_id, cells=cells))


def surfaces_between(survey_id: int, *, first: int, last: int) -> list[tuple[Block, Surface]]:
    """Stored blocks between two cells, both included."""
    rows = Row.objects.filter(survey_id=survey_id, cell__gte=first, cell__lte=last)
    return [(block_of(cell), unpacked(bytes(data))) for cell, data in rows.values_list("cell", "surface")]
