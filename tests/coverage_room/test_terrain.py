"""What hills hide, and what a slope shows over a house."""

import numpy as np
import pytest
from shapely.geometry import Polygon

from oblik.coverage.logic.footprints import Footprint, footprint, sight
from oblik.coverage.logic.polygons import area
from oblik.coverage.logic.terrain import Heights
from oblik.coverage.logic.views import Span, View
from oblik.coverage.logic.walls import no_walls, walls_of

X = np.arange(-150.0, 155.0, 5.0)


def ground(shape: np.ndarray) -> Heights:
    """Heights that change from west to east alone."""
    return Heights(-150.0, -150.0, 5.0, np.tile(shape, (len(X), 1)))


def view(*, height: float = 5.0, reach: float = 100.0) -> View:
    spans = (Span(n, n) for n in (180.0, height, 0.0, reach, 5000.0))
    return View(0.0, *spans, 1.0, 0.0, None, ())


def seen_at(seen: Footprint, x_m: float, y_m: float = 0.3) -> bool:
    return sight(seen, x_m=x_m, y_m=y_m).certain


def test_a_ridge_hides_the_valley_behind_it() -> None:
    ridge = np.where(np.abs(X - 30) < 3, 10.0, 0.0)
    seen = footprint(view(), x_m=0, y_m=0, walls=no_walls(), heights=ground(ridge))
    assert seen_at(seen, 20)
    assert not seen_at(seen, 60)
    assert seen_at(seen, -60)


def test_from_a_slope_one_sees_over_the_house_below() -> None:
    house = walls_of([np.array([(20, -20), (30, -20), (30, 20), (20, 20)])], building=[0], low_m=np.array([6.0]))
    flat = footprint(view(), x_m=0, y_m=0, walls=house)
    assert not seen_at(flat, 80)
    downhill = np.where(X > 10, -20.0, 0.0)
    seen = footprint(view(), x_m=0, y_m=0, walls=house, heights=ground(downhill))
    assert seen_at(seen, 80)
    assert not seen_at(seen, 25), "a house stands there"


@pytest.mark.parametrize("height", [4.0, 20.0])
def test_on_barely_uneven_ground_rays_agree_with_the_exact_sweep(height: float) -> None:
    rng = np.random.default_rng(4)
    corners = rng.uniform(-80, 80, (12, 2))
    rings = [np.array([(x, y), (x + 12, y), (x + 12, y + 9), (x, y + 9)]) for x, y in corners if abs(x) + abs(y) > 40]
    walls = walls_of(rings, building=range(len(rings)), low_m=np.full(len(rings), 7.0))
    almost = np.where(X < -140, 0.6, 0.0)  # uneven only where nobody looks
    exact = area(footprint(view(height=height, reach=130), x_m=0, y_m=0, walls=walls).possible, far_m=130)
    rough = footprint(view(height=height, reach=142), x_m=0, y_m=0, walls=walls, heights=ground(almost))
    rays = area(rough.possible, far_m=130)
    assert not isinstance(rays, Polygon) or not rays.is_empty
    assert exact.intersection(rays, grid_size=1e-3).area / exact.union(rays, grid_size=1e-3).area > 0.97
