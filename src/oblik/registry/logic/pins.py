"""What a person may pin on a camera: a value of the right type, in range, that makes sense by itself."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Final

from oblik.base.errors import InvalidInput, msg
from oblik.base.veiling import veiled
from oblik.registry.logic.fields import FIELDS
from oblik.registry.logic.folding import plain
from oblik.registry.logic.records import Value
from oblik.registry.logic.trust import PLACE

_RANGES: Final = {
    "lon_deg": (-180.0, 180.0), "lat_deg": (-90.0, 90.0), "hfov_deg": (0.0, 360.0), "tilt_deg": (-90.0, 90.0),
    "accuracy_m": (0.0, 1e6), "port": (1.0, 65_535.0),
}  # fmt: skip
_WORDS: Final = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_LONGEST: Final = 2_000


def pinned(name: str, value: object) -> Value:
    """The value as the register keeps it: numbers finite and in range, bearings in [0, 360), choices known.

    InvalidInput names the field and what it takes.
    """
    field = FIELDS.get(name)
    if field is None or name == "city_code":
        raise InvalidInput(msg("“{value}” is not a field of a camera."), value=name)
    if field.type in ("number", "integer"):
        return _number(name, value, whole=field.type == "integer")
    text = plain(str(value)).strip()
    if field.type == "boolean":
        said = value if isinstance(value, bool) else _WORDS.get(text.lower())
        if said is None:
            raise InvalidInput(msg("{field} takes yes or no, not “{value}”."), field=name, value=text)
        return said
    if field.choices and text not in field.choices:
        raise InvalidInput(
            msg("{field} is one of {choices}, not “{value}”."), field=name, value=text, choices=", ".join(field.choices)
        )
    if field.type == "date" and not _is_day(text):
        raise InvalidInput(msg("{field} takes a day such as 2026-01-31, not “{value}”."), field=name, value=text)
    if veiled(text) != text:
        raise InvalidInput(
            msg("{field} holds a password or a stream address; these go into device_password and stream_url alone."),
            field=name,
        )
    if not text or len(text) > _LONGEST:
        raise InvalidInput(msg("{field} is empty or longer than {most} signs."), field=name, most=_LONGEST)
    return text


def _number(name: str, value: object, *, whole: bool) -> float | int:
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        number = math.nan
    low, high = _RANGES.get(name, (-1e9, 1e9))
    if not low <= number <= high or (whole and number != int(number)):
        raise InvalidInput(msg("{field} takes a number, “{value}” is none."), field=name, value=value)
    if name == "bearing_deg":
        return number % 360.0 % 360.0  # the second for -1e-20, whose remainder rounds to 360
    return int(number) if whole else number


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def whole_place(values: Mapping[str, Value]) -> dict[str, Value]:
    """The values, with a pinned place told as given by hand; InvalidInput where a part of the place is missing.

    Longitude and latitude of two sources are a third place, so they are pinned together or not at all.
    """
    named = [name for name in PLACE if name in values]
    if not named:
        return dict(values)
    if "lon_deg" not in values or "lat_deg" not in values:
        raise InvalidInput(msg("{value} makes sense only with both lon_deg and lat_deg: pin them together."),
                           value=named[0])  # fmt: skip
    return {"place_origin": "given", **values}
