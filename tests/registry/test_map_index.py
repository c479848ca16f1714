"""Tiles of the map: every camera is counted once, in the tile where it stands, at every zoom."""

import mapbox_vector_tile
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oblik.registry.logic.map_index import MAX_FEATURES, MapIndex, Placed, interleave, join_near, world_position
from oblik.web.desk.mvt import encode_tile

PLACES = st.lists(
    st.tuples(st.floats(-180, 180), st.floats(-90, 90) | st.just(float("nan"))),
    max_size=60,
)


def points(places, **columns):
    n = len(places)
    texts = {name: np.array(columns.get(name, [""] * n), dtype=object) for name in ("owner", "kind", "state", "origin")}
    return Placed(
        lon_deg=np.array([lon for lon, _ in places], dtype=float),
        lat_deg=np.array([lat for _, lat in places], dtype=float),
        code=np.array([f"TST-{i:06d}" for i in range(n)], dtype=object),
        bearing_deg=np.array(columns.get("bearing_deg", [np.nan] * n), dtype=float),
        hfov_deg=np.array(columns.get("hfov_deg", [np.nan] * n), dtype=float),
        **texts,
    )


def tiles_of(index, zoom):
    side = 1 << zoom
    return [index.tile(zoom, x, y) for x in range(side) for y in range(side)]


@settings(max_examples=60, deadline=None)
@given(places=PLACES, zoom=st.integers(0, 3))
def test_every_placed_camera_is_counted_once_at_every_zoom(places, zoom):
    index = MapIndex.build(points(places))
    counted = sum(int(tile.count.sum()) for tile in tiles_of(index, zoom))
    assert counted == len(index)
    assert len(index) + index.unplaced == len(places)


def test_the_tile_of_a_place_holds_its_camera_at_every_zoom():
    index = MapIndex.build(points([(36.2304, 49.9935)]))
    for zoom in range(19):
        x, y = (int(value[0] * (1 << zoom)) for value in world_position(np.array([36.2304]), np.array([49.9935])))
        tile = index.tile(zoom, x, y)
        assert tile.count.tolist() == [1]
        assert tile.point.tolist() == [0]


def test_a_filter_holds_inside_clusters_too():
    near = [(30.0 + i * 1e-6, 50.0) for i in range(10)]
    index = MapIndex.build(points(near, owner=["A"] * 4 + ["B"] * 6, state=["in_service"] * 9 + ["retired"]))
    owner, state = index.points.owner, index.points.state
    assert index.tile(0, 0, 0, shown=owner == "A").count.tolist() == [4]
    assert index.tile(0, 0, 0, shown=(owner == "B") & (state == "retired")).count.tolist() == [1]
    assert len(index.tile(0, 0, 0, shown=owner == "C")) == 0


def test_rows_say_where_each_point_stood():
    places = [(30.0, 50.0), (10.0, float("nan")), (29.0, 51.0), (31.0, 49.0)]
    index = MapIndex.build(points(places))
    assert sorted(index.row.tolist()) == [0, 2, 3]
    assert [f"TST-{row:06d}" for row in index.row] == index.points.code.tolist()


def test_cameras_on_one_pole_are_one_mark_with_a_wedge_for_each():
    pole = [(36.23, 49.99)] * 4
    index = MapIndex.build(points([*pole, (36.23005, 49.99)], bearing_deg=[0, 90, 180, np.nan, 45]))
    x, y = (int(value[0] * (1 << 17)) for value in world_position(np.array([36.23]), np.array([49.99])))
    near = index.tile(17, x, y)
    assert sorted(near.count.tolist()) == [1, 4]
    assert sorted(near.wedge_bearing_deg.tolist()) == [0, 45, 90, 180]
    far = index.tile(5, x >> 12, y >> 12)
    assert far.count.tolist() == [5]
    assert far.bounds_deg[0].tolist() == [36.23, 49.99, 36.23005, 49.99]
    assert len(far.wedges) == 0


def test_a_crowded_near_tile_still_stays_small():
    crowd = np.random.default_rng(7).uniform([36.23, 49.99], [36.231, 49.9905], size=(3 * MAX_FEATURES, 2))
    index = MapIndex.build(points([tuple(place) for place in crowd]))
    x, y = (int(value[0] * (1 << 17)) for value in world_position(np.array([36.2305]), np.array([49.9902])))
    assert 0 < len(index.tile(17, x, y)) <= MAX_FEATURES


def test_no_cameras_give_empty_tiles_and_no_extent():
    index = MapIndex.build(points([]))
    assert len(index.tile(0, 0, 0)) == 0
    assert index.bounds_deg is None
    assert encode_tile(index.tile(0, 0, 0), index) == b""


@pytest.mark.parametrize("tile", [(-1, 0, 0), (1, 2, 0), (1, 0, -1), (30, 0, 0)])
def test_a_tile_that_is_not_on_the_grid_is_an_error(tile):
    with pytest.raises(ValueError, match="no such tile"):
        MapIndex.build(points([])).tile(*tile)


@given(x=st.integers(0, 2**26 - 1), y=st.integers(0, 2**26 - 1))
def test_a_parent_square_is_the_shifted_number_of_its_child(x, y):
    child = interleave(np.array([x]), np.array([y]))[0]
    assert child >> 2 == interleave(np.array([x >> 1]), np.array([y >> 1]))[0]


def test_the_largest_cluster_takes_its_neighbours():
    centre = np.array([[0.0, 0.0], [10.0, 0.0], [100.0, 0.0]])
    group = join_near(centre, np.array([1, 5, 2]), reach=20.0)
    assert group[0] == group[1] != group[2]


def test_bytes_of_a_tile_read_back_as_the_same_marks():
    index = MapIndex.build(
        points([(36.23, 49.99), (-100.0, 20.0), (-100.0, 20.0)], kind=["dome"] * 3, bearing_deg=[181.4, 5, 5])
    )
    layers = mapbox_vector_tile.decode(encode_tile(index.tile(0, 0, 0), index))
    camera = layers["cameras"]["features"][0]["properties"]
    cluster = layers["clusters"]["features"][0]["properties"]
    assert camera == {"code": "TST-000000", "kind": "dome"}
    assert [mark["properties"] for mark in layers["wedges"]["features"]] == [{"bearing_deg": 181}]
    assert cluster["count"] == 2
    assert (cluster["west"], cluster["north"]) == (-100.0, 20.0)
