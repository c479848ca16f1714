"""What walls leave visible: drawn towns, laws of geometry, the ground of each band."""

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, affinity

from oblik.coverage.logic import density
from oblik.coverage.logic.footprints import Footprint, footprint, footprints, sight
from oblik.coverage.logic.polygons import area, band_areas
from oblik.coverage.logic.views import Span, View, view_of
from oblik.coverage.logic.walls import Walls, no_walls, walls_of

CELL_M = 10.0


def view(*, bearing: float = 90, half: float = 45, height: float = 4, reach: float = 100) -> View:
    known = (Span(n, n) for n in (half, height, 0.0, reach, 5000.0))
    return View(bearing, *known, 1.0, 0.0, None, ())


def draw(picture: str, *, height_m: float = 10) -> tuple[Walls, dict[str, Point]]:
    """A town drawn in cells of 10 m: # is a house, letters are places in the middle of their cell."""
    rows = [line.split() for line in picture.strip().splitlines()]
    houses, places = [], {}
    for r, row in enumerate(rows):
        for c, sign in enumerate(row):
            x, y = c * CELL_M, -r * CELL_M
            if sign == "#":
                houses.append(np.array([(x, y), (x + CELL_M, y), (x + CELL_M, y + CELL_M), (x, y + CELL_M)]))
            elif sign != ".":
                places[sign] = Point(x + CELL_M / 2, y + CELL_M / 2)
    return walls_of(houses, building=range(len(houses)), low_m=np.full(len(houses), height_m)), places


def seen_from(place: Point, view: View, walls: Walls) -> Footprint:
    return footprint(view, x_m=place.x, y_m=place.y, walls=walls)


def visible(seen: Footprint, place: Point) -> bool:
    return sight(seen, x_m=place.x, y_m=place.y).certain


def test_a_wall_hides_what_stands_behind_it() -> None:
    walls, at = draw("""
        . . . . y
        . . . . .
        C . # . x
    """)
    seen = seen_from(at["C"], view(half=30), walls)
    assert visible(seen, at["y"])
    assert not visible(seen, at["x"])
    assert sight(seen, x_m=at["x"].x, y_m=at["x"].y).why_not == "behind_wall"


def test_a_roof_camera_sees_again_what_lies_beyond_the_shadow_of_a_low_house() -> None:
    walls, at = draw("C # . s . . . x", height_m=6)
    high = seen_from(at["C"], view(height=18), walls)  # The shadow of the house ends at 15 / (1 - 6 / 18) = 22.5 m.
    assert visible(high, Point(at["C"].x + 22.6, at["C"].y))
    assert not visible(high, Point(at["C"].x + 22.4, at["C"].y))
    assert visible(high, at["x"])
    assert not visible(seen_from(at["C"], view(height=6), walls), at["x"])


def test_a_camera_on_a_wall_looks_outward_and_one_on_the_roof_over_its_house() -> None:
    walls, at = draw("""
        . . . . .
        a . # . b
        . . . . .
    """)
    inside = Point(22, -5)  # 2 m behind the west wall of the house
    on_wall = seen_from(inside, view(half=180, height=4), walls)
    assert on_wall.stands == "wall"
    assert visible(on_wall, at["a"])
    assert not visible(on_wall, at["b"])
    on_roof = seen_from(inside, view(half=180, height=11), walls)
    assert on_roof.stands == "roof"
    assert visible(on_roof, at["a"])
    assert visible(on_roof, at["b"])
    assert not visible(on_roof, Point(25, -5))


def test_between_two_houses_wall_to_wall_the_camera_hangs_on_the_street_side() -> None:
    walls, _ = draw("""
        . . . .
        . # # .
        . . . .
    """)
    seen = seen_from(Point(19.5, -3), view(half=180, height=4), walls)
    assert seen.stands == "wall"
    assert seen.y_m == pytest.approx(0.1)


def test_a_courtyard_is_ground_and_its_house_hides_it_from_outside() -> None:
    outer, inner = Point(0, 0).buffer(30).exterior, Point(0, 0).buffer(15).exterior
    walls = walls_of([np.array(outer.coords), np.array(inner.coords)], building=[0, 0], low_m=np.array([10.0]))
    within = footprint(view(half=180), x_m=0, y_m=0, walls=walls)
    assert within.stands == "free"
    assert area(within.possible, far_m=100).area == pytest.approx(Polygon(inner).area, rel=1e-3)
    outside = footprint(view(half=180, reach=50), x_m=-50, y_m=0, walls=walls)
    assert not visible(outside, Point(0, 0))


def test_bands_end_where_their_density_does_along_the_slant() -> None:
    known = view_of(
        {"height_m": 6.0, "bearing_deg": 0.0, "tilt_deg": 20.0, "hfov_deg": 90.0, "width_px": 2000, "height_px": 1125}
    )
    assert known is not None
    areas = band_areas(footprint(known, x_m=0, y_m=0, walls=no_walls()))
    assert [a.band for a in areas] == ["identify", "recognise", "observe", "detect", "monitor"][-len(areas) :]
    assert all(a.certain for a in areas)
    farthest = max(Point(0, 0).distance(Point(c)) for c in shapely.get_coordinates(areas[-1].area))
    upper = 6 / math.tan(math.radians(20) - math.atan(1125 / 2000))
    assert upper < 0, "the upper edge looks above the horizon"
    assert farthest == pytest.approx(math.sqrt((1000 / 12.5) ** 2 - 36), rel=1e-3)
    nearest = min(Point(0, 0).distance(a.area) for a in areas)
    assert nearest == pytest.approx(6 / math.tan(math.radians(20) + math.atan(1125 / 2000)), rel=1e-3)


def test_what_is_not_known_is_only_possibly_seen() -> None:
    walls, at = draw("C . . x")
    nothing_known = view_of({})
    assert nothing_known is not None
    assert set(nothing_known.assumed) == {"height", "optics", "bearing", "tilt", "resolution"}
    seen = seen_from(at["C"], nothing_known, walls)
    found = sight(seen, x_m=at["x"].x, y_m=at["x"].y)
    assert (found.why_not, found.certain) == ("", False)
    assert found.least_px_per_m < found.most_px_per_m
    assert not any(a.certain for a in band_areas(seen))


def test_height_not_known_is_certain_only_where_every_height_sees() -> None:
    walls, at = draw("C # . . . . x", height_m=4)
    unsure = replace(view(half=20), height_m=Span(3.0, 12.0))
    found = sight(seen_from(at["C"], unsure, walls), x_m=at["x"].x, y_m=at["x"].y)
    assert (found.why_not, found.certain) == ("", False)


def test_a_place_not_known_well_is_never_certainly_seen_and_walls_do_not_count() -> None:
    walls, at = draw("C # x")
    vague = view_of({"bearing_deg": 90.0, "hfov_deg": 60.0, "width_px": 1920, "height_m": 4.0, "accuracy_m": 40.0})
    assert vague is not None
    found = sight(seen_from(at["C"], vague, walls), x_m=at["x"].x, y_m=at["x"].y)
    assert (found.why_not, found.certain) == ("", False)
    assert "place" in vague.assumed


def test_one_that_hangs_indoors_sees_no_ground() -> None:
    assert view_of({"indoor": True, "bearing_deg": 1.0}) is None


@pytest.mark.parametrize("scale", density.SCALES)
def test_bands_name_the_finest_that_is_served(scale: str) -> None:
    for band in density.SCALES[scale]:
        assert density.band_of(band.px_per_m, scale=scale) == band.name
    assert density.band_of(1.0, scale=scale) == ""
    assert density.band_of(math.nan, scale=scale) == ""


@st.composite
def towns(draw: st.DrawFn) -> list[Polygon]:
    """Up to 12 turned houses that leave the middle free."""
    number = st.floats(-80, 80)
    houses = []
    for _ in range(draw(st.integers(0, 12))):
        w, h = draw(st.floats(4, 25)), draw(st.floats(4, 25))
        turned = affinity.rotate(shapely.box(-w / 2, -h / 2, w / 2, h / 2), draw(st.floats(0, 90)))
        house = affinity.translate(turned, draw(number), draw(number))
        if house.distance(Point(0, 0)) > 1:
            houses.append(house)
    return houses


def standing(houses: list[Polygon], *, height_m: float = 8) -> Walls:
    rings = [np.array(h.exterior.coords) for h in houses]
    return walls_of(rings, building=range(len(houses)), low_m=np.full(len(houses), height_m))


def ground(
    houses: list[Polygon], seen: View, *, height_m: float = 8, x: float = 0, y: float = 0
) -> Polygon | MultiPolygon:
    found = footprint(seen, x_m=x, y_m=y, walls=standing(houses, height_m=height_m))
    return area(found.possible, far_m=seen.far_m.high, x_m=x, y_m=y)


def overlap(a: Polygon | MultiPolygon, b: Polygon | MultiPolygon) -> float:
    whole = a.union(b, grid_size=1e-4).area
    return 1.0 if whole < 1e-6 else a.intersection(b, grid_size=1e-4).area / whole


@settings(max_examples=40)
@given(towns(), st.floats(0, 360), st.sampled_from([4, 20]))
def test_turning_everything_turns_the_footprint(houses: list[Polygon], turn: float, height: float) -> None:
    plain = ground(houses, view(bearing=90, height=height))
    turned = [affinity.rotate(h, -turn, origin=(0, 0)) for h in houses]
    again = ground(turned, view(bearing=(90 + turn) % 360, height=height))
    assert overlap(affinity.rotate(plain, -turn, origin=(0, 0)), again) > 0.999


@settings(max_examples=40)
@given(towns(), st.floats(-5e5, 5e5), st.floats(-5e5, 5e5))
def test_moving_everything_moves_the_footprint(houses: list[Polygon], x: float, y: float) -> None:
    plain = ground(houses, view(height=20))
    moved = ground([affinity.translate(h, x, y) for h in houses], view(height=20), x=x, y=y)
    assert overlap(affinity.translate(plain, x, y), moved) > 0.999


@settings(max_examples=40)
@given(towns(), st.floats(1, 40), st.floats(1, 40), st.floats(10, 100), st.floats(10, 100))
def test_higher_and_farther_sees_no_less(houses: list[Polygon], h1: float, h2: float, r1: float, r2: float) -> None:
    less = ground(houses, view(height=min(h1, h2), reach=min(r1, r2)))
    more = ground(houses, view(height=max(h1, h2), reach=max(r1, r2)))
    assert less.difference(more, grid_size=1e-4).area < 1e-3 * max(less.area, 1)


@settings(max_examples=40)
@given(towns())
def test_no_light_goes_through_walls_nor_into_houses(houses: list[Polygon]) -> None:
    seen = footprint(view(half=180), x_m=0, y_m=0, walls=standing(houses))
    solid = shapely.union_all(houses, grid_size=1e-4)
    for x, y in np.random.default_rng(1).uniform(-70, 70, (60, 2)):
        line = shapely.LineString([(0, 0), (x, y)])
        inside = solid.intersection(line).length
        if sight(seen, x_m=x, y_m=y).certain:
            assert inside < 1e-3
        elif math.hypot(x, y) < 100:
            assert solid.distance(line) < 1e-3


@pytest.mark.parametrize("place", [(1e7, 0), (-1e7, 0), (0, 1e7), (0, -1e7), (300, 0), (1e7, 1e7)])
def test_far_beside_all_houses_nothing_hides(place: Point) -> None:
    walls = standing([Polygon([(0, 0), (10, 0), (10, 10), (0, 10)])])
    seen, free = (footprint(view(), x_m=place[0], y_m=place[1], walls=one) for one in (walls, no_walls()))
    assert np.array_equal(seen.possible.pieces, free.possible.pieces)
    assert len(seen.possible.pieces)


def test_corners_in_almost_one_line_leave_no_piece_without_width() -> None:
    far = [(30.0, 10.0), (40.0, 10.0), (40.0, 20.0), (30.0, 20.0)]
    close = [(60.0, 20.0 - 1e-7), (80.0, 20.0), (80.0, 40.0), (60.0, 40.0)]  # in line with a corner of the first
    walls = walls_of([np.array(far), np.array(close)], building=[0, 1], low_m=np.array([8.0, 8.0]))
    seen = footprint(view(half=180, height=30), x_m=0, y_m=0, walls=walls)
    widths = seen.possible.pieces[:, 1] - seen.possible.pieces[:, 0]
    assert (widths > 0).all()
    assert area(seen.possible, far_m=100).area > 0


@settings(max_examples=25)
@given(towns(), st.sampled_from([3, 12, 25]))
def test_one_by_one_gives_the_same_as_all_at_once(houses: list[Polygon], height: float) -> None:
    walls = standing(houses)
    views = [view(bearing=b, height=height) for b in (0, 120, 355)]
    x = np.array([0.0, 3.0, -60.0])
    together = footprints(views, x_m=x, y_m=x / 2, walls=walls)
    for one, v, place in zip(together, views, x, strict=True):
        alone = footprint(v, x_m=place, y_m=place / 2, walls=walls)
        assert np.array_equal(alone.possible.pieces, one.possible.pieces)
