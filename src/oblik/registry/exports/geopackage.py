"""The register as a GeoPackage for QGIS: one layer of points, one attribute per field."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyogrio
import shapely

from oblik.registry.logic.export_table import COLUMNS, Row
from oblik.registry.logic.fields import FIELDS

_TYPES: Final = {"number": pa.float64(), "integer": pa.int64(), "boolean": pa.bool_()}


def write(path: Path, rows: Iterable[Row]) -> int:
    """Writes the rows and returns how many there were."""
    columns: list[list[object]] = [[] for _ in COLUMNS]
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    lon, lat = (columns[COLUMNS.index(name)] for name in ("lon_deg", "lat_deg"))
    points = [
        None if x is None or y is None else shapely.to_wkb(shapely.Point(x, y)) for x, y in zip(lon, lat, strict=True)
    ]
    arrays = [pa.array(column, type=_arrow_type(name)) for name, column in zip(COLUMNS, columns, strict=True)]
    table = pa.table([*arrays, pa.array(points, type=pa.binary())], names=[*COLUMNS, "geometry"])
    path.unlink(missing_ok=True)
    pyogrio.write_arrow(
        table, path, driver="GPKG", layer="cameras", geometry_name="geometry", geometry_type="Point", crs="EPSG:4326"
    )
    return len(points)


def _arrow_type(name: str) -> pa.DataType:
    field = FIELDS.get(name)
    return _TYPES.get(field.type, pa.string()) if field else pa.string()
