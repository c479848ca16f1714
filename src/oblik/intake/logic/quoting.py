"""A list that quotes our own camera codes: what it says that we do not hold already, and whether it can be believed."""

import math
from collections.abc import Collection, Mapping
from typing import Final

from oblik.registry.logic.records import Value
from oblik.registry.logic.trust import PLACE

CITY_CODE: Final = "city_code"
FAR_M: Final = 500.0  # a quoted code on a row farther than this from its camera is a slip of the pen
_SAME_DEG: Final = 2e-6  # our own export read back gives every digit; a spreadsheet may lose the seventh
_EARTH_M: Final = 6_371_008.8


def news_of(
    said: Mapping[str, Value], *, held: Mapping[str, Value], own: Collection[str], owner_names: Collection[str]
) -> dict[str, Value]:
    """What a row that quotes a camera's code says of it, without what it merely repeats of our own export.

    held: what the register holds of the camera. own: fields whose value the same owner gave; repeating one's own word
    is a word. owner_names: how the camera's owner is called. A repeated value of another source is no second witness,
    a place read back is not measured anew, and a state that nobody ever stated is the register's own default.
    """
    # A place is news as a whole or not at all: half of it would be dropped, or joined to another's half.
    kept = {*own, *PLACE}
    news = {name: value for name, value in said.items() if name in kept or not is_echo(value, held.get(name))}
    if news.get("state") == "in_service" and "state" not in held:
        del news["state"]
    if "owner_name" not in held and str(news.get("owner_name", "")) in owner_names:
        news.pop("owner_name", None)
    repeated = [name for name in own if name in news and is_echo(news[name], held.get(name))]
    news.update({name: held[name] for name in repeated})  # In the register's own spelling of the same value.
    if same_place(said, held):
        for name in PLACE:
            news.pop(name, None)
    return news


def is_echo(said: Value | None, held: Value | None) -> bool:
    """Whether a value is the one held, but for rounding and the apostrophe with which our csv guards texts."""
    if said is None or held is None:
        return False
    if isinstance(said, str) or isinstance(held, str):
        return str(said) == str(held) or str(said) == f"'{held}" or f"'{said}" == str(held)
    return math.isclose(float(said), float(held), rel_tol=1e-9, abs_tol=1e-9)


def same_place(said: Mapping[str, Value], held: Mapping[str, Value]) -> bool:
    """Whether both name one point; False where either has none."""
    return all(
        name in said and name in held and abs(float(said[name]) - float(held[name])) <= _SAME_DEG
        for name in ("lon_deg", "lat_deg")
    )


def is_far(said: Mapping[str, Value], held: Mapping[str, Value]) -> bool:
    """Whether a row's own point lies more than FAR_M from the camera's; False where either has none, or the row's was
    only worked out from its address."""
    if said.get("place_origin") == "geocoded" or not all(n in v for n in PLACE[:2] for v in (said, held)):
        return False
    north = math.radians(float(said["lat_deg"]) - float(held["lat_deg"]))
    east = math.radians(float(said["lon_deg"]) - float(held["lon_deg"]))
    east *= math.cos(math.radians(float(held["lat_deg"])))
    return math.hypot(north, east) * _EARTH_M > FAR_M
