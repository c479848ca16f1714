"""OpenStreetMap extracts, .osm and .osm.pbf: the elements that are cameras, tags as columns."""

from pathlib import Path
from typing import Any, Final

import osmium

from oblik.base.errors import UnreadableFile, msg
from oblik.intake.logic.shapes import Sheet
from oblik.intake.readers.grids import record_sheet
from oblik.intake.readers.limits import Limits
from oblik.intake.readers.osm_tags import TARGETS, is_camera, newer_tags
from oblik.intake.readers.packages import contains_markup_type, damaged, with_entities

_KEYS: Final = ("man_made", "highway", "surveillance", "surveillance:type")


def read(path: Path, limits: Limits) -> list[Sheet]:
    """One sheet: cameras in the file's order, numbered from 1, ids as "node/1"; the place of a way is its middle."""
    with path.open("rb") as stream:
        head = stream.read(65536)
    if contains_markup_type(head):
        raise with_entities(path.name)
    kind = "pbf" if not head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") else "osm"
    try:
        records = _cameras(path, kind=kind, limits=limits)
    except (RuntimeError, ValueError, OSError, osmium.InvalidLocationError) as error:
        raise damaged(path.name) from error
    if not records:
        raise UnreadableFile(
            msg(
                "{file} holds no camera (man_made=surveillance or highway=speed_camera). "
                "Export an area that has some, with its tags."
            ),
            code="no_table",
            file=path.name,
        )
    return [record_sheet("", records, file=path.name, limits=limits, fixed=TARGETS)]


def _cameras(path: Path, *, kind: str, limits: Limits) -> list[dict[str, Any]]:
    file = osmium.io.File(str(path), kind)
    wanted = osmium.filter.KeyFilter(*_KEYS)
    records: list[dict[str, Any]] = []
    ways: list[tuple[dict[str, Any], list[int]]] = []
    element: Any  # a node, a way or a relation, each with attributes of its own
    for element in osmium.FileProcessor(file).with_filter(wanted):
        tags = {tag.k: tag.v for tag in element.tags}
        if not is_camera(tags):
            continue
        record: dict[str, Any] = {"id": "", "lat": "", "lon": "", **newer_tags(tags)}
        if element.is_node():
            record["id"] = f"node/{element.id}"
            if element.location.valid():
                record["lat"], record["lon"] = round(element.location.lat, 7), round(element.location.lon, 7)
        elif element.is_way():
            record["id"] = f"way/{element.id}"
            ways.append((record, [node.ref for node in element.nodes]))
        else:
            record["id"] = f"relation/{element.id}"
        records.append(record)
        if len(records) > limits.rows:
            break
    if ways:
        _place_ways(path, ways, kind=kind)
    return records


def _place_ways(path: Path, ways: list[tuple[dict[str, Any], list[int]]], *, kind: str) -> None:
    """A second pass for the nodes of the few ways that are cameras."""
    needed = {ref for _, refs in ways for ref in refs}
    places: dict[int, tuple[float, float]] = {}
    nodes = osmium.FileProcessor(osmium.io.File(str(path), kind), osmium.osm.NODE)
    node: Any
    for node in nodes.with_filter(osmium.filter.IdFilter(needed)):
        if node.location.valid():
            places[node.id] = node.location.lat, node.location.lon
    for record, refs in ways:
        found = [places[ref] for ref in dict.fromkeys(refs) if ref in places]
        if found:
            record["lat"] = round(sum(lat for lat, _ in found) / len(found), 7)
            record["lon"] = round(sum(lon for _, lon in found) / len(found), 7)
