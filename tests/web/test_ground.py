"""The ground of the map: each house in one tile, each street named along its houses, nothing for strangers."""

import mapbox_vector_tile
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oblik.city.queries import Houses
from oblik.registry.logic.map_index import world_position
from oblik.web.desk.ground import LAST_ZOOM, encode_ground, ground_of

ROW = Houses(["вулиця Садова"] * 5, ["1", "2", "3", "4", "5"], [34.0 + n / 5000 for n in range(5)], [49.0] * 5)


def tiles_of(houses, zoom):
    x, y = world_position(np.array(houses.lon_deg), np.array(houses.lat_deg))
    side = 1 << zoom
    return sorted({(int(east * side), int(south * side)) for east, south in zip(x, y, strict=True)})


def decoded(under, zoom, x, y):
    written = encode_ground(under, zoom, x, y)
    return mapbox_vector_tile.decode(written) if written else {}


def test_a_street_that_runs_east_is_named_level_amid_its_houses():
    under = ground_of(ROW, version="1")
    assert list(under.names.text) == ["вулиця Садова"]
    assert list(under.names.turn_deg) == [0]
    assert list(under.names.houses) == [5]


def test_a_street_that_runs_south_east_is_named_downhill():
    # A degree of latitude is longer on the map than one of longitude: 1 / cos 49.
    slanted = Houses(["вул. Крута"] * 3, ["1", "2", "3"], [34.0, 34.001, 34.002], [49.0, 48.99935, 48.9987])
    (turn,) = ground_of(slanted, version="1").names.turn_deg
    assert 40 <= turn <= 50


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.floats(34, 34.05), st.floats(49, 49.05), st.sampled_from(["вул. А", "вул. Б"])), max_size=40)
)
def test_every_house_is_in_exactly_one_near_tile(found):
    houses = Houses(
        [street for _, _, street in found],
        [str(number) for number in range(len(found))],
        [lon for lon, _, _ in found],
        [lat for _, lat, _ in found],
    )
    under = ground_of(houses, version="1")
    drawn = [
        mark["properties"]["house"]
        for x, y in tiles_of(houses, LAST_ZOOM)
        for mark in decoded(under, LAST_ZOOM, x, y).get("houses", {"features": []})["features"]
    ]
    assert sorted(drawn) == sorted(houses.house)


def test_far_off_houses_become_dots_without_numbers():
    (tile,) = tiles_of(ROW, 12)
    (dots,) = decoded(ground_of(ROW, version="1"), 12, *tile)["houses"]["features"]
    assert dots["geometry"]["type"] == "MultiPoint"
    assert dots["properties"] == {}


def test_no_houses_give_an_empty_tile():
    assert encode_ground(ground_of(Houses([], [], [], []), version="0"), 14, 1, 1) == b""


@pytest.mark.parametrize(("address", "status"), [("14/9735/5614", 200), ("3/1/1", 404), ("14/99999/1", 404)])
def test_the_ground_is_served_to_those_who_signed_in(officer, client, address, status):
    answer = officer.get(f"/map/ground/{address}.mvt")
    assert answer.status_code == status
    if status == 200:
        again = officer.get(f"/map/ground/{address}.mvt", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
        officer.logout()
        assert officer.get(f"/map/ground/{address}.mvt").status_code == 302
