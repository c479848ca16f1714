"""Which source wins each field of a camera: the written order of trust."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from oblik.registry.logic.records import Value

# Strongest first. Within owners' lists the newest wins, an older list comes after it; the time does that, not the rank.
SOURCE_KINDS: Final[dict[str, int]] = {"person": 0, "device": 1, "field_check": 2, "owner_list": 3, "osm": 4}
# A person's word corrects what a camera is like; that it exists is said by the others.
CORRECTING: Final = "person"

# These make sense only together: a longitude of one source with a latitude of another is a third place.
PLACE: Final = ("lon_deg", "lat_deg", "accuracy_m", "place_origin")
_GEOCODED_PENALTY: Final = 10  # a place worked out from an address stands behind every measured one


@dataclass(frozen=True, slots=True)
class Said:
    """What one claim says of a camera; fields that it is silent on are absent."""

    claim: int
    source_kind: str
    said_at: datetime
    values: dict[str, Value]


def winners(claims: Sequence[Said]) -> tuple[dict[str, Value], dict[str, int]]:
    """The winning values of one camera, and for each field the claim that gave it.

    Order: kind of source (SOURCE_KINDS), then the newest, then the lowest claim id, so that the answer never depends on
    the order of rows. The four PLACE columns travel together and a geocoded place yields to any measured one. No claims
    give nothing. Source: decision 0004, order of trust.
    """
    values: dict[str, Value] = {}
    origins: dict[str, int] = {}
    for said in sorted(claims, key=_standing, reverse=True):  # weakest first: who comes later writes over
        values.update(said.values)
        origins.update(dict.fromkeys(said.values, said.claim))
    located = [said for said in claims if "lon_deg" in said.values and "lat_deg" in said.values]
    if len(located) == 1 and len(claims) == 1:
        return values, origins
    for name in PLACE:
        values.pop(name, None)
        origins.pop(name, None)
    if located:
        best = min(located, key=_placing)
        for name in PLACE:
            if name in best.values:
                values[name], origins[name] = best.values[name], best.claim
    return values, origins


def _standing(said: Said) -> tuple[int, float, int]:
    return SOURCE_KINDS[said.source_kind], -said.said_at.timestamp(), said.claim


def _placing(said: Said) -> tuple[int, float, int]:
    rank, newest, claim = _standing(said)
    return rank + _GEOCODED_PENALTY * (said.values.get("place_origin") == "geocoded"), newest, claim
