"""What a plain file of shapes holds, guessed from its columns, and each row of it as tags of a map."""

from collections.abc import Mapping, Sequence
from typing import Final

from oblik.city.logic.tables import HEADERS
from oblik.city.logic.things import AREA_KEYS, PLACE_KINDS, STREET_CLASSES

PLAIN_LAYERS: Final = ("buildings", "streets", "addresses", "districts", "water", "green", "housing", "places")
_TAGGED: Final = frozenset(
    {"building", "highway", "landuse", "natural", "leisure", "waterway", "amenity", "boundary", "addr:housenumber"}
)  # fmt: skip
_KEPT: Final = frozenset({*AREA_KEYS, "height", "building:levels", "roof:levels", "highway"})
# Columns that other tables use for what OSM says with a tag.
_SYNONYMS: Final[dict[str, str]] = {
    column: tag
    for tag, columns in {
        "height": "height height_m hoehe висота высота building_height bldg_height measuredheight h",
        "building:levels": "levels storeys stories floors num_floors numfloors numberoffloors поверхи поверховість "
        "этажность этажей storeysaboveground",
        "name": "name назва название title label",
        "old_name": "old_name стара_назва oldname",
        "building": "building building_type type_building",
        "highway": "highway road_class fclass",
        "admin_level": "admin_level",
        "kind": "kind type class тип вид category категорія",
    }.items()
    for column in columns.split()
}
_HEIGHTS: Final = frozenset({"height", "building:levels"})
_ADDRESS: Final = {"street": "addr:street", "house": "addr:housenumber", "settlement": "addr:city",
                   "district": "addr:district"}  # fmt: skip
_IDS: Final = ("@id", "osm_id", "full_id", "fid", "id", "objectid", "gid", "uuid")


def guessed(columns: Sequence[str], *, shape: str, name: str = "") -> str:
    """One of PLAIN_LAYERS, "tagged" for columns named like OSM's tags, or "" where nothing tells.

    shape: "point" | "line" | "area"; name: of the table, which may be called after what it holds ("roads").
    """
    known = {column.strip().lower() for column in columns}
    if known & _TAGGED:
        return "tagged"
    targets = {HEADERS.get(column, "") for column in known}
    if {"street", "house"} <= targets:
        return "addresses"
    named = next((layer for layer in PLAIN_LAYERS if layer in name.lower()), "")
    if named:
        return named
    if shape == "line":
        return "streets"
    tags = {_SYNONYMS.get(column, "") for column in known}
    if shape == "area":
        return "buildings" if tags & _HEIGHTS else "districts" if "admin_level" in tags else ""
    return "places" if {"kind", "name"} <= tags else ""


def id_column(columns: Sequence[str]) -> str:
    """The column that tells one row from all others, "" where none does."""
    known = {column.strip().lower(): column for column in columns}
    return next((known[name] for name in _IDS if name in known), "")


def tags_of(row: Mapping[str, object], *, layer: str) -> dict[str, str]:
    """A row as tags; empty cells are left out, numbers lose a needless ".0"."""
    tags: dict[str, str] = {}
    for column, value in row.items():
        if value is None or value != value or value == "":  # NaN is not itself
            continue
        key = column.strip().lower()
        text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
        tags[key] = text
        if key in _SYNONYMS:
            tags.setdefault(_SYNONYMS[key], text)
        if HEADERS.get(key) in _ADDRESS:
            tags.setdefault(_ADDRESS[HEADERS[key]], text)
    return tags if layer == "tagged" else _as_layer(tags, layer)


def _as_layer(tags: dict[str, str], layer: str) -> dict[str, str]:
    """The row as what it was said to be, whatever its own columns are called."""
    kind = tags.get("kind", "").lower()
    kept = {key: value for key, value in tags.items() if key not in _TAGGED or key == "building"}
    if layer == "buildings":
        return kept | {"building": kept.get("building") or kind or "yes"}
    if layer == "addresses":
        return {key: tags[key] for key in _ADDRESS.values() if key in tags}
    kept.pop("building", None)
    if layer == "streets":
        street = tags.get("highway") or kind
        return kept | {"highway": street if street in STREET_CLASSES else "residential"}
    if layer == "places":
        return kept | {"kind": kind if kind in PLACE_KINDS else kind[:40]}
    said = {
        "districts": {"boundary": "administrative", "admin_level": tags.get("admin_level", "9")},
        "water": {"natural": "water"},
        "green": {"landuse": "grass"} | ({"landuse": kind} if kind in {"forest", "meadow", "cemetery"} else {}),
        "housing": {"landuse": "residential"},
    }
    return kept | said[layer]
