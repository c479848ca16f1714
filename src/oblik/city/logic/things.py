"""What an object of a map is to us: building, street, district, water, green, housing plot or place, and its names."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, get_args

from oblik.city.logic.heights import STOREY_M, height_of

Layer = Literal["building", "street", "district", "water", "green", "housing", "place"]
Shape = Literal["point", "line", "area"]
LAYERS: Final[tuple[Layer, ...]] = get_args(Layer)

STREET_CLASSES: Final[dict[str, str]] = {
    "motorway": "motorway", "motorway_link": "motorway", "trunk": "trunk", "trunk_link": "trunk",
    "primary": "primary", "primary_link": "primary", "secondary": "secondary", "secondary_link": "secondary",
    "tertiary": "tertiary", "tertiary_link": "tertiary", "residential": "residential", "unclassified": "residential",
    "living_street": "living_street", "pedestrian": "pedestrian", "road": "residential", "service": "service",
    "track": "track", "footway": "path", "path": "path", "cycleway": "path", "steps": "path", "bridleway": "path",
    "busway": "service",
}  # fmt: skip
GREEN: Final = (
        ("leisure", "park"), ("leisure", "garden"), ("leisure", "pitch"), ("leisure", "nature_reserve"),
        ("leisure", "golf_course"), ("landuse", "grass"), ("landuse", "forest"), ("landuse", "meadow"),
        ("landuse", "recreation_ground"), ("landuse", "village_green"), ("landuse", "cemetery"),
        ("landuse", "orchard"), ("landuse", "allotments"), ("landuse", "flowerbed"), ("natural", "wood"),
        ("natural", "scrub"), ("natural", "grassland"), ("natural", "heath"),
)  # fmt: skip
WATER: Final = (
        ("natural", "water"), ("natural", "bay"), ("waterway", "riverbank"), ("waterway", "dock"),
        ("landuse", "reservoir"), ("landuse", "basin"), ("waterway", "river"), ("waterway", "stream"),
        ("waterway", "canal"), ("leisure", "swimming_pool"),
)  # fmt: skip
WATER_LINES: Final = frozenset({"river", "stream", "canal"})
# What a shelter is called differs from map to map; bus shelters are no refuge.
_SHELTERS: Final = (
        ("amenity", "bomb_shelter"), ("emergency", "bomb_shelter"), ("emergency", "shelter"),
        ("bunker_type", "bomb_shelter"), ("shelter_type", "bomb_shelter"), ("civil_defence", "shelter"),
        ("building", "bunker"),
)  # fmt: skip
PLACES: Final[dict[tuple[str, str], str]] = dict.fromkeys(_SHELTERS, "shelter") | {
    ("highway", "crossing"): "crossing", ("railway", "crossing"): "crossing", ("highway", "bus_stop"): "stop",
    ("railway", "tram_stop"): "stop", ("public_transport", "platform"): "stop", ("railway", "station"): "station",
    ("railway", "halt"): "station", ("station", "subway"): "station", ("amenity", "bus_station"): "station",
    ("railway", "subway_entrance"): "station", ("highway", "traffic_signals"): "signals",
    ("amenity", "school"): "school", ("amenity", "kindergarten"): "kindergarten",
    ("amenity", "university"): "university", ("amenity", "college"): "university",
    ("amenity", "hospital"): "hospital", ("amenity", "clinic"): "hospital", ("amenity", "doctors"): "hospital",
    ("amenity", "pharmacy"): "pharmacy", ("amenity", "police"): "police", ("amenity", "fire_station"): "fire_station",
    ("amenity", "townhall"): "office", ("amenity", "courthouse"): "office", ("office", "government"): "office",
    ("amenity", "post_office"): "office", ("amenity", "marketplace"): "market", ("shop", "mall"): "market",
    ("shop", "supermarket"): "market", ("amenity", "theatre"): "culture", ("amenity", "cinema"): "culture",
    ("amenity", "library"): "culture", ("amenity", "community_centre"): "culture", ("tourism", "museum"): "culture",
    ("amenity", "place_of_worship"): "worship", ("leisure", "playground"): "playground",
    ("leisure", "stadium"): "stadium", ("leisure", "sports_centre"): "stadium", ("tourism", "hotel"): "hotel",
    ("amenity", "fuel"): "fuel", ("amenity", "bank"): "bank",
}  # fmt: skip
PLACE_KINDS: Final = frozenset(PLACES.values())
_PLACE_KEYS: Final = tuple(dict.fromkeys(key for key, _ in PLACES))
_TELLING: Final = frozenset(
    {*(k for k, _ in GREEN + WATER), *_PLACE_KEYS, "building", "boundary", "admin_level", "place", "highway",
     "waterway", "water", "residential", "area", "location", "layer"}
)  # fmt: skip
AREA_KEYS: Final = tuple(dict.fromkeys(("building", "boundary", "place", *(k for k, _ in GREEN + WATER), *_PLACE_KEYS)))
_DISTRICT_PLACES: Final = frozenset({"suburb", "quarter", "neighbourhood", "borough"})
_NAME_KEYS: Final = {
    "name:uk": "uk", "name:ru": "ru", "name:en": "en", "name:sv": "sv", "name:fi": "fi", "name:fr": "fr",
    "old_name": "old", "old_name:uk": "old", "old_name:ru": "old", "old_name:en": "old", "old_name:fi": "old",
    "old_name:sv": "old", "was:name": "old", "alt_name": "alt", "alt_name:uk": "alt", "alt_name:ru": "alt",
    "alt_name:en": "alt", "alt_name:fi": "alt", "alt_name:sv": "alt", "short_name": "alt", "official_name": "alt",
    "int_name": "alt", "loc_name": "alt", "ref": "ref",
}  # fmt: skip
LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Thing:
    """One object of a map. ref: its own number in its source; names: `names_of` as JSON; wkb: WGS 84, lon before lat.

    kind: class of a street, kind of a building or place, admin_level of a district. height_m only for buildings.
    """

    layer: Layer
    ref: int
    kind: str
    name: str
    names: str
    wkb: bytes
    height_m: float | None = None
    height_origin: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A house number of a map; wkb: a point or the building it stands on."""

    street: str
    house: str
    settlement: str
    district: str
    wkb: bytes


def layers_of(tags: Mapping[str, str], *, shape: Shape) -> list[tuple[Layer, str]]:
    """Layers that an object belongs to, each with the kind there; none for what we do not keep.

    A school may be a building and a place. Buildings below ground are left out.
    """
    telling = tuple((key, value) for key, value in tags.items() if key in _TELLING)
    return list(_layers(telling, shape)) if telling else []


@lru_cache(maxsize=50_000)
def _layers(telling: tuple[tuple[str, str], ...], shape: Shape) -> list[tuple[Layer, str]]:
    """Kept in memory: a city's buildings bear few combinations of tags."""
    tags = dict(telling)
    if shape == "line":
        return _line(tags)
    found: list[tuple[Layer, str]] = []
    place = next((PLACES[key, tags[key]] for key in _PLACE_KEYS if (key, tags.get(key, "")) in PLACES), "")
    if place and not (place == "station" and tags.get("building") == "roof"):
        found.append(("place", place))
    if shape == "point":
        return found
    building = tags.get("building", "no")
    if building not in ("no", "", "demolished", "ruins") and not _below_ground(tags):
        found.append(("building", building[:40]))
    level = _district(tags)
    if level:
        found.append(("district", level))
    for layer, wanted in (("green", GREEN), ("water", WATER)):
        kind = next((value for key, value in wanted if tags.get(key) == value), "")
        if kind:
            found.append((layer, tags.get("water", kind)[:40] if layer == "water" else kind))  # type: ignore[arg-type]  # both are layers
    if tags.get("landuse") == "residential":
        found.append(("housing", tags.get("residential", "residential")[:40]))
    if tags.get("highway") == "pedestrian" and "area" in tags:
        found.append(("street", "pedestrian"))
    return found


def _line(tags: Mapping[str, str]) -> list[tuple[Layer, str]]:
    street = STREET_CLASSES.get(tags.get("highway", ""))
    if street and tags.get("area") != "yes":
        return [("street", street)]
    return [("water", tags["waterway"])] if tags.get("waterway") in WATER_LINES else []


def _below_ground(tags: Mapping[str, str]) -> bool:
    return tags.get("location") == "underground" or tags.get("layer", "0").startswith("-")


def _district(tags: Mapping[str, str]) -> str:
    if tags.get("boundary") == "administrative" and tags.get("admin_level", "") in {"6", "7", "8", "9", "10", "11"}:
        return tags["admin_level"]
    return tags["place"] if tags.get("place") in _DISTRICT_PLACES else ""


def names_of(tags: Mapping[str, str]) -> tuple[str, str]:
    """The name on the sign, and all others as JSON: a name by language, lists by "old" and "alt"; "" without others."""
    name = tags.get("name", "")[:LONGEST_NAME]
    if tags.keys().isdisjoint(_NAME_KEYS):
        return name, ""
    single: dict[str, str] = {}
    several: dict[str, list[str]] = {}
    for key in sorted(tags.keys() & _NAME_KEYS.keys()):
        value, target = tags[key], _NAME_KEYS[key]
        if not value:
            continue
        if target in ("old", "alt"):
            parts = [part.strip()[:LONGEST_NAME] for part in value.split(";") if part.strip()]
            several.setdefault(target, []).extend(part for part in parts if part not in several.get(target, ()))
        else:
            single[target] = value[:LONGEST_NAME]
    names: dict[str, object] = {**single, **several}
    return name, json.dumps(names, ensure_ascii=False, sort_keys=True) if names else ""


def things_of(
    tags: Mapping[str, str],
    *,
    shape: Literal["point", "line", "area"],
    ref: int,
    wkb: bytes,
    storey_m: float = STOREY_M,
) -> list[Thing]:
    """The object as a thing of each layer it belongs to; see `layers_of`."""
    found = []
    for layer, kind in layers_of(tags, shape=shape):
        if layer == "district" and "name" not in tags:
            continue
        name, names = names_of(tags)
        height_m, origin = height_of(tags, storey_m=storey_m) if layer == "building" else (None, "")
        found.append(Thing(layer, ref, kind, name, names, wkb, height_m, origin))
    return found


def address_of(tags: Mapping[str, str], *, wkb: bytes) -> Address | None:
    """The address an object carries; None without a house number and a street (or a place that numbers houses)."""
    house = tags.get("addr:housenumber", "")
    street = tags.get("addr:street") or tags.get("addr:place", "")
    if not house or not street:
        return None
    district = tags.get("addr:district") or tags.get("addr:suburb", "")
    return Address(street, house, tags.get("addr:city", "")[:120], district[:120], wkb)
