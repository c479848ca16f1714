"""Writes GeoJSON, KML and OpenStreetMap files so that the same features always give the same bytes."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, quoteattr

import osmium

from oblik.demo.cells import Cell
from oblik.demo.packages import cell_text
from oblik.demo.rows import Entry
from oblik.demo.streets import Ground
from oblik.demo.styles import Style

_FIRST_CAMERA: Final = 9_100_000_001  # numbers far above today's, so that none is anybody's object
_FIRST_CROSSING: Final = 9_000_000_001
HIGHWAYS: Final = {"проспект": "primary", "шосе": "primary", "бульвар": "secondary", "площа": "pedestrian"}
Node = tuple[int, float, float, dict[str, str]]


def write_geojson(path: Path, style: Style, entries: Sequence[Entry]) -> None:
    """A feature collection; a row without coordinates keeps its properties and has no geometry."""
    features = []
    for entry in entries:
        cells = entry.cells
        geometry = {"type": "Point", "coordinates": [cells["lon"], cells["lat"]]} if "lat" in cells else None
        properties = {header: _json(cells[key]) for key, header in style.columns if cells.get(key, "") != ""}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _json(cell: Cell) -> str | int | float:
    return cell if isinstance(cell, (int, float)) else cell_text(cell)


def write_kml(path: Path, style: Style, entries: Sequence[Entry]) -> None:
    """One folder of placemarks with extended data."""
    marks = "".join(_placemark(style, entry) for entry in entries)
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<name>Камери</name><Folder><name>Об'єкти</name>\n{marks}</Folder></Document></kml>\n",
        encoding="utf-8",
        newline="\n",
    )


def _placemark(style: Style, entry: Entry) -> str:
    cells = entry.cells
    data = "".join(
        f"<Data name={quoteattr(header)}><value>{escape(cell_text(cells[key]))}</value></Data>"
        for key, header in style.columns
        if header != "name" and cells.get(key, "") != ""
    )
    name = escape(cell_text(cells.get("label", "")))
    point = f"<Point><coordinates>{cells['lon']},{cells['lat']},0</coordinates></Point>" if "lat" in cells else ""
    return f"<Placemark><name>{name}</name><ExtendedData>{data}</ExtendedData>{point}</Placemark>\n"


def osm_nodes(style: Style, entries: Sequence[Entry]) -> list[Node]:
    """The cameras as nodes: number, longitude, latitude and tags."""
    nodes = []
    for number, entry in enumerate(entries):
        tags = {"man_made": "surveillance", "surveillance": "public", "surveillance:type": "camera"}
        tags |= {header: cell_text(entry.cells[key]) for key, header in style.columns if entry.cells.get(key, "") != ""}
        nodes.append((_FIRST_CAMERA + 7 * number, float(entry.cells["lon"]), float(entry.cells["lat"]), tags))  # type: ignore[arg-type]  # written as numbers
    return nodes


def _street_nodes(ground: Ground) -> list[Node]:
    rows, columns = ground.grid_x.shape
    found: list[Node] = []
    for row in range(rows):
        for column in range(columns):
            lon, lat = ground.frame.lonlat(float(ground.grid_x[row, column]), float(ground.grid_y[row, column]))
            found.append((_FIRST_CROSSING + row * columns + column, round(lon, 7), round(lat, 7), {}))
    return found


def _street_ways(ground: Ground) -> Iterator[tuple[int, list[int], dict[str, str]]]:
    columns = ground.grid_x.shape[1]
    for number, street in enumerate(ground.streets, start=1):
        if len(street.path) < 2:
            continue
        tags = {"highway": HIGHWAYS.get(street.kind, "residential"), "name": f"{street.kind} {street.name[0]}"}
        tags["name:ru"] = f"{street.ru_kind} {street.name[1]}"
        if street.old:
            tags["old_name"] = f"{street.old[0]} {street.old[1][0]}"
        yield 1_500_000_000 + number, [_FIRST_CROSSING + r * columns + c for c, r in street.path], tags


def write_osm(path: Path, ground: Ground, nodes: Sequence[Node]) -> None:
    """An XML extract: crossings, cameras, then the streets."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6" generator="oblik demo">']
    for number, lon, lat, tags in [*_street_nodes(ground), *nodes]:
        body = "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())
        lines.append(f' <node id="{number}" version="1" lat="{lat:.7f}" lon="{lon:.7f}">{body}</node>')
    for number, refs, tags in _street_ways(ground):
        body = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        body += "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())
        lines.append(f' <way id="{number}" version="1">{body}</way>')
    path.write_text("\n".join([*lines, "</osm>", ""]), encoding="utf-8", newline="\n")


def write_pbf(path: Path, ground: Ground, nodes: Sequence[Node]) -> None:
    """The same extract in the binary form."""
    path.unlink(missing_ok=True)
    writer = osmium.SimpleWriter(str(path))
    for number, lon, lat, tags in [*_street_nodes(ground), *nodes]:
        writer.add_node(osmium.osm.mutable.Node(id=number, version=1, location=(lon, lat), tags=tags))
    for number, refs, tags in _street_ways(ground):
        writer.add_way(osmium.osm.mutable.Way(id=number, version=1, nodes=refs, tags=tags))
    writer.close()
