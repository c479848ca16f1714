"""Stored footprints follow the register and the map, keep their history and answer who sees a place."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_bounds
from shapely.geometry import Polygon
from tests.coverage_room.conftest import BY, day, house, load_houses, lonlat

from oblik.accounts.logic.rights import EVERYWHERE, Reach, Scope
from oblik.base.errors import InvalidInput, NotFound
from oblik.city import actions as city
from oblik.coverage import checks, queries, reading
from oblik.coverage.actions import update
from oblik.registry import actions as registry

pytestmark = pytest.mark.django_db
Register = Callable[..., tuple[int, str]]


def test_a_place_before_a_camera_is_seen_with_its_band_and_one_behind_it_is_not(register: Register) -> None:
    _, code = register(0, 0, when=day(1))
    done = update(by=BY, at=day(2))
    assert (done.versions, done.computed) == (1, 1)
    [told] = queries.cameras_seeing(lonlat(30, 0))
    assert (told.camera, told.certain, told.line_of_sight, told.why_not) == (code, True, True, "")
    assert told.distance_m == pytest.approx(30, abs=0.1)
    assert told.bearing_deg == pytest.approx(90, abs=0.1)
    density = 2560 / (2 * np.tan(np.radians(40))) / np.hypot(30, 4)
    assert told.px_per_m == pytest.approx(density, rel=1e-3)
    assert told.band == "detect" if density < 62.5 else "observe"
    assert queries.cameras_seeing(lonlat(-30, 0)) == []
    [missed] = queries.near_misses(*lonlat(-30, 0))
    assert (missed.camera, missed.why_not) == (code, "outside_view")


def test_near_misses_tell_why(register: Register, tmp_path: Path, data_dir: Path) -> None:
    load_houses(tmp_path, [house(20, -5, 30, 5, height_m=9, ref=1)], when=day(1))
    _, walled = register(0, 0, when=day(1))
    _, dead = register(60, 0, when=day(1), tilt_deg=30.0, bearing_deg=270.0, height_m=8.0)
    _, far = register(64, 40, when=day(1), bearing_deg=180.0, range_m=20.0)
    _, resting = register(64, -30, when=day(1), bearing_deg=0.0, state="faulty")
    update(by=BY, at=day(2))
    told = {one.camera: one for one in queries.near_misses(*lonlat(59, 0))}
    assert told[walled].why_not == "behind_wall"
    assert told[walled].line_of_sight is False
    hider = told[walled].hidden_by
    assert hider is not None
    assert (hider.height_m, round(hider.distance_m)) == (9.0, 20)
    assert told[dead].why_not == "dead_zone"
    assert told[far].why_not == "too_far"
    assert (told[resting].why_not, told[resting].state) == ("not_in_service", "faulty")
    assert queries.cameras_seeing(lonlat(59, 0)) == []


def test_last_years_answer_stays_when_a_camera_is_turned(register: Register) -> None:
    _, code = register(0, 0, when=day(1))
    update(by=BY, at=day(2))
    registry.pin_values(code, values={"bearing_deg": 270.0}, by=BY, at=day(10), why="turned round")
    done = update(by=BY, at=day(11))
    assert (done.versions, done.computed) == (1, 1)
    east, west = lonlat(30, 0), lonlat(-30, 0)
    assert queries.cameras_seeing(east) == []
    assert [one.camera for one in queries.cameras_seeing(east, at=day(9))] == [code]
    assert [one.camera for one in queries.cameras_seeing(west)] == [code]
    assert queries.cameras_seeing(west, at=day(9)) == []
    assert queries.cameras_seeing(east, at=day(1).replace(year=2025)) == []
    [missed] = queries.near_misses(*east, at=day(1).replace(year=2025))
    assert (missed.camera, missed.why_not) == (code, "not_there_then")
    assert list(checks.broken()) == []


def test_a_change_that_shows_nothing_else_computes_nothing(register: Register) -> None:
    _, code = register(0, 0, when=day(1))
    update(by=BY, at=day(2))
    registry.pin_values(code, values={"vendor": "ACME"}, by=BY, at=day(3), why="label read")
    done = update(by=BY, at=day(4))
    assert (done.versions, done.computed) == (1, 0)
    registry.pin_values(code, values={"state": "faulty"}, by=BY, at=day(5), why="dark picture")
    assert update(by=BY, at=day(6)).computed == 1
    assert queries.cameras_seeing(lonlat(30, 0)) == []
    assert len(queries.cameras_seeing(lonlat(30, 0), at=day(4))) == 1
    assert update(by=BY, at=day(7)) == update(by=BY, at=day(8))


def test_a_new_house_hides_from_the_day_it_is_on_the_map(register: Register, tmp_path: Path, data_dir: Path) -> None:
    far = house(400, 400, 410, 410, height_m=9, ref=1)
    load_houses(tmp_path, [far], when=day(1))
    _, code = register(0, 0, when=day(1))
    register(2000, 0, when=day(1))
    update(by=BY, at=day(2))
    assert len(queries.cameras_seeing(lonlat(40, 0))) == 1
    load_houses(tmp_path, [far, house(20, -5, 30, 5, height_m=9, ref=2)], when=day(5))
    assert not queries.freshness().is_fresh
    done = update(by=BY, at=day(6))
    assert (done.checked, done.computed) == (2, 1)
    assert queries.freshness().is_fresh
    assert queries.cameras_seeing(lonlat(40, 0)) == []
    assert [one.camera for one in queries.cameras_seeing(lonlat(40, 0), at=day(5))] == [code]
    assert list(checks.broken()) == []


def test_an_area_tells_how_much_of_it_is_seen(register: Register) -> None:
    register(0, 0, when=day(1))
    update(by=BY, at=day(2))
    whole = Polygon([lonlat(x, y) for x, y in ((20, -5), (30, -5), (30, 5), (20, 5))])
    half = Polygon([lonlat(x, y) for x, y in ((-30, -5), (30, -5), (30, 5), (-30, 5))])
    [told] = queries.cameras_seeing(whole)
    assert told.seen_share == 1.0
    [told] = queries.cameras_seeing(half)
    assert 0.3 < told.seen_share < 0.5
    with pytest.raises(InvalidInput):
        queries.cameras_seeing(Polygon([(0, 0), (1, 1), (0, 1), (1, 0)]))


def test_a_way_names_its_cameras_in_order_with_times(register: Register) -> None:
    _, first = register(0, -20, when=day(1), bearing_deg=0.0, hfov_deg=60.0)
    _, second = register(100, 20, when=day(1), bearing_deg=180.0, hfov_deg=60.0)
    update(by=BY, at=day(2))
    way = [lonlat(-50, 0), lonlat(150, 0)]
    passed = queries.cameras_along(way, speed_kmh=36)
    assert [one.camera for one in passed] == [first, second]
    half = 20 * np.tan(np.radians(30))
    assert passed[0].entry_m == pytest.approx(50 - half, abs=1.1)
    assert passed[0].exit_s == pytest.approx((50 + half) / 10, abs=0.2)
    assert passed[0].nearest_m == pytest.approx(20, abs=0.1)
    assert [one.camera for one in queries.cameras_along(way[::-1], speed_kmh=36)] == [second, first]
    for bad in (0, -1, float("nan")):
        with pytest.raises(InvalidInput):
            queries.cameras_along(way, speed_kmh=bad)


def test_nobody_learns_of_cameras_outside_the_scope(register: Register) -> None:
    _, code = register(0, 0, when=day(1))
    update(by=BY, at=day(2))
    theirs, others = Scope((Reach(owners=frozenset({"dept"})),)), Scope((Reach(owners=frozenset({"other"})),))
    place = lonlat(30, 0)
    for scope, count in ((EVERYWHERE, 1), (theirs, 1), (others, 0), (Scope(), 0)):
        assert len(queries.cameras_seeing(place, within=scope)) == count
        assert len(queries.near_misses(*lonlat(-30, 0), within=scope)) == count
        assert len(queries.cameras_along([place, lonlat(40, 0)], speed_kmh=5, within=scope)) == count
        assert len(list(reading.footprints_at(within=scope))) == count
    with pytest.raises(NotFound):
        queries.ground_of(code, within=others)


def test_the_ground_of_a_camera_is_valid_geojson_band_by_band(register: Register) -> None:
    _, code = register(0, 0, when=day(1))
    _, vague = register(200, 0, when=day(1), bearing_deg=None, hfov_deg=None)
    update(by=BY, at=day(2))
    bands = queries.ground_of(code)
    assert [one.certain for one in bands] == [True] * len(bands)
    assert all(shapely.is_valid(one.area) for one in bands)
    assert json.loads(shapely.to_geojson(bands[0].area))["type"] in ("Polygon", "MultiPolygon")
    assert not any(one.certain for one in queries.ground_of(vague))
    assert {"bearing", "optics"} <= set(queries.ground_of(vague)[0].assumed)


def test_cameras_without_a_place_or_indoors_are_kept_without_ground(register: Register) -> None:
    _, indoors = register(0, 0, when=day(1), indoor=True)
    _, nowhere = register(0, 0, when=day(1), lon_deg=None, lat_deg=None)
    assert update(by=BY, at=day(2)).computed == 2
    assert queries.ground_of(indoors) == []
    assert queries.ground_of(nowhere) == []
    assert queries.cameras_seeing(lonlat(10, 0)) == []


def test_new_heights_of_the_ground_are_noticed(register: Register, tmp_path: Path, data_dir: Path) -> None:
    register(0, 0, when=day(1))
    update(by=BY, at=day(2))
    assert len(queries.cameras_seeing(lonlat(60, 0))) == 1
    east = np.arange(-300, 300, 5.0)
    ridge = np.tile(np.where(np.abs(east - 30) < 4, 15.0, 0.0), (len(east), 1)).astype(np.float32)
    west, north = lonlat(-300, 300)
    right, south = lonlat(300, -300)
    path = tmp_path / "hills.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=len(east), height=len(east), count=1, dtype="float32", crs="EPSG:4326",
        transform=from_bounds(west, south, right, north, len(east), len(east)),
    ) as raster:  # fmt: skip
        raster.write(ridge, 1)
    city.load_files([path], by=BY, at=day(5))
    assert update(by=BY, at=day(6)).computed == 1
    assert queries.cameras_seeing(lonlat(60, 0)) == []
    assert update(by=BY, at=day(7)).computed == 0
