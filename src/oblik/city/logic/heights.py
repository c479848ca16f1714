"""How high a building is: measured, counted in storeys, or assumed by its kind."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Literal

Origin = Literal["measured", "levels", "assumed"]

STOREY_M: Final = 3.2
# Metres by OSM's kind of building where neither height nor storeys are known. Our own guess, and shown as such.
ASSUMED_M: Final[dict[str, float]] = {
    "apartments": 15.0, "dormitory": 15.0, "hotel": 15.0, "office": 12.0, "hospital": 12.0, "government": 12.0,
    "university": 12.0, "school": 10.0, "kindergarten": 7.0, "commercial": 9.0, "retail": 6.0, "industrial": 9.0,
    "warehouse": 8.0, "church": 20.0, "cathedral": 30.0, "house": 6.0, "detached": 6.0, "semidetached_house": 6.0,
    "terrace": 7.0, "residential": 9.0, "bungalow": 4.0, "hut": 3.0, "shed": 3.0, "garage": 3.0, "garages": 3.0,
    "carport": 3.0, "kiosk": 3.0, "roof": 4.0, "service": 3.0, "greenhouse": 3.0, "train_station": 12.0,
}  # fmt: skip
ASSUMED_OTHER_M: Final = 8.0
HIGHEST_M: Final = 900.0
_NUMBER: Final = re.compile(
    # Possessive: a tag of a thousand digits is refused at once.
    r"\s*+(\d++(?:[.,]\d++)?)\s*+(m|м|metres|meters|метр\w*|ft|'|feet)?\s*+(?:(\d++)\")?\s*$",
    re.I,
)
_TELLING: Final = (
    "height", "building:height", "est_height", "building:levels", "levels", "roof:levels", "building",
)  # fmt: skip
_M_PER_FOOT: Final = 0.3048


def metres(text: str) -> float | None:
    """Metres in a height tag: "12", "12,5 m", "40'"; None for anything else, zero, or more than 900 m."""
    found = _NUMBER.match(text)
    if not found:
        return None
    value = float(found[1].replace(",", "."))
    if found[2] and found[2].lower() in ("ft", "'", "feet"):
        value = (value + float(found[3] or 0) / 12) * _M_PER_FOOT
    return round(value, 2) if 0 < value <= HIGHEST_M else None


def height_of(
    tags: Mapping[str, str], *, storey_m: float = STOREY_M, assumed_m: float | None = None
) -> tuple[float, Origin]:
    """Metres above ground and where they come from: the tag `height`, else storeys, else assumed by kind.

    Storeys are building:levels and roof:levels, each storey_m high; "2;3" counts as the higher. assumed_m replaces the
    table ASSUMED_M. Source: https://wiki.openstreetmap.org/wiki/Key:height and Key:building:levels.
    """
    telling = tuple(tags.get(key, "") for key in _TELLING)
    return _height(telling, storey_m, assumed_m)


@lru_cache(maxsize=50_000)
def _height(telling: tuple[str, ...], storey_m: float, assumed_m: float | None) -> tuple[float, Origin]:
    """Kept in memory: most of a city's buildings say one of few things."""
    tags = dict(zip(_TELLING, telling, strict=True))
    for key in ("height", "building:height", "est_height"):
        measured = metres(tags[key])
        if measured is not None:
            return measured, "levels" if key == "est_height" else "measured"
    storeys = _storeys(tags["building:levels"]) or _storeys(tags["levels"])
    if storeys:
        storeys += _storeys(tags["roof:levels"])
        return min(round(storeys * storey_m, 2), HIGHEST_M), "levels"
    if assumed_m is not None:
        return assumed_m, "assumed"
    return ASSUMED_M.get(tags["building"], ASSUMED_OTHER_M), "assumed"


def _storeys(text: str) -> float:
    counts = [float(part) for part in re.findall(r"\d+(?:\.\d+)?", text.replace(",", "."))]
    return max((count for count in counts if count <= 250), default=0.0)
