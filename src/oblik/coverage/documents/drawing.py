"""The ground as areas of one value each: for the maps on paper, for tiles and for QGIS."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from rasterio.features import shapes

from oblik.coverage.logic.surface import BLOCK_ZOOM, SIDE, Block, Surface

MOST_TIMES: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class Mosaic:
    """Many blocks as one picture: values (rows, columns); the first column and row of the whole web map's grid that it
    shows, both at the zoom at which its squares are cells."""

    values: Any
    column: int
    row: int
    zoom: int

    def degrees(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Longitude and latitude of corners counted in squares from the picture's upper left."""
        side = float(1 << self.zoom)
        lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (self.row + np.asarray(y)) / side))))
        return (self.column + np.asarray(x)) / side * 360 - 180, lat

    def squares(self, lon: Any, lat: Any) -> tuple[Any, Any]:
        """Places counted in squares from the picture's upper left."""
        side = float(1 << self.zoom)
        south = 0.5 - np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)) / (2 * np.pi)
        return (np.asarray(lon) + 180) / 360 * side - self.column, south * side - self.row


def coverage_values(surface: Surface) -> Any:
    """Per square: 0 unseen, 1 to 6 the best band that is possible, 11 to 16 the best band that is sure."""
    return np.where(surface.sure > 0, surface.sure + 10, surface.may).astype(np.uint8)


def overlap_values(surface: Surface) -> Any:
    """Per square: how many cameras possibly see it, from 2 on, up to 5; 10 more where so many surely do."""
    sure, may = np.minimum(surface.times_sure, MOST_TIMES), np.minimum(surface.times_may, MOST_TIMES)
    return np.where(sure >= 2, sure + 10, np.where(may >= 2, may, 0)).astype(np.uint8)


def mosaic(surfaces: Iterable[tuple[Block, Surface]], *, value: Any, most: int) -> Mosaic:
    """Blocks side by side, thinned out so that the picture is at most about so many squares wide and high.

    Every n-th square is taken: no share grows or shrinks. No blocks give one square of nothing.
    """
    found = [(block, value(surface).reshape(SIDE, SIDE)) for block, surface in surfaces]
    if not found:
        return Mosaic(np.zeros((1, 1), dtype=np.uint8), 0, 0, BLOCK_ZOOM)
    columns = [block.column for block, _ in found]
    rows = [block.row for block, _ in found]
    wide, high = max(columns) - min(columns) + 1, max(rows) - min(rows) + 1
    step = 1
    while step < SIDE and max(wide, high) * SIDE // step > most:
        step *= 2
    side = SIDE // step
    values = np.zeros((high * side, wide * side), dtype=np.uint8)
    for block, squares in found:
        x, y = (block.column - min(columns)) * side, (block.row - min(rows)) * side
        values[y : y + side, x : x + side] = squares[step // 2 :: step, step // 2 :: step]
    zoom = BLOCK_ZOOM + side.bit_length() - 1
    return Mosaic(values, min(columns) * side, min(rows) * side, zoom)


def areas(values: Any) -> Iterator[tuple[int, list[Any]]]:
    """(value, rings) of each connected area but those of value 0; the first ring is its edge, corners in squares."""
    for shape, value in shapes(values, mask=values > 0, connectivity=4):
        yield int(value), [np.asarray(ring) for ring in shape["coordinates"]]


def polygons(picture: Mosaic) -> Iterator[tuple[int, Any]]:
    """areas as polygons in degrees."""
    for value, rings in areas(picture.values):
        turned = [np.column_stack(picture.degrees(ring[:, 0], ring[:, 1])) for ring in rings]
        yield value, shapely.Polygon(turned[0], turned[1:])


def outline(shape: Any, picture: Mosaic) -> Sequence[Any]:
    """The lines of a shape in degrees as corners in squares of a picture."""
    edge = shapely.boundary(shape) if shapely.get_dimensions(shape) == 2 else shape
    return [
        np.column_stack(picture.squares(*shapely.get_coordinates(part).T)) for part in shapely.get_parts(edge)
    ]  # fmt: skip


def tile_values(surfaces: Iterable[tuple[Block, Surface]], *, zoom: int, x: int, y: int, value: Any) -> Any:
    """The squares of a web map's tile, (SIDE, SIDE), at BLOCK_ZOOM or coarser; coarser ones take every n-th square."""
    side = SIDE >> (BLOCK_ZOOM - zoom)
    step = SIDE // side
    values = np.zeros((SIDE, SIDE), dtype=np.uint8)
    for block, surface in surfaces:
        left, top = (block.column - (x << (BLOCK_ZOOM - zoom))) * side, (block.row - (y << (BLOCK_ZOOM - zoom))) * side
        squares = value(surface).reshape(SIDE, SIDE)
        values[top : top + side, left : left + side] = squares[step // 2 :: step, step // 2 :: step]
    return values
