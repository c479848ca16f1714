"""The sums as layers of a GeoPackage, for QGIS."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyogrio.raw
import shapely

from oblik.city import queries as city
from oblik.coverage import sums
from oblik.coverage.documents.drawing import coverage_values, mosaic, overlap_values, polygons
from oblik.coverage.logic.surface import BANDS, SIDE
from oblik.coverage.sums import Surveyed

_CRS: Final = "EPSG:4326"


def write_layers(path: Path, *, survey: Surveyed) -> dict[str, int]:
    """Writes the layers coverage, overlap, blind_spots and districts; layer -> how many things. An older file goes."""
    path.unlink(missing_ok=True)
    shapes, columns = _ground(survey.id, value=coverage_values)
    bands = [BANDS[value % 10 - 1] for value in columns]
    found = {
        "coverage": _write(path, "coverage", shapes, {"band": bands, "certain": [value > 10 for value in columns]}),
    }
    shapes, columns = _ground(survey.id, value=overlap_values)
    found["overlap"] = _write(
        path, "overlap", shapes, {"cameras": [value % 10 for value in columns], "certain": [v > 10 for v in columns]}
    )
    spots = survey.totals.blind
    found["blind_spots"] = _write(
        path, "blind_spots", [shapely.Point(spot.lon_deg, spot.lat_deg) for spot in spots],
        {name: [getattr(spot, name) for spot in spots] for name in ("kinds", "name", "weight", "unseen", "unsure")},
    )  # fmt: skip
    found["districts"] = _write(path, "districts", *_districts(survey))
    return found


def _ground(survey: int, *, value: Any) -> tuple[list[Any], list[int]]:
    shapes, values = [], []
    for one in sums.surfaces(survey):
        for number, shape in polygons(mosaic([one], value=value, most=SIDE)):
            shapes.append(shape)
            values.append(number)
    return shapes, values


def _districts(survey: Surveyed) -> tuple[list[Any], dict[str, list[Any]]]:
    areas = city.districts()
    told = {share.name: share for share in survey.totals.districts}
    names = [str(name) for name in areas.name]
    columns: dict[str, list[Any]] = {"name": names}
    for at, band in enumerate(BANDS):
        for word in ("sure", "may"):
            columns[f"{band}_{word}"] = [
                getattr(told[name], word)[at] / max(told[name].whole, 1e-9) if name in told else 0.0 for name in names
            ]
    return list(areas.geometry), columns


def _write(path: Path, layer: str, shapes: Sequence[Any], columns: dict[str, list[Any]]) -> int:
    if not shapes:
        return 0
    polygons_only = layer != "blind_spots"
    geometry = np.array([shapely.MultiPolygon([s]) if s.geom_type == "Polygon" else s for s in shapes], dtype=object)
    data = [np.array(values, dtype=object if isinstance(values[0], str) else None) for values in columns.values()]
    pyogrio.raw.write(
        path, shapely.to_wkb(geometry), field_data=data, fields=list(columns), layer=layer, driver="GPKG", crs=_CRS,
        geometry_type="MultiPolygon" if polygons_only else "Point", append=path.exists(),
    )  # fmt: skip
    return len(shapes)
