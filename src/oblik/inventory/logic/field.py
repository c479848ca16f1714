"""What somebody on site may say of a camera, and what of it becomes the register's knowledge."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, Literal, get_args
from uuid import UUID

from oblik.registry.logic.records import Value

Answer = Literal["found", "different", "not_found", "unreachable", "new"]
ANSWERS: Final[tuple[Answer, ...]] = get_args(Answer)
PlaceFrom = Literal["gps", "map", "photo"]
SETTLED: Final = ("same", "entered", "dismissed")  # what an officer makes of a camera that was met and is not known

# What a person can see from the pavement, and so says anew with every check.
VISIBLE: Final = ("bearing_deg", "kind", "mount")
# What may be told beside these where a camera is found different, or met for the first time.
TOLD: Final = ("kind", "mount", "state", "height_m", "name", "vendor", "model", "inventory_number", "serial")
ON_SITE_M: Final = 50.0  # so near the listed place, or within the accuracy, one stands before the camera
WORST_ACCURACY_M: Final = 100.0  # beyond it a fix is of a mast or a network, not of a person
DOUBLES_M: Final = 40.0  # cameras as near as this to a new one may be the same
_CLOCK_AHEAD: Final = timedelta(minutes=5)
_EARTH_M: Final = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Fix:
    """A place with its accuracy: the radius in metres in which it lies, as the phone says."""

    lon_deg: float
    lat_deg: float
    accuracy_m: float


@dataclass(frozen=True, slots=True)
class Check:
    """One check as made on a phone. id: made there, once, so that sending it twice is no harm.

    camera: its code; "" for one met on site that the register may not have. seen_version: of the camera as the phone
    showed it. stood: where the phone was. place: where the camera is, if that was said; place_from: how.
    """

    id: UUID
    round: int
    answer: Answer
    said_at: datetime
    camera: str = ""
    seen_version: int = 0
    stood: Fix | None = None
    place: Fix | None = None
    place_from: PlaceFrom = "map"
    bearing_deg: float | None = None
    bearing_from: str = ""  # compass | map | number
    values: Mapping[str, Value] = field(default_factory=dict)
    note: str = ""


def digest(check: Check, *, photos: Sequence[str]) -> str:
    """SHA-256 in hex of a check and the hashes of its photos: the same only where the same was said."""
    said = {**asdict(check), "photos": sorted(photos)}
    return sha256(json.dumps(said, default=str, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def happened_at(check: Check, *, received_at: datetime) -> datetime:
    """When it was said: by the phone's clock, by ours where the phone's runs ahead."""
    return received_at if check.said_at > received_at + _CLOCK_AHEAD else min(check.said_at, received_at)


def distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two (lon_deg, lat_deg) on a sphere."""
    lon, lat = (math.radians(b - a) for a, b in zip(one, other, strict=True))
    chord = math.sin(lat / 2) ** 2 + math.cos(math.radians(one[1])) * math.cos(math.radians(other[1])) * (
        math.sin(lon / 2) ** 2
    )
    return 2 * _EARTH_M * math.asin(min(1.0, math.sqrt(chord)))


def changed_since(seen: Mapping[str, Value], now: Mapping[str, Value]) -> tuple[str, ...]:
    """Which of the fields that a phone shows differ from what it showed; the place as "position"."""
    fields = [name for name in (*VISIBLE, "state") if seen.get(name) != now.get(name)]
    places = [[values.get(name) for name in ("lon_deg", "lat_deg")] for values in (seen, now)]
    return tuple(([] if places[0] == places[1] else ["position"]) + fields)


def claim_of(check: Check, *, seen: Mapping[str, Value], now: Mapping[str, Value]) -> dict[str, Value] | None:
    """What a check says of its camera in the register; None where it says nothing.

    seen: the values that the phone showed. now: those that the register holds. Found as listed says that what is
    visible is as shown, as far as nobody has changed it meanwhile; found different says the same of what it does not
    change. A place is confirmed only where the phone stood near it, and never one worked out from an address: that
    would make a guess a measurement. Not found says that the camera is lost; not reached says nothing.
    """
    if check.answer == "unreachable":
        return None
    if check.answer == "not_found":
        return {"state": "lost"}
    said: dict[str, Value] = {}
    if check.answer in ("found", "different"):
        changed = changed_since(seen, now)
        said = {name: seen[name] for name in VISIBLE if name in seen and name not in changed}
        if "position" not in changed and _stands_there(check, seen):
            said |= {name: seen[name] for name in ("lon_deg", "lat_deg")} | {"place_origin": "field"}
    if check.answer != "found":
        said |= {name: value for name, value in check.values.items() if name in TOLD}
    if check.place is not None:
        said |= {"lon_deg": check.place.lon_deg, "lat_deg": check.place.lat_deg, "place_origin": "field"}
        said["accuracy_m"] = round(check.place.accuracy_m, 1)
    if check.bearing_deg is not None:
        said["bearing_deg"] = round(check.bearing_deg, 1) % 360.0
    return said


def _stands_there(check: Check, seen: Mapping[str, Value]) -> bool:
    lon, lat = seen.get("lon_deg"), seen.get("lat_deg")
    if check.stood is None or lon is None or lat is None or seen.get("place_origin") == "geocoded":
        return False
    if check.stood.accuracy_m > WORST_ACCURACY_M:
        return False
    gap = distance_m((check.stood.lon_deg, check.stood.lat_deg), (float(lon), float(lat)))
    return gap <= max(ON_SITE_M, check.stood.accuracy_m)
