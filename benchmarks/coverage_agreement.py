"""Do footprints agree with exact polygons (plan) and with gdal_viewshed on a raster (2.5-D)?"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import rasterio
import shapely
from benchmarks.coverage_scenes import REACH_M, Scene, drawn, plain_construction, real
from rasterio.features import rasterize
from rasterio.transform import from_origin

from oblik.coverage.logic.crossing import views_of
from oblik.coverage.logic.footprints import footprint
from oblik.coverage.logic.polygons import area

QUICK = bool(os.environ.get("BENCH_QUICK"))
SCENES = 100 if QUICK else 1_000
RASTER_SCENES = 12 if QUICK else 100
CELL_M = 0.25
JUDGED = 40  # cells in dispute that are looked at one by one, per scene


def scenes(count: int) -> list[Scene]:
    """Half drawn, half real; all drawn where no extracts are at hand."""
    from_extracts = list(real(count // 2, seed=5))
    return [*drawn(count - len(from_extracts), seed=4), *from_extracts]


def plan() -> bool:
    overlaps = []
    for scene in scenes(SCENES):
        ours = area(footprint(scene.view, x_m=0, y_m=0, walls=scene.walls, plan=True).possible, far_m=REACH_M)
        exact = plain_construction(scene)
        whole = shapely.union(ours, exact, grid_size=1e-4).area
        overlaps.append(shapely.intersection(ours, exact, grid_size=1e-4).area / whole if whole > 1e-6 else 1.0)
    values = np.array(overlaps)
    print(f"plan: {len(values)} scenes against a plain shapely construction")
    print(f"    IoU least {values.min():.5f}, median {np.median(values):.5f}, below 0.99: {(values < 0.99).sum()}")
    return bool(values.min() >= 0.99)


def surface(scene: Scene) -> tuple[np.ndarray, rasterio.Affine]:
    """Heights in cells of CELL_M, the camera in the middle of the middle one."""
    side = 2 * int(REACH_M / CELL_M) + 9
    edge = side * CELL_M / 2
    transform = from_origin(-edge, edge, CELL_M, CELL_M)
    order = np.argsort(scene.heights_m)  # the highest last, so that it wins where houses overlap
    shapes = [(scene.houses[i], scene.heights_m[i]) for i in order]
    blank = np.zeros((side, side), dtype=np.float32)
    return (rasterize(shapes, out=blank, transform=transform) if shapes else blank), transform


def write_surface(path: Path, heights: np.ndarray, transform: rasterio.Affine) -> None:
    side = heights.shape[0]
    with rasterio.open(
        path, "w", driver="GTiff", width=side, height=side, count=1, dtype="float32", crs="EPSG:32635",
        transform=transform,
    ) as raster:  # fmt: skip
        raster.write(heights, 1)


def viewshed(path: Path, out: Path, *, height_m: float) -> np.ndarray:
    """What gdal_viewshed calls visible: no curvature, target on the surface, observer height_m above its own cell."""
    subprocess.run(
        ["gdal_viewshed", "-q", "-ox", "0", "-oy", "0", "-oz", f"{height_m}", "-tz", "0", "-md", f"{REACH_M}",
         "-cc", "0", "-om", "NORMAL", str(path), str(out)],
        check=True, capture_output=True,
    )  # fmt: skip
    with rasterio.open(out) as raster, rasterio.open(path) as whole:
        found = raster.read(1) == 255
        column, row = ~whole.transform * (raster.bounds.left, raster.bounds.top)
    answer = np.zeros((whole.height, whole.width), dtype=bool)
    row, column = round(row), round(column)
    answer[row : row + found.shape[0], column : column + found.shape[1]] = found
    return answer


def in_sight(scene: Scene, x_m: float, y_m: float) -> bool:
    """Whether the straight line from the camera to a place on the ground clears every house: the definition itself."""
    far, eye = float(np.hypot(x_m, y_m)), scene.view.height_m.low
    line = shapely.LineString([(0, 0), (x_m, y_m)])
    for house, height in zip(scene.houses, scene.heights_m, strict=True):
        inside = house.intersection(line)
        if inside.is_empty:
            continue
        leaves = max(float(np.hypot(*at)) for at in shapely.get_coordinates(inside))
        if height > eye * (1 - leaves / far):
            return False
    return True


def over_low_houses() -> bool:
    if shutil.which("gdal_viewshed") is None:
        print("2.5-D: gdal_viewshed is not on this machine (Debian: gdal-bin); not compared")
        return True
    shares, cells, agreed, judged, ours_right = [], 0, 0, 0, 0
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "surface.tif", Path(folder) / "seen.tif"
        for scene in scenes(RASTER_SCENES):
            heights, transform = surface(scene)
            write_surface(path, heights, transform)
            theirs = viewshed(path, out, height_m=scene.view.height_m.low)
            rows, columns = np.indices(heights.shape)
            x, y = transform * (columns + 0.5, rows + 0.5)
            view = scene.view
            aside = np.abs((np.degrees(np.arctan2(x, y)) - view.bearing_deg + 180) % 360 - 180)
            # Only the ground is compared: a roof is no ground, and theirs tells whether the roof is seen.
            asked = (np.hypot(x, y) < REACH_M - 1) & (heights == 0) & (aside < view.half_deg.low - 0.5)
            ours, _ = views_of(
                footprint(view, x_m=0, y_m=0, walls=scene.walls), x_m=x[asked].ravel(), y_m=y[asked].ravel()
            )
            same = ours == theirs[asked]
            shares.append(float(same.mean()))
            cells, agreed = cells + int(asked.sum()), agreed + int(same.sum())
            for k in rng.permutation(np.flatnonzero(~same))[:JUDGED]:
                judged += 1
                ours_right += bool(ours[k]) == in_sight(scene, float(x[asked][k]), float(y[asked][k]))
    values = np.array(shares)
    print(f"2.5-D: {len(values)} scenes, {cells:,} ground cells of {CELL_M} m against gdal_viewshed")
    print(
        f"    cell-wise agreement {agreed / cells:.4f}; by scene mean {values.mean():.4f}, "
        f"median {np.median(values):.4f}, least {values.min():.4f}, below 0.98: {(values < 0.98).sum()}"
    )
    print(
        f"    of {judged:,} cells in dispute the line of sight itself, against every outline, sides with Oblik in "
        f"{ours_right / max(judged, 1):.1%}"
    )
    return agreed / cells >= 0.98


if __name__ == "__main__":
    good = [plan(), over_low_houses()]
    sys.exit(0 if all(good) else 1)
