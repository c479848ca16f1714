"""GeoPackages and zipped shapefiles through GDAL, coordinates turned into degrees."""

import zipfile
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyogrio
import pyogrio.errors
import pyogrio.raw
import pyproj
import pyproj.exceptions
import shapely

from oblik.base.errors import UnreadableFile, msg
from oblik.intake.logic.shapes import Sheet
from oblik.intake.readers.encodings import decode
from oblik.intake.readers.grids import record_sheet
from oblik.intake.readers.limits import Limits, check_grid
from oblik.intake.readers.packages import check_package, damaged

_CODE_PAGES: Final = {"cp1251": "CP1251", "utf-8": "UTF-8", "cp866": "CP866", "koi8-u": "KOI8-U", "cp1252": "CP1252"}


def read_geopackage(path: Path, limits: Limits) -> list[Sheet]:
    """One sheet per layer that has rows."""
    try:
        names = [str(name) for name, _ in pyogrio.list_layers(path)]
        sheets = [_layer(str(path), name, path=path, encoding=None, limits=limits) for name in names]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, RuntimeError, ValueError) as error:
        raise damaged(path.name) from error
    return _with_rows(path, sheets)


def read_shapefile(path: Path, limits: Limits) -> list[Sheet]:
    """One sheet per .shp in the zip; without a .cpg the encoding is read off the table's own bytes."""
    check_package(path, limits=limits)
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        shapes = [name for name in names if name.lower().endswith(".shp")]
        encodings = {name: _table_encoding(package, name) for name in shapes}
    try:
        sheets = [
            _layer(f"/vsizip/{path.resolve()}/{name}", None, path=path, encoding=encodings[name], limits=limits)
            for name in shapes
        ]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, RuntimeError, ValueError) as error:
        raise damaged(path.name) from error
    return _with_rows(path, sheets)


def _with_rows(path: Path, sheets: list[Sheet]) -> list[Sheet]:
    filled = [sheet for sheet in sheets if len(sheet.rows) > 1]
    if not filled:
        raise UnreadableFile(
            msg("{file} has no layer with records. Export the layer of cameras."), code="no_table", file=path.name
        )
    return filled


def _table_encoding(package: zipfile.ZipFile, shape: str) -> str | None:
    stem = shape[:-4].casefold()
    members = {name.casefold(): name for name in package.namelist()}
    if f"{stem}.cpg" in members or f"{stem}.dbf" not in members:
        return None
    table = package.read(members[f"{stem}.dbf"])[:400_000]
    start = int.from_bytes(table[8:10], "little")
    text = bytes(byte if byte >= 32 else 32 for byte in table[start:])
    return _CODE_PAGES.get(decode(text, file=shape)[1])


def _layer(source: str, layer: str | None, *, path: Path, encoding: str | None, limits: Limits) -> Sheet:
    info = pyogrio.read_info(source, layer=layer, encoding=encoding)
    check_grid(path.name, rows=max(0, int(info["features"])) + 1, columns=len(info["fields"]) + 3, limits=limits)
    meta, ids, shapes, fields = pyogrio.raw.read(source, layer=layer, encoding=encoding, return_fids=True)
    names = [str(name) for name in meta["fields"]]
    columns: dict[str, list[Any]] = {name: _values(values) for name, values in zip(names, fields, strict=True)}
    identity = "fid" if not {name.casefold() for name in names} & {"id", "fid"} else ""
    if identity:
        columns = {identity: ids.tolist(), **columns}
    fixed = {}
    if shapes is not None:
        lon, lat = ("lon", "lat") if not {"lon", "lat"} & set(names) else ("geometry lon", "geometry lat")
        points, degrees = _points(shapes, crs=meta.get("crs"))
        columns[lon], columns[lat] = points
        fixed = {lon: "lon_deg", lat: "lat_deg"} if degrees else {lon: "x_m", lat: "y_m"}
    records = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return record_sheet(
        layer or Path(source).stem, records, file=path.name, limits=limits, first=list(columns), fixed=fixed
    )


def _values(values: Any) -> list[Any]:
    if values.dtype.kind == "M":
        return [
            None if np.isnat(value) else str(value)[:19].replace("T00:00:00", "").replace("T", " ") for value in values
        ]
    listed: list[Any] = values.tolist()
    return listed


def _points(shapes: Any, *, crs: str | None) -> tuple[tuple[list[Any], list[Any]], bool]:
    """Coordinates of each shape's middle, in degrees where the system is known; and whether they are degrees."""
    middles = shapely.centroid(shapely.from_wkb(shapes))
    x, y = shapely.get_x(middles), shapely.get_y(middles)
    degrees = bool(np.nanmax(np.abs(x), initial=0.0) <= 180 and np.nanmax(np.abs(y), initial=0.0) <= 90)
    if crs:
        try:
            known = pyproj.CRS.from_user_input(crs)
            if not known.equals(pyproj.CRS.from_epsg(4326), ignore_axis_order=True):
                x, y = pyproj.Transformer.from_crs(known, 4326, always_xy=True).transform(x, y)
            degrees = True
        except (pyproj.exceptions.ProjError, ValueError):
            degrees = False
    place = 7 if degrees else 3
    return (
        [round(value, place) if np.isfinite(value) else None for value in x.tolist()],
        [round(value, place) if np.isfinite(value) else None for value in y.tolist()],
    ), degrees
