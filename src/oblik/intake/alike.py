"""Which cameras of the register one that is being entered by hand may be: weighed as the matching weighs rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Final

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.intake.logic.matching.explain import Reason
from oblik.intake.logic.matching.weighing import weigh
from oblik.registry import searching
from oblik.registry.logic.fields import FIELDS
from oblik.registry.logic.records import Value
from oblik.registry.logic.wanted import Area, Wanted
from oblik.registry.queries import CameraLine

_IDS: Final = ("serial", "mac", "onvif_uuid", "inventory_number", "ip")
_SHORTEST: Final = 4  # signs; a shorter number is in everybody's list
_REACH_M: Final = 60.0
_M_PER_DEG: Final = 111_320.0
_PER_ASKING: Final = 12
_ASKED_LIKELY: Final = 0.05  # below it the matching would not ask a person either


@dataclass(frozen=True, slots=True)
class Alike:
    """A camera that the new one may be. probability: of two that stand alone; reasons: what speaks for it."""

    line: CameraLine
    probability: float
    reasons: tuple[Reason, ...]


def cameras_alike(
    values: Mapping[str, Value], *, owner: str = "", within: Scope = EVERYWHERE, most: int = 5
) -> list[Alike]:
    """The cameras within a scope that these values may describe, the likeliest first; none where little is told yet."""
    near = _candidates(values, within=within)
    new = {name: value for name, value in values.items() if name in FIELDS}
    sides = [{**line.values, "owner": line.owner, "list_id": number} for number, line in enumerate(near, start=2)]
    told = weigh({**new, "owner": owner, "list_id": 1}, sides)
    found = [
        Alike(line, one.probability, tuple(sorted((r for r in one.reasons if r.bits > 0), key=lambda r: -r.bits)))
        for line, one in zip(near, told, strict=True)
        if one.probability >= _ASKED_LIKELY
    ]
    return sorted(found, key=lambda one: (-one.probability, one.line.code))[:most]


def _candidates(values: Mapping[str, Value], *, within: Scope) -> list[CameraLine]:
    """Cameras with an identifier in common, within some 60 m, or at the same address."""
    asked = [Wanted(text=str(values[name])) for name in _IDS if len(str(values.get(name, ""))) >= _SHORTEST]
    area = _around(values)
    if area:
        asked.append(Wanted(area=area))
    elif len(str(values.get("address", ""))) >= _SHORTEST:
        asked.append(Wanted(text=str(values["address"])))
    found: dict[str, CameraLine] = {}
    for wanted in asked:
        lines, _total = searching.suggested(wanted, most=_PER_ASKING, within=within)
        found.update((line.code, line) for line in lines)
    return list(found.values())


def _around(values: Mapping[str, Value]) -> Area:
    """A square of _REACH_M to each side; empty where no place is told."""
    lon_deg, lat_deg = values.get("lon_deg"), values.get("lat_deg")
    if not isinstance(lon_deg, int | float) or not isinstance(lat_deg, int | float) or abs(lat_deg) > 85:
        return ()
    up = _REACH_M / _M_PER_DEG
    side = up / cos(radians(lat_deg))
    return (
        (lon_deg - side, lat_deg - up), (lon_deg + side, lat_deg - up),
        (lon_deg + side, lat_deg + up), (lon_deg - side, lat_deg + up),
    )  # fmt: skip
