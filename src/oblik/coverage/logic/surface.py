"""The ground as squares of some 3 m: which bands, how many cameras and whose see each, block by block."""

import math
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from oblik.base.errors import InvalidInput, msg
from oblik.city.logic.cells import box_of
from oblik.coverage.logic import density
from oblik.coverage.logic.footprints import Footprint
from oblik.coverage.logic.frame import Frame
from oblik.coverage.logic.touched import FINE_ZOOM, fine_squares

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

BLOCK_ZOOM: Final = 15  # 790 m at latitude 50, and just one tile of a web map
SIDE: Final = 1 << (FINE_ZOOM - BLOCK_ZOOM)  # squares along a block's edge
BANDS: Final = tuple(band.name for band in density.SCALES[density.DEFAULT_SCALE])
MOST_TIMES: Final = 5  # "five times and more" is one line of a table
_STEPS: Final = np.array([band.px_per_m * (1 - 1e-9) for band in density.SCALES[density.DEFAULT_SCALE]])


@dataclass(frozen=True, slots=True)
class Block:
    """A square of the web map's grid: column and row at BLOCK_ZOOM; rows grow southwards."""

    column: int
    row: int

    @property
    def cell(self) -> int:
        """Its quadbin cell."""
        morton = 0
        for bit in range(BLOCK_ZOOM):
            morton |= ((self.column >> bit) & 1) << (2 * bit) | ((self.row >> bit) & 1) << (2 * bit + 1)
        head = 0x4800_0000_0000_0000 | (BLOCK_ZOOM << 52) | (((1 << 52) - 1) >> (2 * BLOCK_ZOOM))
        return head | (morton << (52 - 2 * BLOCK_ZOOM))

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        return box_of(self.cell)

    @property
    def square_m2(self) -> float:
        """The area of one of its squares."""
        west, south, east, north = self.box
        frame = Frame((west + east) / 2, (south + north) / 2)
        return (east - west) / SIDE * frame.east_m * (north - south) / SIDE * frame.north_m


def block_of(cell: int) -> Block:
    """The block of a quadbin cell of BLOCK_ZOOM or finer."""
    zoom = (cell >> 52) & 0x1F
    morton = (cell & ((1 << 52) - 1)) >> (52 - 2 * zoom)
    x = sum(((morton >> (2 * bit)) & 1) << bit for bit in range(zoom))
    y = sum(((morton >> (2 * bit + 1)) & 1) << bit for bit in range(zoom))
    return Block(x >> (zoom - BLOCK_ZOOM), y >> (zoom - BLOCK_ZOOM))


def squares_of(lon_deg: Floats, lat_deg: Floats) -> tuple[Integers, Integers]:
    """Columns and rows, at FINE_ZOOM, of the squares that places lie in."""
    side = float(1 << FINE_ZOOM)
    south = 0.5 - np.log(np.tan(np.pi / 4 + np.radians(np.asarray(lat_deg)) / 2)) / (2 * np.pi)
    columns = np.floor((np.asarray(lon_deg) + 180.0) / 360.0 * side).astype(np.int64)
    return columns, np.floor(south * side).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Painted:
    """The squares of one block that a camera may see: flat positions in it, and the band of each counted from 1.

    sure: the band that it certainly reaches, 0 where nothing is certain; may: the best that is possible, never less.
    """

    at: Integers
    sure: Bytes
    may: Bytes


def painted(seen: Footprint, *, lon_deg: float, lat_deg: float) -> dict[Block, Painted]:
    """What a footprint whose camera stands at a place lays on the blocks around it; too faint for any band: nothing."""
    squares, least, certain = fine_squares(seen, lon_deg=lon_deg, lat_deg=lat_deg)
    if not len(squares):
        return {}
    view = seen.view
    sure = np.where(certain, np.searchsorted(_STEPS, least, side="right"), 0)
    # Where a density is certain `least` is the least of it: the best that is possible is as much stronger as the view.
    ratio = view.strength_px.high / max(view.strength_px.low, 1e-9)
    may = np.searchsorted(_STEPS, np.where(certain, least * ratio, least), side="right")
    blocks = squares >> (FINE_ZOOM - BLOCK_ZOOM)
    answer = {}
    for column in range(int(blocks[:, 0].min()), int(blocks[:, 0].max()) + 1):
        for row in range(int(blocks[:, 1].min()), int(blocks[:, 1].max()) + 1):
            here = (blocks[:, 0] == column) & (blocks[:, 1] == row) & (may > 0)
            if here.any():
                x, y = squares[here, 0] - column * SIDE, squares[here, 1] - row * SIDE
                answer[Block(column, row)] = Painted(y * SIDE + x, sure[here].astype(np.uint8),
                                                     may[here].astype(np.uint8))  # fmt: skip
    return answer


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """One block: (SIDE * SIDE,) arrays, northernmost row first. Bands from 1, 0 is unseen; times: cameras, up to 255;
    built: under a building, which is no ground that anybody could see."""

    sure: Bytes
    may: Bytes
    times_sure: Bytes
    times_may: Bytes
    built: Flags

    def packed(self) -> bytes:
        """As bytes for a table."""
        bands = self.sure | (self.may << 4)
        parts = (bands, self.times_sure, self.times_may, np.packbits(self.built))
        return zlib.compress(b"".join(part.tobytes() for part in parts), 6)


def unpacked(data: bytes) -> Surface:
    """A surface out of its bytes; InvalidInput for bytes of another form."""
    size = SIDE * SIDE
    try:
        flat = np.frombuffer(zlib.decompress(data), dtype=np.uint8)
    except zlib.error:
        flat = np.empty(0, dtype=np.uint8)
    if len(flat) != 3 * size + size // 8:
        raise InvalidInput(msg("Stored sums of coverage cannot be read; run `oblik coverage sums --anew`."))
    bands = flat[:size]
    built = np.unpackbits(flat[3 * size :]).astype(np.bool_)
    low, high = (bands & 15).astype(np.uint8), (bands >> 4).astype(np.uint8)
    return Surface(low, high, flat[size : 2 * size], flat[2 * size : 3 * size], built)


def empty_surface() -> Surface:
    """A block that nobody sees and nothing stands on."""
    none = np.zeros(SIDE * SIDE, dtype=np.uint8)
    return Surface(none, none, none, none, none.astype(np.bool_))


@dataclass(frozen=True, slots=True, eq=False)
class Layered:
    """A block's surface and how its open squares are shared out. Per camera (in the order given): squares seen surely,
    those that nobody else surely sees, squares possibly seen, those that nobody else possibly sees. groups: name ->
    (squares by best sure band, by best possible band), [0] unused. pairs: (one, other, both surely, both possibly)."""

    surface: Surface
    cameras: Integers
    owners: dict[str, tuple[int, int]]
    purposes: dict[str, tuple[list[int], list[int]]]
    pairs: list[tuple[str, str, int, int]]


def layered(looks: Sequence[Painted], *, owners: Sequence[str], purposes: Sequence[str], built: Flags) -> Layered:
    """What several cameras see of one block together. owners, purposes: of each look; built: (SIDE * SIDE,)."""
    size = SIDE * SIDE
    best = np.zeros((2, size), dtype=np.uint8)
    times = np.zeros((2, size), dtype=np.int32)
    sole = np.full((2, size), -1, dtype=np.int32)
    masks: dict[str, Any] = {}
    uses: dict[str, Any] = {}
    for i, look in enumerate(looks):
        mine = masks.setdefault(owners[i], np.zeros((2, size), dtype=np.bool_))
        use = uses.setdefault(purposes[i], np.zeros((2, size), dtype=np.uint8))
        for k, bands in enumerate((look.sure, look.may)):
            seen = bands > 0
            at, band = look.at[seen], bands[seen]
            best[k, at] = np.maximum(best[k, at], band)
            use[k, at] = np.maximum(use[k, at], band)
            sole[k, at] = i
            times[k, at] += 1
            mine[k, at] = True
    ground = ~built
    cameras = np.zeros((len(looks), 4), dtype=np.int64)
    for k in range(2):
        alone = sole[k, (times[k] == 1) & ground]
        cameras[:, 2 * k + 1] = np.bincount(alone, minlength=len(looks))[: len(looks)]
    for i, look in enumerate(looks):
        open_ = ground[look.at]
        cameras[i, 0], cameras[i, 2] = int(((look.sure > 0) & open_).sum()), int(open_.sum())
    capped = np.minimum(times, 255).astype(np.uint8)
    surface = Surface(best[0], best[1], capped[0], capped[1], built)
    return Layered(
        surface, cameras,
        {name: (int((mask[0] & ground).sum()), int((mask[1] & ground).sum())) for name, mask in masks.items()},
        {name: (histogram(use[0, ground]), histogram(use[1, ground])) for name, use in uses.items()},
        _pairs(masks, ground),
    )  # fmt: skip


def _pairs(masks: dict[str, Any], ground: Flags) -> list[tuple[str, str, int, int]]:
    names = sorted(masks)
    if len(names) < 2:
        return []
    shared = []
    for k in range(2):
        rows = np.stack([masks[name][k] & ground for name in names]).astype(np.float32)
        shared.append(rows @ rows.T)
    return [
        (names[i], names[j], int(shared[0][i, j]), int(shared[1][i, j]))
        for i in range(len(names))
        for j in range(i + 1, len(names))
        if shared[1][i, j] > 0
    ]


def histogram(bands: Bytes) -> list[int]:
    """How many squares have each band as their best: index 0 those that have none."""
    return [int(n) for n in np.bincount(bands, minlength=len(BANDS) + 1)]


def at_least(histogram: Sequence[float]) -> list[float]:
    """How much has each band or a better one, from the coarsest band on; the unseen (index 0) are left out."""
    return [float(n) for n in np.cumsum(np.asarray(histogram, dtype=np.float64)[::-1])[::-1][1:]]


def disc(lat_deg: float, *, radius_m: float) -> tuple[Integers, Integers]:
    """Columns and rows, counted from a place's own square, of the squares within a radius of it."""
    frame = Frame(0.0, lat_deg)
    side_m = 360.0 / (1 << FINE_ZOOM) * frame.east_m
    reach = max(math.ceil(radius_m / side_m), 0)
    x, y = np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1))
    near = np.hypot(x, y) * side_m <= radius_m
    return x[near].astype(np.int64), y[near].astype(np.int64)


class Ground:
    """Surfaces of many blocks as one: looks squares up wherever they lie; blocks that are not stored are unseen."""

    def __init__(self, surfaces: Iterable[tuple[Block, Surface]]) -> None:
        self._bands = {(b.column, b.row): (s.sure | (s.may << 4), s.built) for b, s in surfaces}

    def look(self, columns: Integers, rows: Integers) -> tuple[Any, Any, Any]:
        """(sure, may, built) of squares given by column and row at FINE_ZOOM, any shape."""
        shape = np.shape(columns)
        x, y = np.ravel(columns), np.ravel(rows)
        bands, built = np.zeros(len(x), dtype=np.uint8), np.zeros(len(x), dtype=np.bool_)
        up = FINE_ZOOM - BLOCK_ZOOM
        key = (x >> up) << 32 | (y >> up)
        order = np.argsort(key, kind="stable")
        edges = np.flatnonzero(np.diff(key[order], prepend=-1))
        for first, last in zip(edges, [*edges[1:], len(order)], strict=True):
            here = order[first:last]
            block = (int(x[here[0]]) >> up, int(y[here[0]]) >> up)
            if block in self._bands:
                flat = (y[here] - block[1] * SIDE) * SIDE + x[here] - block[0] * SIDE
                bands[here], built[here] = self._bands[block][0][flat], self._bands[block][1][flat]
        low, high = (bands & 15).astype(np.uint8), (bands >> 4).astype(np.uint8)
        return low.reshape(shape), high.reshape(shape), built.reshape(shape)
