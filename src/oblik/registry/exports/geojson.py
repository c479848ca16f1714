"""The register as GeoJSON (RFC 7946); cameras without a place have a null geometry, so that none is lost."""

import json
from collections.abc import Iterable
from pathlib import Path

from oblik.registry.logic.export_table import COLUMNS, Row

_LON, _LAT = COLUMNS.index("lon_deg"), COLUMNS.index("lat_deg")


def write(path: Path, rows: Iterable[Row]) -> int:
    """Writes the rows and returns how many there were."""
    count = 0
    with path.open("w", encoding="utf-8") as stream:
        stream.write('{"type":"FeatureCollection","features":[')
        for row in rows:
            stream.write(",\n" if count else "\n")
            stream.write(json.dumps(_feature(row), ensure_ascii=False))
            count += 1
        stream.write("\n]}\n")
    return count


def _feature(row: Row) -> dict[str, object]:
    placed = row[_LON] is not None and row[_LAT] is not None
    return {
        "type": "Feature",
        "id": row[0],
        "geometry": {"type": "Point", "coordinates": [row[_LON], row[_LAT]]} if placed else None,
        "properties": {name: value for name, value in zip(COLUMNS, row, strict=True) if value is not None},
    }
