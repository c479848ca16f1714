"""How two values of one field stand to each other as a person would say it: equal, near, different."""

import re
from datetime import date
from difflib import SequenceMatcher
from math import cos, hypot, radians
from typing import Final, Literal

from oblik.registry.logic.fields import Field

Likeness = Literal["equal", "near", "different", "only_row", "only_camera"]

_NUMBERS: Final = frozenset({"mac", "serial", "onvif_uuid", "inventory_number", "source_id", "ip"})
_MISTAKEN: Final = frozenset({"ptz", "dome", "panning"})  # kinds that people take for each other
_SOON_DAYS: Final = 45
_ALIKE: Final = 0.8
_M_PER_DEG: Final = 111_195.0
SAME_PLACE_M: Final = 5.0
NEAR_PLACE_M: Final = 60.0


def likeness(field: Field, row: object, camera: object) -> Likeness | None:
    """How the row's value stands to the camera's; None where neither has one.

    Numbers are equal within a fifth of the field's tolerance and near within all of it, bearings around the circle.
    Numbers of devices and books are near with one slip of the pen. Dates are near within 45 days, kinds where people
    take one for the other, words where four fifths of their letters agree in order or one says all that the other does.
    """
    if row in (None, "") or camera in (None, ""):
        return (
            None if row in (None, "") and camera in (None, "") else "only_camera" if row in (None, "") else "only_row"
        )
    if field.type in ("number", "integer"):
        return _of_numbers(field, str(row), str(camera))
    if field.type == "date":
        return _of_days(str(row), str(camera))
    one, other = _plain(str(row)), _plain(str(camera))
    if one == other:
        return "equal"
    if field.name in _NUMBERS:
        return "near" if is_one_slip(one.replace(" ", ""), other.replace(" ", "")) else "different"
    if field.type in ("choice", "boolean"):
        return "near" if field.name == "kind" and {one, other} <= _MISTAKEN else "different"
    words = set(one.split()), set(other.split())
    if words[0] and words[1] and (words[0] <= words[1] or words[1] <= words[0]):
        return "near"
    return "near" if SequenceMatcher(None, one, other).ratio() >= _ALIKE else "different"


def likeness_of_places(distance_m: float | None) -> Likeness:
    """Equal within 5 m, which is a phone's best; near within 60 m, which an address can be off."""
    if distance_m is None:
        return "different"
    return "equal" if distance_m <= SAME_PLACE_M else "near" if distance_m <= NEAR_PLACE_M else "different"


def offset_m(lon_deg: float, lat_deg: float, *, lon_0_deg: float, lat_0_deg: float) -> tuple[float, float]:
    """East and north of a place from another in metres, on a flat earth: good to 1 % over some kilometres."""
    north_m = (lat_deg - lat_0_deg) * _M_PER_DEG
    east_m = (lon_deg - lon_0_deg) * _M_PER_DEG * cos(radians((lat_deg + lat_0_deg) / 2))
    return east_m, north_m


def distance_m(lon_deg: float, lat_deg: float, *, lon_0_deg: float, lat_0_deg: float) -> float:
    """How far apart two places lie in metres, see `offset_m`."""
    return hypot(*offset_m(lon_deg, lat_deg, lon_0_deg=lon_0_deg, lat_0_deg=lat_0_deg))


def is_one_slip(one: str, other: str) -> bool:
    """Whether one letter typed wrong, left out, doubled or swapped with its neighbour makes one text the other."""
    if one == other or abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 3:
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest_one, rest_other = one[start:], other[start:]
    return (
        rest_one[1:] == rest_other[1:]
        or rest_one[1:] == rest_other
        or rest_one == rest_other[1:]
        or (rest_one[:2] == rest_other[1::-1] and rest_one[2:] == rest_other[2:] and len(rest_one) > 1)
    )


def _of_numbers(field: Field, row: str, camera: str) -> Likeness:
    try:
        apart = abs(float(row) - float(camera))
    except ValueError:
        return "equal" if row == camera else "different"
    if field.name == "bearing_deg":
        apart = min(apart % 360, 360 - apart % 360)
    if apart <= max(field.tolerance / 5, 1e-9):
        return "equal"
    return "near" if apart <= field.tolerance else "different"


def _of_days(row: str, camera: str) -> Likeness:
    if row == camera:
        return "equal"
    try:
        apart = abs((date.fromisoformat(row[:10]) - date.fromisoformat(camera[:10])).days)
    except ValueError:
        return "different"
    return "equal" if apart == 0 else "near" if apart <= _SOON_DAYS else "different"


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", text.casefold()).split())
