"""Cameras by where they stand: those near a place, those of a district, and what a phone needs to find one."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.registry import queries
from oblik.registry.logic.records import Value, loaded
from oblik.registry.logic.wanted import Wanted
from oblik.registry.models import Camera, CameraVersion, Claim
from oblik.registry.points import standing

Floats = npt.NDArray[np.float64]
_M_PER_DEG: Final = 111_320.0  # one degree of latitude, WGS 84, to 0.5 %


@dataclass(frozen=True, slots=True)
class Nearby:
    """A camera and how far it stands from the place asked about."""

    code: str
    distance_m: float
    lon_deg: float
    lat_deg: float


@dataclass(frozen=True, slots=True)
class AtVersion:
    """A camera as it stands. seen: its values as of an older version of it, equal to values where there is none."""

    id: int
    code: str
    owner: str
    version: int
    sources: int
    values: dict[str, Value]
    seen: dict[str, Value]


def placed_near(
    place: tuple[float, float] | None, *, most: int, owner: str = "", district: str = "",
    codes: Collection[str] | None = None, but: Collection[str] = (), within: Scope = EVERYWHERE,
) -> list[Nearby]:  # fmt: skip
    """The placed cameras of a scope nearest to (lon_deg, lat_deg), nearest first, at most so many.

    Without a place: nearest to the camera in the middle of them. codes: these alone, where given. but: without these.
    """
    register = standing()
    frame = register.frame
    keep = frame["lon_deg"].is_not_null().to_numpy().copy()
    shown = register.shown(Wanted(owner=owner), within=within)
    if shown is not None:
        keep &= shown
    if district:
        keep &= (frame["district"] == district).fill_null(value=False).to_numpy()
    for named, wanted in ((codes, True), (but, False)):
        if named is not None and (named or wanted):
            keep &= frame["code"].is_in(sorted(named)).to_numpy() == wanted
    at = np.flatnonzero(keep)
    lon, lat, names = frame["lon_deg"].to_numpy()[at], frame["lat_deg"].to_numpy()[at], frame["code"].gather(at)
    if not len(at):
        return []
    if place is None:
        middle = int(np.argmin(np.hypot(lon - np.median(lon), lat - np.median(lat))))
        place = float(lon[middle]), float(lat[middle])
    apart = _apart_m(lon, lat, place)
    order = np.lexsort((np.arange(len(at)), apart))[:most]
    return [Nearby(names[int(n)], float(apart[n]), float(lon[n]), float(lat[n])) for n in order]


def _apart_m(lon_deg: Floats, lat_deg: Floats, place: tuple[float, float]) -> Floats:
    east = (lon_deg - place[0]) * np.cos(np.radians(place[1]))
    apart: Floats = np.hypot(east, lat_deg - place[1]) * _M_PER_DEG
    return apart


def districts(*, within: Scope = EVERYWHERE) -> list[str]:
    """The districts in which cameras of a scope stand, by name."""
    register = standing()
    shown = register.shown(Wanted(), within=within)
    column = register.frame["district"] if shown is None else register.frame["district"].filter(shown)
    return sorted(name for name in column.unique().drop_nulls().to_list() if name)


def at_version(code: str, *, version: int, within: Scope = EVERYWHERE) -> AtVersion:
    """The camera that a code means today, and what it held at that version; NotFound outside the scope.

    A camera that was merged into another is followed; what it held itself is then what was seen.
    """
    named = queries.camera_id(code, within=within)
    camera = Camera.objects.select_related("owner").get(pk=queries.followed([named])[named])
    values = loaded(camera.values)
    past = CameraVersion.objects.filter(camera_id=named, number=version).values_list("values", flat=True).first()
    return AtVersion(
        camera.pk, camera.code, camera.owner.code, camera.version, camera.sources, values,
        loaded(past) if past is not None else values,
    )  # fmt: skip


def field_sources(camera_id: int, *, states: Collection[str] = ()) -> list[str]:
    """References of the checks on site that stand for a camera; with states, those alone that said one of them."""
    found = Claim.objects.filter(camera_id=camera_id, source_kind="field_check", withdrawn_at__isnull=True)
    rows = found.order_by("id").values_list("source_ref", "values")
    return [ref for ref, text in rows if not states or loaded(text).get("state") in states]
