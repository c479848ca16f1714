"""How high the ground lies, out of a raster of heights (GeoTIFF) in any projection it names."""

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import rasterio
from pyproj import CRS, Transformer
from rasterio.errors import RasterioError
from rasterio.windows import Window

from oblik.base.errors import UnreadableFile, msg

Floats = npt.NDArray[np.float64]
_M_PER_DEG: Final = 111_320.0


def described(path: Path) -> tuple[int, int, float]:
    """Columns, rows and size of a cell in metres; UnreadableFile for what is no raster on the earth."""
    try:
        with rasterio.open(path) as raster:
            if raster.crs is None:
                raise UnreadableFile(
                    msg("{file} does not say where on earth it lies; save it as GeoTIFF with its projection."),
                    file=path.name,
                )
            cell = abs(float(raster.transform.a))
            return raster.width, raster.height, cell * (_M_PER_DEG if raster.crs.is_geographic else 1.0)
    except RasterioError as wrong:
        raise UnreadableFile(
            msg("{file} cannot be read as a raster of heights ({why}); save it as GeoTIFF."),
            file=path.name,
            why=str(wrong),
        ) from wrong


def elevations(path: Path, lon_deg: Floats, lat_deg: Floats) -> Floats:
    """Metres of each place, (n,), between the four nearest cells; NaN outside the raster and where it has no value."""
    lon, lat = np.atleast_1d(np.asarray(lon_deg, float)), np.atleast_1d(np.asarray(lat_deg, float))
    found = np.full(lon.shape, np.nan)
    with rasterio.open(path) as raster:
        x, y = Transformer.from_crs("EPSG:4326", CRS.from_user_input(raster.crs.to_wkt()), always_xy=True).transform(
            lon, lat
        )
        turn = ~raster.transform
        column = turn.a * np.asarray(x) + turn.b * np.asarray(y) + turn.c - 0.5  # a value lies amid its cell
        row = turn.d * np.asarray(x) + turn.e * np.asarray(y) + turn.f - 0.5
        inside = (column >= -0.5) & (row >= -0.5) & (column <= raster.width - 0.5) & (row <= raster.height - 0.5)
        if not inside.any():
            return found
        column = np.clip(column[inside], 0, raster.width - 1)
        row = np.clip(row[inside], 0, raster.height - 1)
        west, north = int(column.min()), int(row.min())
        window = Window(
            west, north, min(int(column.max()) + 2, raster.width) - west, min(int(row.max()) + 2, raster.height) - north
        )
        cells = raster.read(1, window=window, masked=True).astype(np.float64).filled(np.nan)
        found[inside] = _between(cells, column - west, row - north)
    return found


def _between(cells: Floats, column: Floats, row: Floats) -> Floats:
    c0, r0 = np.floor(column).astype(int), np.floor(row).astype(int)
    c1, r1 = np.minimum(c0 + 1, cells.shape[1] - 1), np.minimum(r0 + 1, cells.shape[0] - 1)
    east, south = column - c0, row - r0
    top = cells[r0, c0] * (1 - east) + np.where(east > 0, cells[r0, c1], 0) * east
    low = cells[r1, c0] * (1 - east) + np.where(east > 0, cells[r1, c1], 0) * east
    found: Floats = top * (1 - south) + np.where(south > 0, low, 0) * south
    return found
