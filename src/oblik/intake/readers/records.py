"""JSON lists: GeoJSON, Overpass and OSM elements, plain lists of records."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import shapely
import shapely.geometry

from oblik.base.errors import UnreadableFile, msg
from oblik.intake.logic.shapes import Sheet
from oblik.intake.readers.encodings import decode
from oblik.intake.readers.grids import record_sheet
from oblik.intake.readers.limits import Limits, too_large
from oblik.intake.readers.osm_tags import TARGETS as OSM_TARGETS
from oblik.intake.readers.osm_tags import newer_tags

_WGS84: Final = ("CRS84", "4326", "4979")
_LISTS: Final = ("features", "elements", "items", "data", "results", "cameras", "records", "rows", "value")


def read(path: Path, limits: Limits) -> list[Sheet]:
    """One sheet, columns named by the records' keys; the number of a row is the number of its feature."""
    if path.stat().st_size > limits.text_tree_bytes:
        raise too_large(path.name, size=path.stat().st_size, limit=limits.text_tree_bytes)
    text, _, notes = decode(path.read_bytes(), file=path.name)
    try:
        tree = json.loads(text)
    except RecursionError as error:
        raise _refused(path) from error
    except ValueError as error:
        lines = _json_lines(text)
        if lines is None:
            raise UnreadableFile(
                msg("{file} is cut off or is not correct JSON: {reason}. Export it again."),
                code="damaged_file",
                file=path.name,
                reason=str(error)[:80],
            ) from error
        tree = lines
    items, fixed = _items(tree)
    if not items:
        raise _refused(path)
    return [
        record_sheet(
            "",
            items,
            file=path.name,
            limits=limits,
            fixed=fixed,
            reader_notes=notes,
        )
    ]


def _refused(path: Path) -> UnreadableFile:
    return UnreadableFile(
        msg("{file} is JSON but holds no list of records. Export the list as GeoJSON or as a list of objects."),
        code="no_table",
        file=path.name,
    )


def _json_lines(text: str) -> list[Any] | None:
    """Records written one per line; None where the text is not so."""
    lines = [line.strip(" \t\r,\x1e") for line in text.split("\n")]
    try:
        return [json.loads(line) for line in lines if line]
    except (ValueError, RecursionError):
        return None


def _items(tree: Any) -> tuple[list[dict[str, Any]], Mapping[str, str]]:
    if isinstance(tree, dict):
        if tree.get("type") == "Feature":
            return _features([tree], degrees=True)
        if isinstance(tree.get("features"), list):
            return _features(tree["features"], degrees=_in_degrees(tree))
        lists = [tree[key] for key in _LISTS if isinstance(tree.get(key), list)]
        lists += [value for value in tree.values() if isinstance(value, list)]
        tree = next((value for value in lists if any(isinstance(item, dict) for item in value)), [tree])
    if not isinstance(tree, list):
        return [], {}
    objects = [item if isinstance(item, dict) else {"value": item} for item in tree]
    if any(item.get("type") == "Feature" and "geometry" in item for item in objects):
        return _features(objects, degrees=True)
    if any("tags" in item and ("lat" in item or "center" in item) for item in objects):
        return [_element(item) for item in objects], OSM_TARGETS
    if not any(isinstance(item, dict) for item in tree):
        return _matrix(tree)
    return [dict(_flat(item)) for item in objects], {}


def _matrix(tree: list[Any]) -> tuple[list[dict[str, Any]], Mapping[str, str]]:
    """A list of lists whose first row holds the names."""
    rows = [row for row in tree if isinstance(row, list)]
    if len(rows) < 2 or len(rows) != len(tree):
        return [], {}
    names = [str(name) for name in rows[0]]
    return [dict(zip(names, row, strict=False)) for row in rows[1:]], {}


def _in_degrees(tree: Mapping[str, Any]) -> bool:
    declared = json.dumps(tree.get("crs"))
    return declared == "null" or any(name in declared for name in _WGS84)


def _features(features: Iterable[Any], *, degrees: bool) -> tuple[list[dict[str, Any]], Mapping[str, str]]:
    items = []
    taken: set[str] = set()
    kept = [feature if isinstance(feature, dict) else {} for feature in features]
    for feature in kept:
        properties = feature.get("properties")
        if isinstance(properties, dict):
            taken.update(properties)
    lon = "lon" if "lon" not in taken else "geometry lon"
    lat = "lat" if "lat" not in taken else "geometry lat"
    identity = "id" if "id" not in taken and "@id" not in taken else "feature id"
    osm = bool(_OSM_LIKE & taken)
    for feature in kept:
        item: dict[str, Any] = {}
        if feature.get("id") is not None:
            item[identity] = feature["id"]
        properties = feature.get("properties")
        flat = dict(_flat(properties if isinstance(properties, dict) else {}))
        item.update(newer_tags(flat) if osm else flat)
        item[lon], item[lat] = _point(feature.get("geometry"))
        items.append(item)
    fixed = {name: target for name, target in OSM_TARGETS.items() if name not in ("lat", "lon")} if osm else {}
    fixed |= {lon: "lon_deg", lat: "lat_deg"} if degrees else {lon: "x_m", lat: "y_m"}
    return items, fixed


_OSM_LIKE: Final = frozenset(("man_made", "surveillance:type", "camera:type", "surveillance:zone", "camera:direction"))


def _point(geometry: Any) -> tuple[Any, Any]:
    """x and y of a point, of the middle of anything larger; blanks where there is no geometry."""
    if not isinstance(geometry, dict):
        return None, None
    coordinates = geometry.get("coordinates")
    if geometry.get("type") == "Point":
        numbers = coordinates if isinstance(coordinates, list) else []
        return (numbers[0], numbers[1]) if len(numbers) >= 2 else (None, None)
    try:
        middle = shapely.centroid(shapely.geometry.shape(geometry))
    except (ValueError, TypeError, IndexError, KeyError, AttributeError, shapely.errors.ShapelyError):
        return None, None
    return (None, None) if middle.is_empty else (middle.x, middle.y)


def _element(item: Mapping[str, Any]) -> dict[str, Any]:
    """One OSM element as Overpass writes it: tags become columns, `center` the place of a way."""
    centre = item.get("center")
    place = centre if isinstance(centre, dict) else item
    tags = item.get("tags")
    known = {"id": item.get("id"), "lat": place.get("lat"), "lon": place.get("lon"), "osm type": item.get("type")}
    return {**newer_tags(tags if isinstance(tags, dict) else {}), **known}


def _flat(item: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    for key, value in item.items():
        if isinstance(value, dict) and depth < 3:
            yield from _flat(value, f"{prefix}{key}.", depth + 1)
        else:
            yield prefix + str(key), value
