"""Adding up what is seen, block by block: only blocks whose footprints or map changed are added up again."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np

from oblik.accounts import queries as accounts
from oblik.accounts.logic.rights import EVERYWHERE, NOWHERE, Scope
from oblik.base.actors import Actor
from oblik.city import queries as city
from oblik.coverage import blocks
from oblik.coverage.blind import blind_spots, places_seen
from oblik.coverage.blocks import Who
from oblik.coverage.logic.surface import BANDS, Block, at_least, block_of
from oblik.coverage.logic.weights import places_of
from oblik.coverage.models import Block as Row
from oblik.coverage.models import Footprint, IncidentList, Survey
from oblik.coverage.sums import Alone, Pair, Share, Totals, dumped, ground_around, key_of, loaded
from oblik.db import bulk, turns
from oblik.journal import actions as journal
from oblik.registry import queries as registry

SUMS: Final = "coverage-sums"  # the turn of whoever writes surveys
_PIECE: Final = 32  # blocks stored in one transaction
_MOST_PAIRS: Final = 500
_MOST_ALONE: Final = 500
Report = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Renewed:
    """Surveys made or renewed, blocks added up anew and blocks that were as they are."""

    surveys: int
    computed: int
    kept: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the register: whose cameras count; codes None: all."""

    scope: Scope
    who: Mapping[int, Who]
    codes: Collection[str] | None


def renew(*, by: Actor, at: datetime, report: Report | None = None, anew: bool = False) -> Renewed:
    """Brings the sums up to date for everything and for each part of the register that somebody may see."""
    scopes = {key_of(scope): scope for scope in (EVERYWHERE, *_scopes())}
    done = Renewed(0, 0, 0)
    for n, scope in enumerate(scopes.values()):

        def part(step: str, share: float, n: int = n) -> None:
            if report:
                report(step, (n + share) / len(scopes))

        one = renew_part(scope, by=by, at=at, report=part, anew=anew)
        done = Renewed(done.surveys + 1, done.computed + one.computed, done.kept + one.kept)
    _forget(set(scopes), by=by, at=at)
    return done


def _scopes() -> list[Scope]:
    """What the people of this register see, each part once."""
    found = [
        accounts.scope_of(Actor("person", person.username), "see") for person in accounts.people() if person.active
    ]
    return [scope for scope in found if scope != NOWHERE and not scope.all]


def _forget(keys: Collection[str], *, by: Actor, at: datetime) -> None:
    """Surveys of parts that nobody sees any more go."""
    with turns.turn(SUMS):
        gone = [pk for pk, key in Survey.objects.values_list("pk", "key") if key not in keys]
        if gone:
            Row.objects.filter(survey_id__in=gone).delete()
            Survey.objects.filter(pk__in=gone).delete()
            journal.record(subject="coverage:sums", what="forgotten", by=by, at=at, details={"surveys": len(gone)})


def renew_part(scope: Scope, *, by: Actor, at: datetime, report: Report | None = None, anew: bool = False) -> Renewed:
    """Brings the sums of one part of the register up to date."""
    tell = report or (lambda _step, _share: None)
    part = _part(scope)
    with turns.turn(SUMS):
        held, _ = Survey.objects.get_or_create(key=key_of(scope), defaults={"made_at": at})
        if anew:
            Row.objects.filter(survey=held).update(digest=-1)
    version = city.city_version()
    known = dict(Row.objects.filter(survey=held).values_list("cell", "digest"))
    wanted = blocks.blocks_with_cameras()
    computed = kept = 0
    waiting: list[tuple[Any, ...]] = []
    seen: set[int] = set()
    for n, block in enumerate(wanted):
        tell("sums", n / max(len(wanted), 1))
        made = _block(block, part=part, known=known.get(block.cell), version=version)
        if made is None:
            continue
        seen.add(block.cell)
        kept += not made
        if made:
            computed += 1
            waiting.append(made)
        if len(waiting) >= _PIECE:
            _store(held.pk, waiting)
            waiting = []
    _store(held.pk, waiting)
    gone = set(known) - seen
    stale = bool(computed or gone or not held.number or held.city != version)
    if stale:
        _finish(held.pk, part=part, gone=gone, version=version, by=by, at=at)
    return Renewed(1, computed, kept)


def _part(scope: Scope) -> _Part:
    who = {
        line.id: (line.code, Who(line.owner, str(line.values.get("purpose", "") or "")))
        for line in registry.all_cameras(within=scope)
    }
    codes = None if scope.all else {code for code, _who in who.values()}
    return _Part(scope, {camera: about for camera, (_code, about) in who.items()}, codes)


def _block(block: Block, *, part: _Part, known: int | None, version: int) -> tuple[Any, ...] | None:
    """A block's row; () where the stored one is as it should be, None where no camera sees anything of it."""
    ids = blocks.footprints_on(block, codes=part.codes)
    if not ids:
        return None
    cameras = _cameras_of(ids)
    digest = blocks.digest_of(ids, who=part.who, cameras=cameras, city_version=version)
    if known == digest:
        return ()
    looks = list(blocks.looks_of(ids, block=block))
    surface, sums = blocks.block_sums(block, looks=looks, who=part.who)
    return block.cell, digest, surface.packed(), json.dumps(sums.as_dict(), ensure_ascii=False)


def _cameras_of(ids: Sequence[int]) -> list[int]:
    found = {
        pk: camera
        for condition in bulk.named(ids)
        for pk, camera in Footprint.objects.filter(condition).values_list("pk", "camera_id")
    }
    return [found.get(pk, 0) for pk in ids]


def _store(survey: int, rows: Sequence[tuple[Any, ...]]) -> None:
    """Blocks are stored as they are done: stopped and run again, a survey goes on where it was."""
    if not rows:
        return
    with turns.turn(SUMS):
        Row.objects.filter(survey_id=survey, cell__in=[row[0] for row in rows]).delete()
        Row.objects.bulk_create(
            Row(survey_id=survey, cell=cell, digest=digest, surface=surface, sums=sums)
            for cell, digest, surface, sums in rows
        )


def _finish(survey: int, *, part: _Part, gone: Collection[int], version: int, by: Actor, at: datetime) -> None:
    with turns.turn(SUMS):
        Row.objects.filter(survey_id=survey, cell__in=list(gone)).delete()
    totals = _totals(survey, part=part)
    with turns.turn(SUMS):
        held = Survey.objects.select_for_update().get(pk=survey)
        held.number, held.city, held.made_at = held.number + 1, version, at
        held.cameras, held.totals = totals.cameras, dumped(totals)
        held.save()
        journal.record(
            subject="coverage:sums", what="summed", by=by, at=at,
            details={"cameras": totals.cameras, "seen_m2": round(totals.seen_may_m2)},
        )  # fmt: skip


# ---------------------------------------------------------------------------------------------- adding blocks up


def _totals(survey: int, *, part: _Part) -> Totals:
    adding = _Adding()
    for cell, text in Row.objects.filter(survey_id=survey).order_by("cell").values_list("cell", "sums").iterator():
        adding.add(block_of(cell), json.loads(text))
    ground = ground_around(survey)
    totals = adding.totals(codes=registry.codes_of(sorted(adding.cameras)))
    spots, found, count = blind_spots(ground, with_incidents=part.scope.all)
    return replace(totals, places=places_seen(ground), blind=spots, blind_spots=found, incidents=count)


class _Adding:
    """Sums of blocks on their way to totals; squares become m² here, as blocks farther north are smaller."""

    def __init__(self) -> None:
        self.districts: dict[str, Any] = {}
        self.streets: dict[str, Any] = {}
        self.purposes: dict[str, Any] = {}
        self.times = np.zeros((2, 6))
        self.owners: dict[str, Any] = {}
        self.pairs: dict[tuple[str, str], Any] = {}
        self.cameras: dict[int, Any] = {}

    def add(self, block: Block, sums: Mapping[str, Any]) -> None:
        """One block more."""
        square = block.square_m2
        for known, name, factor in (
            (self.districts, "districts", square), (self.streets, "streets", 1.0), (self.purposes, "purposes", square),
        ):  # fmt: skip
            for key, (sure, may) in sums[name].items():
                held = known.setdefault(key, np.zeros((2, len(BANDS) + 1)))
                held += np.array([sure, may]) * factor
        self.times += np.array(sums["times"]) * square
        for owner, (sure, may) in sums["owners"].items():
            self.owners[owner] = self.owners.get(owner, 0) + np.array([sure, may]) * square
        for one, other, sure, may in sums["pairs"]:
            self.pairs[one, other] = self.pairs.get((one, other), 0) + np.array([sure, may]) * square
        for camera, *counts in sums["cameras"]:
            self.cameras[camera] = self.cameras.get(camera, 0) + np.array(counts) * square

    def totals(self, *, codes: Mapping[int, str]) -> Totals:
        """Everything that was added; without places and blind spots, which no block knows alone."""
        wholes = blocks.open_ground_m2()
        ground = sum(wholes.values()) or float(self.times[1].sum())
        lost = sorted(self.cameras.items(), key=lambda one: (-one[1][1], -one[1][3], one[0]))[:_MOST_ALONE]
        shared = sorted(self.pairs.items(), key=lambda one: (-one[1][0], -one[1][1], one[0]))[:_MOST_PAIRS]
        return Totals(
            cameras=len(self.cameras),
            ground_m2=ground,
            seen_sure_m2=float(self.times[0, 1:].sum()),
            seen_may_m2=float(self.times[1, 1:].sum()),
            districts=_shares(self.districts, wholes),
            streets=_shares(self.streets, blocks.street_metres()),
            purposes=_shares(self.purposes, {}, whole=ground),
            times_sure_m2=_times(self.times[0], ground),
            times_may_m2=_times(self.times[1], ground),
            owners=[Pair(one, one, *map(float, m2)) for one, m2 in sorted(self.owners.items())],
            pairs=[Pair(one, other, *map(float, m2)) for (one, other), m2 in shared],
            alone=[Alone(codes.get(camera, ""), *map(float, m2)) for camera, m2 in lost],
        )


def _shares(found: Mapping[str, Any], wholes: Mapping[str, float], *, whole: float = 0.0) -> list[Share]:
    """What is seen of each thing; things that nobody sees stand with nothing seen."""
    answer = []
    for name in sorted(set(found) | set(wholes)):
        held = found.get(name, np.zeros((2, len(BANDS) + 1)))
        # Squares at the edge belong to a district by their middles: a fully seen one must not be seen over 100 %.
        most = max(wholes.get(name, whole or float(held[1].sum())), 1e-9)
        answer.append(Share(name, most, *([min(part, most) for part in at_least(one)] for one in held)))
    return answer


def _times(squares_m2: Any, ground_m2: float) -> list[float]:
    """Ground by number of cameras; unseen is what is left of all the ground."""
    seen = [float(m2) for m2 in squares_m2[1:]]
    return [max(ground_m2 - sum(seen), 0.0), *seen]


# ---------------------------------------------------------------------------------------------- incidents


def load_incidents(data: bytes, *, name: str, by: Actor, at: datetime) -> int:
    """Takes in a table of places where things happened; it replaces the one before. Blind spots are ranked anew.

    InvalidInput names the row and the cell that cannot be read; nothing is kept then.
    """
    found = places_of(data)
    packed = np.array([[one.lon_deg, one.lat_deg, one.weight] for one in found], dtype="<f8").tobytes()
    _replace_incidents(packed, rows=len(found), name=name, by=by, at=at)
    return len(found)


def drop_incidents(*, by: Actor, at: datetime) -> None:
    """No incidents count any more."""
    _replace_incidents(b"", rows=0, name="", by=by, at=at)


def _replace_incidents(packed: bytes, *, rows: int, name: str, by: Actor, at: datetime) -> None:
    with turns.turn(SUMS):
        IncidentList.objects.all().delete()
        if rows:
            IncidentList.objects.create(
                name=name[:255], places=packed, rows=rows, loaded_at=at, loaded_by=str(by)[:160]
            )
        held = Survey.objects.select_for_update().filter(key=key_of(EVERYWHERE)).first()
        if held is not None:
            _rank_again(held)
        journal.record(
            subject="coverage:incidents", what="loaded" if rows else "dropped", by=by, at=at,
            details={"rows": rows, "name": name[:120]},
        )  # fmt: skip


def _rank_again(held: Survey) -> None:
    spots, found, count = blind_spots(ground_around(held.pk), with_incidents=True)
    held.totals = dumped(replace(loaded(held.totals), blind=spots, blind_spots=found, incidents=count))
    held.number += 1
    held.save()
