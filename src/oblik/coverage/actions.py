"""What changes the footprints: they follow the register and the city's map, one transaction a piece."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import numpy as np

from oblik.base.actors import Actor
from oblik.city import queries as city
from oblik.coverage.following import BLIND, Drawn, Held, Next, drawn, facts_digest, steps
from oblik.coverage.logic.packing import unpacked
from oblik.coverage.logic.views import MAX_REACH_M
from oblik.coverage.models import Cell, Footprint, Mark
from oblik.coverage.surroundings import digests, grounds
from oblik.db import bulk, turns
from oblik.journal import actions as journal
from oblik.registry import versions
from oblik.registry.versions import CameraState

COVERAGE: Final = "coverage"  # the turn of whoever writes footprints
_PIECE: Final = 4_000  # versions followed in one transaction
Report = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Updated:
    """versions followed, footprints computed anew, ended without another, and checked against a newer map."""

    versions: int
    computed: int
    ended: int
    checked: int


@dataclass(slots=True)
class _Rows:
    """What one transaction writes."""

    new: list[tuple[Any, ...]] = field(default_factory=list)  # columns of _COLUMNS
    cells: list[tuple[int, ...]] = field(default_factory=list)  # beside new
    ends: list[tuple[object, int]] = field(default_factory=list)  # (instant, id) of footprints in force
    gone: list[int] = field(default_factory=list)  # that were in force for no time


_COLUMNS: Final = ["camera_id", "code", "version", "since_at", "until_at", "state", "lon_deg", "lat_deg", "home",
                   "shape", "facts", "walls", "assumed", "computed_at"]  # fmt: skip


def update(*, by: Actor, at: datetime, report: Report | None = None, anew: bool = False) -> Updated:
    """Brings all footprints up to date with the register and the city's map; only what changed is computed.

    Each piece is stored as it is done: stopped and run again, it goes on where it was. anew: today's footprints are
    computed again whatever they were made from; history stays.
    """
    tell = report or (lambda _step, _share: None)
    if anew:
        _begin_check(city.city_version() or 1, force=True, at=at)
    followed, computed, ended = _follow(by=by, at=at, tell=tell)
    checked, renewed = _check(by=by, at=at, tell=tell)
    return Updated(followed, computed + renewed, ended, checked)


def _mark() -> Mark:
    return Mark.objects.order_by("id").first() or Mark()


def _follow(*, by: Actor, at: datetime, tell: Report) -> tuple[int, int, int]:
    start = _mark().version
    waiting = versions.versions_waiting(start)
    done = computed = ended = 0
    while True:
        before = _mark()
        said = versions.states_after(before.version, limit=_PIECE)
        if not said:
            return done, computed, ended
        held = _held({one.camera for one in said})
        plan = steps(said, held=held)
        rows = _planned(plan, held=held, at=at)
        with turns.turn(COVERAGE):
            mark = _locked(at)
            if mark.version != before.version:
                continue  # Another process followed the same versions between our look and our turn.
            _write(rows)
            if not before.id:
                mark.city = city.city_version()  # Nothing was computed before: all of it is of today's map.
            mark.version, mark.updated_at = said[-1].id, at
            mark.save()
            journal.record(
                subject="coverage:footprints", what="followed", by=by, at=at,
                details={"versions": len(said), "computed": len(rows.new), "ended": len(rows.ends)},
            )  # fmt: skip
        done, computed = done + len(said), computed + len(rows.new)
        ended += sum(chain[-1].said.gone for chain in plan.values())
        tell("footprints", done / max(waiting, done))


def _held(camera_ids: set[int]) -> dict[int, Held]:
    found: dict[int, Held] = {}
    for condition in bulk.named(camera_ids, column="camera_id"):
        rows = Footprint.objects.filter(condition, until_at=None)
        for camera, number, since, state, facts in rows.values_list("camera_id", "id", "since_at", "state", "facts"):
            found[camera] = Held(number, since, state, facts)
    return found


def _planned(plan: Mapping[int, list[Next]], *, held: Mapping[int, Held], at: datetime) -> _Rows:
    anew = [step for chain in plan.values() for step in chain if not step.copies and not step.said.gone]
    shown = dict(zip(map(id, anew), drawn([step.said.values for step in anew]), strict=True))
    copied = _kept([held[camera].id for camera, chain in plan.items() if camera in held and chain[0].copies])
    rows = _Rows()
    for camera, chain in plan.items():
        before = held.get(camera)
        # What happened before a newer map was looked at, and was told after it, counts from that look on.
        times = [max(step.said.happened_at, before.since_at if before else step.said.happened_at) for step in chain]
        if before is not None:
            _close(rows, before, at=times[0])
        last = copied.get(before.id, BLIND) if before is not None else BLIND
        for step, since, until in zip(chain, times, [*times[1:], None], strict=True):
            last = shown.get(id(step), last)
            if not step.said.gone and since != until:
                _add(rows, step.said, last, facts=step.facts, span=(since, until), at=at)
    return rows


def _close(rows: _Rows, before: Held, *, at: datetime) -> None:
    if at > before.since_at:
        rows.ends.append((bulk.instant(at), before.id))
    else:
        rows.gone.append(before.id)


def _add(
    rows: _Rows, said: CameraState, shown: Drawn, *, facts: int, span: tuple[datetime, datetime | None], at: datetime
) -> None:
    since, until = span
    rows.new.append(
        (
            said.camera, said.code, said.number, bulk.instant(since), None if until is None else bulk.instant(until),
            said.state, shown.lon_deg, shown.lat_deg, shown.home, shown.shape, facts, shown.walls, shown.assumed,
            bulk.instant(at),
        )
    )  # fmt: skip
    rows.cells.append(shown.cells)


def _kept(ids: Sequence[int]) -> dict[int, Drawn]:
    """Stored footprints, to be copied where only the state of a camera changed."""
    cells: dict[int, list[int]] = {}
    for condition in bulk.named(ids, column="footprint_id"):
        for footprint, cell in Cell.objects.filter(condition).values_list("footprint_id", "cell"):
            cells.setdefault(footprint, []).append(cell)
    columns = ("id", "lon_deg", "lat_deg", "home", "shape", "walls", "assumed")
    return {
        number: Drawn(lon, lat, home, bytes(shape), walls, assumed, tuple(cells.get(number, ())))
        for condition in bulk.named(ids)
        for number, lon, lat, home, shape, walls, assumed in Footprint.objects.filter(condition).values_list(*columns)
    }


def _locked(at: datetime) -> Mark:
    """The mark as it is in this transaction; the first one is made here."""
    return Mark.objects.select_for_update().order_by("id").first() or Mark(updated_at=at)


def _write(rows: _Rows) -> None:
    if rows.gone:
        for condition in bulk.named(rows.gone, column="footprint_id"):
            Cell.objects.filter(condition).delete()
        for condition in bulk.named(rows.gone):
            Footprint.objects.filter(condition).delete()
    bulk.update_rows(Footprint, columns=["until_at"], rows=rows.ends)
    first = bulk.reserve_ids(Footprint, count=len(rows.new))
    bulk.insert_rows(Footprint, columns=["id", *_COLUMNS], rows=((first + i, *row) for i, row in enumerate(rows.new)))
    bulk.insert_rows(
        Cell, columns=["cell", "footprint_id"],
        rows=((cell, first + i) for i, cells in enumerate(rows.cells) for cell in cells),
    )  # fmt: skip


def _begin_check(version: int, *, force: bool, at: datetime) -> None:
    """A newer map begins to be checked; force: every footprint counts as made from another one."""
    with turns.turn(COVERAGE):
        mark = _locked(at)
        mark.checking, mark.checked, mark.updated_at = version, 0, at
        mark.save()
        if force:
            Footprint.objects.filter(until_at=None).exclude(shape=b"").update(walls=-1)


def _check(*, by: Actor, at: datetime, tell: Report) -> tuple[int, int]:
    """Looks at every footprint in force whether other buildings stand around it than it was computed with."""
    newest = city.city_version()
    mark = _mark()
    if not mark.id or (not mark.checking and mark.city == newest):
        return 0, 0
    if mark.checking != newest and not (mark.checking and not newest):
        _begin_check(newest, force=False, at=at)
    open_ = Footprint.objects.filter(until_at=None).order_by("id")
    total, last = max(open_.count(), 1), open_.values_list("id", flat=True).last() or 0  # later ones are made here
    checked = renewed = 0
    while True:
        after = _mark().checked
        waiting = open_.filter(id__gt=after, id__lte=last)
        piece = list(waiting.values_list("id", "camera_id", "lon_deg", "lat_deg", "walls", "shape")[:_PIECE])
        if not piece:
            _end_check(newest, at=at)
            return checked, renewed
        stale = _stale(piece)
        rows = _renewed(stale, at=at)
        with turns.turn(COVERAGE):
            now = _locked(at)
            if now.checked != after:
                continue  # Another process checked the same ones.
            _write(rows)
            now.checked, now.updated_at = piece[-1][0], at
            now.save()
            journal.record(
                subject="coverage:footprints", what="checked", by=by, at=at,
                details={"footprints": len(piece), "computed": len(rows.new)},
            )  # fmt: skip
        checked, renewed = checked + len(piece), renewed + len(rows.new)
        tell("footprints", min(checked / total, 1.0))


def _end_check(version: int, *, at: datetime) -> None:
    with turns.turn(COVERAGE):
        mark = _locked(at)
        mark.city, mark.checking, mark.checked, mark.updated_at = version, 0, 0, at
        mark.save()


def _stale(piece: Sequence[tuple[Any, ...]]) -> list[int]:
    """Cameras of those footprints around which other buildings stand now."""
    placed = [row for row in piece if row[2] is not None and len(row[5])]
    lon, lat = np.array([row[2] for row in placed]), np.array([row[3] for row in placed])
    reach = np.array([unpacked(bytes(row[5])).reach_m for row in placed])
    stale: list[int] = []
    for here, around in grounds(lon, lat, reach_m=MAX_REACH_M) if placed else ():
        told = digests(around, lon_deg=lon[here], lat_deg=lat[here], reach_m=reach[here])
        stale += [placed[i][1] for i, digest in zip(here, told, strict=True) if placed[i][4] != digest]
    return stale


def _renewed(camera_ids: Sequence[int], *, at: datetime) -> _Rows:
    """Footprints of today's map from now on, in place of those in force."""
    said = [one for one in versions.newest_states(camera_ids) if not one.gone]
    held = _held({one.camera for one in said})
    rows = _Rows()
    for one, shown in zip(said, drawn([one.values for one in said]), strict=True):
        before = held.get(one.camera)
        if before is None or (before.facts, before.state) != (facts_digest(one.values), one.state):
            continue  # Changed since it was followed: the next round takes care of it.
        since = max(at, before.since_at)
        _close(rows, before, at=since)
        _add(rows, one, shown, facts=before.facts, span=(since, None), at=at)
    return rows
