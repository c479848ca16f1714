"""KML, KMZ and GPX: placemarks and waypoints with their names, folders and extended data."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

from oblik.base.errors import UnreadableFile, msg
from oblik.intake.logic.shapes import Sheet
from oblik.intake.readers.grids import record_sheet
from oblik.intake.readers.limits import Limits
from oblik.intake.readers.markup import child_text, children, local, page_tables, parse_tree, plain_text
from oblik.intake.readers.packages import check_package, damaged, members_of

_PLACES: Final = {"lon": "lon_deg", "lat": "lat_deg"}


def read_kml(path: Path, limits: Limits) -> list[Sheet]:
    """One sheet of all placemarks, numbered as they stand; ExtendedData and tables in descriptions are columns."""
    root = parse_tree(_kml_bytes(path, limits), file=path.name, limits=limits)
    records = [_placemark(element, folders) for element, folders in _placemarks(root, ())]
    return _sheet(path, records, limits=limits)


def read_gpx(path: Path, limits: Limits) -> list[Sheet]:
    """One sheet of all waypoints; tracks and routes are no cameras and are left out."""
    root = parse_tree(path.read_bytes(), file=path.name, limits=limits)
    records = []
    for point in children(root, "wpt"):
        record = {local(part): (part.text or "").strip() for part in point if not len(part) and local(part)}
        for extension in children(point, "extensions"):
            record.update({local(part): (part.text or "").strip() for part in extension.iter() if not len(part)})
        records.append(record | {"lon": point.attrib.get("lon", ""), "lat": point.attrib.get("lat", "")})
    return _sheet(path, records, limits=limits)


def _sheet(path: Path, records: list[dict[str, str]], *, limits: Limits) -> list[Sheet]:
    if not records:
        raise UnreadableFile(
            msg("{file} holds no placemark. Export the points of the map, not only its picture or its lines."),
            code="no_table",
            file=path.name,
        )
    return [record_sheet("", records, file=path.name, limits=limits, fixed=_PLACES)]


def _kml_bytes(path: Path, limits: Limits) -> bytes:
    members = members_of(path)
    if not members:
        return path.read_bytes()
    check_package(path, limits=limits)
    inside = sorted(
        (name for name in members if name.lower().endswith(".kml")), key=lambda name: (name.count("/"), name)
    )
    # Google Earth takes the first .kml at the top of the package.
    if not inside:
        raise damaged(path.name)
    with zipfile.ZipFile(path) as package:
        return package.read(inside[0])


def _placemarks(element: Element, folders: tuple[str, ...]) -> Iterator[tuple[Element, tuple[str, ...]]]:
    pending = [(element, folders)]
    while pending:
        here, path = pending.pop()
        if local(here) == "Placemark":
            yield here, path
            continue
        if local(here) == "Folder":
            path = (*path, child_text(here, "name"))[-6:]  # deeper nesting is no order a person made
        pending.extend((child, path) for child in reversed(here))


def _placemark(element: Element, folders: tuple[str, ...]) -> dict[str, str]:
    record: dict[str, str] = {}
    if element.attrib.get("id"):
        record["id"] = element.attrib["id"]
    record["name"] = child_text(element, "name")
    if any(folders):
        record["folder"] = " / ".join(filter(None, folders))
    for field in ("address", "phoneNumber", "description"):
        text = child_text(element, field)
        if text:
            record.update(_described(text) if field == "description" else {field: text})
    record.update(_extended(element))
    record["lon"], record["lat"] = _middle(element)
    return record


def _described(text: str) -> dict[str, str]:
    """A description as a column of its own, or as many columns where it is a table of names and values."""
    if "<" not in text:
        return {"description": text}
    page = page_tables(text)
    pairs = [
        (row[0][0].rstrip(": "), row[1][0])
        for table in page.tables
        for row in table
        if len(row) == 2 and row[0][0].strip()
    ]
    rest = plain_text(text)
    found = dict(pairs)
    return found | {"description": rest} if rest else found


def _extended(element: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for data in children(element, "ExtendedData"):
        for part in data.iter():
            name = part.attrib.get("name", "")
            if local(part) == "Data" and name:
                label = child_text(part, "displayName") or name
                found[label] = child_text(part, "value")
            elif local(part) == "SimpleData" and name:
                found[name] = (part.text or "").strip()
    return found


def _middle(element: Element) -> tuple[str, str]:
    """Longitude and latitude of the point as written; of a line or an area the mean of its corners."""
    text = next(((part.text or "") for part in element.iter() if local(part) == "coordinates"), "")
    corners = [corner.split(",") for corner in re.sub(r"\s*,\s*", ",", text).split()]
    corners = [corner for corner in corners if len(corner) >= 2]
    if not corners:
        return "", ""
    if len(corners) == 1:
        return corners[0][0], corners[0][1]
    if corners[0] == corners[-1]:
        corners.pop()
    try:
        points = [(float(corner[0]), float(corner[1])) for corner in corners]
    except ValueError:
        return corners[0][0], corners[0][1]
    return (
        repr(round(sum(lon for lon, _ in points) / len(points), 7)),
        repr(round(sum(lat for _, lat in points) / len(points), 7)),
    )
