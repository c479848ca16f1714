"""GeoJSON, GeoPackage and shapefiles as things and addresses, batch by batch, in any projection they name."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyogrio
import shapely
from pyproj import CRS, Transformer

from oblik.base.errors import InvalidInput, UnreadableFile, msg
from oblik.city.logic.changes import digest
from oblik.city.logic.properties import PLAIN_LAYERS, guessed, id_column, tags_of
from oblik.city.logic.things import Address, Shape, Thing, address_of, names_of, things_of

_BATCH: Final = 20_000
_SHAPES: Final[dict[int, Shape]] = {0: "point", 4: "point", 1: "line", 2: "line", 5: "line", 3: "area", 6: "area"}


def read(path: Path, *, layer: str, storey_m: float) -> Iterator[Thing | Address]:
    """All things and addresses of each table of the file.

    layer: one of PLAIN_LAYERS, or "" to guess it from the columns. UnreadableFile for what is no such file;
    InvalidInput where it cannot be told what the shapes are.
    """
    try:
        tables = [str(name) for name, _ in pyogrio.list_layers(path)]
        for table in tables:
            yield from _table(path, table, layer=layer, storey_m=storey_m)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as wrong:
        raise UnreadableFile(
            msg("{file} cannot be read as a map ({why}); save it as GeoJSON or GeoPackage and load that."),
            file=path.name,
            why=str(wrong),
        ) from wrong


def _table(path: Path, table: str, *, layer: str, storey_m: float) -> Iterator[Thing | Address]:
    with pyogrio.open_arrow(path, layer=table, batch_size=_BATCH, use_pyarrow=True) as (meta, reader):
        to_degrees = _projection(meta["crs"])
        geometry = meta["geometry_name"] or "wkb_geometry"
        meant = layer
        for batch in reader:
            shapes = shapely.from_wkb(batch.column(geometry).to_numpy(zero_copy_only=False))
            if to_degrees is not None:
                shapes = shapely.transform(shapes, to_degrees, interleaved=False)
            columns = [name for name in batch.schema.names if name not in (geometry, meta["fid_column"])]
            meant = meant or _told(path, table, columns, shapes)
            rows = batch.select(columns).to_pylist()
            yield from _rows(rows, shapes, key=id_column(columns), layer=meant, storey_m=storey_m)


def _told(path: Path, table: str, columns: list[str], shapes: Any) -> str:
    first = next((shape for shape in shapes if shape is not None), None)
    shape = _SHAPES.get(int(shapely.get_type_id(first)), "") if first is not None else ""
    # A GeoJSON has one table, called after the file.
    meant = guessed(columns, shape=shape, name=table)
    if not meant:
        raise InvalidInput(
            msg("{file}: its columns ({columns}) do not tell what the shapes are; say it with --as {layers}."),
            code="unknown_layer",
            file=path.name,
            columns=", ".join(columns[:8]),
            layers=" | ".join(PLAIN_LAYERS),
        )
    return meant


def _projection(crs: str | None) -> Any:
    if not crs or CRS.from_user_input(crs).equals(CRS.from_epsg(4326), ignore_axis_order=True):
        return None
    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform


def _rows(
    rows: list[dict[str, object]], shapes: Any, *, key: str, layer: str, storey_m: float
) -> Iterator[Thing | Address]:
    wkbs = shapely.to_wkb(shapely.force_2d(shapes))
    kinds = shapely.get_type_id(shapes)
    usable = ~(shapely.is_empty(shapes) | shapely.is_missing(shapes))
    bounds = shapely.bounds(shapes)
    usable &= np.isfinite(bounds).all(axis=1) & (np.abs(bounds[:, [0, 2]]) <= 180).all(axis=1)
    for row, wkb, kind, fine in zip(rows, wkbs, kinds, usable, strict=True):
        shape = _SHAPES.get(int(kind))
        if not fine or shape is None:
            continue
        tags = tags_of(row, layer=layer)
        ref = digest("id", str(row[key])) if key and row[key] not in (None, "") else digest("wkb", wkb)
        if layer == "places":
            name, names = names_of(tags)
            yield Thing("place", ref, tags.get("kind", ""), name, names, wkb)
            continue
        yield from things_of(tags, shape=shape, ref=ref, wkb=wkb, storey_m=storey_m)
        address = address_of(tags, wkb=wkb) if shape != "line" else None
        if address:
            yield address
