"""The invented city's map: the same bytes for a seed, houses free of streets, addresses where the table has them."""

import csv

import numpy as np
import pytest
import shapely

from oblik.city.logic.things import Address, Thing
from oblik.city.readers import osm
from oblik.demo.city import make_city


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    city = make_city(tmp_path_factory.mktemp("city"), cameras=120)
    return city, list(osm.read(city.map, storey_m=3.2))


def layer(found, name):
    return [one for one in found if isinstance(one, Thing) and one.layer == name]


def test_every_layer_is_drawn(drawn):
    _, found = drawn
    kinds = {one.kind for one in layer(found, "place")}
    assert {"crossing", "stop", "school"} <= kinds
    for name in ("building", "street", "district", "water", "green", "housing"):
        assert layer(found, name), name
    origins = {one.height_origin for one in layer(found, "building")}
    assert origins == {"measured", "levels", "assumed"}


def test_houses_stand_free_of_streets_and_of_each_other(drawn):
    _, found = drawn
    houses = shapely.from_wkb([one.wkb for one in layer(found, "building")])
    streets = [one.wkb for one in layer(found, "street")]
    lines = shapely.from_wkb([wkb for wkb in streets if shapely.get_type_id(shapely.from_wkb(wkb)) == 1])
    tree = shapely.STRtree(houses)
    assert len(tree.query(shapely.buffer(lines, 4e-5), predicate="intersects")[1]) == 0
    one, _ = tree.query(houses, predicate="overlaps")
    assert len(one) == 0


def test_addresses_stand_where_the_table_has_them(drawn):
    city, found = drawn
    with city.tables[0].open(encoding="utf-8") as table:
        rows = {
            (f"{r['kind']} {r['street']}", r["house"]): (float(r["lon"]), float(r["lat"]))
            for r in csv.DictReader(table)
        }
    addresses = [one for one in found if isinstance(one, Address)]
    assert len(addresses) >= len(rows)
    at = shapely.get_coordinates(shapely.from_wkb([one.wkb for one in addresses]))
    off = [np.subtract(rows[one.street, one.house], place) for one, place in zip(addresses, at, strict=True)]
    assert float(np.abs(off).min(axis=0).max()) <= 1e-6


def test_the_same_seed_draws_the_same_bytes(drawn, tmp_path):
    city, _ = drawn
    again = make_city(tmp_path / "again", cameras=120)
    assert again.map.read_bytes() == city.map.read_bytes()
