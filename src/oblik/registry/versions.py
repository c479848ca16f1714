"""Versions of cameras in the order written, for rooms that follow the register."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Max

from oblik.db import bulk
from oblik.registry.logic.records import Value, loaded
from oblik.registry.models import CameraVersion


@dataclass(frozen=True, slots=True)
class CameraState:
    """One version of a camera: id grows with each one written. gone: nothing stands for the camera from then on."""

    id: int
    camera: int
    code: str
    number: int
    happened_at: datetime
    state: str
    gone: bool
    values: dict[str, Value]


_COLUMNS = ("id", "camera_id", "camera__code", "number", "happened_at", "state", "camera__sources", "camera__version",
            "values")  # fmt: skip


def _state(row: tuple[Any, ...]) -> CameraState:
    number, camera, code, version, happened_at, state, sources, newest, values = row
    gone = sources == 0 and version == newest
    return CameraState(number, camera, code, version, happened_at, state, gone, loaded(values))


def states_after(version: int, *, limit: int) -> list[CameraState]:
    """The next versions written after the one of this id; all in the end, as ids are given one writer at a time."""
    rows = CameraVersion.objects.filter(id__gt=version).order_by("id").values_list(*_COLUMNS)
    return [_state(row) for row in rows[:limit]]


def versions_waiting(version: int, *, most: int | None = None) -> int:
    """How many versions were written after the one of this id; counted to `most` where that is given."""
    found = CameraVersion.objects.filter(id__gt=version).order_by("id")
    return found.count() if most is None else found[:most].count()


def newest_version() -> int:
    """The id of the newest version; 0 before the first."""
    return int(CameraVersion.objects.aggregate(newest=Max("id"))["newest"] or 0)


def newest_states(camera_ids: Collection[int]) -> list[CameraState]:
    """The newest version of each of these cameras, by camera."""
    found: list[CameraState] = []
    for condition in bulk.named(camera_ids, column="camera_id"):
        rows = CameraVersion.objects.filter(condition, number=F("camera__version")).values_list(*_COLUMNS)
        found += [_state(row) for row in rows.order_by("camera_id").iterator(chunk_size=20_000)]
    return found
