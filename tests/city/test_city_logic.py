"""Cells, heights, tags, corners by lines and places by name, without a database."""

import itertools

import numpy as np
import pytest
import quadbin
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from oblik.city.formats import source_name
from oblik.city.logic.cells import box_of, cells_of, range_of, ranges_over
from oblik.city.logic.changes import Standing, digest
from oblik.city.logic.gazetteer import Gazetteer
from oblik.city.logic.heights import height_of, metres
from oblik.city.logic.landmarks import Landmarks, Spots
from oblik.city.logic.roads import StreetLines
from oblik.city.logic.streets import Points, Rename
from oblik.city.logic.things import layers_of, names_of

LON, LAT = st.floats(-179.9, 179.9), st.floats(-84, 84)


@settings(max_examples=60)
@given(LON, LAT, st.integers(0, 26))
def test_cells_are_quadbin_cells(lon, lat, zoom):
    (cell,) = cells_of(np.array([lon]), np.array([lat]), zoom=zoom)
    assert int(cell) == quadbin.point_to_cell(lon, lat, zoom)
    west, south, east, north = box_of(int(cell))
    assert west - 1e-9 <= lon <= east + 1e-9
    assert south - 1e-9 <= lat <= north + 1e-9


@settings(max_examples=60)
@given(LON, LAT, st.floats(0.0001, 0.5), st.floats(0.0001, 0.5), st.floats(0, 1), st.floats(0, 1))
def test_ranges_hold_every_place_of_a_box(west, south, wide, high, across, up):
    east, north = min(west + wide, 180), min(south + high, 85)
    place = cells_of(np.array([west + (east - west) * across]), np.array([south + (north - south) * up]))
    ranges = ranges_over([(west, south, east, north)])
    assert any(first <= int(place[0]) <= last for first, last in ranges)
    assert all(one[1] < other[0] for one, other in itertools.pairwise(ranges))


def test_a_cell_of_a_finer_zoom_lies_in_the_range_of_the_coarser():
    coarse = quadbin.point_to_cell(36.2, 50.0, 12)
    first, last = range_of(coarse)
    assert first <= quadbin.point_to_cell(36.2, 50.0, 26) <= last
    assert not first <= quadbin.point_to_cell(36.4, 50.0, 26) <= last


@pytest.mark.parametrize(
    ("text", "height_m"),
    [
        ("12", 12.0),
        ("12,5 m", 12.5),
        ("40'", 12.19),
        ("", None),
        ("high", None),
        ("0", None),
        ("2000", None),
        ("~4м", None),
    ],
)
def test_heights_are_read_or_refused(text, height_m):
    assert metres(text) == height_m


@given(st.text(max_size=20))
def test_reading_a_height_never_raises(text):
    value = metres(text)
    assert value is None or 0 < value <= 900


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        ({"height": "10", "building:levels": "9"}, (10.0, "measured")),
        ({"building:levels": "5", "roof:levels": "1"}, (19.2, "levels")),
        ({"building:levels": "2;3"}, (9.6, "levels")),
        ({"building": "garage"}, (3.0, "assumed")),
        ({"building": "yes"}, (8.0, "assumed")),
    ],
)
def test_a_height_says_where_it_comes_from(tags, told):
    assert height_of(tags) == told


def test_a_school_may_be_a_building_and_a_place():
    tags = {"building": "school", "amenity": "school"}
    assert layers_of(tags, shape="area") == [("place", "school"), ("building", "school")]
    assert layers_of({"building": "yes", "location": "underground"}, shape="area") == []
    assert layers_of({"amenity": "shelter", "shelter_type": "public_transport"}, shape="point") == []
    assert layers_of({"amenity": "shelter", "shelter_type": "bomb_shelter"}, shape="point") == [("place", "shelter")]


def test_names_keep_languages_and_former_names():
    name, others = names_of({"name": "вулиця Нова", "name:ru": "улица Новая", "old_name": "вулиця А; вулиця Б"})
    assert name == "вулиця Нова"
    assert others == '{"old": ["вулиця А", "вулиця Б"], "ru": "улица Новая"}'


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("kharkiv-240101.osm.pbf", "kharkiv"), ("kharkiv-latest.osm.pbf", "kharkiv"), ("kharkiv.osm", "kharkiv"),
        ("streets_2024-05-01.geojson", "streets.geojson"), ("20240101.osm.pbf", "20240101"),
    ],
)  # fmt: skip
def test_a_source_is_a_name_without_its_date(name, source):
    assert source_name(name) == source


@given(
    st.dictionaries(st.integers(0, 30), st.integers(0, 3), max_size=15),
    st.dictionaries(st.integers(0, 30), st.integers(0, 3), max_size=15),
)
def test_a_newer_extract_is_told_apart_from_what_stands(old, new):
    standing = Standing([ref + 100 for ref in old], list(old), list(old.values()))
    write, end = standing.fresh(list(new), list(new.values()))
    written = {list(new)[position] for position in write}
    assert written == {ref for ref in new if old.get(ref) != new[ref]}
    assert set(end) == {ref + 100 for ref in new if ref in old and old[ref] != new[ref]}
    assert set(standing.vanished()) == {ref + 100 for ref in old if ref not in new}


def test_digests_tell_where_a_part_ends():
    assert digest("ab", "c") != digest("a", "bc")
    assert 0 <= digest("a") < 1 << 63


def crossroads():
    """Two streets that cross at (36, 50), a lane that ends 30 m short of one of them, houses on one side."""
    lines = StreetLines(
        ["вулиця Садова", "проспект Миру", "провулок Тихий"],
        [{"ru": "улица Садовая", "old": ["вулиця Стара"]}, {}, {}],
        [
            shapely.LineString([(35.99, 50.0), (36.01, 50.0)]),
            shapely.LineString([(36.0, 49.99), (36.0, 50.01)]),
            shapely.LineString([(36.005, 50.00027), (36.005, 50.003)]),
        ],
    )
    points = Points(["вулиця"] * 3, ["Садова"] * 3, ["1", "5", "9"], [50.0002] * 3, [36.001, 36.002, 36.003])
    return Gazetteer.build(points, [Rename("", "вулиця", "", "Неіснуюча")], lines=lines)


@pytest.mark.parametrize(
    "text",
    ["ріг вул. Садової та просп. Миру", "угол ул. Садовой и пр-та Мира", "Садова / Миру", "перехрестя Стара - Миру"],
)
def test_a_corner_lies_where_the_lines_cross(text):
    (found,) = crossroads().find(text)
    assert found.matched.endswith("corner")
    assert (found.lon_deg, found.lat_deg) == pytest.approx((36.0, 50.0), abs=1e-5)
    assert found.accuracy_m == 12.0


def test_a_lane_that_ends_short_of_a_street_still_meets_it():
    (found,) = crossroads().find("ріг вул. Садової та пров. Тихого")
    assert found.lon_deg == pytest.approx(36.005, abs=1e-4)
    assert found.accuracy_m > 12


def test_opposite_lies_across_the_street():
    (found,) = crossroads().find("навпроти буд. 5 по вул. Садовій")
    assert found.lat_deg < 50.0
    assert found.lon_deg == pytest.approx(36.002, abs=1e-5)
    assert found.matched == "current+opposite"


def test_names_on_the_map_lead_to_its_street():
    city = crossroads()
    for text in ("ул. Садовая, 5", "вул. Стара 5", "vul. Sadova, 5", "вул. Садвоа 5"):
        assert city.resolve([text])[0].lon_deg == pytest.approx(36.002), text


def test_a_street_without_houses_has_its_middle():
    (found,) = crossroads().find("просп. Миру, 7")
    assert (found.lon_deg, found.matched) == (pytest.approx(36.0), "current+middle")


def test_the_nearest_house_is_found_or_none():
    city = crossroads()
    found = city.nearest(36.0021, 50.0002)
    assert (found.street, found.house) == ("вулиця Садова", "5")
    assert 5 < found.accuracy_m < 10
    assert city.nearest(36.1, 50.1) is None
    assert Gazetteer.build().nearest(36.0, 50.0) is None


SPOTS = Spots(
    ["stop", "stop", "stop", "school", "market"],
    [["Площа Ринок"], ["Площа Ринок"], ["Вокзал"], ["Ліцей № 12", "Лицей № 12"], ["ТРЦ Веселка"]],
    [36.0, 36.0005, 36.2, 36.1, 36.3],
    [50.0, 50.0002, 50.2, 50.1, 50.3],
)


@pytest.mark.parametrize(
    ("text", "lon_deg"),
    [
        ("зупинка «Площа Ринок»", 36.00025), ("ост. Площадь Рынок", 36.00025), ("школа №12", 36.1), ("лицей 12", 36.1),
        ("ТРЦ Веселка", 36.3), ("біля ТЦ «Веселка»", 36.3), ("ТРЦ Весилка", 36.3),
    ],
)  # fmt: skip
def test_places_are_found_by_name(text, lon_deg):
    (found,) = Landmarks(SPOTS).find(text)
    assert found.lon_deg == pytest.approx(lon_deg)


@pytest.mark.parametrize("text", ["", "школа №13", "12", "зупинка", "аптека Веселка"])
def test_unknown_places_are_not_made_up(text):
    assert Landmarks(SPOTS).find(text) == []


def test_an_address_comes_before_a_place_of_the_same_words():
    city = Gazetteer.build(Points(["вулиця"], ["Вокзальна"], ["1"], [50.5], [36.5]), spots=SPOTS)
    assert city.resolve(["зупинка Вокзал, вул. Вокзальна 1"])[0].lon_deg == 36.5
    assert city.resolve(["зупинка Вокзал"])[0].lon_deg == 36.2


def test_streets_whose_houses_run_on_are_one_whatever_town_each_names():
    near = Points(
        ["вулиця"] * 3, ["Довга"] * 3, ["1", "3", "5"], [50.0, 50.0005, 50.001], [36.0] * 3, ["", "Місто", ""]
    )
    assert len(Gazetteer.build(near)) == 1
    far = near._replace(lat_deg=[50.0, 50.2, 50.001])
    assert len(Gazetteer.build(far)) == 2
